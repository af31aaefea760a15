import type { Rows } from '../observations/rows.ts'
import type { SqlRow } from '../sql.ts'
import { arrayOf, float8, int2, int4, int8, readColumn, sent } from './binary-columns.ts'
import type { PostgresSql } from './database.ts'
import type { SitePoints } from './sites-of-points.ts'

/** About a millisecond's work for whoever uses them. */
const chunkRows = 8192
/** Points that one statement is given. */
const statementPoints = 1000

const packed = [
  sent('point', int4),
  sent('event_ms', int8),
  sent('source', int2),
  sent('value', float8),
  sent('quality', int2),
  sent('received_ms', int8),
].join(', ')

/**
 * The next rows after a place, packed into one row of bytes. The point is looked for in the index one by one, so that
 * the rows come in order without being sorted, and no more of them are read than are sent. The first point goes on
 * after the place, the others begin at the beginning.
 */
const nextRows = `
  SELECT ${packed} FROM (
    SELECT p.point, o.* FROM unnest($2::int4[]) WITH ORDINALITY AS p (point, number)
    CROSS JOIN LATERAL (
      SELECT event_ms, source, value, quality, received_ms FROM observation
      WHERE site_id = $1 AND point = p.point AND event_ms < $4::int8
        AND event_ms >= CASE WHEN p.number = 1 THEN $5::int8 ELSE $3::int8 END
        AND (p.number > 1 OR event_ms > $5::int8 OR source > $6::int2)
      ORDER BY event_ms, source LIMIT ${chunkRows}
    ) o
    ORDER BY p.number, o.event_ms, o.source LIMIT ${chunkRows}
  ) r`

/** Rows of a site in order of identity; of one moment where the transaction sees one moment. */
export async function* readRows(
  sql: PostgresSql,
  { siteId, points }: SitePoints,
  range: { readonly fromMs: number; readonly toMs: number },
): AsyncIterable<Rows> {
  const fromMs = wholeMs(range.fromMs)
  const toMs = wholeMs(range.toMs)
  let at = 0
  let after = { eventMs: fromMs, source: -1 }
  while (at < points.length) {
    const some = points.slice(at, at + statementPoints)
    const values = [siteId, arrayOf(int4, some), fromMs, toMs, after.eventMs, after.source]
    const [row] = await sql.all(nextRows, values)
    const rows = toRows(row)
    if (rows.count > 0) yield rows
    if (rows.count < chunkRows) {
      at += some.length
      after = { eventMs: fromMs, source: -1 }
    } else {
      const last = rows.count - 1
      at += some.indexOf(rows.point[last]!)
      after = { eventMs: rows.eventMs[last]!, source: rows.source[last]! }
    }
  }
}

/**
 * The same in one statement, without a transaction around it.
 *
 * @returns undefined where one statement does not hold all of it
 */
export async function readFewRows(
  read: PostgresSql['all'],
  { siteId, points }: SitePoints,
  range: { readonly fromMs: number; readonly toMs: number },
): Promise<Rows | undefined> {
  if (points.length > statementPoints) return undefined
  const fromMs = wholeMs(range.fromMs)
  const [row] = await read(nextRows, [siteId, arrayOf(int4, points), fromMs, wholeMs(range.toMs), fromMs, -1])
  const rows = toRows(row)
  return rows.count < chunkRows ? rows : undefined
}

/** The newest rows of points of a site. */
export async function readNewest(read: PostgresSql['all'], { siteId, points }: SitePoints): Promise<Rows> {
  const [row] = await read(
    `SELECT ${packed} FROM (
       SELECT * FROM newest WHERE site_id = $1 AND point = ANY($2::int4[]) ORDER BY point, source
     ) r`,
    [siteId, arrayOf(int4, points)],
  )
  return toRows(row)
}

function toRows(row: SqlRow | undefined): Rows {
  const point = readColumn(int4, row?.point, (count) => new Int32Array(count))
  return {
    count: point.length,
    point,
    eventMs: readColumn(int8, row?.event_ms, (count) => new Float64Array(count)),
    source: readColumn(int2, row?.source, (count) => new Int32Array(count)),
    value: readColumn(float8, row?.value, (count) => new Float64Array(count)),
    quality: readColumn(int2, row?.quality, (count) => new Uint8Array(count)),
    receivedMs: readColumn(int8, row?.received_ms, (count) => new Float64Array(count)),
  }
}

/** The first whole millisecond from a moment on; what is beyond all times is the last of them. */
export const wholeMs = (timeMs: number): number =>
  Math.ceil(Math.min(Math.max(timeMs, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER))
