import type { Pool } from 'pg'
import { storeErrors } from '../errors.ts'

/** How many connections a node takes at most; further work waits for one. */
export interface PoolLimits {
  readonly reads: number
  readonly writes: number
}

export interface Pools {
  readonly reads: Pool
  readonly writes: Pool
  /** One connection, for work that is done in turns. */
  readonly turns: Pool
  /** Where the server is, without the password. */
  readonly server: string
  close(): Promise<void>
}

/** Waiting longer than this, for an answer or for a free connection, is a failure. */
const connectMs = 10_000
/** A transaction that does nothing for so long is ended by the server, and its locks with it. */
const idleMs = 600_000

/** Pools on one schema; nothing is asked of the server yet. */
export async function openPools(url: string, schema: string, limits: PoolLimits): Promise<Pools> {
  const { address, options } = readAddress(url)
  // Loaded on first use: most commands need no server.
  const { default: pg } = await import('pg')
  const open = (max: number): Pool => {
    const pool = new pg.Pool({
      connectionString: address,
      options: `${options} -c search_path=${schema} -c idle_in_transaction_session_timeout=${idleMs}`.trim(),
      application_name: 'mangrove',
      max,
      connectionTimeoutMillis: connectMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
    })
    // A connection may break while nobody uses it, or between two statements: whoever uses it next is told.
    pool.on('error', () => undefined)
    pool.on('connect', (client) => client.on('error', () => undefined))
    return pool
  }
  const pools = { reads: open(limits.reads), writes: open(limits.writes), turns: open(1) }
  let ended: Promise<unknown> | undefined
  return {
    ...pools,
    server: withoutPassword(address),
    async close() {
      ended ??= Promise.all(Object.values(pools).map((pool) => pool.end()))
      await ended
    },
  }
}

/** `options` of the address would take the place of ours; both are kept. */
function readAddress(url: string): { readonly address: string; readonly options: string } {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^postgres(ql)?:$/.test(parsed.protocol)) {
    throw storeErrors.denied({
      detail: 'The address of the database is not one of PostgreSQL',
      found: parsed ? parsed.protocol : 'no address',
      expected: 'postgres://user:password@host:5432/database',
    })
  }
  const options = parsed.searchParams.get('options') ?? ''
  parsed.searchParams.delete('options')
  return { address: parsed.href, options }
}

function withoutPassword(address: string): string {
  const { hostname, port, pathname } = new URL(address)
  return `${hostname}${port === '' ? '' : `:${port}`}${pathname}`
}
