import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { quality } from '../../kernel/index.ts'
import { engines, type TestStore } from '../engines.fixture.ts'
import { dayStartMs, observation } from '../store.fixture.ts'

const minute = 60_000
const day = 86_400_000

describe.each(engines)('clocks that are wrong, on $name', (engine) => {
  let store: TestStore
  beforeEach(async () => {
    store = await engine.open({ eager: true })
  })
  afterEach(() => store.end())

  const all = async (point = 'pv.powerKw') => {
    const range = { site: 'park', points: [point], fromMs: dayStartMs - 800 * day, toMs: dayStartMs + 800 * day }
    return (await store.observations.range(range))[point]
  }

  it('keeps a value from more than ten minutes ahead, as suspect; ten minutes are let pass', async () => {
    await store.observations.put([
      observation({ timestampMs: dayStartMs + 10 * minute, value: 1 }),
      observation({ timestampMs: dayStartMs + 10 * minute + 1, value: 2 }),
      observation({ timestampMs: dayStartMs + day, value: Number.NaN, quality: quality.missing }),
    ])
    expect(await all()).toMatchObject({
      values: [1, 2, Number.NaN],
      quality: [quality.good, quality.suspect, quality.missing],
    })
  })

  it('stores when a value was true and when it was received', async () => {
    await store.observations.put([observation({ timestampMs: dayStartMs - day })])
    expect(await store.observations.latest('park')).toMatchObject([
      { timestampMs: dayStartMs - day, receivedMs: dayStartMs },
    ])
  })

  it('does not let a clock that runs ahead freeze the newest value', async () => {
    await store.observations.put([observation({ timestampMs: dayStartMs + 365 * day, value: 9 })])
    // Better than nothing, and it says what it is.
    expect(await store.observations.latest('park')).toMatchObject([{ value: 9, quality: quality.suspect }])
    for (let turn = 1; turn <= 3; turn += 1) {
      store.clock.nowMs += minute
      await store.observations.put([observation({ timestampMs: store.clock.nowMs, value: turn })])
      await store.upkeep.turn()
      expect(await store.observations.latest('park')).toMatchObject([{ value: turn, quality: quality.good }])
    }
    expect((await all())?.values).toEqual([1, 2, 3, 9])
  })

  it('takes back the doubt when the value is sent again at its time', async () => {
    const early = observation({ timestampMs: dayStartMs + day, value: 5 })
    await store.observations.put([early])
    store.clock.nowMs += day
    await store.observations.put([early])
    expect(await all()).toMatchObject({ values: [5], quality: [quality.good] })
  })

  it('keeps a newer value of a source that is ahead when older ones are pruned', async () => {
    await store.observations.put([
      observation({ value: 1 }),
      observation({ timestampMs: dayStartMs + 2 * day, value: 2 }),
    ])
    await store.upkeep.turn()
    await store.observations.prune('park', 'meter', dayStartMs + 1)
    expect(await store.observations.latest('park')).toMatchObject([{ value: 2 }])
  })

  it('neither doubts nor reorders nor drops anything when the clock of the server is set back a day', async () => {
    await store.observations.declare([{ site: 'park', name: 'pv.powerKw', unit: 'kW', rules: { retentionDays: 30 } }])
    const put = async (value: number): Promise<void> => {
      await store.observations.put([observation({ timestampMs: dayStartMs + value * minute, value })])
    }
    store.clock.nowMs = dayStartMs + minute
    await put(1)
    store.clock.nowMs -= day
    // The devices' clocks go on.
    for (let value = 2; value <= 10; value += 1) await put(value)
    await store.upkeep.turn()
    await store.upkeep.seal()
    expect(await all()).toMatchObject({
      values: Array.from({ length: 10 }, (_, at) => at + 1),
      quality: Array.from({ length: 10 }, () => quality.good),
    })
    expect(await store.observations.latest('park')).toMatchObject([{ value: 10 }])
    store.clock.nowMs += day
    await put(11)
    expect(await store.observations.latest('park')).toMatchObject([{ value: 11 }])
  })

  it('expires nothing because the clock of the server jumped ahead by a year', async () => {
    await store.observations.declare([{ site: 'park', name: 'pv.powerKw', unit: 'kW', rules: { retentionDays: 30 } }])
    await store.observations.put([
      observation({ timestampMs: dayStartMs - 20 * day, value: 1 }),
      observation({ value: 2 }),
    ])
    await store.upkeep.turn()
    store.clock.nowMs += 365 * day
    await store.upkeep.seal()
    store.clock.nowMs -= 365 * day
    expect((await all())?.values).toEqual([1, 2])
  })

  it('answers latest by event time among values that are not ahead, whatever the clocks do (property)', async () => {
    let run = 0
    const arrivals = fc.array(
      fc.record({ clockMinutes: fc.integer({ min: 0, max: 600 }), eventMinutes: fc.integer({ min: -600, max: 1200 }) }),
      { minLength: 1, maxLength: 20 },
    )
    await fc.assert(
      fc.asyncProperty(arrivals, async (given) => {
        run += 1
        const point = `p${run}.powerKw`
        let receivedMs = store.clock.nowMs
        const kept = new Map<number, { value: number; ahead: boolean }>()
        for (const [value, { clockMinutes, eventMinutes }] of given.entries()) {
          // It may go back; the receive time does not.
          store.clock.nowMs = dayStartMs + clockMinutes * minute
          receivedMs = Math.max(receivedMs, store.clock.nowMs)
          const timestampMs = dayStartMs + eventMinutes * minute
          await store.observations.put([observation({ point, timestampMs, value })])
          kept.set(timestampMs, { value, ahead: timestampMs > receivedMs + 10 * minute })
        }
        const sorted = [...kept].sort(([a, one], [b, other]) => Number(one.ahead) - Number(other.ahead) || b - a)
        expect(await store.observations.latest('park', [point])).toMatchObject([
          { timestampMs: sorted[0]![0], value: sorted[0]![1].value },
        ])
        // Receive times of the next run begin anew above all of this one.
        store.clock.nowMs = receivedMs
      }),
      { numRuns: 15 },
    )
  })
})
