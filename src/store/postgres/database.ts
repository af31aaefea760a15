import { finished } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Sql, SqlDatabase } from '../sql.ts'
import { explainError, isClash } from './explain-error.ts'
import { openPools, type PoolLimits } from './pools.ts'

/** What `$1`, `$2` … may stand for here: numbers in columns go as bytes, see `binary-columns.ts`. */
export type PostgresValue = string | number | bigint | null | Buffer | readonly string[]

/** Statements on one connection, within one transaction. */
export interface PostgresSql extends Sql {
  all(sql: string, values?: readonly PostgresValue[]): ReturnType<Sql['all']>
  /** How many rows a statement changed. */
  change(sql: string, values?: readonly PostgresValue[]): Promise<number>
  /** `COPY … FROM STDIN`, with all that it reads. */
  copy(sql: string, bytes: Buffer): Promise<void>
}

/** Who sees what: `read committed` each statement what was committed before it, `repeatable read` all of them one moment. */
export type Isolation = 'READ COMMITTED' | 'REPEATABLE READ'

/** A schema of a PostgreSQL server, through bounded pools of connections. */
export interface PostgresDatabase extends SqlDatabase {
  /** As in its name; reads take another pool than writes, so that slow readers hold up no writer. */
  readonly schema: string
  read: PostgresSql['all']
  /** Runs `work` in one transaction, and again after a clash with another; rolled back when it throws. */
  transaction<T>(work: (sql: PostgresSql) => Promise<T>, isolation?: Isolation): Promise<T>
  /** Reads in one transaction that sees one moment. */
  snapshot<T>(work: (sql: PostgresSql) => Promise<T>): Promise<T>
  /** Reads piece by piece, all of it as of one moment. */
  streaming<T>(read: (sql: PostgresSql) => AsyncIterable<T>): AsyncIterable<T>
  close(): Promise<void>
}

/** A transaction that clashes this often is given up, as `store.busy`. */
const attempts = 12
const firstWaitMs = 4

/** Connects at the first statement. */
export async function openPostgresDatabase(url: string, schema: string, limits: PoolLimits): Promise<PostgresDatabase> {
  const { reads, writes, turns, server, close } = await openPools(url, schema, limits)

  const explaining = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw explainError(error, server)
    }
  }
  const again = <T>(once: () => Promise<T>): Promise<T> =>
    explaining(async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await once()
        } catch (error) {
          if (!isClash(error) || attempt === attempts) throw error
          await wait(Math.random() * Math.min(firstWaitMs * 2 ** attempt, 500))
        }
      }
    })
  const transaction = <T>(
    pool: typeof writes,
    work: (sql: PostgresSql) => Promise<T>,
    isolation: Isolation = 'READ COMMITTED',
  ): Promise<T> =>
    again(async () => {
      const client = await pool.connect()
      try {
        await client.query(`BEGIN ISOLATION LEVEL ${isolation}`)
        const result = await work(sqlOn(client))
        await client.query('COMMIT')
        client.release()
        return result
      } catch (error) {
        await end(client, 'ROLLBACK')
        throw error
      }
    })

  async function* streaming<T>(read: (sql: PostgresSql) => AsyncIterable<T>): AsyncIterable<T> {
    const client = await explaining(() => reads.connect())
    let broken = false
    try {
      await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
      yield* read(sqlOn(client))
    } catch (error) {
      broken = true
      throw explainError(error, server)
    } finally {
      // Whoever reads may leave in the middle.
      await end(client, broken ? 'ROLLBACK' : 'COMMIT')
    }
  }

  return {
    schema,
    read: (sql, values = []) => explaining(async () => (await reads.query(sql, [...values])).rows),
    // One after another, on this node by the pool of one connection and among nodes by the lock: as if alone, without
    // clashes, and numbers come without gaps.
    write: (work) =>
      transaction(turns, async (sql) => {
        await sql.all('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`mangrove write ${schema}`])
        return work(sql)
      }),
    transaction: (work, isolation) => transaction(writes, work, isolation),
    async snapshot(work) {
      const results: Awaited<ReturnType<typeof work>>[] = []
      const once = async function* (sql: PostgresSql) {
        yield await work(sql)
      }
      for await (const result of streaming(once)) results.push(result)
      return results[0]!
    },
    streaming,
    waiting: () => reads.waitingCount + writes.waitingCount + turns.waitingCount,
    close,
  }
}

/** Ends a transaction and gives its connection back; one that does not answer any more is closed. */
async function end(client: PoolClient, how: 'COMMIT' | 'ROLLBACK'): Promise<void> {
  await client.query(how).then(
    () => client.release(),
    () => client.release(true),
  )
}

const sqlOn = (client: PoolClient): PostgresSql => ({
  all: async (sql, values = []) => (await client.query(sql, [...values])).rows,
  change: async (sql, values = []) => (await client.query(sql, [...values])).rowCount ?? 0,
  copy: (sql, bytes) => finished(client.query(copyFrom(sql)).end(bytes)),
})
