import type { ReceiveTime, ReceiveWindow, Touched } from '../observations/observation-tables.ts'
import { touchedMs } from '../observations/read-received.ts'
import { arrayOf, int4 } from './binary-columns.ts'
import type { PostgresSql } from './database.ts'
import { wholeMs } from './read-rows.ts'
import type { SitePoints } from './sites-of-points.ts'

const received = `FROM observation WHERE site_id = $1 AND point = ANY($2::int4[])
  AND received_ms >= $3::int8 AND received_ms < $4::int8`

const valuesOf = ({ siteId, points }: SitePoints, { fromMs, toMs }: ReceiveWindow) => [
  siteId,
  arrayOf(int4, points),
  wholeMs(fromMs),
  wholeMs(toMs),
]

/** @param runs points, site by site */
export async function readReceiveTimes(
  read: PostgresSql['all'],
  runs: readonly SitePoints[],
  window: ReceiveWindow,
  most: number,
): Promise<readonly ReceiveTime[]> {
  const text = `SELECT received_ms, count(*) AS rows ${received} GROUP BY received_ms ORDER BY received_ms LIMIT ${Math.trunc(most)}`
  const found: ReceiveTime[] = []
  for (const run of runs) {
    for (const row of await read(text, valuesOf(run, window))) {
      found.push({ receivedMs: Number(row.received_ms), rows: Number(row.rows) })
    }
  }
  return runs.length < 2 ? found : found.sort((a, b) => a.receivedMs - b.receivedMs).slice(0, most)
}

export async function readTouched(
  read: PostgresSql['all'],
  runs: readonly SitePoints[],
  window: ReceiveWindow,
): Promise<readonly Touched[]> {
  const text = `SELECT DISTINCT point, event_ms - event_ms % ${touchedMs} AS start_ms ${received}`
  const found: Touched[] = []
  for (const run of runs) {
    for (const row of await read(text, valuesOf(run, window))) {
      found.push({ point: Number(row.point), startMs: Number(row.start_ms) })
    }
  }
  return found
}

export async function readReceiveCount(
  read: PostgresSql['all'],
  runs: readonly SitePoints[],
  window: ReceiveWindow,
): Promise<number> {
  let rows = 0
  for (const run of runs) {
    const [found] = await read(`SELECT count(*) AS rows ${received}`, valuesOf(run, window))
    rows += Number(found?.rows ?? 0)
  }
  return rows
}
