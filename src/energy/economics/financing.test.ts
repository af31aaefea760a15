import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { annualRow, builtRows, type CashFlow, createCashFlow, netPresentValue, sumRows } from './cash-flow.ts'
import { debtSchedule } from './debt.ts'
import { depreciationShares, keepBooks } from './depreciation.ts'
import { financeCashFlow } from './financing.ts'
import { internalRateOfReturn } from './rate-of-return.ts'
import { taxOf } from './tax.ts'
import { createTerms } from './terms.ts'

const straight = (years: number) => ({ method: 'straight-line', years }) as const

function project(years: number, capex: number, income: number): CashFlow {
  const terms = createTerms({ years, discountRate: 0.08 })
  return createCashFlow(terms, [
    ...builtRows(terms, { item: 'plant', capex, lifetimeYears: years }),
    annualRow(terms, { item: 'sales', kind: 'income', perYear: income }),
  ])
}

describe('depreciation', () => {
  it('Excel documentation of SLN: 30,000, 7,500 left, 10 years: 2,250', () => {
    const shares = depreciationShares({ method: 'straight-line', years: 10, residualShare: 0.25 })
    expect(30_000 * shares[0]!).toBeCloseTo(2250, 9)
  })

  it('Excel documentation of DDB: 2,400, 300 left, 10 years', () => {
    const method = 'declining-balance'
    const double = depreciationShares({ method, years: 10, residualShare: 0.125, switches: false })
    expect(2400 * double[0]!).toBeCloseTo(480, 9)
    expect(2400 * double[9]!).toBeCloseTo(22.12, 2)
    const slower = depreciationShares({ method, years: 10, residualShare: 0.125, factor: 1.5, switches: false })
    expect(2400 * slower[1]!).toBeCloseTo(306, 9)
  })

  it('turns from double declining to the straight line of the years left once that is more', () => {
    const shares = depreciationShares({ method: 'declining-balance', years: 5 })
    expect(Array.from(shares, (share) => Number(share.toFixed(4)))).toEqual([0.4, 0.24, 0.144, 0.108, 0.108])
  })

  it('writes off all that is bought but the residual, sooner or later', () => {
    const purchases = new Float64Array([1000, 0, 0, 0, 500, 0])
    const { writtenOff, left } = keepBooks(purchases, { method: 'straight-line', years: 4, residualShare: 0.1 })
    expect(Array.from(writtenOff)).toEqual([0, 225, 225, 225, 225, 112.5])
    expect(left).toBeCloseTo(100 + 387.5, 9)
  })
})

describe('debt', () => {
  it('numpy-financial test_ppmt: 10 %/12 over 24 months, 2,000: repayments of the first four', () => {
    const terms = createTerms({ years: 24, discountRate: 0.1 })
    const { repayment } = debtSchedule(terms, { share: 1, rate: 0.1 / 12, termYears: 24 }, 2000)
    const expected = [75.62318601, 76.25337923, 76.88882405, 77.52956425]
    expected.forEach((value, index) => {
      expect(repayment[index + 1]).toBeCloseTo(value, 7)
    })
  })

  it('is paid back whole, and worth what was lent at its own rate', () => {
    const kinds = fc.constantFrom('annuity' as const, 'linear' as const)
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.double({ min: 0, max: 0.2, noNaN: true }),
        kinds,
        (termYears, rate, kind) => {
          const terms = createTerms({ years: 30, discountRate: 0.1 })
          const { principal, interest, repayment, balance } = debtSchedule(
            terms,
            { share: 0.7, rate, termYears, kind },
            1000,
          )
          expect(balance[termYears]).toBe(0)
          expect(repayment.reduce((sum, value) => sum + value, 0)).toBeCloseTo(700, 8)
          expect(
            netPresentValue(
              rate,
              interest.map((value, year) => value + repayment[year]!),
            ),
          ).toBeCloseTo(principal, 7)
        },
      ),
    )
  })

  it('refuses a term beyond the years', () => {
    const terms = createTerms({ years: 5, discountRate: 0.1 })
    expect(() => debtSchedule(terms, { share: 0.5, rate: 0.05, termYears: 6 }, 100)).toThrow(/at most 5 years/)
  })
})

describe('tax', () => {
  it('is on income less depreciation', () => {
    const tax = taxOf(project(4, 1000, 400), { rate: 0.25, depreciation: straight(4) })
    expect(Array.from(tax)).toEqual([0, -37.5, -37.5, -37.5, -37.5])
  })

  it('knows holidays: free three years, half three years, as China’s EIT Regulations, art. 87', () => {
    const rate = [0, 0, 0, 0.125, 0.125, 0.125, 0.25]
    const tax = taxOf(project(8, 800, 200), { rate, depreciation: straight(8) })
    expect(Array.from(tax)).toEqual([0, 0, 0, 0, -12.5, -12.5, -12.5, -25, -25])
  })

  it('carries losses forward until they are too old', () => {
    const flow = project(4, 800, 100)
    const late = createCashFlow(flow.terms, [
      ...flow.rows,
      { item: 'bonus', kind: 'income', amounts: new Float64Array([0, 0, 0, 0, 500]) },
    ])
    const terms = { rate: 0.25, depreciation: straight(4) }
    // 100 a year are lost in three years; the fourth has 400 more.
    expect(taxOf(late, terms)[4]).toBeCloseTo(-0.25 * 100, 9)
    expect(taxOf(late, { ...terms, lossYears: 1 })[4]).toBeCloseTo(-0.25 * 300, 9)
    expect(Array.from(taxOf(late, { ...terms, losses: 'offset' }))).toEqual([0, 25, 25, 25, -100])
  })

  it('counts what is sold against the books, whatever the pace of writing off', () => {
    const terms = createTerms({ years: 5, discountRate: 0.05 })
    const flow = createCashFlow(terms, [
      ...builtRows(terms, { item: 'a', capex: 1000, lifetimeYears: 8, subsidyShare: 0.2 }),
      annualRow(terms, { item: 's', kind: 'income', perYear: 300 }),
    ])
    const profit = flow.total.reduce((sum, value) => sum + value, 0)
    for (const method of ['straight-line', 'declining-balance'] as const) {
      for (const years of [2, 5, 12]) {
        const tax = taxOf(flow, { rate: 0.25, losses: 'offset', depreciation: { method, years } })
        expect(tax.reduce((sum, value) => sum + value, 0)).toBeCloseTo(-0.25 * profit, 9)
      }
    }
  })
})

describe('financing', () => {
  it('leaves the owner what project and debt rows add up to', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 0.12, noNaN: true }),
        fc.double({ min: 50, max: 400, noNaN: true }),
        (share, rate, income) => {
          const flow = project(10, 1000, income)
          const { equity, project: after } = financeCashFlow(flow, {
            tax: { rate: 0.25, depreciation: straight(10) },
            debt: { share, rate, termYears: 8 },
          })
          const own = equity.rows.filter(({ item }) => item !== 'debt')
          const lent = equity.rows.filter(({ item }) => item === 'debt')
          expect(sumRows(flow.terms, own)).toEqual(after)
          const debt = sumRows(flow.terms, lent)
          equity.total.forEach((value, year) => {
            expect(value).toBeCloseTo(after[year]! + debt[year]!, 7)
          })
          // The interest was deducted: tax on the debt-free project plus the shield is tax on what is left after interest.
          const taxed = sumRows(
            flow.terms,
            equity.rows.filter(({ kind }) => kind === 'tax' || kind === 'interest-tax-shield'),
          )
          const interest = equity.rows.find(({ kind }) => kind === 'interest')!.amounts.map((value) => -value)
          const direct = taxOf(flow, { rate: 0.25, depreciation: straight(10) }, interest)
          direct.forEach((value, year) => {
            expect(taxed[year]).toBeCloseTo(value, 7)
          })
        },
      ),
    )
  })

  it('covers: equal cash of 150 against equal debt service has one cover for all years and for the loan’s life', () => {
    const flow = project(10, 1000, 150)
    const { cover, equity } = financeCashFlow(flow, { debt: { share: 0.6, rate: 0.05, termYears: 10 } })
    const service = (600 * 0.05) / (1 - 1.05 ** -10)
    expect(cover?.leastServiceCover).toBeCloseTo(150 / service, 9)
    expect(cover?.meanServiceCover).toBeCloseTo(150 / service, 9)
    expect(cover?.loanLifeCover).toBeCloseTo(150 / service, 9)
    expect(equity.total[0]).toBe(-400)
  })

  it('lifts the owner’s return where the loan costs less than the project earns', () => {
    const flow = project(15, 1000, 130)
    const { equity } = financeCashFlow(flow, { debt: { share: 0.7, rate: 0.04, termYears: 10 } })
    const [plain, lifted] = [internalRateOfReturn(flow.total), internalRateOfReturn(equity.total)]
    expect(plain.kind === 'one' && lifted.kind === 'one' && lifted.rate > plain.rate).toBe(true)
  })

  it('has no cover without a debt', () => {
    expect(financeCashFlow(project(5, 100, 30), {}).cover).toBeUndefined()
    expect(financeCashFlow(project(5, 100, 30), { debt: { share: 0, rate: 0.05, termYears: 5 } }).cover).toBeUndefined()
  })
})
