import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { normalOf } from '../made-load.fixture.ts'
import { calibrate, conformalRank, type JudgedCombination } from './conformal.ts'

const slots = 24
const slot = Int16Array.from({ length: slots }, (_, k) => k)
const flat = (value: number): Float64Array => new Float64Array(slots).fill(value)
const about = (levels: readonly number[]) => ({ levels, slots, blockOf: () => 0 })

/** Days whose members know no distribution, say 100, and err as `errorOf` says. */
const days = (count: number, errorOf: (k: number) => number): readonly JudgedCombination[] =>
  Array.from({ length: count }, () => ({
    combined: { median: flat(100), quantiles: [] },
    slot,
    actual: flat(100).map((value, k) => value + errorOf(k)),
  }))

describe('conformal calibration', () => {
  it('takes the rank that holds for a new one: ⌈(n+1)·level⌉ above the middle, ⌊(n+1)·level⌋ below', () => {
    const nineteen = Array.from({ length: 19 }, (_, k) => k + 1)
    expect(conformalRank(nineteen, 0.9)).toBe(18)
    expect(conformalRank(nineteen, 0.1)).toBe(2)
    expect(conformalRank(nineteen, 0.5)).toBe(10)
    // Too few to know: the extreme.
    expect(conformalRank([1, 2, 3], 0.95)).toBe(3)
    expect(conformalRank([1, 2, 3], 0.05)).toBe(1)
  })

  it('gives the quantiles of a known distribution: normal errors of 2 by night and 10 by day', () => {
    const random = seededRandom(11)
    const sizeAt = (k: number): number => (k < 12 ? 2 : 10)
    const past = days(400, (k) => sizeAt(k) * normalOf(random))
    const [low, middle, high] = calibrate(past, about([0.1, 0.5, 0.9])).apply(past[0]!.combined, slot).values
    for (const k of [5, 18]) {
      expect((low![k]! - 100) / sizeAt(k)).toBeCloseTo(-1.2816, 0)
      expect((high![k]! - 100) / sizeAt(k)).toBeCloseTo(1.2816, 0)
      expect(Math.abs(middle![k]! - 100)).toBeLessThan(0.1 * sizeAt(k))
    }
  })

  it.each([0.5, 0.8, 0.9, 0.95])('covers %d of new steps whatever the shape of the errors', (wanted) => {
    const random = seededRandom(7)
    // Skewed, with a bias of 1: the exponential distribution.
    const draw = (): number => -20 * Math.log(1 - random.next())
    const levels = [(1 - wanted) / 2, (1 + wanted) / 2]
    let covered = 0
    let count = 0
    for (let round = 0; round < 40; round += 1) {
      const past = days(30, draw)
      const [low, high] = calibrate(past, about(levels)).apply(past[0]!.combined, slot).values
      for (const { actual } of days(20, draw)) {
        actual.forEach((value, k) => {
          covered += Number(value >= low![k]! && value <= high![k]!)
          count += 1
        })
      }
    }
    // 19,200 steps: three standard errors of 40 independent calibrations of 720 errors each are below 0.01.
    expect(Math.abs(covered / count - wanted)).toBeLessThan(0.012)
  })

  it('keeps quantiles in order whatever members say and whatever came', () => {
    const wild = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: slots, maxLength: slots })
    fc.assert(
      fc.property(wild, wild, wild, wild, (median, a, b, actual) => {
        const combined = { median: Float64Array.from(median), quantiles: [Float64Array.from(a), Float64Array.from(b)] }
        const past = [{ combined, slot, actual: Float64Array.from(actual) }]
        const [low, high] = calibrate(past, about([0.2, 0.7])).apply(combined, slot).values
        low!.forEach((value, k) => {
          expect(value).toBeLessThanOrEqual(high![k]!)
        })
      }),
    )
  })

  it('stays with numbers where the usual width or error is next to nothing', () => {
    const tiny = Number.MIN_VALUE
    const at = (upper: number, lower = 0) => ({ median: flat(0), quantiles: [flat(lower), flat(upper)] })
    for (const [past, now, actual] of [
      [at(tiny), at(1e6), 0],
      [at(tiny), at(1e6), tiny],
      [at(0, 1e6), at(0, 1e6), 3],
    ] as const) {
      const calibration = calibrate([{ combined: past, slot, actual: flat(actual) }], about([0.2, 0.7]))
      for (const values of calibration.apply(now, slot).values) expect(values.every(Number.isFinite)).toBe(true)
    }
  })

  it('leaves a median alone that is right about half of the time and moves one that is one-sided', () => {
    const random = seededRandom(9)
    const fair = days(30, () => normalOf(random))
    expect(calibrate(fair, about([0.1, 0.9])).apply(fair[0]!.combined, slot).median).toEqual(flat(100))
    const low = days(30, () => 3 + normalOf(random))
    const { median } = calibrate(low, about([0.1, 0.9])).apply(low[0]!.combined, slot)
    expect(median[12]).toBeCloseTo(103, 0)
  })

  it('calibrates the days of a horizon apart', () => {
    const random = seededRandom(5)
    const long = Int16Array.from({ length: 48 }, (_, k) => k % 24)
    const past = Array.from({ length: 60 }, () => ({
      combined: { median: new Float64Array(48).fill(100), quantiles: [] },
      slot: long,
      actual: Float64Array.from({ length: 48 }, (_, k) => 100 + (k < 24 ? 1 : 5) * normalOf(random)),
    }))
    const blockOf = (lead: number): number => Math.floor(lead / 24)
    const { apply } = calibrate(past, { levels: [0.1, 0.9], slots, blockOf })
    const [low, high] = apply(past[0]!.combined, long).values
    const width = (k: number): number => high![k]! - low![k]!
    expect(width(36) / width(12)).toBeGreaterThan(3.5)
    expect(width(36) / width(12)).toBeLessThan(6.5)
  })
})
