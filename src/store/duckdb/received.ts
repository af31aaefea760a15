import type { ReceiveTime, ReceiveWindow, Touched } from '../observations/observation-tables.ts'
import { touchedMs } from '../observations/read-received.ts'
import type { DuckDatabase } from './database.ts'
import { amongPoints } from './read-rows.ts'

/** Runs are made as rows come, so that what lies outside of a window is passed by in whole groups of rows. */
const receivedRows = (points: readonly number[], { fromMs, toMs }: ReceiveWindow): string => {
  const where = `${amongPoints(points)} AND received_ms >= ${Math.ceil(fromMs)} AND received_ms < ${Math.ceil(toMs)}`
  const select = 'SELECT point, event_ms, received_ms FROM'
  return `(${select} settled WHERE ${where} UNION ALL ${select} arrived WHERE ${where})`
}

export async function readReceiveTimes(
  { read }: DuckDatabase,
  points: readonly number[],
  window: ReceiveWindow,
  most: number,
): Promise<readonly ReceiveTime[]> {
  if (points.length === 0) return []
  const found = await read(
    `SELECT received_ms, count(*) AS rows FROM ${receivedRows(points, window)}
     GROUP BY received_ms ORDER BY received_ms LIMIT ${Math.trunc(most)}`,
  )
  return found.map(({ received_ms, rows }) => ({ receivedMs: Number(received_ms), rows: Number(rows) }))
}

export async function readTouched(
  { read }: DuckDatabase,
  points: readonly number[],
  window: ReceiveWindow,
): Promise<readonly Touched[]> {
  if (points.length === 0) return []
  const found = await read(
    `SELECT DISTINCT point, event_ms - event_ms % ${touchedMs} AS start_ms FROM ${receivedRows(points, window)}`,
  )
  return found.map(({ point, start_ms }) => ({ point: Number(point), startMs: Number(start_ms) }))
}

export async function readReceiveCount(
  { read }: DuckDatabase,
  points: readonly number[],
  window: ReceiveWindow,
): Promise<number> {
  if (points.length === 0) return 0
  const [row] = await read(`SELECT count(*) AS rows FROM ${receivedRows(points, window)}`)
  return Number(row?.rows ?? 0)
}
