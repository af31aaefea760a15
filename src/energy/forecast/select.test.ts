import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { quantileOf, selectRank } from './select.ts'

const numbers = fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }), { minLength: 1, maxLength: 60 })

describe('selection by rank', () => {
  it('finds what sorting finds', () => {
    fc.assert(
      fc.property(numbers, fc.nat(), (values, pick) => {
        const rank = pick % values.length
        const sorted = Float64Array.from(values).sort()
        // −0 and 0 are the same size.
        expect(selectRank(Float64Array.from(values), rank) + 0).toBe(sorted[rank]! + 0)
      }),
    )
  })

  it('takes quantiles between ranks (Hyndman & Fan 1996, type 7) and leaves out what is missing', () => {
    expect(quantileOf([4, Number.NaN, 1, 3, 2], 0.5)).toBe(2.5)
    expect(quantileOf([10, 20, 30], 0.25)).toBe(15)
    expect(quantileOf([Number.NaN], 0.5)).toBeNaN()
  })
})
