import { setImmediate as nextTurn } from 'node:timers/promises'
import { fillBuckets, type PointBuckets } from './buckets.ts'
import { fillFromQuarters } from './fill-quarters.ts'
import type { ObservationTables, RowRange, StoredPoint } from './observation-tables.ts'
import { pickSources, type SourceOrder } from './pick-sources.ts'
import { compareQuarters, mergeQuarters, quarterMs } from './quarters.ts'
import { remakeQuarters } from './remake-quarters.ts'

/** A counter's last reading before a bucket, and the first after it, may be this far away. */
const counterReachMs = 2 * 86_400_000

/** Points are read together as long as they have no more quarters, and no more buckets, than this; one alone may have more. */
export const togetherLimits = { quarters: 65_536, buckets: 16_384 } as const

/**
 * What points were over buckets: from quarters where every edge is the start of one, else from single values. Many points are
 * read in groups one after another, so that neither the memory nor the loop is held by all of them.
 */
export async function readBuckets(
  tables: ObservationTables,
  points: readonly StoredPoint[],
  edgesMs: Float64Array,
  order: SourceOrder,
): Promise<Readonly<Record<string, PointBuckets>>> {
  const found = new Map<string, PointBuckets>()
  const byQuarters = edgesMs.every((edge) => edge % quarterMs === 0)
  for (const counters of [false, true]) {
    const alike = points.filter(({ rules }) => (rules.counter !== undefined) === counters)
    const reach = counters ? counterReachMs : 0
    const span = { fromMs: edgesMs[0]! - reach, toMs: edgesMs[edgesMs.length - 1]! + reach }
    for (const group of groupsOf(alike, edgesMs.length - 1, byQuarters ? span : undefined)) {
      if (found.size > 0) await nextTurn()
      const fills = new Map(
        group.map(({ id, unit, rules }) => [id, fillBuckets(unit, edgesMs, rules.counter)] as const),
      )
      const range = { points: group.map(({ id }) => id), ...span }
      if (byQuarters) await fillFromQuarters(fills, await quartersIn(tables, group, range, order))
      else {
        await pickSources(tables.rows(range), order, (point, eventMs, value, code) =>
          fills.get(point)?.addValue(eventMs, value, code),
        )
      }
      for (const { id, name } of group) found.set(name, fills.get(id)!.done())
    }
  }
  return Object.fromEntries(points.map(({ name }) => [name, found.get(name)!]))
}

function groupsOf(
  points: readonly StoredPoint[],
  buckets: number,
  span: Omit<RowRange, 'points'> | undefined,
): readonly (readonly StoredPoint[])[] {
  const quarters = span ? (span.toMs - span.fromMs) / quarterMs : 0
  const size = Math.max(1, Math.floor(Math.min(togetherLimits.buckets / buckets, togetherLimits.quarters / quarters)))
  return Array.from({ length: Math.ceil(points.length / size) }, (_, group) =>
    points.slice(group * size, (group + 1) * size),
  )
}

/** Kept quarters, and those that are stale as their rows say. */
async function quartersIn(
  tables: ObservationTables,
  points: readonly StoredPoint[],
  range: RowRange,
  order: SourceOrder,
) {
  const { quarters, stale, sealed = [] } = await tables.quarters(range)
  if (stale.length === 0) return { newer: quarters, stale, sealed }
  const rules = new Map(points.map(({ id, rules: { counter } }) => [id, counter]))
  const made = await remakeQuarters(stale, (rowRange) => tables.rows(rowRange), order, rules)
  return { newer: mergeQuarters([...made].sort(compareQuarters), quarters), stale, sealed }
}
