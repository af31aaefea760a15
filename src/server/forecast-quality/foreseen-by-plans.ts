import type { MadeForecast, PlanOutput } from '../../energy/index.ts'
import type { Store } from '../../store/index.ts'
import { listPublishedPlans, type PublishedPlan, readFirstPlan } from '../published-plan.ts'
import { type ForeseenQuantity, gathered, meterOf, quantityKindOf } from './quantities.ts'

/** What plans of sites foresaw, kept as columns: a plan is read once. */
export interface PlanForecasts {
  /** Of all plans of a site that were published from `fromMs` on and are kept. */
  read(site: string, fromMs: number): Promise<readonly ForeseenQuantity[]>
}

/** Sites whose plans stay read. */
const keptSites = 16
/** Plans that are read at the same time. */
const atOnce = 8
/** A plan moves a quantity where it gives it this much less or more, a share of what it foresees. */
const movedShare = 0.01

/** What one plan foresees. */
export function foreseenByPlan(plan: PlanOutput, madeMs: number, run: string): readonly ForeseenQuantity[] {
  const { series, units, startMs, stepMinutes } = plan
  return plan.assets.flatMap(({ id: asset, kind: assetKind, title }) =>
    Object.keys(series)
      .filter((ref) => ref.startsWith(`${asset}.`) && quantityKindOf(ref) !== undefined)
      .map((ref): ForeseenQuantity => {
        const quantity = { ref, asset, assetKind, title, what: quantityKindOf(ref)!, unit: units[ref] ?? '1' }
        const values = column(series[ref])
        const meter = meterOf(quantity)
        const moves = meter === undefined ? undefined : movesOf(values, column(series[meter]))
        const forecast: MadeForecast = {
          ...{ madeMs, startMs, stepMs: stepMinutes * 60_000, values, run },
          ...(moves ? { moves } : {}),
        }
        return { ...quantity, forecasts: [forecast] }
      }),
  )
}

const column = (values: readonly (number | null)[] = []): Float64Array =>
  Float64Array.from(values, (value) => value ?? Number.NaN)

/** Undefined where the plan moves nothing. */
function movesOf(foreseen: Float64Array, planned: Float64Array): Float64Array | undefined {
  const moves = foreseen.map((value, step) => (Math.abs((planned[step] ?? value) - value) > movedShare * value ? 1 : 0))
  return moves.includes(1) ? moves : undefined
}

export function createPlanForecasts(store: Pick<Store, 'documents'>): PlanForecasts {
  const bySite = new Map<string, Map<number, readonly ForeseenQuantity[]>>()
  const knownOf = (site: string): Map<number, readonly ForeseenQuantity[]> => {
    const known = bySite.get(site) ?? new Map<number, readonly ForeseenQuantity[]>()
    // The site that was asked for last is the last to go.
    bySite.delete(site)
    bySite.set(site, known)
    for (const other of bySite.keys()) {
      if (bySite.size <= keptSites) break
      bySite.delete(other)
    }
    return known
  }
  const foreseen = ({ evidence, publishedMs, ...plan }: PublishedPlan): readonly ForeseenQuantity[] =>
    foreseenByPlan(plan, publishedMs, evidence)
  return {
    async read(site, fromMs) {
      const known = knownOf(site)
      const versions = await listPublishedPlans(store, site)
      const wanted = versions.filter(({ createdMs }) => createdMs >= fromMs)
      const kept = new Set(versions.map(({ version }) => version))
      for (const version of known.keys()) if (!kept.has(version)) known.delete(version)
      const missing = wanted.filter(({ version }) => !known.has(version))
      for (let next = 0; next < missing.length; next += atOnce) {
        await Promise.all(
          missing.slice(next, next + atOnce).map(async ({ version, read }) => {
            const plan = await read()
            if (plan) known.set(version, foreseen(plan))
          }),
        )
      }
      const first = await readFirstPlan(store, site)
      return gathered([
        ...(first && first.publishedMs >= fromMs ? [foreseen(first)] : []),
        ...wanted
          .toReversed()
          .flatMap(({ version }) => known.get(version) ?? [])
          .map((one) => [one]),
      ])
    },
  }
}
