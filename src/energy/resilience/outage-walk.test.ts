import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { playOutages } from './monte-carlo.fixture.ts'
import { createOutageWalk, type OutageBattery, type OutageSetup } from './outage-walk.ts'
import { type GeneratorKind, unitStates } from './units.ts'

const sure = { availability: 1, failureToStart: 0 }
const lossless = { chargeEfficiency: 1, dischargeEfficiency: 1 }

interface Case {
  readonly kinds: readonly GeneratorKind[]
  readonly battery?: OutageBattery
  readonly netLoadKw: readonly number[]
  readonly bins?: number
  readonly stepHours?: number
}

const walkOf = ({ kinds, battery, netLoadKw, bins = 101, stepHours = 1 }: Case) =>
  createOutageWalk({
    units: unitStates(kinds, stepHours),
    ...(battery ? { battery } : {}),
    netLoadKw: Float64Array.from(netLoadKw),
    stepHours,
    bins,
  } satisfies OutageSetup)

function survivalOf(example: Case, storedKwh: number, hours: number): number[][] {
  const walk = walkOf(example)
  return example.netLoadKw.map((_, step) => {
    const into = new Float64Array(hours)
    walk.survival({ step, storedKwh }, into)
    return Array.from(into)
  })
}

const near = (found: readonly (readonly number[])[], expected: readonly (readonly number[])[], digits = 12): void =>
  expected.forEach((row, start) => {
    row.forEach((value, hour) => {
      expect(found[start]![hour]).toBeCloseTo(value, digits)
    })
  })

const twoSets: GeneratorKind = { ...sure, count: 2, powerKw: 1, meanHoursToFailure: 5 }
const oneSet: GeneratorKind = { ...twoSets, count: 1 }
const small: OutageBattery = { ...lossless, usableKwh: 2, chargeKw: 1, dischargeKw: 1 }
const critical = [1, 2, 2, 1]

describe('REopt.jl backup reliability', () => {
  it('test/runtests.jl: two sets and a battery of 4 kWh at 0.75, none below 0.5: 1.0, 0.8704, 0.557056', () => {
    near(survivalOf({ kinds: [twoSets], battery: small, netLoadKw: critical, bins: 3 }, 1, 3), [[1, 0.8704, 0.557056]])
  })

  it('test/runtests.jl: the same with two kinds of sets', () => {
    const found = survivalOf({ kinds: [oneSet, oneSet], battery: small, netLoadKw: critical, bins: 3 }, 1, 3)
    near(found, [[1, 0.8704, 0.557056]])
  })

  it('documentation of survival_with_battery: every start hour', () => {
    near(survivalOf({ kinds: [twoSets], battery: small, netLoadKw: critical, bins: 3 }, 1, 3), [
      [1, 0.8704, 0.557056],
      [0.96, 0.6144, 0.57344],
      [0.96, 0.896, 0.8192],
      [1, 0.96, 0.761856],
    ])
  })

  it('documentation of survival_gen_only: every start hour without a battery', () => {
    near(survivalOf({ kinds: [twoSets], netLoadKw: critical }, 0, 3), [
      [0.96, 0.4096, 0.262144],
      [0.64, 0.4096, 0.393216],
      [0.64, 0.6144, 0.557056],
      [0.96, 0.8704, 0.262144],
    ])
  })

  it('test/runtests.jl: flat 100 kW, a set that may not start, a battery for 4 h: 0.99^20 · 0.9 · 0.98 after 24 h', () => {
    const found = survivalOf(
      {
        kinds: [{ count: 1, powerKw: 100, availability: 0.98, failureToStart: 0.1, meanHoursToFailure: 100 }],
        battery: { ...lossless, usableKwh: 400, chargeKw: 100, dischargeKw: 100 },
        netLoadKw: [100],
      },
      400,
      24,
    )
    expect(found[0]![23]).toBeCloseTo(0.7213939, 6)
    expect(found[0]![23]).toBeCloseTo(0.99 ** 20 * 0.9 * 0.98, 12)
    expect(found[0]![3]).toBe(1)
  })

  it('documentation of markov_matrix and starting_probabilities: kinds of two and one', () => {
    const kinds: GeneratorKind[] = [
      { count: 2, powerKw: 250, availability: 0.99, failureToStart: 0.05, meanHoursToFailure: 10 },
      { count: 1, powerKw: 300, availability: 0.95, failureToStart: 0.1, meanHoursToFailure: 4 },
    ]
    const { powerKw, initial, stay, changeFrom, changeTo, changeShare } = unitStates(kinds, 1)
    expect(Array.from(powerKw)).toEqual([0, 250, 500, 300, 550, 800])
    const expected = [0.000513336, 0.0162283, 0.128258, 0.00302691, 0.0956912, 0.756282]
    expected.forEach((value, state) => {
      expect(initial[state]).toBeCloseTo(value, 6)
    })
    const last = Array.from({ length: 6 }, (_, state) => (state === 5 ? stay[5]! : 0))
    for (let change = changeFrom[5]!; change < changeFrom[6]!; change += 1)
      last[changeTo[change]!] = changeShare[change]!
    const row = [0.0025, 0.045, 0.2025, 0.0075, 0.135, 0.6075]
    row.forEach((value, state) => {
      expect(last[state]).toBeCloseTo(value, 12)
    })
  })
})

describe('a battery alone', () => {
  const battery: OutageBattery = {
    ...lossless,
    usableKwh: 100,
    chargeKw: 50,
    dischargeKw: 50,
    dischargeEfficiency: 0.9,
  }

  it('lasts as long as its energy, however few the bins and small the steps', () => {
    // 90 kWh at the bus, 4 kW: 22.5 h, 90 quarter-hours; a quarter-hour moves 1.1 of 25 kWh a bin.
    const found = survivalOf({ kinds: [], battery, netLoadKw: [4], bins: 5, stepHours: 0.25 }, 100, 100)
    expect(found[0]!.findIndex((value) => value < 1)).toBe(90)
  })

  it('serves no more than its power', () => {
    expect(survivalOf({ kinds: [], battery, netLoadKw: [50.1] }, 100, 1)).toEqual([[0]])
    expect(survivalOf({ kinds: [], battery, netLoadKw: [50] }, 100, 1)).toEqual([[1]])
  })

  it('is charged by production above the load', () => {
    expect(survivalOf({ kinds: [], battery, netLoadKw: [-50, 40, 0] }, 0, 2)[0]).toEqual([1, 1])
    expect(survivalOf({ kinds: [], battery, netLoadKw: [-20, 40, 0] }, 0, 2)[0]).toEqual([1, 0])
  })
})

const share = fc.double({ min: 0, max: 1, noNaN: true })
const anyKind: fc.Arbitrary<GeneratorKind> = fc.record({
  count: fc.integer({ min: 0, max: 3 }),
  powerKw: fc.double({ min: 0, max: 60, noNaN: true }),
  availability: share,
  failureToStart: fc.double({ min: 0, max: 0.5, noNaN: true }),
  meanHoursToFailure: fc.double({ min: 2, max: 100, noNaN: true }),
})
const efficiency = fc.double({ min: 0.8, max: 1, noNaN: true })
const anyBattery: fc.Arbitrary<OutageBattery> = fc.record({
  usableKwh: fc.double({ min: 1, max: 300, noNaN: true }),
  chargeKw: fc.double({ min: 0, max: 80, noNaN: true }),
  dischargeKw: fc.double({ min: 0, max: 80, noNaN: true }),
  chargeEfficiency: efficiency,
  dischargeEfficiency: efficiency,
})
const anyCase = fc.record({
  kinds: fc.array(anyKind, { maxLength: 2 }),
  battery: anyBattery,
  netLoadKw: fc.array(fc.double({ min: -40, max: 90, noNaN: true }), { minLength: 1, maxLength: 30 }),
  stepHours: fc.constantFrom(0.5, 1),
})
const hours = 24

function both(example: Case, stored: number): { survival: Float64Array; unservedKwh: Float64Array } {
  const walk = walkOf(example)
  const survival = new Float64Array(hours)
  const unservedKwh = new Float64Array(hours)
  const start = { step: 0, storedKwh: stored * example.battery!.usableKwh }
  walk.survival(start, survival)
  walk.unserved(start, unservedKwh)
  return { survival, unservedKwh }
}

describe('laws of outages', () => {
  it('agrees with outages that are played set by set and kWh by kWh', () => {
    fc.assert(
      fc.property(anyCase, share, fc.integer({ min: 1, max: 1e6 }), (example, stored, seed) => {
        const { survival, unservedKwh } = both(example, stored)
        const { random } = { random: seededRandom(seed) }
        const games = 3000
        const start = { step: 0, storedKwh: stored * example.battery.usableKwh }
        const played = playOutages({ ...example, start, steps: hours }, games, () => random.next())
        let [walked, met] = [0, 0]
        for (let hour = 0; hour < hours; hour += 1) {
          const chance = survival[hour]!
          // Six standard errors, and what courses that meet in one bin may differ by.
          const allowed = 6 * Math.sqrt((chance * (1 - chance)) / games) + 0.02
          expect(Math.abs(played.survival[hour]! - chance)).toBeLessThan(allowed)
          walked += unservedKwh[hour]!
          met += played.unservedKwh[hour]!
        }
        expect(Math.abs(walked - met)).toBeLessThan(0.08 * met + 12 * example.stepHours)
      }),
      { numRuns: 60 },
    )
  })

  it('never survives more by lasting longer, and never serves less than nothing', () => {
    fc.assert(
      fc.property(anyCase, share, (example, stored) => {
        const { survival, unservedKwh } = both(example, stored)
        survival.forEach((value, hour) => {
          expect(value).toBeGreaterThanOrEqual(0)
          expect(value).toBeLessThanOrEqual(hour === 0 ? 1 : survival[hour - 1]! + 1e-12)
          const most = Math.max(0, example.netLoadKw[hour % example.netLoadKw.length]!) * example.stepHours
          expect(unservedKwh[hour]).toBeGreaterThanOrEqual(0)
          expect(unservedKwh[hour]).toBeLessThanOrEqual(most + 1e-9)
        })
        // Where survival is certain nothing goes unserved.
        const certain = survival.findIndex((value) => value < 1 - 1e-12)
        const until = certain < 0 ? hours : certain
        expect(unservedKwh.subarray(0, until).every((value) => value < 1e-9)).toBe(true)
      }),
    )
  })

  it('is no worse with less load, with a better set, and with more stored', () => {
    fc.assert(
      fc.property(anyCase, share, share, (example, stored, less) => {
        // Courses in one bin share its mean: fine bins keep that small.
        const fine = { ...example, bins: 801 }
        const plain = both(fine, stored).survival
        const better = [
          both({ ...fine, netLoadKw: fine.netLoadKw.map((value) => value - less * Math.abs(value)) }, stored),
          both({ ...fine, kinds: fine.kinds.map((kind) => ({ ...kind, availability: 1, failureToStart: 0 })) }, stored),
          both(fine, Math.min(1, stored + 0.2)),
        ]
        for (const { survival } of better) {
          survival.forEach((value, hour) => {
            expect(value).toBeGreaterThanOrEqual(plain[hour]! - 0.02)
          })
        }
      }),
    )
  })

  it('starts and fails with chances that add up to one', () => {
    fc.assert(
      fc.property(fc.array(anyKind, { maxLength: 3 }), (kinds) => {
        const { count, initial, stay, changeFrom, changeTo, changeShare } = unitStates(kinds, 1)
        expect(initial.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 10)
        for (let state = 0; state < count; state += 1) {
          const own = changeShare.subarray(changeFrom[state]!, changeFrom[state + 1]!)
          expect(own.reduce((sum, value) => sum + value, stay[state]!)).toBeCloseTo(1, 10)
          expect(changeTo.subarray(changeFrom[state]!, changeFrom[state + 1]!).every((to) => to < state)).toBe(true)
        }
      }),
    )
  })

  it('refuses sets that cannot be', () => {
    const kind: GeneratorKind = { ...sure, count: 1, powerKw: 1, meanHoursToFailure: 10 }
    for (const wrong of [{ count: 1.5 }, { availability: 1.1 }, { meanHoursToFailure: 0.5 }, { powerKw: Number.NaN }]) {
      expect(() => unitStates([{ ...kind, ...wrong }], 1)).toThrow(/bad-outage/)
    }
    expect(() => unitStates([{ ...kind, count: 999 }], 1)).toThrow(/too many combinations/)
  })
})
