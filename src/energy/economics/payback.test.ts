import { describe, expect, it } from 'vitest'
import { paybackOf } from './payback.ts'

const yearsOf = (amounts: readonly number[], rate?: number): number => {
  const found = paybackOf(amounts, rate)
  return found.kind === 'after' ? found.years : Number.NaN
}

describe('payback', () => {
  it('textbook case of 2,324,000 and 600,000 a year at 11 % (accountingexplained.com, "Discounted Payback Period")', () => {
    const amounts = [-2_324_000, ...Array.from({ length: 6 }, () => 600_000)]
    expect(yearsOf(amounts, 0.11)).toBeCloseTo(5 + 106_462 / 320_785, 5)
    expect(yearsOf(amounts)).toBeCloseTo(2_324 / 600, 12)
  })

  it.each([
    [5200, 1.96],
    [5400, 2.03],
    [10_400, 3.65],
  ])(
    'Ross, Westerfield & Jordan, Fundamentals of Corporate Finance, "Calculating discounted payback": %d at 14 %%',
    (cost, years) => {
      expect(yearsOf([-cost, 2800, 3700, 5100, 4300], 0.14)).toBeCloseTo(years, 2)
    },
  )

  it('says never, at once, and that a replacement takes it back', () => {
    expect(paybackOf([-100, 20, 20])).toEqual({ kind: 'never' })
    expect(paybackOf([0, 20])).toEqual({ kind: 'at-once' })
    expect(paybackOf([-100, 100, -50, 60])).toEqual({ kind: 'after', years: 1, dips: true })
  })
})
