import type { EvidenceTexts, Snapshot } from '../snapshot.ts'
import type { SqlRow } from '../sql.ts'
import type { PostgresDatabase, PostgresSql } from './database.ts'
import { monthsIn } from './months.ts'
import { newestOfRuns, quartersOfRuns, rowsOfRuns } from './runs.ts'
import type { SitesOfPoints } from './sites-of-points.ts'

/** Rows of one answer while a long result is read. */
const fetchRows = 1000
/** A table with more rows than this is not counted; the server's own estimate will do. */
const countedRows = 1_000_000

/** Everything as one transaction sees it; what is written meanwhile is not in it, and waits for nothing. */
export function postgresSnapshot<T>(
  database: PostgresDatabase,
  sites: SitesOfPoints,
  work: (read: Snapshot) => Promise<T>,
): Promise<T> {
  return database.snapshot(async (sql) =>
    work({
      all: sql.all,
      stream: (statement) => streamRows(sql, statement),
      async *rows(range) {
        yield* rowsOfRuns(sql, await sites.runs(range.points), range)
      },
      newest: async (points) => newestOfRuns(sql.all, await sites.runs(points)),
      quarters: async (range) => quartersOfRuns(sql.all, await sites.runs(range.points), range),
      months: () => monthsIn(sql.all),
      rowCount: await countRows(sql),
      evidence: evidenceTexts(sql),
    }),
  )
}

async function countRows(sql: PostgresSql): Promise<number> {
  const [estimate] = await sql.all(`SELECT reltuples AS rows FROM pg_class WHERE oid = 'observation'::regclass`)
  if (Number(estimate?.rows) > countedRows) return Number(estimate?.rows)
  const [counted] = await sql.all('SELECT count(*) AS rows FROM observation')
  return Number(counted?.rows)
}

async function* streamRows(sql: PostgresSql, statement: string): AsyncIterable<readonly SqlRow[]> {
  await sql.all(`DECLARE long_result NO SCROLL CURSOR FOR ${statement}`)
  try {
    for (;;) {
      const rows = await sql.all(`FETCH ${fetchRows} FROM long_result`)
      if (rows.length === 0) return
      yield rows
    }
  } finally {
    await sql.all('CLOSE long_result')
  }
}

function evidenceTexts(sql: PostgresSql): EvidenceTexts {
  const names = async (statement: string): Promise<readonly string[]> =>
    (await sql.all(statement)).map(({ name }) => String(name))
  return {
    runs: () => names('SELECT id AS name FROM evidence_run ORDER BY id'),
    blobs: () => names('SELECT sha256 AS name FROM evidence_blob ORDER BY sha256'),
    async run(id) {
      const [row] = await sql.all('SELECT content FROM evidence_run WHERE id = $1', [id])
      return row && String(row.content)
    },
    async blob(sha256) {
      const [row] = await sql.all('SELECT content FROM evidence_blob WHERE sha256 = $1', [sha256])
      return row && (row.content as Buffer).toString('utf8')
    },
  }
}
