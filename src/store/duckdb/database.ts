import { join } from 'node:path'
import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api'
import type { Sql, SqlDatabase, SqlValue } from '../sql.ts'
import { createTurns } from '../turns.ts'
import { isFatal } from './explain-error.ts'
import { createInstances } from './instances.ts'

/**
 * One DuckDB file. Writes run one after another on their own connection, upkeep on another, reads beside them; each
 * sees what was committed when it began.
 *
 * After an error that DuckDB calls fatal, a checkpoint on a full disk for one, it answers nothing any more until it is
 * opened anew. That happens by itself: whoever was under way gets the error, whoever comes later a fresh instance.
 */
export interface DuckDatabase extends SqlDatabase {
  /** Runs `work` with the connection of the writer, in one transaction; rolled back when it throws. */
  writing<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** The same for upkeep, which may take seconds: writes go on beside it. */
  keeping<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** Puts the log into the file; commits wait about a tenth of a second meanwhile. */
  checkpoint(): Promise<void>
  /** Lends a connection of its own to what only reads; it may run again on a fresh instance. */
  lend<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T>
  /** The same for results that are read chunk by chunk; the connection is closed after the last, or when the reader leaves. */
  stream<T>(work: (connection: DuckDBConnection) => AsyncIterable<T>): AsyncIterable<T>
  close(): Promise<void>
}

export const databaseFile = (folder: string): string => join(folder, 'mangrove.duckdb')

/**
 * Opens `mangrove.duckdb` in a folder.
 *
 * @throws `store.locked` when another process has it open, `store.full`, `store.unreadable` for anything else.
 */
export async function openDuckDatabase(folder: string): Promise<DuckDatabase> {
  const instances = createInstances(databaseFile(folder), join(folder, 'temp'))
  await instances.use(async () => undefined)
  const inTurn = { writer: createTurns(), keeper: createTurns() }
  let closed = false

  const writing: DuckDatabase['writing'] = (work) =>
    inTurn.writer(() => instances.use(({ writer }) => transaction(writer, work)))
  const lend: DuckDatabase['lend'] = (work) => again(() => instances.use((instance) => instance.lend(work)))

  return {
    read: (sql, values = []) => again(() => instances.use(({ reader }) => sqlOn(reader).all(sql, values))),
    write: (work) => writing((connection) => work(sqlOn(connection))),
    writing,
    keeping: (work) => inTurn.keeper(() => instances.use(({ keeper }) => transaction(keeper, work))),
    checkpoint: () =>
      inTurn.keeper(() =>
        instances.use(async ({ keeper }) => {
          await keeper.run('CHECKPOINT')
        }),
      ),
    lend,
    stream: (work) => instances.stream(work),
    async close() {
      if (closed) return
      closed = true
      await Promise.all([inTurn.writer(async () => undefined), inTurn.keeper(async () => undefined)])
      await instances.close()
    },
  }
}

async function transaction<T>(
  connection: DuckDBConnection,
  work: (connection: DuckDBConnection) => Promise<T>,
): Promise<T> {
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

/** What only reads runs once more where the instance broke under it. */
async function again<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isFatal(error)) throw error
    return read()
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
