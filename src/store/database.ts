import { join } from 'node:path'
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import { storeErrors } from './errors.ts'

/** A row as DuckDB returns it: BIGINT as `bigint`, DOUBLE and small integers as `number`. */
export type Row = Readonly<Record<string, DuckDBValue>>

/** One DuckDB file. Writes run one after another on their own connection; reads run beside them. */
export interface Database {
  read(sql: string, values?: readonly DuckDBValue[]): Promise<readonly Row[]>
  /** Columns of the result, in the order of the select list. */
  readColumns(sql: string, values?: readonly DuckDBValue[]): Promise<readonly (readonly DuckDBValue[])[]>
  /** Runs `work` in one transaction; rolled back when it throws. */
  write<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  close(): Promise<void>
}

/**
 * Opens `mangrove.duckdb` in a folder.
 *
 * @throws `store.locked` when another process has it open, `store.unreadable` for anything else.
 */
export async function openDatabase(folder: string): Promise<Database> {
  const file = join(folder, 'mangrove.duckdb')
  // Loaded on first use: commands that need no observations start without the native library.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(file, { threads: '2', memory_limit: '512MB' }).catch(
    (cause: unknown) => {
      throw explain(file, cause)
    },
  )
  const writer = await instance.connect()
  const reader = await instance.connect()
  let tail: Promise<unknown> = Promise.resolve()
  let closed = false

  const transaction = async <T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> => {
    await writer.run('BEGIN TRANSACTION')
    try {
      const result = await work(writer)
      await writer.run('COMMIT')
      return result
    } catch (error) {
      await writer.run('ROLLBACK').catch(() => undefined)
      throw error
    }
  }

  return {
    async read(sql, values = []) {
      const result = await reader.runAndReadAll(sql, [...values])
      return result.getRowObjects()
    },
    async readColumns(sql, values = []) {
      const result = await reader.runAndReadAll(sql, [...values])
      return result.getColumns()
    },
    write(work) {
      const turn = tail.then(() => transaction(work))
      tail = turn.catch(() => undefined)
      return turn
    },
    async close() {
      if (closed) return
      closed = true
      await tail
      await writer.run('CHECKPOINT').catch(() => undefined)
      reader.closeSync()
      writer.closeSync()
      instance.closeSync()
    },
  }
}

function explain(file: string, cause: unknown): Error {
  const message = cause instanceof Error ? cause.message : String(cause)
  const options = { cause }
  if (/lock/i.test(message)) {
    return storeErrors.locked(
      { detail: 'Another process has this data folder open; stop it, or use another folder', place: { file } },
      options,
    )
  }
  return storeErrors.unreadable({ detail: `DuckDB could not open the file: ${message}`, place: { file } }, options)
}
