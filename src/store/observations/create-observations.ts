import { type Clock, canonicalJson, type Quality } from '../../kernel/index.ts'
import { storeErrors } from '../errors.ts'
import { evenEdges, type PointBuckets } from './buckets.ts'
import { batchOf, checkBatch } from './check-batch.ts'
import { isAhead } from './clock-ahead.ts'
import type { KnownNames, NamedOrder } from './known-names.ts'
import type { ObservationTables, StoredPoint } from './observation-tables.ts'
import {
  type BucketRequest,
  type DeclaredPoint,
  type LatestValue,
  maxRangeValues,
  type Observations,
  type PageRequest,
  type PointRange,
  type RangeRequest,
} from './observation-types.ts'
import type { OpenRows } from './open-rows.ts'
import { pickSources, type SourceOrder } from './pick-sources.ts'
import { readBuckets } from './read-buckets.ts'
import { readPage } from './read-page.ts'
import { readReceived } from './read-received.ts'
import { createReceiveTimes } from './receive-times.ts'
import type { Rows } from './rows.ts'

/** What observations mean, over the tables of any engine. `clock` stamps the receive time. */
export function createObservations(
  tables: ObservationTables,
  names: KnownNames,
  clock: Clock,
  openRows: OpenRows,
): Observations {
  const receivedMs = createReceiveTimes(clock)
  /** Receive times of what is on its way to the disk. */
  const onTheWay = new Set<{ readonly atMs: number }>()
  const append: Observations['append'] = async (batch) => {
    checkBatch(batch)
    if (batch.count === 0) return
    await openRows.hold(batch.count, async () => {
      const way = { atMs: receivedMs() }
      onTheWay.add(way)
      try {
        await tables.append(await names.resolve(batch, way.atMs))
      } finally {
        onTheWay.delete(way)
      }
    })
  }
  return {
    put: async (observations) => append(batchOf(observations)),
    append,
    async declare(points) {
      await declare(tables, points)
      names.forget()
    },
    latest: async (site, wanted) => readLatest(tables, await names.sourceOrder(), site, wanted),
    async range(request) {
      checkRange(request)
      const points = await tables.pointsOf(request.site, request.points)
      return request.bucketMs === undefined
        ? readValues(tables, points, request, await names.sourceOrder())
        : meansOf(
            await readBuckets(
              tables,
              points,
              evenEdges(request.fromMs, request.toMs, Math.floor(request.bucketMs)),
              await names.sourceOrder(),
            ),
          )
    },
    async page(request) {
      checkPage(request)
      return readPage(tables, await tables.pointsOf(request.site, request.points), request, await names.sourceOrder())
    },
    async received(request) {
      checkRange(request)
      return readReceived(tables, await tables.pointsOf(request.site, request.points), request)
    },
    receivedCount: async (request) =>
      tables.receiveCount(
        (await tables.pointsOf(request.site, request.points)).map(({ id }) => id),
        request,
      ),
    receivedUntil: async () => [...onTheWay].reduce((leastMs, { atMs }) => Math.min(leastMs, atMs), receivedMs()),
    async buckets(request) {
      checkEdges(request)
      const points = await tables.pointsOf(request.site, request.points)
      return readBuckets(tables, points, request.edgesMs, await names.sourceOrder())
    },
    async prune(site, source, beforeMs) {
      const points = await tables.pointsOf(site)
      const [id] = await tables.ensureSources([source])
      return tables.remove(
        { points: points.map((point) => point.id), fromMs: 0, toMs: beforeMs },
        { source: id!, stale: true },
      )
    },
  }
}

async function declare(tables: ObservationTables, points: readonly DeclaredPoint[]): Promise<void> {
  const known = await tables.ensurePoints(points)
  const changes = known.flatMap(({ id, rules, unit, name }, index) => {
    const declared = points[index]!
    if (declared.unit !== unit) {
      throw storeErrors.badObservation({
        detail: 'A point keeps the unit it was first stored with',
        place: { path: name },
        found: declared.unit,
        expected: unit,
      })
    }
    return canonicalJson(rules) === canonicalJson(declared.rules) ? [] : [{ id, rules: declared.rules }]
  })
  if (changes.length > 0) await tables.setRules(changes)
}

async function readLatest(
  tables: ObservationTables,
  order: NamedOrder,
  site: string,
  wanted?: readonly string[],
): Promise<readonly LatestValue[]> {
  const points = await tables.pointsOf(site, wanted)
  const newest = await tables.newest(points.map(({ id }) => id))
  const best = new Map<number, number>()
  for (let row = 0; row < newest.count; row += 1) {
    const point = newest.point[row]!
    const other = best.get(point)
    if (other === undefined || speaksBefore(newest, row, other, order)) best.set(point, row)
  }
  return points.flatMap(({ id, name, unit }) => {
    const row = best.get(id)
    if (row === undefined) return []
    return {
      point: name,
      unit,
      timestampMs: newest.eventMs[row]!,
      value: newest.value[row]!,
      quality: newest.quality[row]! as Quality,
      source: order.nameOf(newest.source[row]!),
      receivedMs: newest.receivedMs[row]!,
    }
  })
}

function speaksBefore(rows: Rows, row: number, other: number, order: SourceOrder): boolean {
  const ahead = isAhead(rows.eventMs[row]!, rows.receivedMs[row]!)
  if (ahead !== isAhead(rows.eventMs[other]!, rows.receivedMs[other]!)) return !ahead
  const later = rows.eventMs[row]! - rows.eventMs[other]!
  if (later !== 0) return later > 0
  const better = rows.quality[other]! - rows.quality[row]!
  if (better !== 0) return better > 0
  return order.rankOf(rows.source[row]!) < order.rankOf(rows.source[other]!)
}

async function readValues(
  tables: ObservationTables,
  points: readonly StoredPoint[],
  { fromMs, toMs }: RangeRequest,
  order: SourceOrder,
): Promise<Readonly<Record<string, PointRange>>> {
  const ranges = new Map(
    points.map(({ id, unit }) => [
      id,
      { unit, timestampsMs: [] as number[], values: [] as number[], quality: [] as Quality[] },
    ]),
  )
  let count = 0
  const rows = tables.rows({ points: points.map(({ id }) => id), fromMs, toMs })
  await pickSources(rows, order, (point, eventMs, value, code) => {
    count += 1
    if (count > maxRangeValues) throw tooMany()
    const range = ranges.get(point)
    range?.timestampsMs.push(eventMs)
    range?.values.push(value)
    range?.quality.push(code as Quality)
  })
  return Object.fromEntries(points.map(({ id, name }) => [name, ranges.get(id)!]))
}

/** Means of buckets that hold an observation. */
function meansOf(buckets: Readonly<Record<string, PointBuckets>>): Readonly<Record<string, PointRange>> {
  return Object.fromEntries(
    Object.entries(buckets).map(([name, { unit, timestampsMs, mean, quality: codes, observed }]) => {
      const at = [...timestampsMs.keys()].filter((bucket) => observed[bucket] === 1)
      return [
        name,
        {
          unit,
          timestampsMs: at.map((bucket) => timestampsMs[bucket]!),
          values: at.map((bucket) => mean[bucket]!),
          quality: at.map((bucket) => codes[bucket]! as Quality),
        },
      ]
    }),
  )
}

function checkRange({ fromMs, toMs, bucketMs, points }: RangeRequest): void {
  if (!Number.isFinite(fromMs) || !Number.isFinite(toMs) || toMs <= fromMs) {
    throw storeErrors.badRange({
      detail: 'The range ends before it starts',
      found: `${fromMs} to ${toMs}`,
      expected: 'a start before its end',
    })
  }
  if (bucketMs === undefined) return
  if (!(bucketMs >= 1000)) {
    throw storeErrors.badRange({ detail: 'The bucket is too short', found: bucketMs, expected: '1000 ms or more' })
  }
  if (((toMs - fromMs) / bucketMs) * points.length > maxRangeValues) throw tooMany()
}

function checkPage(request: PageRequest): void {
  checkRange(request)
  if (!(request.limit >= 1) || request.limit * request.points.length > maxRangeValues) throw tooMany()
}

function checkEdges({ edgesMs, points }: BucketRequest): void {
  const ascending = edgesMs.every((edge, at) => Number.isFinite(edge) && (at === 0 || edge > edgesMs[at - 1]!))
  if (edgesMs.length < 2 || !ascending) {
    throw storeErrors.badRange({ detail: 'The edges of the buckets do not ascend', expected: 'two or more, ascending' })
  }
  if ((edgesMs.length - 1) * points.length > maxRangeValues) throw tooMany()
}

const tooMany = () =>
  storeErrors.tooMany({
    detail: 'The range holds more values than one answer carries; ask for a coarser bucket or a shorter range',
    expected: `at most ${maxRangeValues} values`,
  })
