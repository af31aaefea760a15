import { type QuarterKey, quarterMs } from '../observations/quarters.ts'
import { arrayOf, int4 } from './binary-columns.ts'
import type { PostgresDatabase, PostgresSql } from './database.ts'
import { isLockTimeout } from './explain-error.ts'
import { keyColumns } from './quarter-table.ts'

/**
 * Marks of quarters that have to be made anew.
 *
 * A mark carries the round of its site in which it was made. Writers hold the round while they write; whoever makes
 * quarters anew ends the round first, which waits for those who hold it, and takes marks of former rounds only. All rows
 * that rest on such a mark are there to read then, and whoever writes from now on marks in the new round. So a writer need
 * not write a mark that it knows to be there in the present round, and nobody waits while quarters are made.
 */
export interface Marks {
  /** Holds the rounds of sites until the transaction ends. @returns them by site */
  hold(sql: PostgresSql, sites: Iterable<number>): Promise<Rounds>
  /**
   * Marks quarters in the rounds that are held.
   *
   * @returns what to call after the transaction is committed: they need not be marked again in this round
   */
  mark(sql: PostgresSql, keys: readonly MarkKey[], rounds: Rounds): Promise<() => void>
  /** The round that a site is in. */
  present(sql: PostgresSql, siteId: number): Promise<number>
  /** Ends the round of a site. @returns the new one; undefined where a writer holds the old one too long */
  end(siteId: number): Promise<number | undefined>
}

export type Rounds = ReadonlyMap<number, number>

/** A quarter of a point of a site. */
export interface MarkKey extends QuarterKey {
  readonly siteId: number
}

/** Writers that wait behind whoever ends a round wait no longer than this. */
const patienceMs = 2000
/** Marks of the present round that are remembered of a site. */
const rememberedMarks = 200_000

export function createMarks(database: PostgresDatabase, waitMs = patienceMs): Marks {
  const known = new Map<number, { readonly round: number; readonly keys: Set<number> }>()
  const lock = `mangrove round ${database.schema} `

  return {
    async hold(sql, sites) {
      const sorted = Int32Array.from(new Set(sites)).sort()
      const ids = arrayOf(int4, sorted)
      await sql.all(
        'SELECT pg_advisory_xact_lock_shared(hashtextextended($1 || id, 0)) FROM unnest($2::int4[]) AS s (id)',
        [lock, ids],
      )
      // A statement of its own: it sees what was committed while the one before waited.
      const rows = await sql.all('SELECT site_id, round FROM stale_round WHERE site_id = ANY($1::int4[])', [ids])
      const ended = new Map(rows.map((row) => [Number(row.site_id), Number(row.round)]))
      return new Map(Array.from(sorted, (siteId) => [siteId, ended.get(siteId) ?? 0]))
    },

    async mark(sql, keys, rounds) {
      const added = keys.filter(({ siteId, point, startMs }) => {
        const site = known.get(siteId)
        return site?.round !== rounds.get(siteId) || !site?.keys.has(shortKey(point, startMs))
      })
      if (added.length > 0) await sql.change(addMarks, markColumns(added, rounds))
      return () => {
        for (const { siteId, point, startMs } of added) {
          const round = rounds.get(siteId)!
          const before = known.get(siteId)
          if (before && before.round > round) continue
          const site = before?.round === round ? before : { round, keys: new Set<number>() }
          known.set(siteId, site)
          if (site.keys.size >= rememberedMarks) site.keys.clear()
          site.keys.add(shortKey(point, startMs))
        }
      }
    },

    async present(sql, siteId) {
      const [row] = await sql.all('SELECT round FROM stale_round WHERE site_id = $1', [siteId])
      return Number(row?.round ?? 0)
    },

    async end(siteId) {
      try {
        return await database.transaction(async (sql) => {
          await sql.all(`SET LOCAL lock_timeout = ${waitMs}`)
          await sql.all('SELECT pg_advisory_xact_lock(hashtextextended($1 || $2::int4, 0))', [lock, siteId])
          const [row] = await sql.all(
            `INSERT INTO stale_round AS r (site_id, round) VALUES ($1, 1)
             ON CONFLICT (site_id) DO UPDATE SET round = r.round + 1 RETURNING round`,
            [siteId],
          )
          return Number(row?.round)
        })
      } catch (error) {
        if (isLockTimeout(error)) return undefined
        throw error
      }
    },
  }
}

/** In the order of their keys, so that two who mark the same do not wait for each other in a circle. */
const addMarks = `
  INSERT INTO stale AS s (site_id, point, start_ms, round)
    SELECT * FROM unnest($1::int4[], $2::int4[], $3::int8[], $4::int4[]) ORDER BY 1, 2, 3
  ON CONFLICT (site_id, point, start_ms) DO UPDATE SET round = excluded.round WHERE s.round <> excluded.round`

/** Marks of restored rows, of a time before the first round. */
export async function restoreMarks(sql: PostgresSql, keys: readonly MarkKey[]): Promise<void> {
  await sql.change(addMarks, markColumns(keys, new Map()))
}

const markColumns = (keys: readonly MarkKey[], rounds: Rounds): readonly Buffer[] => [
  arrayOf(
    int4,
    keys.map(({ siteId }) => siteId),
  ),
  ...keyColumns(keys),
  arrayOf(
    int4,
    keys.map(({ siteId }) => rounds.get(siteId) ?? 0),
  ),
]

/** One number a quarter of a point, exact for points up to 2³⁰ and years up to 2209. */
const shortKey = (point: number, startMs: number): number => point * 2 ** 23 + startMs / quarterMs

/** Marks of a site from before a round, the oldest first. */
export async function readMarks(
  sql: PostgresSql,
  { siteId, round }: { readonly siteId: number; readonly round: number },
  beforeMs: number,
  limit: number,
): Promise<readonly QuarterKey[]> {
  const rows = await sql.all(
    `SELECT point, start_ms FROM stale WHERE site_id = $1 AND start_ms <= $2::int8 AND round < $3::int4
     ORDER BY start_ms, point LIMIT $4`,
    [siteId, Math.floor(beforeMs) - quarterMs, round, Math.trunc(limit)],
  )
  return rows.map((row) => ({ point: Number(row.point), startMs: Number(row.start_ms) }))
}

/** Removes marks from before a round; one that was made again since stays. */
export async function removeMarks(
  sql: PostgresSql,
  { siteId, round }: { readonly siteId: number; readonly round: number },
  keys: readonly QuarterKey[],
): Promise<void> {
  // In the order of their keys, as writers make them.
  const sorted = [...keys].sort((a, b) => a.point - b.point || a.startMs - b.startMs)
  await sql.change(
    `DELETE FROM stale t USING unnest($2::int4[], $3::int8[]) AS k (point, start_ms)
     WHERE t.site_id = $1 AND t.point = k.point AND t.start_ms = k.start_ms AND t.round < $4::int4`,
    [siteId, ...keyColumns(sorted), round],
  )
}
