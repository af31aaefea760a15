import { measuredInputs, quality, qualityNames, type Site } from '../kernel/index.ts'
import type { LatestValue } from '../store/index.ts'
import type { Now, NowValue, NowValues } from './live-hub.ts'
import { computeNewest, type Newest } from './query/latest-values.ts'
import type { ServerParts } from './server-parts.ts'
import type { SiteBook } from './site-book.ts'

/** NaN, which means missing inside, leaves the house as null. */
export const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

const toValue = ({ value, quality: code, timestampMs }: Newest, unit: string): NowValue => ({
  value: orNull(value),
  unit,
  quality: qualityNames[code] ?? 'suspect',
  timestampMs,
})

/**
 * Newest values of a site: from the living park when there is one, else from the store.
 *
 * @param only some of its points; the answer may hold more. Absent: all, and what was stored of points that it has no more
 */
export async function readNow(parts: ServerParts, siteId: string, only?: readonly string[]): Promise<Now> {
  return parts.hub.newest(siteId) ?? readStored(parts, siteId, only)
}

/** The same from the store alone. */
export async function readStored(
  { store, sites }: Pick<ServerParts, 'store' | 'sites'>,
  siteId: string,
  only?: readonly string[],
): Promise<Now> {
  const { site } = sites.get(siteId)
  const known = sites.points(site)
  const all = sites.computed(site)
  const latest = await store.observations.latest(siteId, only && measuredInputs(all, only))
  const found = new Map<string, LatestValue>(latest.map((value) => [value.point, value]))
  const computed = computeNewest(all, (ref) => found.get(ref))
  const points: Record<string, NowValue> = {}
  for (const ref of only ?? known.keys()) {
    const value = found.get(ref)
    const own = computed.get(ref) ?? value
    const unit = value?.unit ?? known.get(ref)?.unit ?? '1'
    points[ref] = own
      ? toValue(own, unit)
      : { value: null, unit, quality: qualityNames[quality.missing]!, timestampMs: 0 }
  }
  if (!only) for (const value of latest) points[value.point] ??= toValue(value, value.unit)
  return {
    timestampMs: latest.reduce((newest, { timestampMs }) => Math.max(newest, timestampMs), 0),
    points,
  }
}

/** Computed points of a site that need one of what changed. */
export function computeNow(sites: SiteBook, site: Site, newest: NowValues, changed: Iterable<string>): NowValues {
  const computed = sites.computed(site)
  if (computed.order.length === 0) return new Map()
  const newestOf = (ref: string): Newest | undefined => {
    const value = newest.get(ref)
    if (!value || value.timestampMs === 0) return undefined
    const code = (qualityNames as readonly string[]).indexOf(value.quality)
    return {
      timestampMs: value.timestampMs,
      value: value.value ?? Number.NaN,
      quality: value.value === null || code < 0 ? quality.missing : code,
    }
  }
  return new Map(
    [...computeNewest(computed, newestOf, changed)].map(([ref, own]) => [
      ref,
      toValue(own, computed.byRef.get(ref)!.unit),
    ]),
  )
}
