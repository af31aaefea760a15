import { sameDimension } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { multiplyDimensions } from '../quantity/exact-unit.ts'
import { Decimal, dimensionName, exactUnit, parseDecimal, printedDecimals, timesRatio } from '../quantity/index.ts'
import type { EntryBody } from './entry.ts'

/** Tonnes of CO2 from tonnes of carbon: a ratio, never 3.67. */
const molar: Readonly<Record<string, readonly [bigint, bigint]>> = { '44/12': [44n, 12n], '16/12': [16n, 12n] }

/**
 * Multiplies activity and factors again and holds the amount against it: an entry whose own numbers do not give its amount, or whose
 * basis is not that of its factors, is not written. What is compared are all digits that the amount is printed with.
 *
 * @throws `carbon.bad-entry`, `carbon.unit-mismatch`, `carbon.basis-mismatch`
 */
export function checkAmount({ activity, factors, amountKg, gas, gwpSet, boundary }: EntryBody<'emission'>): void {
  let value = parseDecimal(activity.amount, 'body.activity.amount')
  let { numerator, denominator, dimension } = exactUnit(activity.unit)
  for (const { value: text, unit: unitText } of factors) {
    const ratio = Object.hasOwn(molar, unitText) ? molar[unitText] : undefined
    const unit = exactUnit(ratio ? '1' : unitText)
    value = value.times(parseDecimal(text, 'body.factors'))
    numerator *= unit.numerator * (ratio?.[0] ?? 1n)
    denominator *= unit.denominator * (ratio?.[1] ?? 1n)
    dimension = multiplyDimensions(dimension, unit.dimension)
  }
  if (!sameDimension(dimension, { kg: 1 })) {
    throw carbonErrors.unitMismatch({
      detail: `${[activity.unit, ...factors.map(({ unit }) => unit)].join(' × ')} is ${dimensionName(dimension)}, not mass`,
      place: { path: 'body.factors' },
      found: dimensionName(dimension),
      expected: 'units whose product is mass',
    })
  }
  const exact = timesRatio(value, numerator, denominator)
  const stated = parseDecimal(amountKg, 'body.amountKg')
  const rounded = exact.toDecimalPlaces(printedDecimals(amountKg), Decimal.ROUND_HALF_EVEN)
  if (!rounded.eq(stated)) {
    throw carbonErrors.badEntry({
      detail: 'The amount is not the product of its activity and factors',
      place: { path: 'body.amountKg' },
      found: amountKg,
      expected: rounded.toFixed(),
    })
  }
  const last = factors.findLast((factor) => factor.gas !== undefined)
  const weighed = factors.find(isGwp)
  for (const factor of factors) {
    const expected = isGwp(factor) ? last?.gas : activity.subject
    if (factor.subject === expected) continue
    throw carbonErrors.basisMismatch({
      detail: `${factor.factor} is no factor of ${expected ?? 'this'}`,
      place: { path: 'body.factors' },
      found: factor.subject,
      expected: expected ?? 'a factor with a gas',
    })
  }
  const facts = [
    ['gas', gas, weighed ? 'CO2e' : last?.gas],
    ['gwpSet', gwpSet, weighed ? weighed.gwpSet : last?.gwpSet],
    ['boundary', boundary, last?.boundary],
  ] as const
  for (const [name, found, expected] of facts) {
    if (found === expected) continue
    throw carbonErrors.basisMismatch({
      detail: `The ${name} of the amount is not that of its factors`,
      place: { path: `body.${name}` },
      found: found ?? `no ${name}`,
      expected: expected ?? `no ${name}`,
    })
  }
}

/** A GWP has a set and, unlike CO2e, no gas of its own: its subject is the gas that it weighs. */
const isGwp = ({ gas, gwpSet }: EntryBody<'emission'>['factors'][number]): boolean =>
  gas === undefined && gwpSet !== undefined

/** Boundaries that an inventory scope takes: with upstream in scope 1 or 2, category 3 of scope 3 counts it twice. */
export function checkScope({ book, scope, boundary, method, category }: EntryBody<'emission'>): void {
  const refuse = (path: string, detail: string, found: unknown, expected: string) =>
    carbonErrors.basisMismatch({ detail, place: { path: `body.${path}` }, found, expected })
  if (book !== 'inventory') {
    if (scope === undefined) return
    throw refuse('scope', `The book ${book} has no scopes: it is never netted against the inventory`, scope, 'no scope')
  }
  if (scope === undefined) throw refuse('scope', 'An inventory has scopes', 'no scope', '1, 2 or 3')
  if (scope < 3 && boundary !== 'direct' && boundary !== 'TTW') {
    throw refuse('boundary', `Scope ${scope} takes direct emissions alone`, boundary, 'direct')
  }
  if ((scope === 2) !== (method !== undefined)) {
    throw refuse(
      'method',
      'Scope 2, and no other, is by location or by market',
      method ?? 'no method',
      'location or market',
    )
  }
  if (scope === 3 && !/^([1-9]|1[0-5])$/.test(category ?? '')) {
    throw refuse('category', 'Scope 3 has 15 categories', category ?? 'none', '1 to 15')
  }
}
