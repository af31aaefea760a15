import { MangroveError, sameDimension } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { Decimal, parseDecimal, plus, times, timesRatio } from './decimal.ts'
import { dimensionName, exactUnit, multiplyDimensions, reduce } from './exact-unit.ts'

/**
 * Set of global warming potentials by the assessment report that printed it; `AR5-ccf` with climate-carbon feedbacks. `unstated`
 * is a set of its own, of documents that do not say: it adds up with nothing else.
 */
export type GwpSet = 'SAR' | 'AR4' | 'AR5' | 'AR5-ccf' | 'AR6' | 'unstated'
/** `direct` is the stack or tailpipe, `lifecycle` with all upstream; WTW = WTT + TTW of a transport fuel. */
export type Boundary = 'direct' | 'lifecycle' | 'WTT' | 'TTW' | 'WTW' | 'unstated'
/** Lower (net) or higher (gross) heating value. */
export type HeatingValue = 'LHV' | 'HHV'

/** What an amount is an amount of. Two amounts meet only where all of it is the same. */
export interface Basis {
  /** The gas whose mass it is; `CO2e` stands for a weighted sum and needs {@link gwpSet}. */
  readonly gas?: string
  readonly gwpSet?: GwpSet
  readonly boundary?: Boundary
  /** What was used or moved: `electricity`, `diesel`. Of a factor: what it is a factor of. */
  readonly subject?: string
  readonly heatingValue?: HeatingValue
}

/** An exact amount with its unit and its basis. */
export interface Quantity {
  readonly amount: Decimal
  readonly unit: string
  readonly basis: Basis
}

/**
 * Makes a quantity. A gas in the unit, as of `kgCO2e`, goes into the basis.
 *
 * @throws `carbon.bad-decimal`, `carbon.bad-unit`, `carbon.basis-mismatch` for CO2e without a GWP set, or a second gas
 */
export function quantity(amount: string | number | bigint | Decimal, unit: string, basis: Basis = {}): Quantity {
  const { gas } = exactUnit(unit)
  if (gas !== undefined && basis.gas !== undefined && gas !== basis.gas) throw mismatch('gas', gas, basis.gas, unit)
  const own = gas ?? basis.gas
  if ((own === 'CO2e') !== (basis.gwpSet !== undefined)) {
    throw carbonErrors.basisMismatch({
      detail:
        own === 'CO2e' ? 'An amount of CO2e needs the set of GWPs it was weighed by' : 'Only CO2e is weighed by GWPs',
      found: own === 'CO2e' ? unit : `${own ?? unit} with ${basis.gwpSet}`,
      expected: own === 'CO2e' ? 'SAR, AR4, AR5, AR5-ccf or AR6' : 'no GWP set',
    })
  }
  const exact = amount instanceof Decimal ? amount : parseDecimal(amount)
  return { amount: exact, unit, basis: own === undefined ? basis : { ...basis, gas: own } }
}

/**
 * The same quantity in another unit; only the unit changes, never the basis. Exact where the ratio of the units is a decimal
 * that ends, else right to 64 digits.
 *
 * @throws `carbon.unit-mismatch` with both sides named, `carbon.basis-mismatch` for a unit of another gas
 */
export function convert(from: Quantity, unit: string): Quantity {
  if (from.unit === unit) return from
  const [source, target] = [exactUnit(from.unit), exactUnit(unit)]
  if (!sameDimension(source.dimension, target.dimension)) {
    throw carbonErrors.unitMismatch({
      detail: `${source.symbol} is ${dimensionName(source.dimension)}, ${target.symbol} is ${dimensionName(target.dimension)}`,
      found: source.symbol,
      expected: `a unit of the dimension of ${target.symbol}`,
    })
  }
  if (target.gas !== undefined && target.gas !== from.basis.gas) {
    throw mismatch('gas', from.basis.gas, target.gas, `${from.unit} to ${unit}`)
  }
  const [numerator, denominator] = reduce(source.numerator * target.denominator, source.denominator * target.numerator)
  return { amount: timesRatio(from.amount, numerator, denominator), unit, basis: from.basis }
}

/** `a + b` in the unit of `a`. @throws `carbon.unit-mismatch`, `carbon.basis-mismatch` */
export function add(a: Quantity, b: Quantity): Quantity {
  checkSame(a, b, '+')
  return { ...a, amount: plus(a.amount, convert(b, a.unit).amount) }
}

/** `a − b` in the unit of `a`. @throws as {@link add} */
export const subtract = (a: Quantity, b: Quantity): Quantity => add(a, { ...b, amount: b.amount.negated() })

/** Sum of at least one quantity, in the unit of the first. @throws as {@link add} */
export function sum(all: readonly Quantity[]): Quantity {
  const [first, ...others] = all
  if (!first) {
    throw carbonErrors.badDecimal({ detail: 'There is nothing to add up; a missing amount is not zero', found: 0 })
  }
  return others.reduce(add, first)
}

/** A share of a quantity, or a multiple of it; a plain number. */
export const scale = (of: Quantity, by: Decimal | string): Quantity => ({
  ...of,
  amount: times(of.amount, by instanceof Decimal ? by : parseDecimal(by)),
})

/**
 * Activity times factor: `E = Q · EF`. What the factor is a factor of (subject, heating value) has to be what the activity is an
 * amount of, and the units have to come to `into`. The result has gas, GWP set and boundary of the factor.
 *
 * @throws `carbon.unit-mismatch`, `carbon.basis-mismatch`, both with the two sides named
 */
export function multiply(activity: Quantity, factor: Quantity, into = 'kg'): Quantity {
  const what = `${activity.unit} × ${factor.unit}`
  for (const name of ['subject', 'heatingValue'] as const) {
    if (activity.basis[name] !== factor.basis[name]) {
      throw mismatch(name, activity.basis[name], factor.basis[name], what)
    }
  }
  if (activity.basis.gas !== undefined && factor.basis.gas !== undefined) {
    throw mismatch('gas', activity.basis.gas, `a factor of ${factor.basis.gas}`, what)
  }
  const [left, right, target] = [exactUnit(activity.unit), exactUnit(factor.unit), exactUnit(into)]
  const dimension = multiplyDimensions(left.dimension, right.dimension)
  if (!sameDimension(dimension, target.dimension)) {
    throw carbonErrors.unitMismatch({
      detail: `${left.symbol} times ${right.symbol} is ${dimensionName(dimension)}, not ${dimensionName(target.dimension)}`,
      found: what,
      expected: `units whose product is ${dimensionName(target.dimension)}: a factor per ${left.symbol}`,
    })
  }
  const [numerator, denominator] = reduce(
    left.numerator * right.numerator * target.denominator,
    left.denominator * right.denominator * target.numerator,
  )
  const { subject: _, heatingValue: __, ...basis } = factor.basis
  const gas = factor.basis.gas ?? activity.basis.gas
  if (target.gas !== undefined && target.gas !== gas) throw mismatch('gas', gas, target.gas, what)
  return {
    amount: timesRatio(times(activity.amount, factor.amount), numerator, denominator),
    unit: into,
    basis: gas === undefined ? basis : { ...basis, gas },
  }
}

/**
 * A mass of one gas as CO2e: `CO2e = m · GWP`. CO2 weighs 1 in every set.
 *
 * @param gwp GWP of that gas in `gwpSet`, a decimal: they are not whole numbers (27.9)
 */
export function weigh(mass: Quantity, gwp: Decimal, gwpSet: GwpSet): Quantity {
  if (mass.basis.gas === undefined || mass.basis.gas === 'CO2e') {
    throw mismatch('gas', mass.basis.gas, 'a mass of one gas', 'weighing by GWP')
  }
  const { symbol } = exactUnit(mass.unit)
  return {
    amount: times(mass.amount, gwp),
    unit: symbol.replace(/(CO2|CH4|N2O|SF6|NF3)$/, ''),
    basis: { ...mass.basis, gas: 'CO2e', gwpSet },
  }
}

/** A quantity in words: `1.2 t CO2e (AR6, direct)`. */
export function quantityText({ amount, unit, basis }: Quantity): string {
  const more = [basis.gwpSet, basis.boundary, basis.heatingValue].filter(Boolean).join(', ')
  const of = [basis.gas, basis.subject].filter((word) => word !== undefined && !unit.includes(word))
  return [amount.toFixed(), unit, ...of, more === '' ? '' : `(${more})`].filter(Boolean).join(' ')
}

function checkSame(a: Quantity, b: Quantity, sign: string): void {
  const problems = (['gas', 'gwpSet', 'boundary', 'subject', 'heatingValue'] as const)
    .filter((name) => a.basis[name] !== b.basis[name])
    .map((name) => mismatch(name, b.basis[name], a.basis[name], `${quantityText(a)} ${sign} ${quantityText(b)}`))
  if (problems.length > 0) throw new MangroveError(problems.flatMap((one) => one.problems))
}

const words = {
  gas: 'gas',
  gwpSet: 'set of GWPs',
  boundary: 'boundary',
  subject: 'subject',
  heatingValue: 'heating value',
} as const

function mismatch(name: keyof typeof words, found: string | undefined, expected: string | undefined, what: string) {
  return carbonErrors.basisMismatch({
    detail: `${what}: the ${words[name]} is ${found ?? 'not said'} on one side and ${expected ?? 'not said'} on the other`,
    found: found ?? `no ${words[name]}`,
    expected: expected ?? `no ${words[name]}`,
  })
}
