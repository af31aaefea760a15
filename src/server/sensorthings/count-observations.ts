import type { Datastream, ObservationEntity } from './entities.ts'
import { sensorThingsErrors } from './errors.ts'
import type { Range } from './observation-range.ts'
import { observedEdge, quarterMs } from './observed-quarters.ts'
import { readObservations } from './read-observations.ts'
import { type ReadParts, withObservations } from './read-window.ts'

/** Observations that are counted one by one. */
export const maxCounted = 200_000
/** Quarters of an hour that are looked at for a count. */
const maxQuarters = 3_000_000
const quartersOfRead = 200_000

/**
 * How many observations a range holds. Up to 200,000 are counted one by one; more of them by the quarters of an hour that the store
 * keeps, which count values that are not missing.
 *
 * @param holds absent: all of the range
 * @throws `sensorthings.too-much` where that would take long
 */
export async function countObservations(
  parts: ReadParts,
  range: Range,
  holds?: (row: ObservationEntity) => boolean,
): Promise<number> {
  if (holds) return countThose(parts, range, holds)
  const { datastreams, newestMs } = await withObservations(parts, range.datastreams)
  const own = { ...range, datastreams }
  const counted = await countValues(parts, own, maxCounted)
  if (counted !== undefined) return counted
  return countQuarters(parts, own, newestMs)
}

async function countThose(parts: ReadParts, range: Range, holds: (row: ObservationEntity) => boolean): Promise<number> {
  let scanned = 0
  let count = 0
  for await (const rows of readObservations(parts, { range, order: 'datastream', hint: 5000 })) {
    for (const row of rows) if (holds(row)) count += 1
    scanned += rows.length
    if (scanned > maxCounted) throw tooMany('The filter would have to be held against too many observations')
  }
  return count
}

/** Undefined where there are more than `most`. */
async function countValues(parts: ReadParts, range: Range, most: number): Promise<number | undefined> {
  let count = 0
  for await (const rows of readObservations(parts, { range, order: 'datastream', hint: 10_000 })) {
    count += rows.length
    if (count > most) return undefined
  }
  return count
}

async function countQuarters(parts: ReadParts, range: Range, newestMs: number): Promise<number> {
  const computed = range.datastreams.find(({ point }) => point.expression !== undefined)
  if (computed) throw tooMany('Computed values would have to be computed to be counted', computed.id)
  const { datastreams } = range
  const fromMs = Math.max(range.fromMs, (await observedEdge(parts, range, 'first')) ?? range.toMs)
  // What a clock that runs ahead has written is counted up to a day.
  const toMs = Math.min(range.toMs, (Math.floor(newestMs / quarterMs) + 97) * quarterMs)
  const [startMs, endMs] = [Math.ceil(fromMs / quarterMs) * quarterMs, Math.floor(toMs / quarterMs) * quarterMs]
  const quarters = Math.max(0, (endMs - startMs) / quarterMs)
  if (quarters * datastreams.length > maxQuarters) throw tooMany('There are too many quarters of an hour to look at')
  const ends = [
    { datastreams, fromMs, toMs: Math.min(startMs, toMs) },
    { datastreams, fromMs: Math.max(endMs, fromMs), toMs },
  ]
  let count = 0
  for (const end of ends) {
    const counted = end.toMs > end.fromMs ? await countValues(parts, end, maxCounted) : 0
    if (counted === undefined) throw tooMany('There are too many observations within a quarter of an hour')
    count += counted
  }
  if (quarters === 0) return count
  const size = Math.max(1, Math.floor(quartersOfRead / quarters))
  for (const [site, own] of Map.groupBy(datastreams, (one: Datastream) => one.site)) {
    for (let at = 0; at < own.length; at += size) {
      const points = own.slice(at, at + size).map(({ point }) => point.ref)
      const edgesMs = Float64Array.of(startMs, endMs)
      const buckets = await parts.store.observations.buckets({ site, points, edgesMs })
      for (const bucket of Object.values(buckets)) count += bucket.count[0] ?? 0
    }
  }
  return count
}

const tooMany = (detail: string, found?: string) =>
  sensorThingsErrors.tooMuch({
    detail,
    place: { path: '$count' },
    ...(found === undefined ? {} : { found }),
    expected: 'a shorter time, or fewer datastreams: $filter=phenomenonTime ge 2026-07-06T00:00:00Z',
  })
