import type { KeptQuarters } from '../observations/observation-tables.ts'
import { type Quarter, type QuarterKey, quarterKey } from '../observations/quarters.ts'
import { arrayOf, float8, int2, int4, int8, readColumn, sent } from './binary-columns.ts'
import type { PostgresSql } from './database.ts'
import { wholeMs } from './read-rows.ts'
import type { SitePoints } from './sites-of-points.ts'

/** Columns of a quarter besides its key, in the order of the statements below. */
const doubles = ['sum', 'min', 'max', 'first_ms', 'first', 'last_ms', 'last', 'rise'] as const

const packedQuarters = [
  sent('point', int4),
  sent('start_ms', int8),
  sent('count', int4),
  sent('quality', int2),
  ...doubles.map((name) => sent(name, float8)),
].join(', ')

const ofRange = 'site_id = $1 AND point = ANY($2::int4[]) AND start_ms >= $3::int8 AND start_ms < $4::int8'

/** One statement, so that both are of one moment: a quarter made anew between two would be missed, or told twice. */
const keptAndStale = `
  SELECT * FROM
    (SELECT ${packedQuarters} FROM (SELECT * FROM quarter WHERE ${ofRange} ORDER BY point, start_ms) q) kept,
    (SELECT ${sent('stale_point', int4)}, ${sent('stale_ms', int8)} FROM (
       SELECT point AS stale_point, start_ms AS stale_ms FROM stale WHERE ${ofRange} ORDER BY point, start_ms) s) marks`

/** Kept quarters of a site that start within a range, and those that are marked stale. */
export async function readQuarters(
  read: PostgresSql['all'],
  { siteId, points }: SitePoints,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): Promise<KeptQuarters> {
  const [row = {}] = await read(keptAndStale, [siteId, arrayOf(int4, points), wholeMs(fromMs), wholeMs(toMs)])
  const numbers = (count: number): Float64Array => new Float64Array(count)
  const stale = keysOf(readColumn(int4, row.stale_point, numbers), readColumn(int8, row.stale_ms, numbers))
  const isStale = new Set(stale.map(quarterKey))
  const point = readColumn(int4, row.point, numbers)
  const startMs = readColumn(int8, row.start_ms, numbers)
  const count = readColumn(int4, row.count, numbers)
  const quality = readColumn(int2, row.quality, numbers)
  const [sum, min, max, firstMs, first, lastMs, last, rise] = doubles.map((name) =>
    readColumn(float8, row[name], numbers),
  ) as unknown as readonly [Column, Column, Column, Column, Column, Column, Column, Column]
  const quarters: Quarter[] = []
  for (let at = 0; at < point.length; at += 1) {
    const quarter = {
      point: point[at]!,
      startMs: startMs[at]!,
      count: count[at]!,
      sum: sum[at]!,
      min: min[at]!,
      max: max[at]!,
      firstMs: firstMs[at]!,
      first: first[at]!,
      lastMs: lastMs[at]!,
      last: last[at]!,
      rise: rise[at]!,
      quality: quality[at]!,
    }
    if (stale.length === 0 || !isStale.has(quarterKey(quarter))) quarters.push(quarter)
  }
  return { quarters, stale }
}

type Column = Float64Array

const keysOf = (points: Column, startsMs: Column): readonly QuarterKey[] =>
  Array.from(points, (point, at) => ({ point, startMs: startsMs[at]! }))

/** Keys of quarters as two columns. */
export const keyColumns = (keys: readonly QuarterKey[]): readonly Buffer[] => [
  arrayOf(
    int4,
    keys.map(({ point }) => point),
  ),
  arrayOf(
    int8,
    keys.map(({ startMs }) => startMs),
  ),
]

/** Keeps quarters that were made anew from stale ones, and removes those that are no more. */
export async function keepQuarters(
  sql: PostgresSql,
  siteId: number,
  stale: readonly QuarterKey[],
  made: readonly Quarter[],
): Promise<void> {
  const still = new Set(made.map(quarterKey))
  const gone = stale.filter((key) => !still.has(quarterKey(key)))
  const values = ({ sum, min, max, firstMs, first, lastMs, last, rise }: Quarter): readonly number[] => [
    sum,
    min,
    max,
    firstMs,
    first,
    lastMs,
    last,
    rise,
  ]
  const table = made.map(values)
  await sql.change(
    `INSERT INTO quarter (site_id, point, start_ms, count, quality, ${doubles.join(', ')})
       SELECT $1::int4, * FROM unnest($2::int4[], $3::int8[], $4::int4[], $5::int2[], ${doubles
         .map((_, at) => `$${at + 6}::float8[]`)
         .join(', ')})
     ON CONFLICT (site_id, point, start_ms) DO UPDATE SET count = excluded.count, quality = excluded.quality, ${doubles
       .map((name) => `${name} = excluded.${name}`)
       .join(', ')}`,
    [
      siteId,
      ...keyColumns(made),
      arrayOf(
        int4,
        made.map(({ count }) => count),
      ),
      arrayOf(
        int2,
        made.map(({ quality }) => quality),
      ),
      ...doubles.map((_, at) =>
        arrayOf(
          float8,
          Float64Array.from(table, (row) => row[at]!),
        ),
      ),
    ],
  )
  if (gone.length === 0) return
  await sql.change(
    `DELETE FROM quarter t USING unnest($2::int4[], $3::int8[]) AS k (point, start_ms)
     WHERE t.site_id = $1 AND t.point = k.point AND t.start_ms = k.start_ms`,
    [siteId, ...keyColumns(gone)],
  )
}
