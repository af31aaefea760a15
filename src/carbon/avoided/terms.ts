import { carbonErrors } from '../errors.ts'
import { type FactorPedigree, factorQuantity, pedigreeOf } from '../factors/index.ts'
import { convert, multiply, parseDecimal, type Quantity, quantity, times } from '../quantity/index.ts'
import type { AvoidedActivity, AvoidedInput, Part, Row, SimpleFactor } from './schema.ts'
import { checkGridKind, type FactorContext, pedigreeFromInput, type UsedFactor, usedFactor } from './used-factor.ts'

/** One product of an amount and its factors. */
export interface Term {
  readonly activity: string
  readonly part: Part
  readonly id: string
  readonly title: string
  readonly amount: Quantity
  readonly factors: readonly FactorPedigree[]
  /** In kg of its gas. */
  readonly mass: Quantity
  /** What it may err by: halves of 95 % intervals over the value; those of one group err together. */
  readonly errors: readonly { readonly relative: number; readonly group?: string }[]
  /** What is not known of its error. */
  readonly unknown: readonly string[]
}

type Question = Pick<AvoidedInput, 'activities' | 'leakage' | 'electricity'>

/**
 * Every product that baseline, project and leakage are made of.
 *
 * @throws `carbon.bad-project`, `carbon.kind-mismatch`, `carbon.unit-mismatch`, `carbon.basis-mismatch`, `carbon.unknown-factor`
 */
export function termsOf({ activities, leakage, electricity }: Question, context: FactorContext): readonly Term[] {
  const ids = new Set<string>()
  for (const { id } of activities) {
    if (ids.has(id)) {
      throw carbonErrors.badProject({ detail: 'Two activities have this id', place: { path: 'activities' }, found: id })
    }
    ids.add(id)
  }
  const find = (reference: NonNullable<Row['factor']>, subject: string, path: string): UsedFactor => {
    const found = usedFactor(reference, subject, path, context)
    checkGridKind(found, electricity, path)
    return found
  }
  const rowsOf = (rows: readonly Row[], activity: string, part: Part, path: string): readonly Term[] =>
    rows.map((row) => rowTerm(row, { activity, part, path: `${path}.${row.id}`, find, context }))
  const leaked = Array.isArray(leakage) ? rowsOf(leakage, 'leakage', 'leakage', 'leakage') : []
  const activityTerms = (activity: AvoidedActivity): readonly Term[] => {
    const path = `activities.${activity.id}`
    switch (activity.kind) {
      case 'displacement':
        return displaced(activity, path, find)
      case 'modal-shift':
        return shifted(activity, path, find)
      case 'difference':
        return [
          ...rowsOf(activity.baseline, activity.id, 'baseline', `${path}.baseline`),
          ...rowsOf(activity.project, activity.id, 'project', `${path}.project`),
        ]
    }
  }
  return [...activities.flatMap(activityTerms), ...leaked]
}

type Find = (reference: NonNullable<Row['factor']>, subject: string, path: string) => UsedFactor

/** What others would have made, and what the project gives off in making it, where it says so. */
function displaced(
  activity: Extract<AvoidedActivity, { kind: 'displacement' }>,
  path: string,
  find: Find,
): readonly Term[] {
  const { id, title = id, subject, relative, factor, project } = activity
  const amount = quantity(activity.amount, activity.unit, { subject })
  const known = { amount, title, activity: id, ...(relative === undefined ? {} : { relative }), group: `amount/${id}` }
  return [
    productTerm({ ...known, part: 'baseline', id: `${id}.displaced` }, find(factor, subject, `${path}.factor`)),
    ...(project
      ? [productTerm({ ...known, part: 'project', id: `${id}.made` }, find(project, subject, `${path}.project`))]
      : []),
  ]
}

/** A = s · m · d · (EF_from − EF_to), each side on its own way. */
function shifted(
  activity: Extract<AvoidedActivity, { kind: 'modal-shift' }>,
  path: string,
  find: Find,
): readonly Term[] {
  const { id, title = id, share, mass, distance, newDistance = distance, relative, shareRelative } = activity
  const tonnes = convert(quantity(mass.amount, mass.unit), 't').amount
  const workOf = ({ amount, unit }: typeof distance, subject: string): Quantity => {
    const km = convert(quantity(amount, unit), 'km').amount
    return { amount: times(times(tonnes, km), parseDecimal(share)), unit: 't·km', basis: { subject } }
  }
  const side = (part: 'baseline' | 'project', way: typeof distance, factor: SimpleFactor): Term => {
    const found = find(factor, 'freight', `${path}.${part === 'baseline' ? 'from' : 'to'}`)
    const amount = workOf(way, found.quantity.basis.subject ?? 'freight')
    const known = {
      amount,
      title,
      activity: id,
      ...(relative === undefined ? {} : { relative }),
      group: `amount/${id}`,
    }
    const term = productTerm({ ...known, part, id: `${id}.${part === 'baseline' ? 'left' : 'taken'}` }, found)
    // All of it being shifted is no estimate.
    if (share === '1' && shareRelative === undefined) return term
    return shareRelative === undefined
      ? { ...term, unknown: [...term.unknown, `share of ${id}`] }
      : { ...term, errors: [...term.errors, { relative: shareRelative, group: `share/${id}` }] }
  }
  return [side('baseline', distance, activity.from), side('project', newDistance, activity.to)]
}

interface Where {
  readonly activity: string
  readonly part: Part
  readonly path: string
  readonly find: Find
  readonly context: FactorContext
}

function rowTerm(row: Row, { activity, part, path, find, context }: Where): Term {
  const { id, title = id, relative } = row
  const known = {
    id: `${activity}.${part}.${id}`,
    title,
    activity,
    part,
    ...(relative === undefined ? {} : { relative }),
  }
  if (row.factor === undefined) return massTerm(row, known, path, context)
  const factor = find(row.factor, row.subject ?? 'activity', `${path}.factor`)
  const subject = row.subject ?? factor.quantity.basis.subject ?? 'activity'
  if (row.heatingValue === undefined) {
    const { heatingValue } = factor.quantity.basis
    const basis = { subject, ...(heatingValue === undefined ? {} : { heatingValue }) }
    return productTerm({ ...known, amount: quantity(row.amount, row.unit, basis) }, factor)
  }
  const heating = context.book.get(row.heatingValue)
  const amount = quantity(row.amount, row.unit, { subject })
  const { heatingValue } = heating.basis
  // The heating value brings a mass of fuel to energy; of that the factor is one.
  const bare = { ...factorQuantity(heating), basis: { subject } }
  const energy = { ...multiply(amount, bare, 'TJ'), basis: { subject, ...(heatingValue ? { heatingValue } : {}) } }
  const term = productTerm({ ...known, amount: energy }, factor)
  return { ...term, amount, factors: [pedigreeOf(heating), ...term.factors] }
}

/** A mass that somebody worked out: its own factor is 1. */
function massTerm(row: Row, known: Known, path: string, context: FactorContext): Term {
  const { boundary, source, gwpSet } = row
  const basis = { ...(gwpSet === undefined ? {} : { gwpSet }), ...(boundary === undefined ? {} : { boundary }) }
  const amount = quantity(row.amount, row.unit, basis)
  if (boundary === undefined || source === undefined || amount.basis.gas === undefined) {
    throw carbonErrors.badProject({
      detail: 'A row without a factor is a mass of a gas with boundary and source',
      place: { path },
      found: Object.keys(row),
      expected: 'unit tCO2 or tCO2e, boundary, source; or a factor',
    })
  }
  const subject = row.subject ?? 'emissions'
  const one: Quantity = { amount: parseDecimal(1), unit: '1', basis: amount.basis }
  const pedigree = pedigreeFromInput(one, { path, subject, source, period: context.period, of: row })
  return {
    ...{
      ...headOf(known),
      amount: { ...amount, basis: { subject } },
      factors: [pedigree],
      mass: convert(amount, 'kg'),
    },
    ...errorsOf(known, undefined, known.id),
  }
}

interface Known extends Pick<Term, 'id' | 'title' | 'activity' | 'part'> {
  readonly relative?: number
  /** Amounts of one group err together. */
  readonly group?: string
}

const headOf = ({ id, title, activity, part }: Known) => ({ id, title, activity, part })

function productTerm({ amount, ...known }: Known & { readonly amount: Quantity }, factor: UsedFactor): Term {
  return {
    ...{ ...headOf(known), amount, factors: [factor.pedigree], mass: multiply(amount, factor.quantity, 'kg') },
    ...errorsOf(known, factor, known.id),
  }
}

/** Errors of amount and factor; a factor errs alike wherever it is used. */
function errorsOf(
  { relative, group }: Known,
  factor: UsedFactor | undefined,
  id: string,
): Pick<Term, 'errors' | 'unknown'> {
  const ofFactor = factor?.relative
  return {
    errors: [
      ...(relative === undefined ? [] : [{ relative, ...(group === undefined ? {} : { group }) }]),
      ...(ofFactor === undefined || !factor ? [] : [{ relative: ofFactor, group: `factor/${factor.id}` }]),
    ],
    unknown: [
      ...(relative === undefined ? [`amount of ${id}`] : []),
      ...(factor && ofFactor === undefined ? [factor.id] : []),
    ],
  }
}
