import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { Site } from '../api/types.ts'

/** A point that can be drawn. */
export interface TrendPoint {
  readonly ref: string
  readonly title: string
  readonly unit: string
  readonly role: 'measured' | 'computed' | 'setpoint'
  /** Asset or group. */
  readonly owner: string
  readonly ownerTitle: string
  /** Kind of the asset; undefined for a group. */
  readonly kind: string | undefined
}

interface ListedPoint {
  readonly ref: string
  readonly owner: string
  readonly title: string
  readonly unit: string
  readonly role: TrendPoint['role']
}

interface PointPage {
  readonly points: readonly ListedPoint[]
  readonly next?: string
}

/** All points of a site, those of groups too, page after page. */
export const useTrendPoints = (site: Site) =>
  useQuery({
    queryKey: ['points', site.id],
    queryFn: async ({ signal }): Promise<readonly TrendPoint[]> => {
      const found: ListedPoint[] = []
      let cursor: string | undefined
      do {
        const query = new URLSearchParams({ limit: '1000', ...(cursor === undefined ? {} : { cursor }) })
        const page = await ask<PointPage>(`/api/v1/sites/${encodeURIComponent(site.id)}/points?${query}`, { signal })
        found.push(...page.points)
        cursor = page.next
      } while (cursor !== undefined)
      const assets = new Map(site.assets.map((asset) => [asset.id, asset]))
      const places = new Map(site.assets.map(({ id }, place) => [id, place]))
      const placeOf = ({ owner }: ListedPoint): number => places.get(owner) ?? places.size
      // As the site file has its assets, groups last.
      return found
        .toSorted((a, b) => placeOf(a) - placeOf(b))
        .map(({ ref, owner, title, unit, role }) => {
          const asset = assets.get(owner)
          return { ref, owner, title, unit, role, ownerTitle: asset?.title ?? owner, kind: asset?.kind }
        })
    },
    staleTime: 60_000,
  })
