import { type Course, courseFactor, discountFactor } from './factors.ts'
import { remainingLife, replacementYears } from './replacement.ts'
import { type Subsidy, subsidyOf } from './subsidy.ts'
import { refuseAmount, refuseRate, type Terms } from './terms.ts'

/** Paid for things that last. */
const capitalKinds = ['capex', 'subsidy', 'replacement', 'salvage'] as const
/** Paid or earned every year; taxable. */
const annualKinds = ['opex', 'energy', 'carbon', 'income'] as const
/** Between the owner, the lender and the state. */
const financeKinds = ['tax', 'debt', 'interest', 'repayment', 'interest-tax-shield'] as const

export type CapitalKind = (typeof capitalKinds)[number]
export type AnnualKind = (typeof annualKinds)[number]
export type RowKind = CapitalKind | AnnualKind | (typeof financeKinds)[number]

const isCapital: ReadonlySet<string> = new Set(capitalKinds)
const isAnnual: ReadonlySet<string> = new Set(annualKinds)

/** One line of the table: + received, − paid, in the money of each year. */
export interface CashRow {
  readonly item: string
  readonly kind: RowKind
  /** Years 0 … `years`. */
  readonly amounts: Float64Array
}

/** The table that every figure of an appraisal is computed from. */
export interface CashFlow {
  readonly terms: Terms
  readonly rows: readonly CashRow[]
  /** Sum of all rows, a year. */
  readonly total: Float64Array
}

/** Something that is built in year 0, kept up, replaced when its life ends, and worth something at the end. */
export interface BuiltItem extends Subsidy {
  readonly item: string
  /** Currency, paid in year 0. */
  readonly capex: number
  /** kW or kWh, for what is paid by the unit; default 0. */
  readonly units?: number
  readonly lifetimeYears: number
  /** In the money of year 0; default: the capex. */
  readonly replacement?: number
  /** Rise of the replacement's price a year beyond inflation: negative where things get cheaper; default 0. */
  readonly replacementEscalation?: number
  /** Upkeep a year, in the money of the price year; default 0. */
  readonly opexPerYear?: number
  /** Rise of upkeep a year beyond inflation; default 0. */
  readonly opexEscalation?: number
}

/** Something that is paid (−) or received (+) every year. */
export interface AnnualItem extends Course {
  readonly item: string
  readonly kind: AnnualKind
  /** + received, − paid, in the first year, in the money of the price year. */
  readonly perYear: number
}

/**
 * Rows of an investment: capex, subsidy, replacements, salvage and upkeep. What is left at the end is sold for the same
 * part of what a new one then costs as it has of its life (HOMER Pro, "Salvage Value").
 *
 * @throws `energy.bad-economics`
 */
export function builtRows(terms: Terms, built: BuiltItem): CashRow[] {
  const { item, capex, units = 0, lifetimeYears, replacement = capex } = built
  const { replacementEscalation = 0, opexPerYear = 0, opexEscalation = 0 } = built
  for (const [field, amount] of Object.entries({ capex, units, replacement, opexPerYear })) {
    refuseAmount(`${item}.${field}`, amount)
  }
  refuseAmount(`${item}.lifetimeYears`, lifetimeYears, 0.1)
  refuseRate(`${item}.replacementEscalation`, replacementEscalation)
  const { years, inflation } = terms
  const priceIn = (year: number): number => replacement * ((1 + inflation) * (1 + replacementEscalation)) ** year
  const row = (kind: RowKind, fill: (amounts: Float64Array) => void): CashRow => {
    const amounts = new Float64Array(years + 1)
    fill(amounts)
    return { item, kind, amounts }
  }
  const rows = [
    row('capex', (amounts) => {
      amounts[0] = -capex
    }),
    row('subsidy', (amounts) => {
      amounts[0] = subsidyOf(built, capex, units)
    }),
    row('replacement', (amounts) => {
      for (const year of replacementYears(lifetimeYears, years)) amounts[year]! -= priceIn(year)
    }),
    row('salvage', (amounts) => {
      amounts[years] = priceIn(years) * remainingLife(lifetimeYears, years)
    }),
    annualRow(terms, { item, kind: 'opex', perYear: -opexPerYear, escalation: opexEscalation }),
  ]
  return rows.filter(({ amounts }) => amounts.some((amount) => amount !== 0))
}

/** @throws `energy.bad-economics` */
export function annualRow(terms: Terms, { item, kind, perYear, ...course }: AnnualItem): CashRow {
  refuseAmount(`${item}.perYear`, perYear, Number.NEGATIVE_INFINITY)
  refuseRate(`${item}.escalation`, course.escalation ?? 0)
  refuseRate(`${item}.change`, course.change ?? 0)
  return { item, kind, amounts: overYears(terms, perYear, course) }
}

/** A quantity of the first year, such as kWh, over the years: 0 in year 0. */
export const quantityOverYears = ({ years }: Terms, perYear: number, change = 0): Float64Array =>
  Float64Array.from({ length: years + 1 }, (_, year) => (year === 0 ? 0 : perYear * (1 + change) ** (year - 1)))

const overYears = (terms: Terms, perYear: number, course: Course): Float64Array =>
  Float64Array.from({ length: terms.years + 1 }, (_, year) =>
    year === 0 || perYear === 0 ? 0 : perYear * courseFactor(terms, course, year),
  )

export const createCashFlow = (terms: Terms, rows: readonly CashRow[]): CashFlow => ({
  terms,
  rows,
  total: sumRows(terms, rows),
})

/** Sum of some rows, a year. */
export function sumRows({ years }: Terms, rows: readonly CashRow[]): Float64Array {
  const total = new Float64Array(years + 1)
  for (const { amounts } of rows) for (let year = 0; year <= years; year += 1) total[year]! += amounts[year]!
  return total
}

export const isCapitalRow = ({ kind }: CashRow): boolean => isCapital.has(kind)
export const isAnnualRow = ({ kind }: CashRow): boolean => isAnnual.has(kind)

/** Worth today of amounts of the years 0, 1, … at a rate. */
export const netPresentValue = (rate: number, amounts: Iterable<number>): number => {
  let worth = 0
  let year = 0
  for (const amount of amounts) {
    worth += amount * discountFactor(rate, year)
    year += 1
  }
  return worth
}
