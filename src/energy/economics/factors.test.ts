import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { annualised, annuityFactor, capitalRecoveryFactor, levelisationFactor, presentWorthFactor } from './factors.ts'
import { createTerms } from './terms.ts'

describe('annuity factor and capital recovery factor', () => {
  it('HOMER Grid 1.4 documentation, "Capital Recovery Factor": 7 %, 5 years', () => {
    expect(capitalRecoveryFactor(0.07, 5)).toBeCloseTo(0.2439, 4)
    expect(1000 * capitalRecoveryFactor(0.07, 5)).toBeCloseTo(243.9, 1)
  })

  it('printed table of capital recovery factors, four digits', () => {
    expect(capitalRecoveryFactor(0.03, 15)).toBeCloseTo(0.0838, 4)
    expect(capitalRecoveryFactor(0.06, 20)).toBeCloseTo(0.0872, 4)
    expect(capitalRecoveryFactor(0.1, 30)).toBeCloseTo(0.1061, 4)
  })

  it('numpy-financial test_pv: 7 %, 20 payments of 12,000', () => {
    expect(12_000 * annuityFactor(0.07, 20)).toBeCloseTo(127_128.1709461939, 6)
  })

  it('numpy-financial test_pmt: 8 %/12, 60 months, 15,000; and without interest', () => {
    expect(15_000 * capitalRecoveryFactor(0.08 / 12, 60)).toBeCloseTo(304.1459143262, 8)
    expect(15_000 * capitalRecoveryFactor(0, 60)).toBe(250)
  })

  it('is steady where the rate nears zero', () => {
    expect(annuityFactor(1e-12, 25)).toBeCloseTo(25, 8)
    expect(annuityFactor(-1e-12, 25)).toBeCloseTo(25, 8)
  })
})

describe('present worth of what rises', () => {
  const rates = { min: -0.05, max: 0.2, noNaN: true }

  it('is the annuity of REopt.jl (src/core/utils.jl), x·(1 − xⁿ)/(1 − x) with growth in the first year', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.double(rates),
        fc.double({ min: 0.21, max: 0.4, noNaN: true }),
        (years, escalation, discountRate) => {
          const x = (1 + escalation) / (1 + discountRate)
          const expected = (x * (1 - x ** years)) / (1 - x)
          const terms = createTerms({ years, discountRate, priceYear: 0 })
          expect(presentWorthFactor(terms, { escalation })).toBeCloseTo(expected, 9)
        },
      ),
    )
  })

  it('is the levelization factor of REopt.jl with a loss from the second year on', () => {
    const terms = createTerms({ years: 25, discountRate: 0.083, priceYear: 0 })
    let expected = 0
    for (let year = 1; year <= 25; year += 1) expected += (1.023 / 1.083) ** year * 0.995 ** (year - 1)
    expect(presentWorthFactor(terms, { escalation: 0.023, change: -0.005 })).toBeCloseTo(expected, 10)
  })

  it('is the same in real and in nominal money (Fisher)', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double(rates), fc.double(rates), (years, real, inflation) => {
        const terms = createTerms({ years, discountRate: real, rate: 'real', inflation, priceYear: 0 })
        expect(presentWorthFactor(terms)).toBeCloseTo(annuityFactor(real, years), 7)
        const again = createTerms({ years, discountRate: terms.nominalRate, inflation })
        expect(again.realRate).toBeCloseTo(real, 12)
      }),
    )
  })

  it('spreads evenly and back', () => {
    const terms = createTerms({ years: 20, discountRate: 0.06, inflation: 0.02, priceYear: 0 })
    expect(levelisationFactor(terms)).toBeCloseTo(1, 12)
    expect(annualised(1000, terms) * annuityFactor(terms.realRate, 20)).toBeCloseTo(1000, 9)
  })

  it('refuses years and rates that are none', () => {
    for (const wrong of [
      { years: 0 },
      { years: 2.5 },
      { discountRate: -1 },
      { discountRate: Number.NaN },
      { inflation: 12 },
    ]) {
      expect(() => createTerms({ years: 10, discountRate: 0.05, ...wrong })).toThrow(/bad-economics/)
    }
  })
})
