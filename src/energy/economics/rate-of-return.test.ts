import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { netPresentValue } from './cash-flow.ts'
import { internalRateOfReturn, modifiedRateOfReturn } from './rate-of-return.ts'

const rateOf = (amounts: readonly number[]): number => {
  const found = internalRateOfReturn(amounts)
  if (found.kind !== 'one') throw new Error(JSON.stringify(found))
  return found.rate
}

describe('net present value', () => {
  it('numpy-financial test_npv', () => {
    expect(netPresentValue(0.05, [-15000, 1500, 2500, 3500, 4500, 6000])).toBeCloseTo(122.894854950942, 9)
  })

  it('Excel documentation of NPV, whose first amount is a year away', () => {
    expect(netPresentValue(0.1, [0, -10_000, 3000, 4200, 6800])).toBeCloseTo(1188.44, 2)
    expect(netPresentValue(0.08, [-40_000, 8000, 9200, 10_000, 12_000, 14_500])).toBeCloseTo(1922.06, 2)
    expect(netPresentValue(0.08, [-40_000, 8000, 9200, 10_000, 12_000, 14_500, -9000])).toBeCloseTo(-3749.47, 2)
  })
})

describe('internal rate of return', () => {
  it.each([
    [[-150000, 15000, 25000, 35000, 45000, 60000], 0.05243288885941475, 12],
    [[-250000, 100000, 150000, 200000, 250000, 300000], 0.5672303344358536, 12],
    [[-100, 0, 0, 74], -0.0955, 4],
    [[-100, 39, 59, 55, 20], 0.28095, 5],
    [[-1678.87, 771.96, 1814.05, 3520.3, 3552.95, 3584.99, 4789.91, -1], 1.00426, 4],
  ])('numpy-financial docs and tests (TestIrr): %j is %d', (amounts, expected, digits) => {
    const found = internalRateOfReturn(amounts)
    const rates = found.kind === 'one' ? [found.rate] : found.kind === 'several' ? found.rates : []
    expect(Math.min(...rates.map((rate) => Math.abs(rate - expected)))).toBeLessThan(0.6 * 10 ** -digits)
  })

  it.each([
    [[-70_000, 12_000, 15_000, 18_000, 21_000], -0.021],
    [[-70_000, 12_000, 15_000, 18_000, 21_000, 26_000], 0.087],
    [[-70_000, 12_000, 15_000], -0.444],
  ])('Excel documentation of IRR: %j is %d', (amounts, expected) => {
    expect(rateOf(amounts)).toBeCloseTo(expected, 3)
  })

  it('numpy-financial issue 15: a rate close to −100 % is found', () => {
    const amounts = [-3000, 2.3926932267015667e-7, 4.1672087103345505e-16, 5.3965110036378706e-25]
    expect(rateOf([...amounts, 5.1962551071806174e-34])).toBeCloseTo(-0.9999999990596069, 9)
  })

  it('numpy-financial issue 39: 12 % is among the rates, and it is said that there are two', () => {
    const inflows = Array.from({ length: 25 }, (_, year) => 108466.80462450592 - 7336.84023122 * year)
    const found = internalRateOfReturn([-217500, -217500, ...inflows])
    expect(found.kind).toBe('several')
    if (found.kind === 'several') expect(found.rates.map((rate) => rate.toFixed(3))).toContain('0.120')
  })

  it.each([
    [[-100, 100, 0, -7], -0.0833],
    [[-5, 10.5, 1, -8, 1], 0.0886],
  ])('numpy-financial TestIrr gives one of several for %j; all are told', (amounts, expected) => {
    const found = internalRateOfReturn(amounts)
    expect(found.kind).toBe('several')
    if (found.kind !== 'several') return
    expect(found.rates.some((rate) => Math.abs(rate - expected) < 1e-3)).toBe(true)
    for (const rate of found.rates) expect(netPresentValue(rate, amounts)).toBeCloseTo(0, 8)
    expect(internalRateOfReturn([...amounts, 0, 0])).toEqual(found)
  })

  it('tells two rates of the oil-pump problem (Lorie & Savage 1955): 25 % and 400 %', () => {
    const found = internalRateOfReturn([-1600, 10_000, -10_000])
    expect(found.kind).toBe('several')
    if (found.kind === 'several') {
      expect(found.rates[0]).toBeCloseTo(0.25, 10)
      expect(found.rates[1]).toBeCloseTo(4, 10)
    }
  })

  it('tells none where there is none', () => {
    expect(internalRateOfReturn([1, 2, 3])).toEqual({ kind: 'none', why: 'one-sided' })
    expect(internalRateOfReturn([-1, -2])).toEqual({ kind: 'none', why: 'one-sided' })
    expect(internalRateOfReturn([100, -200, 150])).toEqual({ kind: 'none', why: 'no-rate' })
  })

  it('finds zero, and a rate that is only touched', () => {
    expect(rateOf([-100, 50, 50])).toBeCloseTo(0, 12)
    // −(1.1 − x)²: worth nothing at 10 % and less elsewhere.
    expect(rateOf([-1, 2.2, -1.21])).toBeCloseTo(0.1, 5)
  })

  it('finds exactly the rates that a cash flow was made of', () => {
    const growths = fc.uniqueArray(fc.integer({ min: 40, max: 300 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(growths, fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 6 }), (made, negative) => {
        const roots = made.map((value) => value / 100)
        let amounts = [-1]
        // Growths below zero are no rates: they must not be found.
        for (const root of [...roots, ...negative.map((value) => -value / 100)]) {
          const next = [...amounts, 0]
          amounts.forEach((value, power) => {
            next[power + 1]! -= root * value
          })
          amounts = next
        }
        const found = internalRateOfReturn(amounts)
        const rates = found.kind === 'one' ? [found.rate] : found.kind === 'several' ? found.rates : []
        expect(rates).toHaveLength(roots.length)
        roots
          .sort((a, b) => a - b)
          .forEach((root, index) => {
            expect(rates[index]).toBeCloseTo(root - 1, 4)
          })
      }),
    )
  })

  it('is the rate at which the present worth is zero', () => {
    const inflows = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(fc.double({ min: 1, max: 1e6, noNaN: true }), inflows, (capex, inflow) => {
        fc.pre(inflow.some((amount) => amount > 1))
        const amounts = [-capex, ...inflow]
        const rate = rateOf(amounts)
        const size = amounts.reduce((sum, amount, year) => sum + Math.abs(amount) * (1 + rate) ** -year, 0)
        expect(Math.abs(netPresentValue(rate, amounts))).toBeLessThan(1e-9 * size)
      }),
    )
  })
})

describe('modified rate of return', () => {
  it.each([
    [[-4500, -800, 800, 800, 600, 600, 800, 800, 700, 3000], 0.08, 0.055, 0.066597175031553],
    [[-120000, 39000, 30000, 21000, 37000, 46000], 0.1, 0.12, 0.126094130365905],
    [[100, 200, -50, 300, -200], 0.05, 0.06, 0.342823387842176],
    [[-120000, 39000, 30000, 21000, 37000, 46000], 0.1, 0.14, 0.134759110829],
    [[-120000, 39000, 30000, 21000], 0.1, 0.12, -0.048044655],
  ])('numpy-financial TestMirr and Excel documentation of MIRR: %j', (amounts, financeRate, reinvestRate, expected) => {
    expect(modifiedRateOfReturn(amounts, { financeRate, reinvestRate })).toBeCloseTo(expected, 9)
  })

  it('is none where nothing is paid', () => {
    expect(modifiedRateOfReturn([39000, 30000], { financeRate: 0.1, reinvestRate: 0.12 })).toBeUndefined()
  })
})
