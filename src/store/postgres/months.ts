import type { PostgresSql } from './database.ts'
import { wholeMs } from './read-rows.ts'

/** Start of the month after a moment, in milliseconds. */
const nextMonth = (ms: string): string =>
  `(extract(epoch FROM date_trunc('month', to_timestamp(${ms} / 1000) AT TIME ZONE 'UTC') + interval '1 month') * 1000)::int8`

const nameOfMonth = `to_char(to_timestamp(ms / 1000) AT TIME ZONE 'UTC', 'YYYY-MM')`

/**
 * Months of each point before `$1`: from its first row to the first row of a later month, and so on, which looks into
 * the index once a month and point.
 */
const monthsOf = (table: string, time: string): string => {
  const first = (point: string, from: string): string =>
    `CROSS JOIN LATERAL (
       SELECT ${time} AS ms FROM ${table} o
       WHERE o.site_id = ${point}.site_id AND o.point = ${point}.id AND ${time} < $1::int8${from}
       ORDER BY ${time} LIMIT 1) f`
  return `
    WITH RECURSIVE month_of AS (
      SELECT p.id, p.site_id, p.site, f.ms FROM point p ${first('p', '')}
      UNION ALL
      SELECT m.id, m.site_id, m.site, f.ms FROM month_of m ${first('m', ` AND ${time} >= ${nextMonth('m.ms')}`)}
    )
    SELECT DISTINCT site, ${nameOfMonth} AS month FROM month_of`
}

/** Months of sites that hold rows from before a moment. */
export async function monthsBefore(
  read: PostgresSql['all'],
  beforeMs: number,
): Promise<readonly { readonly site: string; readonly month: string }[]> {
  const rows = await read(`${monthsOf('observation', 'event_ms')} ORDER BY month, site`, [wholeMs(beforeMs)])
  return rows.map((row) => ({ site: String(row.site), month: String(row.month) }))
}

/** Months that hold rows or quarters, in order. */
export async function monthsIn(read: PostgresSql['all']): Promise<readonly string[]> {
  const months = new Set<string>()
  for (const [table, time] of [
    ['observation', 'event_ms'],
    ['quarter', 'start_ms'],
  ] as const) {
    for (const { month } of await read(monthsOf(table, time), [Number.MAX_SAFE_INTEGER])) months.add(String(month))
  }
  return [...months].sort()
}
