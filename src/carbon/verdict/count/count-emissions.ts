import { MangroveError, type Problem, sameDimension } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import { convert, exactUnit, type Quantity, quantity, subtract } from '../../quantity/index.ts'
import type { EmissionRow, FactorRef, Figures } from '../figures/index.ts'
import { type GreenChoice, type Part, parts } from '../schemes/index.ts'
import type { CountContext } from './count-energy.ts'
import { multiplyOut } from './multiply-out.ts'
import { amountSource, type CountedRow, factorSource, kept, scoreOf } from './term.ts'
import { placed, type UsedFactor, useFactor } from './used-factor.ts'

export interface EmissionRowCounted extends CountedRow<GreenChoice> {
  readonly part: Part | 'total'
  readonly bunker: boolean
  /** Green power was taken off, and the rest has the factor of all power: what was sold green is in it. */
  readonly restAtAverage: boolean
}

export interface EmissionsCounted {
  readonly rows: readonly EmissionRowCounted[]
  /** Parts that the scheme counts and that nothing is said of. */
  readonly missingParts: readonly Part[]
  /** Parts that there are none of, and why. */
  readonly none: readonly { readonly part: Part; readonly why: string }[]
}

/**
 * The emissions of the park by part, in the unit of the scheme, with green power counted and not:
 * `E_park = E_fuel + E_transformation + E_process + E_electricity + E_heat`, each `Q · EF`. What is not said is missing, never zero.
 *
 * @throws `carbon.unit-mismatch`, `carbon.basis-mismatch`, `carbon.no-factor`, `carbon.claimed-twice`, `carbon.bad-figures`
 */
export function countEmissions(figures: Figures, context: CountContext): EmissionsCounted {
  const { total, ...byPart } = figures.emissions
  const { scheme, placeOf } = context
  const given = parts.filter((part) => byPart[part] !== undefined)
  if (total && given.length > 0) {
    throw carbonErrors.badFigures({
      detail: 'The emissions are stated twice: by part and as a total',
      ...{ place: placeOf('emissions.total'), found: `total, ${given.join(', ')}`, expected: 'one of the two' },
    })
  }
  if (total) return { rows: [statedTotal(total, figures, context)], missingParts: [], none: [] }
  const foreign = given.filter((part) => !scheme.file.parts.includes(part))
  if (foreign.length > 0) {
    throw new MangroveError(
      foreign.map((part) =>
        carbonErrors.badFigures.problem({
          detail: `${scheme.file.title} does not count this part`,
          ...{ place: placeOf(`emissions.${part}`), found: part, expected: scheme.file.parts.join(', ') },
        }),
      ),
    )
  }
  const listed = scheme.file.parts.flatMap((part) => {
    const said = byPart[part]
    return Array.isArray(said) ? said.map((row, k) => ({ row, part, path: `emissions.${part}.${k}` })) : []
  })
  refuseTwice(listed, context)
  return {
    rows: listed.map(({ row, part, path }) => countRow(row, { part, path, figures, context })),
    missingParts: scheme.file.parts.filter((part) => byPart[part] === undefined),
    none: scheme.file.parts.flatMap((part) => {
      const said = byPart[part]
      return said !== undefined && !Array.isArray(said) ? [{ part, why: said.none }] : []
    }),
  }
}

interface Where {
  readonly part: Part | 'total'
  readonly path: string
  readonly figures: Figures
  readonly context: CountContext
}

const massDimension = exactUnit('t').dimension

type Stated = NonNullable<Figures['emissions']['total']>

const statedTotal = (total: Stated, figures: Figures, context: CountContext): EmissionRowCounted =>
  countRow(
    { id: 'emissions', title: 'All emissions', ...total },
    { part: 'total', path: 'emissions.total', figures, context },
  )

function countRow(row: EmissionRow, where: Where): EmissionRowCounted {
  const { part, path } = where
  const isStated = row.factor === undefined && sameDimension(unitOf(row, where).dimension, massDimension)
  const isFuelByMass = isStated && row.subject !== undefined && unitOf(row, where).gas === undefined
  const counted = part === 'total' || (isStated && !isFuelByMass) ? statedRow(row, where) : activityRow(row, where)
  const title = row.title ?? row.subject ?? (part === 'total' ? 'All emissions' : part)
  return { id: row.id, path, part, title, stated: `${row.amount} ${row.unit}`, bunker: row.bunker ?? false, ...counted }
}

type Counted = Pick<EmissionRowCounted, 'terms' | 'missing' | 'factors' | 'restAtAverage'>

const unitOf = (row: EmissionRow, { path, context }: Where) =>
  placed(context.placeOf(`${path}.unit`), () => exactUnit(row.unit))

/** A mass that was told as it is: its unit says of which gas. */
function statedRow(row: EmissionRow, where: Where): Counted {
  const { part, path, figures, context } = where
  const { gas, indicator } = context.scheme.file
  const { gas: own } = unitOf(row, where)
  if (own !== gas) {
    throw carbonErrors.basisMismatch({
      detail:
        own === undefined ? `${row.unit} does not say what it is a mass of` : `${own} is told, and ${gas} is counted`,
      ...{ place: context.placeOf(`${path}.unit`), found: row.unit, expected: `t${gas}` },
    })
  }
  const hasElectricity = part === 'electricity' || part === 'total'
  if (hasElectricity && row.greenPower === undefined) {
    throw carbonErrors.badFigures({
      detail: 'A stated mass with electricity in it has to say whether green power lowered it',
      ...{ place: context.placeOf(`${path}.greenPower`), found: 'nothing', expected: 'counted, not-counted, or none' },
    })
  }
  const mass = placed(context.placeOf(path), () => quantity(row.amount, row.unit, gwpOf(context)))
  const { amount } = placed(context.placeOf(`${path}.unit`), () => convert(mass, indicator.emissionsUnit))
  const sources = [amountSource(row.id, row, figures.assumeRelative)]
  const term = { id: row.id, value: kept(amount), sources, ...scoreOf(row) }
  const only = row.greenPower === 'counted' || row.greenPower === 'not-counted' ? row.greenPower : undefined
  const why = `${row.id} is told with green power ${only === 'counted' ? 'counted' : 'not counted'} alone`
  if (only === undefined)
    return { terms: { counted: term, 'not-counted': term }, missing: {}, factors: [], restAtAverage: false }
  const other = only === 'counted' ? 'not-counted' : 'counted'
  return { terms: { [only]: term }, missing: { [other]: why }, factors: [], restAtAverage: false }
}

const gwpOf = ({ scheme }: CountContext) => (scheme.file.gwpSet === undefined ? {} : { gwpSet: scheme.file.gwpSet })

/** An activity and its factor; of electricity also with the green power taken off. */
function activityRow(row: EmissionRow, where: Where): Counted {
  const { part, path, figures, context } = where
  const subject = row.subject ?? (part === 'electricity' || part === 'heat' ? part : undefined)
  if (subject === undefined) {
    throw carbonErrors.badFigures({
      detail: 'What was burnt or turned into another is not said',
      ...{
        place: context.placeOf(`${path}.subject`),
        expected: `a subject such as diesel, or an amount in t${context.scheme.file.gas}`,
      },
    })
  }
  const activity = placed(context.placeOf(path), () => quantity(row.amount, row.unit, { subject }))
  const factorAt = (ref: FactorRef | undefined, field: string): UsedFactor =>
    useFactor(ref, need(subject, field, where), context.book)
  const factor = factorAt(row.factor, 'factor')
  const emissionsOf = (what: Quantity, one: UsedFactor) => multiplyOut(what, one, { row, path, figures, context })
  const full = emissionsOf(activity, factor)
  const amount = amountSource(row.id, row, figures.assumeRelative)
  // What is said of the factor of a row is said of all of it, the heating value included.
  const sourcesOf = (used: readonly UsedFactor[]) => [
    amount,
    ...(row.factorRelative === undefined ? used : used.slice(-1)).map((one) =>
      factorSource(one, row.factorRelative, figures.assumeRelative),
    ),
  ]
  const score = scoreOf(row)
  const term = { id: row.id, value: kept(full.amount), sources: sourcesOf(full.factors), ...score }
  const greens = row.green ?? []
  if (part !== 'electricity' || (greens.length === 0 && row.restFactor === undefined)) {
    refuseGreen(greens.length > 0 || row.restFactor !== undefined, where)
    return { terms: { counted: term, 'not-counted': term }, missing: {}, factors: full.factors, restAtAverage: false }
  }
  const rest = row.restFactor === undefined ? factor : factorAt(row.restFactor, 'restFactor')
  const left = emissionsOf(withoutGreen(row, activity, where), rest)
  const counted = { id: row.id, value: kept(left.amount), sources: sourcesOf(left.factors), ...score }
  const factors = [...full.factors, ...left.factors]
  return {
    terms: { counted, 'not-counted': term },
    missing: {},
    factors: factors.filter((one, k) => factors.findIndex(({ key }) => key === one.key) === k),
    restAtAverage: greens.length > 0 && rest.variant === 'average',
  }
}

function need(subject: string, field: string, { part, path, figures, context }: Where) {
  const { gas, gwpSet, boundary, gridVariants, country } = context.scheme.file
  // Power differs from province to province, a fuel does not.
  const region = part === 'electricity' ? (figures.region ?? country) : country
  return {
    ...({ kind: 'emission', subject, gas, boundary, year: figures.year } as const),
    ...(gwpSet === undefined ? {} : { gwpSet }),
    ...(region === undefined ? {} : { region }),
    ...(part === 'electricity' ? { variants: gridVariants } : {}),
    place: context.placeOf(`${path}.${field}`),
  }
}

function refuseGreen(is: boolean, { path, context }: Where): void {
  if (!is) return
  throw carbonErrors.badFigures({
    detail: 'Green power is taken off purchased electricity alone',
    ...{ place: context.placeOf(`${path}.green`), expected: 'green and restFactor in the part electricity' },
  })
}

/** What was bought without a green claim; contracts for more than was bought are refused. */
function withoutGreen(row: EmissionRow, activity: Quantity, { path, context }: Where): Quantity {
  return (row.green ?? []).reduce((left, { amount, unit, claim }, k) => {
    const place = context.placeOf(`${path}.green.${k}`)
    const rest = placed(place, () => {
      const off = convert(quantity(amount, unit, activity.basis), activity.unit)
      if (off.amount.isNegative())
        throw carbonErrors.badFigures({ detail: 'A claim is below zero', place, found: amount })
      return subtract(left, off)
    })
    if (!rest.amount.isNegative()) return rest
    throw carbonErrors.badFigures({
      detail: 'More is claimed to be green than was bought',
      place,
      found: `${claim}: ${amount} ${unit}, with ${left.amount.toFixed()} ${left.unit} left`,
      expected: `claims of ${row.amount} ${row.unit} at most`,
    })
  }, activity)
}

/** One id, and one claim for one kWh: the second is refused with both named. */
function refuseTwice(
  rows: readonly { readonly row: EmissionRow; readonly path: string }[],
  { placeOf }: CountContext,
): void {
  const problems: Problem[] = []
  const ids = new Map<string, string>()
  const claims = new Map<string, string>()
  for (const { row, path } of rows) {
    const before = ids.get(row.id)
    if (before !== undefined) {
      problems.push(
        carbonErrors.badFigures.problem({
          detail: 'Two rows have this id',
          ...{ place: placeOf(`${path}.id`), found: row.id, expected: `an id that ${before} does not have` },
        }),
      )
    }
    ids.set(row.id, path)
    row.green?.forEach(({ claim }, k) => {
      const at = `${path}.green.${k}`
      const first = claims.get(claim)
      if (first !== undefined) {
        problems.push(
          carbonErrors.claimedTwice.problem({
            detail: `The claim ${claim} stands at ${first} and at ${at}`,
            ...{ place: placeOf(at), found: claim, expected: 'each claim once' },
          }),
        )
      }
      claims.set(claim, at)
    })
  }
  if (problems.length > 0) throw new MangroveError(problems)
}
