import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ChargerMoment, chooseLimits, type HeldLimit } from './choose-limits.ts'

const nowMs = 1_000_000
const settings = { nowMs, holdMs: 900_000, most: 10 }
const held = (limitA: number, over: Partial<HeldLimit> = {}): HeldLimit => ({
  ...{ limitA, untilMs: nowMs + 800_000, changedMs: nowMs - 60_000 },
  ...over,
})
const charger = (over: Partial<ChargerMoment>): ChargerMoment => ({
  ...{ grantA: 16, leastA: 6, charges: true, held: held(16), ready: true },
  ...over,
})
const choose = (...chargers: ChargerMoment[]) => chooseLimits(chargers, settings)

describe('limits that are told', () => {
  it('are lowered at once, raised seldom and by more than a little, and cut to tenths of an ampere', () => {
    expect(choose(charger({}))).toEqual([])
    expect(choose(charger({ grantA: 15.9 }))).toEqual([{ number: 0, limitA: 15.4 }])
    expect(choose(charger({ grantA: 6.2 }))).toEqual([{ number: 0, limitA: 6 }])
    expect(choose(charger({ grantA: 5.9 }))).toEqual([{ number: 0, limitA: 0 }])
    expect(choose(charger({ grantA: 16.9 }))).toEqual([])
    expect(choose(charger({ grantA: 17.29 }))).toEqual([{ number: 0, limitA: 17.2 }])
    expect(choose(charger({ grantA: 32, held: held(16, { changedMs: nowMs - 5000 }) }))).toEqual([])
    expect(choose(charger({ grantA: 32, held: held(0, { changedMs: nowMs - 5000 }) }))).toEqual([
      { number: 0, limitA: 32 },
    ])
  })

  it('are told anew before they end, and to who has none', () => {
    expect(choose(charger({ held: held(16, { untilMs: nowMs + 200_000 }) }))).toEqual([{ number: 0, limitA: 16 }])
    expect(choose(charger({ held: undefined }))).toEqual([{ number: 0, limitA: 16 }])
    expect(choose(charger({ held: held(32, { untilMs: nowMs - 1 }) }))).toEqual([{ number: 0, limitA: 16 }])
  })

  it('are taken back once from who charges nothing, who is then left alone', () => {
    expect(choose(charger({ charges: false }))).toEqual([{ number: 0, limitA: 0 }])
    expect(choose(charger({ charges: false, held: held(0, { untilMs: nowMs + 1 }) }))).toEqual([])
    expect(choose(charger({ charges: false, held: undefined }))).toEqual([])
  })

  it('leave nobody above its grant who can be told, and are few (property)', () => {
    const drawn: fc.Arbitrary<ChargerMoment> = fc.record({
      grantA: fc.double({ min: 0, max: 40, noNaN: true }),
      leastA: fc.constant(6),
      charges: fc.boolean(),
      ready: fc.boolean(),
      held: fc.option(
        fc.record({
          limitA: fc.integer({ min: 0, max: 40 }),
          untilMs: fc.integer({ min: nowMs - 10, max: nowMs + 900_000 }),
          changedMs: fc.integer({ min: nowMs - 100_000, max: nowMs }),
        }),
        { nil: undefined },
      ),
    })
    fc.assert(
      fc.property(fc.array(drawn, { maxLength: 30 }), fc.nat({ max: 5 }), (chargers, most) => {
        const choices = chooseLimits(chargers, { ...settings, most })
        const told = new Map(choices.map(({ number, limitA }) => [number, limitA]))
        expect(told.size).toBe(choices.length)
        let others = 0
        for (const [number, { grantA, charges, ready, held: own }] of chargers.entries()) {
          const before = own && own.untilMs > nowMs ? own.limitA : undefined
          const after = told.get(number)
          if (!ready) expect(after).toBeUndefined()
          if (after !== undefined) expect(after).toBeLessThanOrEqual((charges ? grantA : 0) + 1e-6)
          if (ready && before !== undefined) expect(after ?? before).toBeLessThanOrEqual((charges ? grantA : 0) + 1e-6)
          if (after !== undefined && !(before !== undefined && after < before)) others += 1
        }
        expect(others).toBeLessThanOrEqual(most)
      }),
      { numRuns: 300 },
    )
  })
})
