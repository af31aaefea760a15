import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { DuckDBAppender } from '@duckdb/node-api'
import { syncFolder } from '../blobs.ts'
import { appendRows } from '../duckdb/append-rows.ts'
import { quarterColumns, rowColumns } from '../duckdb/migrations.ts'
import { appendQuarters, selectQuarters } from '../duckdb/quarter-table.ts'
import { nextRows } from '../duckdb/read-rows.ts'
import { storeErrors } from '../errors.ts'
import type { Quarter, QuarterKey } from '../observations/quarters.ts'
import type { Rows } from '../observations/rows.ts'
import type { SqlRow } from '../sql.ts'
import type { ColumnType } from './backup-tables.ts'

/** A table of a backup while it is written, in one Parquet file or several. */
export interface PartWriter {
  /** Rows of numbers of the columns of observations. */
  rows(rows: Rows): Promise<void>
  quarters(quarters: readonly Quarter[]): Promise<void>
  stale(keys: readonly QuarterKey[]): Promise<void>
  texts(rows: readonly SqlRow[]): Promise<void>
  /** Writes what is left. @returns rows of the table */
  end(): Promise<number>
}

/** What a table of a backup holds. */
export type Shape = 'rows' | 'quarters' | 'stale' | Readonly<Record<string, ColumnType>>

/** Parquet files of backups, written and read through a database in memory. */
export interface ParquetFiles {
  /** Begins a table: `tables/<name>-0001.parquet` and so on; `wrote` is told of each file. */
  begin(
    table: { readonly folder: string; readonly name: string; readonly shape: Shape },
    wrote: (path: string) => Promise<void>,
  ): Promise<PartWriter>
  rows(file: string): AsyncIterable<Rows>
  quarters(file: string): Promise<readonly Quarter[]>
  texts(file: string, columns: readonly string[]): AsyncIterable<readonly SqlRow[]>
  close(): void
}

/** A file ends after so many rows, a tenth of them for quarters, or so many characters. */
export interface PartLimits {
  readonly rows: number
  readonly characters: number
}

const usualLimits: PartLimits = { rows: 1_000_000, characters: 32_000_000 }
const format = 'FORMAT parquet, PARQUET_VERSION v2, COMPRESSION zstd'

export async function openParquetFiles(limits: PartLimits = usualLimits): Promise<ParquetFiles> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  // Parts fit the memory: nothing is ever written beside them.
  const instance = await DuckDBInstance.create(':memory:', { threads: '2', memory_limit: '512MB', temp_directory: '' })
  const connection = await instance.connect()
  let tables = 0
  return {
    async begin({ folder, name, shape }, wrote) {
      tables += 1
      const table = `part_${tables}`
      await connection.run(`CREATE TABLE ${table} ${columnsOf(shape)}`)
      await mkdir(join(folder, 'tables'), { recursive: true })
      let total = 0
      let waiting = 0
      let characters = 0
      let parts = 0
      const most = shape === 'quarters' ? limits.rows / 10 : limits.rows
      const flush = async (): Promise<void> => {
        parts += 1
        const path = `tables/${name}-${String(parts).padStart(4, '0')}.parquet`
        await connection.run(`COPY (${selected(shape, table)}) TO ${quoted(join(folder, path))} (${format})`)
        await connection.run(`TRUNCATE ${table}`)
        await syncFolder(join(folder, path))
        await wrote(path)
        waiting = 0
        characters = 0
      }
      const added = async (count: number): Promise<void> => {
        total += count
        waiting += count
        if (waiting >= most || characters >= limits.characters) await flush()
      }
      const appending = async (count: number, append: (appender: DuckDBAppender) => void): Promise<void> => {
        const appender = await connection.createAppender(table)
        append(appender)
        appender.closeSync()
        await added(count)
      }
      return {
        async rows(rows) {
          await appendRows(connection, rows, waiting, table)
          await added(rows.count)
        },
        async quarters(quarters) {
          await appendQuarters(connection, quarters, table)
          await added(quarters.length)
        },
        stale: (keys) =>
          appending(keys.length, (appender) => {
            for (const { point, startMs } of keys) {
              appender.appendInteger(point)
              appender.appendBigInt(BigInt(startMs))
              appender.endRow()
            }
          }),
        texts: (rows) =>
          appending(rows.length, (appender) => {
            for (const row of rows)
              characters += appendTexts(appender, row, shape as Readonly<Record<string, ColumnType>>)
          }),
        async end() {
          if (waiting > 0) await flush()
          await connection.run(`DROP TABLE ${table}`)
          return total
        },
      }
    },
    async *rows(file) {
      const result = await connection
        .stream(
          `SELECT point::INTEGER, event_ms::DOUBLE, source::SMALLINT, coalesce(value, 'NaN')::DOUBLE, quality::UTINYINT,
                  received_ms::DOUBLE FROM read_parquet(${quoted(file)})`,
        )
        .catch(refuse(file))
      for (;;) {
        const rows = await nextRows(result).catch(refuse(file))
        if (!rows) return
        yield rows
      }
    },
    quarters: (file) => selectQuarters(connection, `FROM read_parquet(${quoted(file)})`).catch(refuse(file)),
    async *texts(file, columns) {
      const result = await connection
        .stream(`SELECT ${columns.join(', ')} FROM read_parquet(${quoted(file)})`)
        .catch(refuse(file))
      for (;;) {
        const chunk = await result.fetchChunk().catch(refuse(file))
        if (!chunk || chunk.rowCount === 0) return
        yield chunk.getRowObjects([...columns])
      }
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

function columnsOf(shape: Shape): string {
  if (shape === 'rows') return rowColumns
  if (shape === 'quarters') return quarterColumns
  if (shape === 'stale') return '(point INTEGER, start_ms BIGINT)'
  return `(${Object.entries(shape)
    .map(([name, type]) => `${name} ${type}`)
    .join(', ')})`
}

/** What is missing stands as NULL, as readers of Parquet expect it. */
function selected(shape: Shape, table: string): string {
  if (shape !== 'rows') return `SELECT * FROM ${table}`
  return `SELECT point, event_ms, source, CASE WHEN isnan(value) THEN NULL ELSE value END AS value, quality, received_ms
          FROM ${table}`
}

/** Appends a row of texts and whole numbers. @returns its characters */
function appendTexts(appender: DuckDBAppender, row: SqlRow, columns: Readonly<Record<string, ColumnType>>): number {
  let characters = 0
  for (const [name, type] of Object.entries(columns)) {
    const value = row[name]
    if (type === 'VARCHAR') {
      const text = String(value)
      characters += text.length
      appender.appendVarchar(text)
    } else if (type === 'BIGINT') appender.appendBigInt(BigInt(value as string | number | bigint))
    else if (type === 'INTEGER') appender.appendInteger(Number(value))
    else appender.appendSmallInt(Number(value))
  }
  appender.endRow()
  return characters
}

/** The hash was right, so whoever wrote the file wrote no table of ours. */
const refuse =
  (file: string) =>
  (cause: unknown): never => {
    throw storeErrors.badBackup(
      {
        detail: `A file of the backup is no table of the form it has to be: ${(cause as Error).message}`,
        place: { file },
      },
      { cause },
    )
  }

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`
