import { measuredInputs } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { readValues } from '../query/read-values.ts'
import type { SiteBook } from '../site-book.ts'
import type { Datastream, ObservationEntity } from './entities.ts'

export interface ReadParts {
  readonly store: Pick<Store, 'observations'>
  readonly sites: SiteBook
}

export interface Window {
  /** In order of time, then of the datastream's id. */
  readonly rows: readonly ObservationEntity[]
  /** Where the next window begins; absent: nothing is left of the span. */
  readonly nextMs?: number
}

export interface WindowSpan {
  /** Inclusive. */
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
  /** Most moments of one datastream. */
  readonly limit: number
}

/** Values that one read of the store may come to. */
const maxValues = 100_000

const bySite = (datastreams: readonly Datastream[]): ReadonlyMap<string, readonly Datastream[]> =>
  Map.groupBy(datastreams, ({ site }) => site)

/** Observations of some datastreams from a moment on, up to the same moment of all. */
export async function readWindow(
  { store, sites }: ReadParts,
  datastreams: readonly Datastream[],
  { fromMs, toMs, limit }: WindowSpan,
): Promise<Window> {
  let endMs = toMs
  const rows: ObservationEntity[] = []
  for (const [site, own] of bySite(datastreams)) {
    if (endMs <= fromMs) break
    const points = own.map(({ point }) => point.ref)
    const computed = sites.computed(sites.get(site).site)
    const weight = points.reduce((sum, ref) => sum + measuredInputs(computed, [ref]).length + 1, 0)
    const most = Math.max(1, Math.min(limit, Math.floor(maxValues / weight)))
    const read = await readValues(store, computed, { site, points, fromMs, toMs: endMs, limit: most })
    endMs = read.nextMs ?? endMs
    for (const datastream of own) {
      const values = read.points.get(datastream.point.ref)
      for (let at = 0; at < (values?.timestampsMs.length ?? 0); at += 1) {
        rows.push({
          type: 'Observation',
          datastream,
          timeMs: values!.timestampsMs[at]!,
          value: values!.values[at]!,
          quality: values!.quality[at]!,
        })
      }
    }
  }
  const kept = endMs < toMs ? rows.filter(({ timeMs }) => timeMs < endMs) : rows
  if (datastreams.length > 1) kept.sort(byTime)
  return { rows: kept, ...(endMs < toMs ? { nextMs: endMs } : {}) }
}

export const byTime = (a: ObservationEntity, b: ObservationEntity): number =>
  a.timeMs - b.timeMs || compareIds(a.datastream.id, b.datastream.id)

export const compareIds = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Datastreams of which anything was ever stored, and the newest moment of them as far as the store tells it at once. */
export async function withObservations(
  { store, sites }: ReadParts,
  datastreams: readonly Datastream[],
): Promise<{ readonly datastreams: readonly Datastream[]; readonly newestMs: number }> {
  const alive: Datastream[] = []
  let newestMs = Number.NEGATIVE_INFINITY
  for (const [site, own] of bySite(datastreams)) {
    const computed = sites.computed(sites.get(site).site)
    const inputs = measuredInputs(
      computed,
      own.map(({ point }) => point.ref),
    )
    const newest = new Map(
      (inputs.length === 0 ? [] : await store.observations.latest(site, inputs)).map((one) => [
        one.point,
        one.timestampMs,
      ]),
    )
    for (const datastream of own) {
      const times = measuredInputs(computed, [datastream.point.ref]).map((input) => newest.get(input))
      if (times.every((time) => time === undefined)) continue
      alive.push(datastream)
      for (const time of times) if (time !== undefined && time > newestMs) newestMs = time
    }
  }
  return { datastreams: alive, newestMs }
}
