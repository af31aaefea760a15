import pg from 'pg'

let made = 0

/** A name that no other test has, also of another process on the same server. */
export function newSchema(): string {
  made += 1
  return `test_${process.pid}_${made}`
}

const pools = new Map<string, pg.Pool>()

/** Runs one statement beside the engine that is tested. */
export async function ask(url: string, sql: string): Promise<readonly Record<string, unknown>[]> {
  let pool = pools.get(url)
  if (!pool) {
    pool = new pg.Pool({ connectionString: url, max: 2, idleTimeoutMillis: 200, allowExitOnIdle: true })
    pool.on('error', () => undefined)
    pools.set(url, pool)
  }
  return (await pool.query<Record<string, unknown>>(sql)).rows
}

export const dropSchema = (url: string, schema: string): Promise<unknown> =>
  ask(url, `SET client_min_messages = warning; DROP SCHEMA IF EXISTS ${schema} CASCADE`).then(() => undefined)
