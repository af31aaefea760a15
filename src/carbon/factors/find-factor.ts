import { carbonErrors } from '../errors.ts'
import type { Boundary, GwpSet, HeatingValue } from '../quantity/index.ts'
import type { FactorBook } from './book.ts'
import type { Factor, FactorKind } from './factor.ts'

/** How far a look-up may go from what was asked. Nothing is done that is not named. */
export type Fallback = 'earlier-year' | 'grid-region' | 'country' | 'anywhere'

export interface FactorQuery {
  readonly kind: FactorKind
  /** `electricity`, `diesel`. */
  readonly subject: string
  readonly variant?: string
  readonly gas?: string
  readonly gwpSet?: GwpSet
  readonly boundary?: Boundary
  readonly heatingValue?: HeatingValue
  /** Only of this set. */
  readonly set?: string
  /** ISO 3166-1 or 3166-2, or a grid region. Absent: only factors that hold anywhere. */
  readonly region?: string
  /** Day of the activity, `2025-07-06`. */
  readonly at: string
  /** Only what was published by this day: an inventory of then, made again. */
  readonly knownAt?: string
  /** In no order: place goes before time unless {@link prefer} says else. Default: none. */
  readonly fallback?: readonly Fallback[]
  /** `place`: an earlier year of the same place before a wider place (default). `time`: the other way round. */
  readonly prefer?: 'place' | 'time'
  /** The oldest year that may stand in, counted back from `at`. Default 3. */
  readonly yearsBack?: number
}

/** One look of a look-up. */
export interface LookUpStep {
  readonly region: string
  readonly when: 'of that day' | 'of an earlier year'
  readonly outcome: 'found' | 'none'
  readonly factor?: string
}

export interface FoundFactor {
  readonly factor: Factor
  /** Every look in its order; the last one found it. */
  readonly chain: readonly LookUpStep[]
  /** Whether it is another than was asked for. */
  readonly fellBack: boolean
  /** Sentences for whoever reads the result: what stood in for what, and what is second-hand. */
  readonly warnings: readonly string[]
}

/**
 * Finds the factor for an activity by its day and place, along a chain that is part of the answer.
 *
 * @throws `carbon.no-factor` with the chain that was walked, and where several of unlike basis fit: which of them is meant
 * has to be said, for average and marginal, direct and lifecycle are never chosen by chance
 */
export function findFactor(book: FactorBook, query: FactorQuery): FoundFactor {
  const fitting = book.of(query.kind, query.subject).filter((factor) => fits(factor, query))
  refuseOpenQuestions(query, fitting)
  const chain: LookUpStep[] = []
  for (const { region, earlier } of looks(book, query)) {
    const here = fitting.filter((factor) => (factor.region ?? 'anywhere') === region)
    const held = here.filter(({ valid }) =>
      earlier
        ? valid.to !== undefined && valid.to <= query.at && valid.to > yearsBefore(query)
        : valid.from <= query.at && (valid.to === undefined || query.at < valid.to),
    )
    const newest = held
      .map(({ valid }) => valid.from)
      .toSorted()
      .at(-1)
    const candidates = earlier ? held.filter(({ valid }) => valid.from === newest) : held
    const when = earlier ? 'of an earlier year' : 'of that day'
    if (candidates.length > 1) throw severalFit(query, candidates)
    const [factor] = candidates
    chain.push({ region, when, outcome: factor ? 'found' : 'none', ...(factor ? { factor: factor.id } : {}) })
    if (!factor) continue
    const fellBack = chain.length > 1
    return { factor, chain, fellBack, warnings: warningsOf(query, factor, { region, earlier }) }
  }
  throw carbonErrors.noFactor({
    detail: `No factor for ${questionText(query)}; it was looked for ${chain.map(({ region, when }) => `in ${region} ${when}`).join(', ')}`,
    found:
      fitting.length === 0
        ? 'none of this basis'
        : fitting.slice(0, 5).map(({ id, valid }) => `${id} (${valid.from} on)`),
    expected: 'a factor of that day and place, or a fallback that may stand in; a missing factor is never zero',
  })
}

/** A question that leaves open what factors differ by is not answered, even where only one holds on that day. */
function refuseOpenQuestions(query: FactorQuery, fitting: readonly Factor[]): void {
  const known = {
    variant: ({ variant }: Factor) => variant,
    gas: ({ basis }: Factor) => basis.gas,
    boundary: ({ basis }: Factor) => basis.boundary,
    gwpSet: ({ basis }: Factor) => basis.gwpSet,
  }
  for (const name of ['variant', 'gas', 'boundary', 'gwpSet'] as const) {
    if (query[name] !== undefined) continue
    const choices = [...new Set(fitting.map((factor) => known[name](factor) ?? `no ${name}`))]
    if (choices.length < 2) continue
    throw carbonErrors.noFactor({
      detail: `Factors for ${questionText(query)} differ by their ${name}; say which is meant`,
      found: `no ${name}`,
      expected: choices.join(', '),
    })
  }
}

function fits(factor: Factor, query: FactorQuery): boolean {
  const { basis } = factor
  if (query.knownAt !== undefined && (factor.published ?? factor.valid.from) > query.knownAt) return false
  if (query.set !== undefined && query.set !== factor.set) return false
  if (query.variant !== undefined && query.variant !== factor.variant) return false
  return (['gas', 'gwpSet', 'boundary', 'heatingValue'] as const).every(
    (name) => query[name] === undefined || query[name] === basis[name],
  )
}

interface Look {
  readonly region: string
  readonly earlier: boolean
}

function looks(book: FactorBook, { region, fallback = [], prefer = 'place' }: FactorQuery): readonly Look[] {
  const may = new Set(fallback)
  const regions = [region ?? 'anywhere']
  const grid = region === undefined ? undefined : book.gridRegionOf(region)
  if (grid !== undefined && may.has('grid-region')) regions.push(grid)
  const country = region?.slice(0, 2)
  if (country !== undefined && country !== region && may.has('country')) regions.push(country)
  if (may.has('anywhere') && region !== undefined) regions.push('anywhere')
  const times = may.has('earlier-year') ? [false, true] : [false]
  return prefer === 'place'
    ? regions.flatMap((one) => times.map((earlier) => ({ region: one, earlier })))
    : times.flatMap((earlier) => regions.map((one) => ({ region: one, earlier })))
}

const yearsBefore = ({ at, yearsBack = 3 }: FactorQuery): string =>
  `${Number(at.slice(0, 4)) - yearsBack}${at.slice(4)}`

function warningsOf({ region, at }: FactorQuery, factor: Factor, look: Look): readonly string[] {
  return [
    ...(look.region === (region ?? 'anywhere') ? [] : [`${factor.id} of ${look.region} stands in for ${region}`]),
    ...(look.earlier ? [`${factor.id} holds until ${factor.valid.to}, and stands in for ${at}`] : []),
    ...(factor.verify === undefined ? [] : [`${factor.id} is to be verified: ${factor.verify}`]),
  ]
}

function severalFit(query: FactorQuery, candidates: readonly Factor[]) {
  return carbonErrors.noFactor({
    detail: `Several factors fit ${questionText(query)}; say which is meant by variant, gas, boundary or set`,
    found: candidates.map(({ id, variant = '', basis }) =>
      [id, variant, basis.gas, basis.boundary].filter(Boolean).join(' '),
    ),
    expected: 'a question that only one of them answers',
  })
}

const questionText = ({ kind, subject, variant, gas, boundary, region, at }: FactorQuery): string =>
  [kind, subject, variant, gas, boundary, region, at].filter(Boolean).join(' ')
