import { componentOf, type SizeInput, type SizeOutput, sizeEngine } from '../../energy/index.ts'
import { type EngineContext, MangroveError, type Site } from '../../kernel/index.ts'
import { carbonErrors } from '../errors.ts'
import { composePatches } from './compose-patches.ts'
import type { Measure, SizeCosts } from './measure.ts'

/** A year of the site with some measures: what it emits and costs. */
export interface StatePoint {
  readonly emissionsKg: number
  /** Operation of the site, its carbon price left out; levelised. */
  readonly operationPerYear: number
  /** Annuity, replacements and upkeep of sizes beyond those of the state it is compared with. */
  readonly investmentPerYear: number
  readonly capex: number
  readonly unservedKwh: number
}

export interface StatePair {
  readonly before: StatePoint
  readonly after: StatePoint
  readonly synthetic: boolean
}

/** Compares a site with some measures to the site with one more; `energy.size` tells it, or a stand-in in tests. */
export type CompareStates = (before: readonly Measure[], after: readonly Measure[]) => Promise<StatePair>

export interface StateQuestion {
  readonly site: Site
  /** Id or path of the site. */
  readonly source: string
  readonly year: number
  readonly changes: unknown
  readonly sizes: ReadonlyMap<string, SizeCosts>
  readonly method: 'quick' | 'exact'
  readonly years: number
  readonly discountRate: number
  /** Absent: as the tariff says. */
  readonly gridFactorKgPerKwh?: number
}

/**
 * States as sizings whose sizes are given. Where the two differ by sizes alone, one run tells both on the same typical days: what stands
 * before is `existing`, what stands after the only size that is allowed. Where a measure changes the site itself, each state has a run.
 *
 * @param runSizing tests give a stand-in
 */
export function compareBySizing(
  question: StateQuestion,
  context: EngineContext,
  runSizing: (input: SizeInput, context: EngineContext) => Promise<SizeOutput> = sizeEngine.run,
): CompareStates {
  const runs = new Map<string, Promise<SizeOutput>>()
  const run = (patched: readonly Measure[], existing: Sizes, fixed: Sizes): Promise<SizeOutput> => {
    const changes = composePatches(patchOf(question, patched), investmentPatch(question, existing, fixed))
    const key = JSON.stringify(changes)
    const known = runs.get(key)
    if (known) return known
    context.signal.throwIfAborted()
    const input: SizeInput = {
      ...{ site: question.source, at: `${question.year}-01-01T00:00`, weatherYears: 1, step: '1h', pareto: 0 },
      ...{ backtest: 'none', preview: question.method === 'quick', changes },
    }
    const made = runSizing(input, context)
    runs.set(key, made)
    return made
  }
  return async (before, after) => {
    const [stood, stands] = [sizesOf(question, before), sizesOf(question, after)]
    const output = await run(after, stood, stands)
    const alike = patchKey(before) === patchKey(after)
    const first = alike ? output : await run(before, stood, stood)
    const [priceBefore, priceAfter] = await Promise.all([
      carbonPrice(question, before, context),
      carbonPrice(question, after, context),
    ])
    const { annual, economics } = output
    return {
      before: {
        ...{ emissionsKg: first.today.emissionsKgCo2e, unservedKwh: first.today.unservedKwh },
        operationPerYear: first.today.cost - priceBefore * first.today.emissionsKgCo2e,
        ...{ investmentPerYear: 0, capex: 0 },
      },
      after: {
        ...{ emissionsKg: annual.emissionsKgCo2e, unservedKwh: annual.unservedKwh },
        operationPerYear: annual.operation - priceAfter * annual.emissionsKgCo2e,
        ...{ investmentPerYear: annual.investment, capex: economics.capex },
      },
      synthetic: output.synthetic,
    }
  }
}

type Sizes = ReadonlyMap<string, number>

/** Each size with the largest that a measure of the state brings. */
function sizesOf({ sizes }: StateQuestion, measures: readonly Measure[]): Sizes {
  return new Map(
    [...sizes].map(([key, { existing }]) => [key, Math.max(existing, ...measures.map((one) => one.sizes[key] ?? 0))]),
  )
}

const patchKey = (measures: readonly Measure[]): string =>
  JSON.stringify(measures.flatMap(({ changes }) => (changes === undefined ? [] : [changes])))

const patchOf = ({ changes }: StateQuestion, measures: readonly Measure[]): unknown =>
  measures.reduce<unknown>((patch, measure) => composePatches(patch, measure.changes), changes ?? {})

function investmentPatch(question: StateQuestion, existing: Sizes, fixed: Sizes): unknown {
  const { sizes, years, discountRate, gridFactorKgPerKwh } = question
  const options = [...sizes].map(([key, costs]) => {
    const size = fixed.get(key)!
    return { ...costs, existing: existing.get(key)!, min: size, max: Math.max(size, leastSize) }
  })
  return {
    ...(gridFactorKgPerKwh === undefined ? {} : { tariff: { carbonIntensity: gridFactorKgPerKwh } }),
    investment: {
      ...{ years, discountRate, carbonCapKgPerYear: null, minRenewableShare: null },
      options: options.length > 0 ? options : [standingOption(question.site)],
    },
  }
}

/** A sizing takes no largest size of zero. */
const leastSize = 1e-6

/** A size that stays as it is, for a sizing wants one to decide. */
function standingOption(site: Site): object {
  for (const asset of site.assets) {
    for (const [size, { fields }] of Object.entries(componentOf(asset.kind)?.sizes ?? {})) {
      const stands = Number(asset[fields[0] ?? ''])
      if (stands > 0) return { asset: asset.id, size, existing: stands, min: stands, max: stands, capexPerUnit: 0 }
    }
  }
  throw carbonErrors.badMeasure({
    detail: 'The site has no machine whose year could be reckoned',
    place: { file: site.source.file, path: 'assets' },
    expected: 'sun, wind, a store, a genset or another machine with a size',
  })
}

/** What a kg of carbon costs in the operation that a sizing tells, levelised as there. */
async function carbonPrice(
  question: StateQuestion,
  measures: readonly Measure[],
  context: EngineContext,
): Promise<number> {
  const site = await context.data.site(question.source, patchOf(question, measures))
  const { carbonPricePerKg = 0 } = (site.sections.tariff ?? {}) as { carbonPricePerKg?: number }
  const { carbonEscalation = 0 } = (site.sections.investment ?? {}) as { carbonEscalation?: number }
  return carbonPricePerKg * levelised(carbonEscalation, question.discountRate, question.years)
}

/** Equal sum a year with the worth of 1 that rises each year after the first, discounted. */
function levelised(rise: number, rate: number, years: number): number {
  let [worth, annuity] = [0, 0]
  for (let year = 1; year <= years; year += 1) {
    worth += (1 + rise) ** (year - 1) * (1 + rate) ** -year
    annuity += (1 + rate) ** -year
  }
  return worth / annuity
}

/** Codes of a sizing that has no answer: the state cannot be, and nothing else is wrong. */
const noAnswer: ReadonlySet<string> = new Set(['energy.no-plan', 'energy.broken-certificate'])

/** Whether a comparison failed because a state cannot be. */
export const isInfeasible = (error: unknown): error is MangroveError =>
  error instanceof MangroveError && noAnswer.has(error.code)
