import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { appendRows } from '../duckdb/append-rows.ts'
import { quarterColumns, rowColumns } from '../duckdb/migrations.ts'
import { appendQuarters, selectQuarters } from '../duckdb/quarter-table.ts'
import { amongPoints, lastOfEach } from '../duckdb/read-rows.ts'
import type { RowRange } from '../observations/observation-tables.ts'
import type { Quarter } from '../observations/quarters.ts'
import type { Rows } from '../observations/rows.ts'

/** Names that stand beside ids in a file, so that it can be read without us. */
export interface SealedNames {
  readonly points: ReadonlyMap<number, string>
  readonly sources: ReadonlyMap<number, string>
}

/** Parquet files through a database in memory. */
export interface Parquet {
  /** Rows in order of identity, collected until they are written. */
  addRows(rows: Rows): Promise<void>
  /** Forgets rows that were collected and not written. */
  dropRows(): Promise<void>
  writeRows(file: string, names: SealedNames): Promise<void>
  writeQuarters(file: string, quarters: readonly Quarter[], names: SealedNames): Promise<void>
  readRows(files: readonly string[], range: RowRange): AsyncIterable<Rows>
  readQuarters(files: readonly string[], range: RowRange): Promise<readonly Quarter[]>
  close(): void
}

/** Times as differences, values by dictionary: about a byte a row where meters are read in even steps. */
const format = 'FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd'
/** A group is read whole: four days of a point by ten seconds, a month of its quarters. */
const groupRows = { rows: 30_720, quarters: 4096 } as const

/** @param temporaryFolder where what does not fit the memory goes meanwhile */
export async function openParquet(temporaryFolder: string): Promise<Parquet> {
  const { DuckDBInstance: Instance } = await import('@duckdb/node-api')
  const instance: DuckDBInstance = await Instance.create(':memory:', {
    threads: '2',
    memory_limit: '512MB',
    temp_directory: temporaryFolder,
  })
  const writer = await instance.connect()
  // Files never change: what one holds where is read once.
  await writer.run('SET GLOBAL parquet_metadata_cache = true')
  await writer.run(`CREATE TABLE part ${rowColumns}`)
  await writer.run(`CREATE TABLE quarters ${quarterColumns}`)
  await writer.run('CREATE TABLE point_name (id INTEGER, name VARCHAR)')
  await writer.run('CREATE TABLE source_name (id SMALLINT, name VARCHAR)')

  const lend = async <T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    const connection = await instance.connect()
    try {
      return await work(connection)
    } finally {
      connection.closeSync()
    }
  }

  return {
    addRows: (rows) => appendRows(writer, rows, 0, 'part'),
    async dropRows() {
      await writer.run('TRUNCATE part')
    },
    async writeRows(file, names) {
      await fillNames(writer, names)
      await writer.run(
        `COPY (
           SELECT r.point AS id, p.name AS point, event_ms, r.source AS source_id, s.name AS source,
                  CASE WHEN isnan(value) THEN NULL ELSE value END AS value, quality,
                  ((received_ms - event_ms) // 1000)::INTEGER AS delay_s
           FROM part r JOIN point_name p ON p.id = r.point JOIN source_name s ON s.id = r.source
           ORDER BY r.point, event_ms, r.source
         ) TO ${quoted(file)} (${format}, ROW_GROUP_SIZE ${groupRows.rows})`,
      )
      await writer.run('TRUNCATE part')
    },
    async writeQuarters(file, quarters, names) {
      await fillNames(writer, names)
      await writer.run('TRUNCATE quarters')
      await appendQuarters(writer, quarters, 'quarters')
      await writer.run(
        `COPY (
           SELECT q.point AS id, p.name AS point, q.* EXCLUDE (point) FROM quarters q JOIN point_name p ON p.id = q.point
           ORDER BY q.point, start_ms
         ) TO ${quoted(file)} (${format}, ROW_GROUP_SIZE ${groupRows.quarters})`,
      )
      await writer.run('TRUNCATE quarters')
    },
    async *readRows(files, { points, fromMs, toMs }) {
      const connection = await instance.connect()
      try {
        const result = await connection.stream(
          `SELECT id, event_ms::DOUBLE, source_id, coalesce(value, 'NaN'::DOUBLE), quality,
                  (event_ms + delay_s::BIGINT * 1000)::DOUBLE
           FROM read_parquet(${listOfFiles(files)})
           WHERE ${amongPoints(points, 'id')} AND event_ms >= ${Math.ceil(fromMs)} AND event_ms < ${Math.ceil(toMs)}
           ORDER BY id, event_ms, source_id`,
        )
        yield* lastOfEach(result)
      } finally {
        connection.closeSync()
      }
    },
    readQuarters: (files, { points, fromMs, toMs }) =>
      lend((connection) =>
        selectQuarters(
          connection,
          `FROM (SELECT * EXCLUDE (point, id), id AS point FROM read_parquet(${listOfFiles(files)}))
           WHERE ${amongPoints(points)} AND start_ms >= ${Math.ceil(fromMs)} AND start_ms < ${Math.ceil(toMs)}`,
        ),
      ),
    close() {
      writer.closeSync()
      instance.closeSync()
    },
  }
}

async function fillNames(connection: DuckDBConnection, { points, sources }: SealedNames): Promise<void> {
  for (const [table, names] of [
    ['point_name', points],
    ['source_name', sources],
  ] as const) {
    await connection.run(`TRUNCATE ${table}`)
    const appender = await connection.createAppender(table)
    for (const [id, name] of names) {
      if (table === 'point_name') appender.appendInteger(id)
      else appender.appendSmallInt(id)
      appender.appendVarchar(name)
      appender.endRow()
    }
    appender.closeSync()
  }
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
const listOfFiles = (files: readonly string[]): string => `[${files.map(quoted).join(', ')}]`
