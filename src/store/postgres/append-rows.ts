import { clockAheadMs } from '../observations/clock-ahead.ts'
import { quarterOf } from '../observations/quarters.ts'
import type { Rows } from '../observations/rows.ts'
import { arrayOf, float8, int2, int4, int8 } from './binary-columns.ts'
import type { PostgresSql } from './database.ts'
import { firstsOfQuarters, newestOfSources, pickRows, sliceRows } from './ordered-rows.ts'
import { markStale } from './quarter-table.ts'

/** Rows of one statement: less than a megabyte. */
const statementRows = 10_000

const columns = 'site_id, point, event_ms, source, value, quality, received_ms'
const given = 'unnest($1::int4[], $2::int4[], $3::int8[], $4::int2[], $5::float8[], $6::int2[], $7::int8[])'

/** Order of rows of one source as SQL: by event time, those ahead of their receipt before all others. */
export const newestRank = (row: string): string =>
  `(${row}.event_ms - CASE WHEN ${row}.event_ms > ${row}.received_ms + ${clockAheadMs} THEN 1000000000000000 ELSE 0 END)`

const intoObservation = `
  INSERT INTO observation (${columns}) SELECT * FROM ${given}
  ON CONFLICT (site_id, point, event_ms, source) DO UPDATE
    SET value = excluded.value, quality = excluded.quality, received_ms = excluded.received_ms`

const intoNewest = `
  INSERT INTO newest AS n (${columns}) SELECT * FROM ${given}
  ON CONFLICT (site_id, point, source) DO UPDATE
    SET event_ms = excluded.event_ms, value = excluded.value, quality = excluded.quality, received_ms = excluded.received_ms
    WHERE ${newestRank('excluded')} >= ${newestRank('n')}`

/**
 * Writes ordered rows within a transaction, marks their quarters stale and remembers the newest.
 *
 * A mark that is there already is written again, not let be. So this transaction holds it until it ends: whoever makes
 * quarters anew passes it by, or has it, and then this transaction waits and marks the quarter once more. With
 * `DO NOTHING` a quarter would lose its mark although these rows were not seen. Rows, marks and newest are written in
 * the order of these tables and of their keys, so that two batches do not wait for each other in a circle.
 *
 * @param sites of each row
 */
export async function appendRows(sql: PostgresSql, rows: Rows, sites: Int32Array): Promise<void> {
  await insertObservations(sql, rows, sites)
  const firsts = firstsOfQuarters(rows)
  await markStale(
    sql,
    firsts.map((row) => ({ point: rows.point[row]!, startMs: quarterOf(rows.eventMs[row]!) })),
    firsts.map((row) => sites[row]!),
  )
  const newest = newestOfSources(rows)
  await insertNewest(
    sql,
    pickRows(rows, newest),
    Int32Array.from(newest, (row) => sites[row]!),
  )
}

/** Rows take the place of those with their identity. */
export async function insertObservations(sql: PostgresSql, rows: Rows, sites: Int32Array): Promise<void> {
  for (let from = 0; from < rows.count; from += statementRows) {
    const to = Math.min(from + statementRows, rows.count)
    await sql.change(intoObservation, columnsOf(sliceRows(rows, from, to), sites.subarray(from, to)))
  }
}

/** A row that is older than the newest of its point and source changes nothing. */
export async function insertNewest(sql: PostgresSql, rows: Rows, sites: Int32Array): Promise<void> {
  await sql.change(intoNewest, columnsOf(rows, sites))
}

const columnsOf = (rows: Rows, sites: Int32Array): readonly Buffer[] => [
  arrayOf(int4, sites),
  arrayOf(int4, rows.point),
  arrayOf(int8, rows.eventMs),
  arrayOf(int2, rows.source),
  arrayOf(float8, rows.value),
  arrayOf(int2, rows.quality),
  arrayOf(int8, rows.receivedMs),
]
