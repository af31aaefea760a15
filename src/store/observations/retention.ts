import type { ObservationTables, StoredPoint } from './observation-tables.ts'

const dayMs = 86_400_000

/**
 * From when on single values are kept, of the points that have a retention. Age counts back from the point's newest
 * value where the clock is further on: a clock that jumps ahead by a year expires nothing.
 */
export async function keptFrom(
  tables: Pick<ObservationTables, 'newest'>,
  points: readonly Pick<StoredPoint, 'id' | 'rules'>[],
  nowMs: number,
): Promise<ReadonlyMap<number, number>> {
  const limited = points.filter(({ rules }) => rules.retentionDays !== undefined)
  const newest = await tables.newest(limited.map(({ id }) => id))
  const newestMs = new Map<number, number>()
  for (let row = 0; row < newest.count; row += 1) {
    const point = newest.point[row]!
    newestMs.set(point, Math.max(newestMs.get(point) ?? Number.NEGATIVE_INFINITY, newest.eventMs[row]!))
  }
  return new Map(
    limited.map(({ id, rules }) => [id, Math.min(nowMs, newestMs.get(id) ?? nowMs) - rules.retentionDays! * dayMs]),
  )
}
