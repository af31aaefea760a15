import type { Evaluator, Rows } from '../../alarms/index.ts'
import { maxRangeValues, type PointRange, type Store } from '../../store/index.ts'

/** What is older than this before the newest value of a point was missed for too long to be told of. */
const longestMs = 7 * 86_400_000
const mostRowsOfPoint = 5000

/**
 * Gives an evaluator what the store has that is newer than what it knows: after a start, and of what other nodes stored.
 *
 * @param isFirst nothing was ever evaluated: of what is there the newest value of each point is enough
 */
export async function readNewer(
  observations: Pick<Store['observations'], 'latest' | 'page'>,
  site: string,
  evaluator: Pick<Evaluator, 'points' | 'newestMs'>,
  { isFirst, take }: { readonly isFirst: boolean; take(rows: Rows): void },
): Promise<void> {
  if (evaluator.points.length === 0) return
  const latest = await observations.latest(site, evaluator.points)
  const newer = latest.filter(({ point, timestampMs }) => timestampMs > evaluator.newestMs(point))
  if (newer.length === 0) return
  const fromMs = newer.reduce((from, { point, timestampMs }) => {
    const knownMs = evaluator.newestMs(point)
    return Math.min(
      from,
      isFirst && !Number.isFinite(knownMs) ? timestampMs : Math.max(knownMs + 1, timestampMs - longestMs),
    )
  }, Number.POSITIVE_INFINITY)
  const toMs = newer.reduce((to, { timestampMs }) => Math.max(to, timestampMs), 0) + 1
  const points = newer.map(({ point }) => point)
  const limit = Math.max(1, Math.min(mostRowsOfPoint, Math.floor(maxRangeValues / points.length)))
  for (let at: number | undefined = fromMs; at !== undefined; ) {
    const page: Awaited<ReturnType<typeof observations.page>> = await observations.page({
      ...{ site, points, fromMs: at, toMs, limit },
    })
    take(rowsOf(site, page.points))
    at = page.nextMs
  }
}

function rowsOf(site: string, ranges: Readonly<Record<string, PointRange>>): Rows {
  const points = Object.keys(ranges)
  const count = points.reduce((sum, point) => sum + ranges[point]!.timestampsMs.length, 0)
  const rows = {
    count,
    series: points.map((point) => ({ site, point })),
    seriesOf: new Uint32Array(count),
    timestampsMs: new Float64Array(count),
    values: new Float64Array(count),
    quality: new Uint8Array(count),
  }
  let at = 0
  for (const [index, point] of points.entries()) {
    const { timestampsMs, values, quality } = ranges[point]!
    rows.seriesOf.fill(index, at, at + timestampsMs.length)
    rows.timestampsMs.set(timestampsMs, at)
    rows.values.set(values, at)
    rows.quality.set(quality, at)
    at += timestampsMs.length
  }
  return rows
}
