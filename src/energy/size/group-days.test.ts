import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groupAlikeDays } from './group-days.ts'

/** A row of days, each flat at its level. */
const levels = (...days: readonly number[]): Float64Array => Float64Array.from(days.flatMap((value) => [value, value]))

describe('grouping alike days', () => {
  it('puts days of one kind together wherever they stand, and numbers groups as they appear', () => {
    expect([...groupAlikeDays([levels(1, 9, 1.1, 9.2, 1, 9.1)], 2, 2)]).toEqual([0, 1, 0, 1, 0, 1])
  })

  it('keeps one that is like no other alone', () => {
    expect([...groupAlikeDays([levels(1, 1.2, 40, 1.1, 0.9)], 2, 2)]).toEqual([0, 0, 1, 0, 0])
  })

  it('tells days apart by any of their quantities', () => {
    const same = levels(1, 1, 1, 1)
    expect([...groupAlikeDays([same, levels(0, 5, 0, 5)], 2, 2)]).toEqual([0, 1, 0, 1])
  })

  it('makes as many groups as are asked for, and never more than there are days', () => {
    const days = fc.array(fc.double({ min: 0, max: 10, noNaN: true }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(days, fc.integer({ min: 1, max: 40 }), (values, groups) => {
        const found = groupAlikeDays([levels(...values)], 2, groups)
        expect(found).toHaveLength(values.length)
        expect(new Set(found).size).toBe(Math.min(groups, values.length))
        // Numbered without gaps, the first day's first.
        expect(Math.max(...found)).toBe(new Set(found).size - 1)
        expect(found[0]).toBe(0)
      }),
    )
  })
})
