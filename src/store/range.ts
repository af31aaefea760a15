import { type Quality, quality } from '../kernel/index.ts'
import type { Database } from './database.ts'
import { storeErrors } from './errors.ts'
import { maxRangeValues, type PointRange, type RangeRequest } from './observation-types.ts'

/** Observations of points in a range of time, as stored or as means over buckets. */
export async function readRange(
  database: Database,
  request: RangeRequest,
): Promise<Readonly<Record<string, PointRange>>> {
  const { site, points, fromMs, toMs, bucketMs } = request
  check(request)
  if (points.length === 0) return {}
  const names = points.map((_, index) => `$${index + 4}`).join(', ')
  const units = await database.read(
    `SELECT name, unit FROM point WHERE site = $1 AND name IN (${points.map((_, index) => `$${index + 2}`).join(', ')})`,
    [site, ...points],
  )
  const select = bucketMs === undefined ? raw : bucketed(Math.floor(bucketMs))
  const [name = [], eventMs = [], value = [], worst = []] = await database.readColumns(
    `${select.replace('$names', names)} LIMIT ${maxRangeValues + 1}`,
    [site, BigInt(Math.ceil(fromMs)), BigInt(Math.ceil(toMs)), ...points],
  )
  if (name.length > maxRangeValues) {
    throw storeErrors.tooMany({
      detail: 'The range holds more values than one answer carries; ask for a coarser bucket or a shorter range',
      expected: `at most ${maxRangeValues} values`,
    })
  }
  const ranges = new Map<string, { unit: string; timestampsMs: number[]; values: number[]; quality: Quality[] }>()
  for (const row of units) {
    ranges.set(String(row.name), { unit: String(row.unit), timestampsMs: [], values: [], quality: [] })
  }
  for (let row = 0; row < name.length; row += 1) {
    const range = ranges.get(String(name[row]))
    if (!range) continue
    const found = value[row]
    range.timestampsMs.push(Number(eventMs[row]))
    range.values.push(found === null || found === undefined ? Number.NaN : Number(found))
    range.quality.push(Number(worst[row]) as Quality)
  }
  return Object.fromEntries(ranges)
}

/** Several sources of one moment: the best quality counts, then the last received. */
const one = `
  SELECT p.name, o.event_ms, o.value, o.quality
  FROM observation o JOIN point p ON p.id = o.point
  WHERE p.site = $1 AND o.event_ms >= $2 AND o.event_ms < $3 AND p.name IN ($names)
  QUALIFY row_number() OVER (PARTITION BY o.point, o.event_ms ORDER BY o.quality, o.received_ms DESC, o.source) = 1`

const raw = `${one} ORDER BY p.name, o.event_ms`

/** Missing values neither count in the mean nor make its quality worse, unless the bucket has nothing else. */
const bucketed = (bucketMs: number): string => `
  WITH one AS (${one})
  SELECT name, event_ms - event_ms % ${bucketMs} AS bucket_ms, avg(value) AS value,
         coalesce(max(quality) FILTER (WHERE value IS NOT NULL), ${quality.missing}) AS quality
  FROM one GROUP BY name, bucket_ms ORDER BY name, bucket_ms`

function check({ fromMs, toMs, bucketMs }: RangeRequest): void {
  if (!Number.isFinite(fromMs) || !Number.isFinite(toMs) || toMs <= fromMs) {
    throw storeErrors.badRange({
      detail: 'The range ends before it starts',
      found: `${fromMs} to ${toMs}`,
      expected: 'a start before its end',
    })
  }
  if (bucketMs !== undefined && !(bucketMs >= 1000)) {
    throw storeErrors.badRange({ detail: 'The bucket is too short', found: bucketMs, expected: '1000 ms or more' })
  }
}
