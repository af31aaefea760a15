import type { MapView } from './map-view.ts'

/** A line of equal latitude or longitude across a map, and where it crosses the edge that names it. */
export interface GridLine {
  readonly along: 'latitude' | 'longitude'
  readonly degrees: number
  /** From the top for a latitude, from the left for a longitude. */
  readonly px: number
}

export interface MapGrid {
  readonly lines: readonly GridLine[]
  /** In the middle of the map: the projection stretches to the poles. */
  readonly metresPerPx: number
}

/** Degrees between two lines. */
const steps = [1, 2, 5, 10, 15, 30] as const
/** Lines are at least so far apart. */
const leastPx = 96
const metresPerDegree = 111_195

/** The lines of a map whose top is north, and its scale. */
export function gridOf(toPx: MapView['toPx'], widthPx: number, heightPx: number): MapGrid {
  const [originPx, equatorPx] = toPx({ latitude: 0, longitude: 0 })
  const pxPerDegree = (toPx({ latitude: 0, longitude: 90 })[0] - originPx) / 90
  if (!(pxPerDegree > 0)) return { lines: [], metresPerPx: 0 }
  const step = steps.find((degrees) => degrees * pxPerDegree >= leastPx) ?? 45
  const multiples = (limit: number): readonly number[] =>
    Array.from({ length: 2 * Math.floor(limit / step) + 1 }, (_, k) => (k - Math.floor(limit / step)) * step)
  const lines: readonly GridLine[] = [
    ...multiples(180).map((degrees) => {
      return { along: 'longitude' as const, degrees, px: originPx + degrees * pxPerDegree }
    }),
    ...multiples(80).map((degrees) => {
      return { along: 'latitude' as const, degrees, px: toPx({ latitude: degrees, longitude: 0 })[1] }
    }),
  ]
  // The projection of web maps (EPSG:3857) turned round: its scale is that of the equator times cosh of the northing.
  const northing = ((equatorPx - heightPx / 2) / pxPerDegree) * (Math.PI / 180)
  return {
    lines: lines.filter(({ along, px }) => px >= 0 && px <= (along === 'longitude' ? widthPx : heightPx)),
    metresPerPx: metresPerDegree / pxPerDegree / Math.cosh(northing),
  }
}
