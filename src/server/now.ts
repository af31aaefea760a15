import { qualityNames } from '../kernel/index.ts'
import type { Now } from './live-hub.ts'
import type { ServerParts } from './server-parts.ts'

/** NaN, which means missing inside, leaves the house as null. */
export const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

/** Newest values of a site: from the living park when there is one, else from the store. */
export async function readNow(parts: ServerParts, siteId: string): Promise<Now> {
  return parts.hub.newest(siteId) ?? readStored(parts, siteId)
}

/** The same from the store alone. */
export async function readStored({ store, sites }: Pick<ServerParts, 'store' | 'sites'>, siteId: string): Promise<Now> {
  const { site } = sites.get(siteId)
  const latest = await store.observations.latest(siteId)
  const found = new Map(latest.map((value) => [value.point, value]))
  const known = [...sites.points(site).values()].map(({ ref, unit }) => [ref, unit] as const)
  const names = new Map([...known, ...latest.map(({ point, unit }) => [point, unit] as const)])
  return {
    timestampMs: latest.reduce((newest, { timestampMs }) => Math.max(newest, timestampMs), 0),
    points: Object.fromEntries(
      [...names].map(([ref, unit]) => {
        const value = found.get(ref)
        return [
          ref,
          value
            ? {
                value: orNull(value.value),
                unit: value.unit,
                quality: qualityNames[value.quality] ?? 'suspect',
                timestampMs: value.timestampMs,
              }
            : { value: null, unit, quality: 'missing', timestampMs: 0 },
        ]
      }),
    ),
  }
}
