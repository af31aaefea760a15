import { describe, expect, it } from 'vitest'
import { type CounterRules, type CounterStretch, counterStep, createRise, riseOfBuckets } from './counter-rise.ts'

const hour = 3_600_000
const reading = (timeMs: number, value: number): CounterStretch => ({
  firstMs: timeMs,
  first: value,
  lastMs: timeMs,
  last: value,
  rise: 0,
})
const series = (...values: readonly number[]): readonly CounterStretch[] =>
  values.map((value, at) => reading(at * hour, value))
const hours = (count: number): Float64Array => Float64Array.from({ length: count + 1 }, (_, at) => at * hour)
const wholeOf = (values: readonly number[], rules: CounterRules = {}): number =>
  riseOfBuckets(series(...values), Float64Array.of(0, values.length * hour), rules).rise[0]!

describe('one step of a counter', () => {
  const step = (before: number, value: number, rules: CounterRules = {}) => counterStep(before, 0, value, hour, rules)

  it('is the difference', () => expect(step(100, 103.5)).toEqual({ rise: 3.5, refused: false }))
  it('is what was counted since, after a fall', () => expect(step(100, 4)).toEqual({ rise: 4, refused: false }))
  it('goes over the top of a meter of five digits', () =>
    expect(step(99_990, 15, { rollover: 100_000 })).toEqual({ rise: 25, refused: false }))
  it('is a reset where the meter was far from its top', () =>
    expect(step(40_000, 15, { rollover: 100_000 })).toEqual({ rise: 15, refused: false }))
  it('is none beyond what the meter can do, and says so', () => {
    expect(step(0, 12_345, { maxPerHour: 50 })).toEqual({ rise: 0, refused: true })
    expect(step(0, 50.00001, { maxPerHour: 50 }).refused).toBe(false)
  })
  it('is none where it falls below zero', () => expect(step(3, -5)).toEqual({ rise: 0, refused: true }))
})

describe('the rise of a counter', () => {
  it('leaves out a reading that falls and is back at the next', () => {
    expect(wholeOf([1000, 1001, 0, 1002, 1003])).toBe(3)
    expect(wholeOf([1000, 1001, 0, 1001, 1003])).toBe(3)
  })
  it('counts from zero after a reset', () => expect(wholeOf([1000, 1001, 0, 2, 5])).toBe(6))
  it('counts a reset that is the last reading', () => expect(wholeOf([1000, 1001, 4])).toBe(5))
  it('counts nothing for two zeros before the old value is back, where it is known what the meter can do', () => {
    expect(wholeOf([1000, 1001, 0, 0, 1002], { maxPerHour: 10 })).toBe(1)
  })
  it('knows nothing of a single reading, nor of none', () => {
    expect(riseOfBuckets(series(5), hours(2), {}).rise).toEqual(Float64Array.of(Number.NaN, Number.NaN))
    expect(riseOfBuckets([], hours(1), {}).rise).toEqual(Float64Array.of(Number.NaN))
  })
})

describe('the rise over a gap', () => {
  it('is spread evenly over time and marked as estimated; beside the gap nothing is', () => {
    // Readings at each quarter of the first and the fifth hour, none between.
    const readings = [0, 0.25, 0.5, 0.75, 1, 4, 4.25, 4.5, 4.75, 5].map((at) => reading(at * hour, 100 + 8 * at))
    const { rise, estimated, suspect } = riseOfBuckets(readings, hours(5), {})
    expect([...rise]).toEqual([8, 8, 8, 8, 8])
    expect([...estimated]).toEqual([0, 1, 1, 1, 0])
    expect([...suspect]).toEqual([0, 0, 0, 0, 0])
  })

  it('tells nothing before the first and after the last reading', () => {
    const { rise, estimated } = riseOfBuckets([reading(1.5 * hour, 0), reading(2.5 * hour, 4)], hours(5), {})
    expect([...rise]).toEqual([Number.NaN, 2, 2, Number.NaN, Number.NaN])
    expect([...estimated]).toEqual([0, 1, 1, 0, 0])
  })

  it('marks every hour of a step that was refused as suspect, and counts nothing', () => {
    const { rise, suspect } = riseOfBuckets([reading(0, 0), reading(3 * hour, 9000)], hours(3), { maxPerHour: 50 })
    expect([...rise]).toEqual([0, 0, 0])
    expect([...suspect]).toEqual([1, 1, 1])
  })
})

describe('a rise that is added up reading by reading', () => {
  const endsOf = (values: readonly number[], rules: CounterRules = {}) => {
    const rise = createRise(rules)
    for (const one of series(...values)) rise.add(one)
    return rise.ends()
  }

  it('has one reading of patience', () => {
    expect(endsOf([10, 11, 0, 12])).toMatchObject({ first: 10, last: 12, rise: 2 })
    expect(endsOf([10, 11, 0, 3])).toMatchObject({ first: 10, last: 3, rise: 4 })
    // What comes after tells whether the last one was a dip.
    expect(endsOf([10, 11, 0])).toMatchObject({ first: 10, last: 11, rise: 1 })
  })
  it('is nothing without readings', () => expect(endsOf([])).toBeUndefined())
})
