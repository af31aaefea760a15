import type { Site } from '../api/types.ts'
import { carrierPoint } from '../ui/carriers.ts'
import type { TrendPoint } from './trend-points.ts'

const most = 8

/** What a person may want to see first: the power of the assets, and how full the batteries are. */
export function firstChoice(site: Site, points: readonly TrendPoint[]): readonly string[] {
  const known = new Set(points.map(({ ref }) => ref))
  const power = site.assets.flatMap(({ id, kind }) => {
    const own = carrierPoint(kind, 'electricity')
    return own ? [`${id}.${own.point}`] : []
  })
  const levels = site.assets.map(({ id }) => `${id}.soc`)
  return [
    ...power.filter((ref) => known.has(ref)).slice(0, most),
    ...levels.filter((ref) => known.has(ref)).slice(0, 2),
  ]
}
