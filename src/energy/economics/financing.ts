import { type CashFlow, type CashRow, createCashFlow, netPresentValue, sumRows } from './cash-flow.ts'
import { type DebtTerms, debtSchedule } from './debt.ts'
import { type TaxTerms, taxOf } from './tax.ts'

export interface Financing {
  readonly tax?: TaxTerms
  readonly debt?: DebtTerms
}

/** How well the debt is covered by what comes in. */
export interface DebtCover {
  /** Cash before debt service over debt service, least and mean over the years of the debt. */
  readonly leastServiceCover: number
  readonly meanServiceCover: number
  /** Worth of the cash over the life of the loan, at the loan's rate, over the loan. */
  readonly loanLifeCover: number
}

export interface Financed {
  /** All rows; their total is what the owner pays and receives. */
  readonly equity: CashFlow
  /** After tax as if there were no debt, a year. */
  readonly project: Float64Array
  /** Absent where there is no debt. */
  readonly cover?: DebtCover
}

/**
 * Adds tax and debt to a table. The project's tax does not know the debt; what interest spares of it is a row of the debt, so
 * that project and debt rows add up to the owner's.
 *
 * @throws `energy.bad-economics`
 */
export function financeCashFlow(cashFlow: CashFlow, { tax, debt }: Financing): Financed {
  const { terms, rows } = cashFlow
  const plainTax = tax ? taxOf(cashFlow, tax) : undefined
  const row = (item: string, kind: CashRow['kind'], amounts: Float64Array): CashRow => ({ item, kind, amounts })
  const projectRows = [...rows, ...(plainTax ? [row('tax', 'tax', plainTax)] : [])]
  const project = sumRows(terms, projectRows)
  if (!debt) return { equity: createCashFlow(terms, projectRows), project }
  const toFinance = -netPresentValue(
    0,
    rows.map(({ kind, amounts }) => (kind === 'capex' || kind === 'subsidy' ? amounts[0]! : 0)),
  )
  const { principal, interest, repayment } = debtSchedule(terms, debt, toFinance)
  const shield =
    tax && plainTax ? taxOf(cashFlow, tax, interest).map((paid, year) => paid - plainTax[year]!) : undefined
  const drawn = new Float64Array(terms.years + 1)
  drawn[0] = principal
  const negative = (amounts: Float64Array): Float64Array => amounts.map((amount) => (amount === 0 ? 0 : -amount))
  const equity = createCashFlow(terms, [
    ...projectRows,
    row('debt', 'debt', drawn),
    row('debt', 'interest', negative(interest)),
    ...(shield ? [row('debt', 'interest-tax-shield', shield)] : []),
    row('debt', 'repayment', negative(repayment)),
  ])
  if (principal === 0) return { equity, project }
  const cash = project.map((amount, year) => (year === 0 ? 0 : amount + (shield?.[year] ?? 0)))
  const covers = Array.from({ length: debt.termYears }, (_, index) => {
    const year = index + 1
    return cash[year]! / (interest[year]! + repayment[year]!)
  })
  return {
    equity,
    project,
    cover: {
      leastServiceCover: Math.min(...covers),
      meanServiceCover: covers.reduce((sum, value) => sum + value, 0) / covers.length,
      loanLifeCover: netPresentValue(debt.rate, cash.subarray(0, debt.termYears + 1)) / principal,
    },
  }
}
