import { MangroveError, type Place } from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import { type Factor, type FactorBook, type FactorQuery, factorQuantity, findFactor } from '../../factors/index.ts'
import { type Basis, type Boundary, exactUnit, type Quantity, quantity } from '../../quantity/index.ts'
import type { FactorRef } from '../figures/index.ts'

/** A factor that a figure was multiplied with, and all that is to be said of it. */
export interface UsedFactor {
  readonly quantity: Quantity
  /** Amounts that take the same one err together. */
  readonly key: string
  readonly relative?: number
  /** Id in the books, or `own`. */
  readonly factor: string
  readonly value: string
  readonly unit: string
  readonly basis: Omit<Basis, 'subject'>
  readonly variant?: string
  readonly document: string
  readonly table?: string
  readonly validFrom?: string
  readonly validTo?: string
  readonly verify?: string
  /** What stood in for what. */
  readonly warnings: readonly string[]
  readonly heatingValue?: Basis['heatingValue']
}

/** What a factor has to be: looked for where none is named, and held against the one that is. */
export interface FactorNeed extends Omit<FactorQuery, 'at'> {
  readonly year: number
  readonly place: Place
  /** Variants that may be used; the first is looked for. */
  readonly variants?: readonly string[]
}

const midYear = (year: number): string => `${year}-07-01`

/**
 * The factor that is named, or the one that the books have for the middle of the year.
 *
 * @throws `carbon.no-factor`, `carbon.unknown-factor`, `carbon.basis-mismatch` for one of another gas, boundary or variant
 */
export function useFactor(ref: FactorRef | undefined, need: FactorNeed, book: FactorBook): UsedFactor {
  return placed(need.place, () => {
    if (ref === undefined) return lookedUp(need, book)
    if (typeof ref === 'string') return ofBook(book.get(ref), need, [])
    return ownFactor(ref, need)
  })
}

function lookedUp(need: FactorNeed, book: FactorBook): UsedFactor {
  const { year, place: _, variants, ...query } = need
  const [variant] = variants ?? []
  const { factor, warnings } = findFactor(book, {
    ...query,
    ...(variant === undefined ? {} : { variant }),
    at: midYear(year),
    fallback: ['earlier-year', 'grid-region', 'country', 'anywhere'],
  })
  return ofBook(
    factor,
    need,
    // What holds anywhere holds here, and what is second-hand is told apart.
    warnings.filter((text) => !/ is to be verified: | of anywhere stands in for /.test(text)),
  )
}

function ofBook(factor: Factor, need: FactorNeed, warnings: readonly string[]): UsedFactor {
  const { valid, source, basis, verify, relative, variant } = factor
  const day = midYear(need.year)
  refuseUnlike(need, { ...basis, kind: factor.kind, subject: factor.subject, variant, shown: factor.id })
  const isOther = valid.from > day || (valid.to !== undefined && valid.to <= day)
  const span = valid.to === undefined ? `from ${valid.from}` : `from ${valid.from} to ${valid.to}`
  return {
    ...{
      quantity: factorQuantity(factor),
      key: factor.id,
      factor: factor.id,
      value: factor.value,
      unit: factor.unit,
      basis,
    },
    ...(variant === undefined ? {} : { variant }),
    document: `${source.publisher}, ${source.title} (${source.year})`,
    ...{ table: source.table, validFrom: valid.from },
    ...(valid.to === undefined ? {} : { validTo: valid.to }),
    ...(verify === undefined ? {} : { verify }),
    ...(relative === undefined ? {} : { relative }),
    warnings: isOther && warnings.length === 0 ? [`${factor.id} holds ${span}, not in ${need.year}`] : warnings,
    ...(basis.heatingValue === undefined ? {} : { heatingValue: basis.heatingValue }),
  }
}

function ownFactor(ref: Exclude<FactorRef, string>, need: FactorNeed): UsedFactor {
  const unit = exactUnit(ref.unit)
  const gas = ref.gas ?? unit.gas
  const basis = {
    ...(gas === undefined ? {} : { gas }),
    ...(gas === 'CO2e' && need.gwpSet !== undefined ? { gwpSet: need.gwpSet } : {}),
    ...(ref.boundary === undefined ? {} : { boundary: ref.boundary as Boundary }),
  }
  refuseUnlike(need, {
    ...basis,
    kind: need.kind,
    subject: need.subject,
    variant: undefined,
    shown: 'a factor of one’s own',
  })
  return {
    quantity: quantity(ref.value, ref.unit, { ...basis, subject: need.subject }),
    ...{
      key: `own ${ref.value} ${ref.unit} ${ref.source}`,
      factor: 'own',
      value: String(ref.value),
      unit: ref.unit,
      basis,
    },
    document: ref.source,
    ...(ref.relative === undefined ? {} : { relative: ref.relative }),
    ...(ref.verify === undefined ? {} : { verify: ref.verify }),
    warnings: [],
  }
}

interface Shown extends Omit<Basis, 'subject'> {
  readonly kind: string
  readonly subject: string
  readonly variant: string | undefined
  readonly shown: string
}

/** Kind, subject, gas, boundary and variant have to be those of the need, where the need says them. */
function refuseUnlike(need: FactorNeed, found: Shown): void {
  const problems = (['kind', 'subject', 'gas', 'gwpSet', 'boundary'] as const)
    .filter((name) => need[name] !== undefined && need[name] !== found[name])
    .map((name) =>
      carbonErrors.basisMismatch.problem({
        detail: `The ${name} of ${found.shown} is ${found[name] ?? 'not said'}, and ${need[name]} is asked for`,
        ...{ found: found[name] ?? `no ${name}`, expected: String(need[name]) },
      }),
    )
  if (need.variants && found.variant !== undefined && !need.variants.includes(found.variant)) {
    problems.push(
      carbonErrors.basisMismatch.problem({
        detail: `${found.shown} is the ${found.variant} factor of ${found.subject}, which does not count here`,
        ...{ found: found.variant, expected: need.variants.join(' or ') },
      }),
    )
  }
  if (problems.length > 0) throw new MangroveError(problems)
}

/** Tells where a figure stands that something is wrong with. */
export function placed<T>(place: Place, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof MangroveError)) throw error
    throw new MangroveError(
      error.problems.map((problem) => ({ ...problem, place: problem.place ?? place })),
      { cause: error },
    )
  }
}
