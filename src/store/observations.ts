import type { DuckDBConnection } from '@duckdb/node-api'
import { type Clock, type Quality, quality, qualityNames } from '../kernel/index.ts'
import type { Database } from './database.ts'
import { storeErrors } from './errors.ts'
import type { LatestValue, Observation, Observations, PointRange, RangeRequest } from './observation-types.ts'
import { readRange } from './range.ts'

/** Rows a turn of the event loop copies into DuckDB: about a millisecond. */
const chunkRows = 2048
/** 1970 and 2262 mean a broken clock, not an observation. */
const earliestMs = Date.UTC(1980, 0, 1)
const latestMs = Date.UTC(2200, 0, 1)

/** Observations in DuckDB. `clock` stamps the receive time. */
export function createObservations(database: Database, clock: Clock): Observations {
  const known = new Map<string, KnownPoint>()

  return {
    async put(observations) {
      checkAll(observations)
      if (observations.length === 0) return
      const receivedMs = BigInt(clock.now())
      await database
        .write(async (connection) => {
          await resolvePoints(connection, observations, known)
          await connection.run(
            'CREATE TEMP TABLE incoming (seq INTEGER, point INTEGER, event_ms BIGINT, source VARCHAR, value DOUBLE, quality UTINYINT)',
          )
          await append(connection, observations, known)
          // The last of several with one identity counts; on conflict the stored one is corrected.
          await connection.run(
            `INSERT INTO observation
             SELECT point, event_ms, source, value, quality, $1 FROM incoming
             QUALIFY row_number() OVER (PARTITION BY point, event_ms, source ORDER BY seq DESC) = 1
           ON CONFLICT (point, event_ms, source) DO UPDATE
             SET value = excluded.value, quality = excluded.quality, received_ms = excluded.received_ms`,
            [receivedMs],
          )
          await connection.run('DROP TABLE incoming')
        })
        .catch((error: unknown) => {
          // Ids that the rolled-back transaction made are not there.
          known.clear()
          throw error
        })
    },
    latest: (site, points) => readLatest(database, site, points),
    range: (request: RangeRequest): Promise<Readonly<Record<string, PointRange>>> => readRange(database, request),
    prune: (site, source, beforeMs) =>
      database.write(async (connection) => {
        const result = await connection.run(
          'DELETE FROM observation WHERE source = $1 AND event_ms < $2 AND point IN (SELECT id FROM point WHERE site = $3)',
          [source, BigInt(Math.floor(beforeMs)), site],
        )
        return Number(result.rowsChanged)
      }),
  }
}

const key = (site: string, point: string): string => `${site}\u0000${point}`

interface KnownPoint {
  readonly id: number
  readonly unit: string
}

/** Fills `known` with every point of the observations; a point keeps the unit it was first stored with. */
async function resolvePoints(
  connection: DuckDBConnection,
  observations: readonly Observation[],
  known: Map<string, KnownPoint>,
): Promise<void> {
  for (const { site, point, unit } of observations) {
    const name = key(site, point)
    const found = known.get(name) ?? (await findOrAddPoint(connection, site, point, unit))
    known.set(name, found)
    if (found.unit === unit) continue
    throw storeErrors.badObservation({
      detail: 'A point keeps the unit it was first stored with',
      place: { path: point },
      found: unit,
      expected: found.unit,
    })
  }
}

async function findOrAddPoint(
  connection: DuckDBConnection,
  site: string,
  point: string,
  unit: string,
): Promise<KnownPoint> {
  await connection.run('INSERT INTO point (site, name, unit) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING', [
    site,
    point,
    unit,
  ])
  const found = await connection.runAndReadAll('SELECT id, unit FROM point WHERE site = $1 AND name = $2', [
    site,
    point,
  ])
  const row = found.getRowObjects()[0]
  return { id: Number(row?.id), unit: String(row?.unit) }
}

async function append(
  connection: DuckDBConnection,
  observations: readonly Observation[],
  known: ReadonlyMap<string, KnownPoint>,
): Promise<void> {
  const { BIGINT, DOUBLE, DuckDBDataChunk, INTEGER, UTINYINT, VARCHAR } = await import('@duckdb/node-api')
  const types = [INTEGER, INTEGER, BIGINT, VARCHAR, DOUBLE, UTINYINT]
  const appender = await connection.createAppender('incoming')
  for (let from = 0; from < observations.length; from += chunkRows) {
    const rows = observations.slice(from, from + chunkRows)
    const chunk = DuckDBDataChunk.create(types, rows.length)
    chunk.setColumns([
      rows.map((_, index) => from + index),
      rows.map((row) => known.get(key(row.site, row.point))?.id ?? -1),
      rows.map((row) => BigInt(row.timestampMs)),
      rows.map((row) => row.source),
      rows.map((row) => (Number.isNaN(row.value) ? null : row.value)),
      rows.map((row) => row.quality),
    ])
    appender.appendDataChunk(chunk)
    await new Promise((resolve) => setImmediate(resolve))
  }
  appender.closeSync()
}

function checkAll(observations: readonly Observation[]): void {
  for (const { point, timestampMs, value, quality: code } of observations) {
    const refuse = (detail: string, found: unknown, expected: string) =>
      storeErrors.badObservation({ detail, place: { path: point }, found, expected })
    if (!Number.isInteger(timestampMs) || timestampMs < earliestMs || timestampMs > latestMs) {
      throw refuse('The event time is not plausible', timestampMs, 'whole milliseconds between 1980 and 2200')
    }
    if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
      throw refuse('The value is not finite', String(value), 'a finite number, or missing')
    }
    if (qualityNames[code] === undefined) throw refuse('The quality is unknown', code, '0 to 4')
    if (Number.isNaN(value) !== (code === quality.missing)) {
      throw refuse('Value and quality contradict each other', code, 'quality missing exactly where there is no value')
    }
  }
}

async function readLatest(
  database: Database,
  site: string,
  points?: readonly string[],
): Promise<readonly LatestValue[]> {
  const filter = points ? `AND p.name IN (${points.map((_, index) => `$${index + 2}`).join(', ')})` : ''
  if (points?.length === 0) return []
  const rows = await database.read(
    `WITH newest AS (
       SELECT o.point, max(o.event_ms) AS event_ms
       FROM observation o JOIN point p ON p.id = o.point WHERE p.site = $1 ${filter} GROUP BY o.point
     )
     SELECT p.name, p.unit, o.event_ms, o.value, o.quality, o.source
     FROM newest n
     JOIN observation o ON o.point = n.point AND o.event_ms = n.event_ms
     JOIN point p ON p.id = o.point
     QUALIFY row_number() OVER (PARTITION BY o.point ORDER BY o.quality, o.received_ms DESC, o.source) = 1
     ORDER BY p.id`,
    [site, ...(points ?? [])],
  )
  return rows.map((row) => ({
    point: String(row.name),
    unit: String(row.unit),
    timestampMs: Number(row.event_ms),
    value: row.value === null ? Number.NaN : Number(row.value),
    quality: Number(row.quality) as Quality,
    source: String(row.source),
  }))
}
