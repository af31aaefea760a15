import { type CashFlow, type CashRow, netPresentValue, sumRows } from './cash-flow.ts'
import { annualised } from './factors.ts'
import { type Payback, paybackOf } from './payback.ts'
import { internalRateOfReturn, modifiedRateOfReturn, type RateOfReturn } from './rate-of-return.ts'

/** What a table says about an investment; all in the site's currency, rates nominal. */
export interface Appraisal {
  readonly netPresentValue: number
  /** Equal sum a year in today's money; + earns. */
  readonly annualValue: number
  readonly rateOfReturn: RateOfReturn
  /** Undefined when nothing is paid or nothing comes back. */
  readonly modifiedRateOfReturn: number | undefined
  readonly payback: Payback
  readonly discountedPayback: Payback
  /** Present worth of rows that bring money over that of rows that cost it; undefined where nothing costs. */
  readonly benefitCostRatio: number | undefined
}

export interface AppraisalOptions {
  /** Rates of the modified rate of return; default: the nominal discount rate. */
  readonly financeRate?: number
  readonly reinvestRate?: number
}

/** Salvage and subsidy lessen the cost of what they belong to; they are no benefit. */
const lessensCost = ({ kind }: CashRow): boolean =>
  kind === 'capex' || kind === 'subsidy' || kind === 'replacement' || kind === 'salvage'

/** Computes every figure from the table. */
export function appraise({ terms, rows, total }: CashFlow, options: AppraisalOptions = {}): Appraisal {
  const { nominalRate } = terms
  const { financeRate = nominalRate, reinvestRate = nominalRate } = options
  const worth = netPresentValue(nominalRate, total)
  const worthOf = (row: CashRow): number => netPresentValue(nominalRate, row.amounts)
  const capital = netPresentValue(nominalRate, sumRows(terms, rows.filter(lessensCost)))
  const others = rows.filter((row) => !lessensCost(row)).map(worthOf)
  const parts = [capital, ...others]
  const benefits = parts.reduce((sum, value) => sum + Math.max(0, value), 0)
  const costs = parts.reduce((sum, value) => sum - Math.min(0, value), 0)
  return {
    netPresentValue: worth,
    annualValue: annualised(worth, terms),
    rateOfReturn: internalRateOfReturn(total),
    modifiedRateOfReturn: modifiedRateOfReturn(total, { financeRate, reinvestRate }),
    payback: paybackOf(total),
    discountedPayback: paybackOf(total, nominalRate),
    benefitCostRatio: costs > 0 ? benefits / costs : undefined,
  }
}
