import { MangroveError, type Problem } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { type Factor, type FactorBook, pedigreeOf } from '../factors/index.ts'
import { createLookup } from '../freight/category/index.ts'
import { allocate } from '../freight/index.ts'
import { Decimal, parseDecimal, plus, sumUncertainty } from '../quantity/index.ts'
import { type CountedActivity, countActivity } from './count-activity.ts'
import { allTerms, type Term } from './pact/fields.ts'
import type { ProductInput, ProductOutput } from './schema.ts'
import type { Ratings } from './supplier.ts'
import { addTerms, excluding, including, mapTerms, type Terms, termsOf } from './terms.ts'

/** A product with its exact numbers, before they are written as a footprint. */
export interface CountedProduct {
  /** A declared unit, rounded to the decimals that are published; the sums are those of the rounded terms. */
  readonly perUnit: Terms
  readonly packagingPerUnit: Decimal
  readonly outboundPerUnit: Decimal
  readonly primaryDataSharePercent: Decimal | null
  readonly ratings: Ratings | null
  readonly factors: ReadonlyMap<string, Factor>
  readonly hasFreight: boolean
  readonly output: Omit<ProductOutput, 'footprint'>
}

type Key = ProductInput['allocation']['by']
const keyFields = { mass: 'massKg', economic: 'value', physical: 'physical' } as const
/** Where the values of co-products differ by more than this, PACT asks for economic allocation (Methodology 3.0, 3.3.1.3; to be verified). */
const mostValueRatio = 5

/**
 * Counts a product by ISO 14067:2018 as PACT 3 publishes it: activities of the period, their shares of the outputs without a remainder,
 * and the first output’s over what was made.
 *
 * @throws all that is wrong with the activities, fifty at most
 */
export function accountProduct(input: ProductInput, book: FactorBook): CountedProduct {
  if (!(input.period.from < input.period.to)) {
    throw carbonErrors.badProduct({
      detail: 'The period ends before it begins',
      place: { path: 'period' },
      found: input.period.to,
    })
  }
  const counted = countAll(input, book)
  const weights = weightsOf(input)
  const shares = counted.map((one, index) => ({ one, shares: share(one, weights, input, `activities.${index}`) }))
  const [product] = input.outputs
  const made = parseDecimal(product!.amount, 'outputs.0.amount')
  if (made.isZero())
    throw carbonErrors.badProduct({ detail: 'Nothing was made', place: { path: 'outputs.0.amount' }, found: '0' })
  const declared = parseDecimal(input.declaredUnit.amount)
  const perUnit = (value: Decimal): Decimal => value.times(declared).dividedBy(made).toDecimalPlaces(input.decimals)
  const inSum = shares.filter(({ one }) => !one.isOutbound)
  const ofProduct = inSum.map(({ shares: all }) => all[0]!)
  const packaging = inSum.filter(({ one }) => one.activity.packaging).map(({ shares: all }) => all[0]!)
  if (packaging.length > 0 && !input.packagingIncluded) {
    throw carbonErrors.badProduct({
      detail: 'There is packaging among the activities, and the footprint says that it has none',
      place: { path: 'packagingIncluded' },
      found: false,
      expected: 'true, or activities without packaging',
    })
  }
  const terms = mapTerms(addTerms(ofProduct), perUnit)
  const outbound = shares.filter(({ one }) => one.isOutbound)
  const outboundKg = outbound.reduce((sum, { shares: all }) => plus(sum, excluding(all[0]!)), new Decimal(0))
  const quality = qualityOf(inSum.map(({ one, shares: all }) => ({ one, kg: excluding(all[0]!).abs() })))
  const factors = new Map(counted.flatMap(({ factors: own }) => own).map((factor) => [factor.id, factor]))
  const whole = ofProduct.reduce((sum, one) => plus(sum, excluding(one).abs()), new Decimal(0))
  return {
    ...{ perUnit: terms, factors, outboundPerUnit: perUnit(outboundKg) },
    packagingPerUnit: perUnit(excluding(addTerms(packaging))),
    ...{ primaryDataSharePercent: quality.primary, ratings: quality.ratings },
    hasFreight: counted.some(({ activity }) => activity.kind === 'transport'),
    output: {
      perDeclaredUnit: {
        excludingUptakeKgCo2e: excluding(terms).toFixed(),
        includingUptakeKgCo2e: including(terms).toFixed(),
        terms: publishTerms(terms),
        ...uncertaintyOf(inSum.map(({ one, shares: all }) => ({ one, kg: perUnit(excluding(all[0]!)) }))),
      },
      period: {
        excludingUptakeKgCo2e: excluding(addTerms(inSum.map(({ one }) => one.terms))).toFixed(),
        allocated: input.outputs.map(({ id }, index) => {
          const own = addTerms(inSum.map(({ shares: all }) => all[index]!))
          return { output: id, excludingUptakeKgCo2e: excluding(own).toFixed(), terms: publishTerms(own) }
        }),
        outboundKgCo2e: outboundKg.toFixed(),
      },
      activities: shares.map(({ one, shares: all }) => ({
        ...{ id: one.activity.id, kind: one.activity.kind, terms: publishTerms(one.terms) },
        sharePercent:
          one.isOutbound || whole.isZero() ? null : excluding(all[0]!).times(100).dividedBy(whole).toFixed(2),
        primaryPercent: one.primaryPercent?.toFixed() ?? null,
      })),
      quality: {
        primaryDataSharePercent: quality.primary?.toFixed(2) ?? null,
        ratedPercent: quality.ratedPercent.toFixed(2),
      },
      findings: counted.flatMap(({ findings }) => findings),
      factors: [...factors.values()].map((factor) => ({ ...pedigreeOf(factor) })),
      warnings: [
        ...new Set([...counted.flatMap(({ warnings }) => warnings), ...valueWarning(input), ...quality.warnings]),
      ],
    },
  }
}

function countAll(input: ProductInput, book: FactorBook): readonly CountedActivity[] {
  const { gwpSet, region, fallback, period } = input
  const lookup = createLookup({ book, gwpSet, fallback, at: period.from, ...(region === undefined ? {} : { region }) })
  const problems: Problem[] = []
  const ids = new Set<string>()
  const counted = input.activities.flatMap((activity, index) => {
    const path = `activities.${index}`
    if (ids.has(activity.id)) {
      problems.push(
        carbonErrors.badProduct.problem({
          detail: 'The id stands twice',
          place: { path: `${path}.id` },
          found: activity.id,
        }),
      )
    }
    ids.add(activity.id)
    try {
      return [countActivity(activity, lookup, path)]
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      problems.push(...error.problems.map((problem) => (problem.place ? problem : { ...problem, place: { path } })))
      return []
    }
  })
  if (problems.length > 0) throw new MangroveError(problems.slice(0, 50))
  return counted
}

/** What shared activities are split by; none where there is one output. */
function weightsOf({ outputs, allocation }: ProductInput): readonly Decimal[] {
  if (outputs.length === 1) return [new Decimal(1)]
  if (allocation.by === 'none') {
    throw carbonErrors.badProduct({
      detail: 'With co-products it has to be said what shared activities are split by',
      place: { path: 'allocation.by' },
      found: 'none',
      expected: 'mass, economic or physical',
    })
  }
  const field = keyFields[allocation.by as Exclude<Key, 'none'>]
  return outputs.map((output, index) => {
    const value = output[field]
    if (value !== undefined) return parseDecimal(value)
    throw carbonErrors.badProduct({
      detail: `${output.id} has no ${field}, by which activities are split`,
      place: { path: `outputs.${index}.${field}` },
      expected: field,
    })
  })
}

/** What each output gets of an activity, in the order of the outputs; together it is the activity. */
function share(
  { terms, activity }: CountedActivity,
  weights: readonly Decimal[],
  { outputs }: ProductInput,
  path: string,
): readonly Terms[] {
  const own = activity.for === undefined ? -1 : outputs.findIndex(({ id }) => id === activity.for)
  if (activity.for !== undefined && own < 0) {
    throw carbonErrors.badProduct({
      detail: `${activity.id} is for an output that is not there`,
      place: { path: `${path}.for` },
      found: activity.for,
      expected: outputs.map(({ id }) => id).join(', '),
    })
  }
  if (own >= 0) return outputs.map((_, index) => (index === own ? terms : termsOf({})))
  const split = new Map<Term, readonly Decimal[]>(allTerms.map((name) => [name, allocate(terms[name], weights)]))
  return outputs.map((_, index) => mapTerms(terms, (__, name) => split.get(name)![index]!))
}

interface Weighted {
  readonly one: CountedActivity
  readonly kg: Decimal
}

/** Weighted by the emissions of each activity without uptake (PACT Methodology 3.0, 4.2.2 and 4.2.3). */
function qualityOf(all: readonly Weighted[]) {
  const sum = (some: readonly Weighted[], of: (one: CountedActivity) => Decimal = () => new Decimal(1)): Decimal =>
    some.reduce((total, { one, kg }) => total.plus(kg.times(of(one))), new Decimal(0))
  const whole = sum(all)
  const counts = all.filter(({ kg }) => !kg.isZero())
  const unknown = counts.filter(({ one }) => one.primaryPercent === null).map(({ one }) => one.activity.id)
  const rated = counts.filter(({ one }) => one.ratings !== null)
  const ratedPercent = whole.isZero() ? new Decimal(0) : sum(rated).times(100).dividedBy(whole)
  const mean = (name: keyof Ratings): number =>
    sum(rated, ({ ratings }) => new Decimal(ratings![name]))
      .dividedBy(whole)
      .toNumber()
  const isRated = rated.length === counts.length && counts.length > 0
  return {
    primary:
      unknown.length > 0 || whole.isZero()
        ? null
        : sum(counts, ({ primaryPercent }) => primaryPercent!).dividedBy(whole),
    ratings: isRated ? { technology: mean('technology'), geography: mean('geography'), time: mean('time') } : null,
    ratedPercent,
    warnings: [
      ...(unknown.length > 0 ? [`The share of primary data is not known: ${unknown.join(', ')} do not say`] : []),
      ...(isRated
        ? []
        : [`Ratings of data quality are left out: ${ratedPercent.toFixed(2)} % of the emissions have them`]),
    ],
  }
}

/** Activities err independently (IPCC 2006, Volume 1, Chapter 3, Equation 3.2). */
function uncertaintyOf(all: readonly Weighted[]) {
  const terms = all.map(({ one, kg }) => ({ value: kg.toNumber(), relative: one.relative }))
  const known = terms.flatMap(({ value, relative }) => (relative === null ? [] : [{ value, relative }]))
  const [whole, some] = [terms, known].map((list) => list.reduce((sum, { value }) => sum + Math.abs(value), 0)) as [
    number,
    number,
  ]
  return { halfWidthKg: sumUncertainty(known).halfWidth, uncertainShare: whole === 0 ? 0 : some / whole }
}

function valueWarning({ outputs, allocation }: ProductInput): readonly string[] {
  if (outputs.length < 2 || allocation.by === 'economic') return []
  const perKg = outputs.flatMap(({ value, massKg }) =>
    value === undefined || massKg === undefined || Number(massKg) === 0 ? [] : [Number(value) / Number(massKg)],
  )
  if (perKg.length < 2 || Math.max(...perKg) <= mostValueRatio * Math.min(...perKg)) return []
  return [
    `A kilogram of one output is worth more than ${mostValueRatio} times one of another: PACT asks for economic allocation, and it was split by ${allocation.by}`,
  ]
}

const publishTerms = (terms: Terms): Record<string, string> =>
  Object.fromEntries(allTerms.flatMap((name) => (terms[name].isZero() ? [] : [[name, terms[name].toFixed()]])))
