import { clockAheadMs } from '../observations/clock-ahead.ts'
import { quarterOf } from '../observations/quarters.ts'
import type { Rows } from '../observations/rows.ts'
import { arrayOf, float8, int2, int4, int8 } from './binary-columns.ts'
import { binaryColumns, binaryRows } from './binary-rows.ts'
import type { PostgresDatabase, PostgresSql } from './database.ts'
import { isDuplicate } from './explain-error.ts'
import type { Marks } from './marks.ts'
import { firstsOfQuarters, newestOfSources, pickRows, sliceRows } from './ordered-rows.ts'

/** Rows of one statement: less than a megabyte. */
const statementRows = 10_000
/** From so many rows on a copy is worth its three statements. */
const copiedRows = 500
/** After a row was there already, so many statements expect the same. */
const carefulStatements = 16

const columns = binaryColumns
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

const changeNewest = `
  UPDATE newest n SET event_ms = g.event_ms, value = g.value, quality = g.quality, received_ms = g.received_ms
  FROM ${given} AS g (${columns})
  WHERE n.site_id = g.site_id AND n.point = g.point AND n.source = g.source
    AND ${newestRank('g')} >= ${newestRank('n')}`

/** Writes ordered rows within a transaction; `sites` of each row. @returns what to call after it is committed */
export type Appending = (sql: PostgresSql, rows: Rows, sites: Int32Array) => Promise<() => void>

/**
 * Writes ordered rows within a transaction, marks their quarters stale and remembers the newest.
 *
 * Rows, marks and newest are written in the order of these tables, rows and marks in the order of their keys, so that two
 * batches do not wait for each other in a circle.
 */
export function createAppending(database: PostgresDatabase, marks: Marks): Appending {
  const addRows = createAdding()
  return async (sql, rows, sites) => {
    const rounds = await marks.hold(sql, sites)
    await addRows(sql, rows, sites)
    const stale = firstsOfQuarters(rows).map((row) => ({
      siteId: sites[row]!,
      point: rows.point[row]!,
      startMs: quarterOf(rows.eventMs[row]!),
    }))
    const committed = await marks.mark(sql, stale, rounds)
    const newest = newestOfSources(rows)
    await lockNewest(sql, database, rounds.keys())
    await keepNewest(
      sql,
      pickRows(rows, newest),
      Int32Array.from(newest, (row) => sites[row]!),
    )
    return committed
  }
}

/** Until the transaction ends: a change of many rows at once takes them in no order, and two would wait for each other. */
export async function lockNewest(
  sql: PostgresSql,
  { schema }: PostgresDatabase,
  sites: Iterable<number>,
): Promise<void> {
  await sql.all('SELECT pg_advisory_xact_lock(hashtextextended($1 || id, 0)) FROM unnest($2::int4[]) AS s (id)', [
    `mangrove newest ${schema} `,
    arrayOf(int4, [...sites]),
  ])
}

type Adding = (sql: PostgresSql, rows: Rows, sites: Int32Array) => Promise<void>

/**
 * Rows take the place of those with their identity. Most are new: they are copied in, at a third of the time that an
 * upsert takes. Only where one is there already the upsert is made, and for a while after it, since whoever sends again
 * sends again much.
 */
function createAdding(): Adding {
  let careful = 0
  return async (sql, rows, sites) => {
    for (const [part, sitesOfPart] of inParts(rows, sites)) {
      if (part.count >= copiedRows && careful === 0) {
        if (await copyObservations(sql, part, sitesOfPart)) continue
        careful = carefulStatements
      } else if (careful > 0) careful -= 1
      await sql.change(intoObservation, columnsOf(part, sitesOfPart))
    }
  }
}

/** @returns false where one of the rows was there already; then none was written */
async function copyObservations(sql: PostgresSql, rows: Rows, sites: Int32Array): Promise<boolean> {
  await sql.change('SAVEPOINT copied')
  try {
    await sql.copy(`COPY observation (${columns}) FROM STDIN (FORMAT binary)`, binaryRows(rows, sites))
  } catch (error) {
    if (!isDuplicate(error)) throw error
    await sql.change('ROLLBACK TO SAVEPOINT copied')
    return false
  }
  await sql.change('RELEASE SAVEPOINT copied')
  return true
}

/** Rows of empty tables. */
export async function insertObservations(sql: PostgresSql, rows: Rows, sites: Int32Array): Promise<void> {
  for (const [part, sitesOfPart] of inParts(rows, sites)) {
    await sql.change(intoObservation, columnsOf(part, sitesOfPart))
  }
}

/** Rows and their sites, as many as one statement takes. */
function* inParts(rows: Rows, sites: Int32Array): Iterable<readonly [Rows, Int32Array]> {
  for (let from = 0; from < rows.count; from += statementRows) {
    const to = Math.min(from + statementRows, rows.count)
    yield [sliceRows(rows, from, to), sites.subarray(from, to)]
  }
}

/** As {@link insertNewest}, at two thirds of its time where all of them are there. */
async function keepNewest(sql: PostgresSql, rows: Rows, sites: Int32Array): Promise<void> {
  const changed = await sql.change(changeNewest, columnsOf(rows, sites))
  if (changed < rows.count) await insertNewest(sql, rows, sites)
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
