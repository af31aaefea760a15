import { join } from 'node:path'
import type { DuckDBConnection, DuckDBInstance, DuckDBValue } from '@duckdb/node-api'
import { storeErrors } from '../errors.ts'
import type { Sql, SqlDatabase, SqlValue } from '../sql.ts'

/**
 * One DuckDB file. Writes run one after another on their own connection, upkeep on another, reads beside them; each
 * sees what was committed when it began.
 */
export interface DuckDatabase extends SqlDatabase {
  /** Runs `work` with the connection of the writer, in one transaction; rolled back when it throws. */
  writing<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** The same for upkeep, which may take seconds: writes go on beside it. */
  keeping<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** Lends a connection of its own, for results that are read chunk by chunk. */
  lend<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** A connection that the caller closes. */
  connect(): Promise<DuckDBConnection>
  close(): Promise<void>
}

export const databaseFile = (folder: string): string => join(folder, 'mangrove.duckdb')

/**
 * Opens `mangrove.duckdb` in a folder.
 *
 * @throws `store.locked` when another process has it open, `store.unreadable` for anything else.
 */
export async function openDuckDatabase(folder: string): Promise<DuckDatabase> {
  const file = databaseFile(folder)
  // Loaded on first use: commands that need no observations start without the native library.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const options = { threads: '2', memory_limit: '512MB', temp_directory: join(folder, 'temp') }
  const instance = await DuckDBInstance.create(file, options).catch((cause: unknown) => {
    throw explain(file, cause)
  })
  return onInstance(instance)
}

async function onInstance(instance: DuckDBInstance): Promise<DuckDatabase> {
  const writer = await instance.connect()
  const keeper = await instance.connect()
  const reader = await instance.connect()
  const inTurn = { writer: createTurns(), keeper: createTurns() }
  let closed = false

  const transaction = async <T>(
    connection: DuckDBConnection,
    work: (connection: DuckDBConnection) => Promise<T>,
  ): Promise<T> => {
    await connection.run('BEGIN TRANSACTION')
    try {
      const result = await work(connection)
      await connection.run('COMMIT')
      return result
    } catch (error) {
      await connection.run('ROLLBACK').catch(() => undefined)
      throw error
    }
  }
  const writing: DuckDatabase['writing'] = (work) => inTurn.writer(() => transaction(writer, work))

  return {
    read: (sql, values = []) => sqlOn(reader).all(sql, values),
    write: (work) => writing((connection) => work(sqlOn(connection))),
    writing,
    keeping: (work) => inTurn.keeper(() => transaction(keeper, work)),
    connect: () => instance.connect(),
    async lend(work) {
      const connection = await instance.connect()
      try {
        return await work(connection)
      } finally {
        connection.closeSync()
      }
    },
    async close() {
      if (closed) return
      closed = true
      await Promise.all([inTurn.writer(async () => undefined), inTurn.keeper(async () => undefined)])
      await writer.run('CHECKPOINT').catch(() => undefined)
      for (const connection of [reader, keeper, writer]) connection.closeSync()
      instance.closeSync()
    },
  }
}

export function sqlOn(connection: DuckDBConnection): Sql {
  return {
    async all(sql, values: readonly SqlValue[] = []) {
      const result = await connection.runAndReadAll(sql, values as DuckDBValue[])
      return result.getRowObjects()
    },
  }
}

/** Runs one piece of work after another; a failure is that of its caller alone. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve()
  return (work) => {
    const turn = tail.then(work)
    tail = turn.catch(() => undefined)
    return turn
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
