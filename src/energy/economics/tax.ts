import { energyErrors } from '../errors.ts'
import { type CashFlow, type CashRow, isAnnualRow, sumRows } from './cash-flow.ts'
import { type Depreciation, keepBooks } from './depreciation.ts'

/** Tax on the income of a company. */
export interface TaxTerms {
  /** A share, or one for each year from the first, the last going on: `[0, 0, 0, 0.125, 0.125, 0.125, 0.25]`. */
  readonly rate: number | readonly number[]
  readonly depreciation: Depreciation
  /** What a loss is good for: it lowers later profits (`carried`), or the owner's other profits at once (`offset`). */
  readonly losses?: 'carried' | 'offset'
  /** Years after which a loss that is carried forward is lost; default: never. */
  readonly lossYears?: number
}

/**
 * Tax of each year, − paid. Income is what the annual rows bring, less depreciation and interest; at the end, what is sold
 * counts against what the books still hold. A subsidy lowers what can be written off.
 *
 * @param interest of each year, + paid
 * @throws `energy.bad-economics`
 */
export function taxOf({ terms, rows }: CashFlow, tax: TaxTerms, interest?: Float64Array): Float64Array {
  const of = (filter: (row: CashRow) => boolean): Float64Array => sumRows(terms, rows.filter(filter))
  const purchases = of(({ kind }) => kind === 'capex' || kind === 'replacement' || kind === 'subsidy').map(
    (amount) => -amount,
  )
  const sold = of(({ kind }) => kind === 'salvage')
  const { writtenOff, left } = keepBooks(purchases, tax.depreciation)
  const income = of(isAnnualRow).map(
    (amount, year) => amount + sold[year]! - writtenOff[year]! - (interest?.[year] ?? 0),
  )
  income[terms.years]! -= left
  return taxOnIncome(income, tax)
}

/** Losses of a year that are still good. */
interface Loss {
  readonly year: number
  amount: number
}

function taxOnIncome(income: Float64Array, { rate, losses = 'carried', lossYears = Infinity }: TaxTerms): Float64Array {
  const rates = typeof rate === 'number' ? [rate] : rate
  if (rates.length === 0 || rates.some((share) => !(share >= 0 && share < 1))) {
    throw energyErrors.badEconomics({
      detail: 'This is no rate of tax',
      place: { path: 'tax.rate' },
      found: rate,
      expected: 'a share from 0 to below 1, or one for each year',
    })
  }
  const carried: Loss[] = []
  return income.map((amount, year) => {
    const share = rates[Math.min(Math.max(0, year - 1), rates.length - 1)]!
    if (losses === 'offset') return 0 - share * amount
    if (amount < 0) carried.push({ year, amount: -amount })
    let taxable = Math.max(0, amount)
    for (const loss of carried) {
      if (loss.year >= year || year - loss.year > lossYears) continue
      const used = Math.min(taxable, loss.amount)
      taxable -= used
      loss.amount -= used
    }
    return 0 - share * taxable
  })
}
