import { describe, expect, it } from 'vitest'
import { madeLoad, originOf } from './made-load.fixture.ts'
import { lookUp, naiveDay, naiveWeek, persistence, similarDay } from './simple-methods.ts'

const task = madeLoad({ days: 28, noise: 1 })
const origin = originOf(task)
const { values } = task

describe('methods that learn nothing', () => {
  it('look up the same time of the last day and week, and the last value', () => {
    expect(naiveDay(task, origin, origin + 5)).toBe(values[origin + 5 - 24])
    expect(naiveWeek(task, origin, origin + 5)).toBe(values[origin + 5 - 168])
    expect(persistence(task, origin, origin + 5)).toBe(values[origin - 1])
  })

  it('take the median of days of the same kind', () => {
    // Monday 29 January 2024: the eight working days before are 26 to 22 and 19 to 17 January.
    const alike = [3, 4, 5, 6, 7, 10, 11, 12].map((back) => values[origin + 9 - 24 * back]!).sort((a, b) => a - b)
    expect(similarDay(task, origin, origin + 9)).toBeCloseTo((alike[3]! + alike[4]!) / 2, 12)
  })

  it('go further back over a hole, and to the last value when there is no such time', () => {
    const holed = { ...task, values: values.slice() }
    holed.values.fill(Number.NaN, origin - 24, origin)
    expect(naiveDay(holed, origin, origin + 5)).toBe(values[origin + 5 - 48])
    const young = { ...task, values: values.slice().fill(Number.NaN, 0, origin - 3) }
    expect(naiveDay(young, origin, origin)).toBe(values[origin - 1])
    expect(naiveDay({ ...task, values: values.slice().fill(Number.NaN) }, origin, origin)).toBeNaN()
  })

  it('look up nothing at or after the origin, however far ahead', () => {
    const far = madeLoad({ days: 14, ahead: 7 })
    const known = originOf(far)
    const blind = { ...far, values: far.values.slice().fill(Number.NaN, known) }
    for (const method of [naiveDay, naiveWeek, similarDay, persistence])
      expect(lookUp(method, far, known)).toEqual(lookUp(method, blind, known))
    // Sunday ahead: the last day that is known at that time is the one before the origin.
    expect(naiveDay(far, known, known + 6 * 24 + 3)).toBe(far.values[known - 24 + 3])
  })
})
