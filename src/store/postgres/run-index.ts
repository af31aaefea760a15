import type { EvidenceRecord } from '../../kernel/index.ts'
import { defaultRuns, type ListedRun, listedRunOf, type RunList } from '../run-list.ts'
import { arrayOf, int8 } from './binary-columns.ts'
import type { PostgresDatabase, PostgresSql, PostgresValue } from './database.ts'

/** What the list of runs tells, beside the evidence and written with it. */
export const runIndexTables: readonly string[] = [
  `CREATE TABLE run_index (
     id TEXT COLLATE "C" PRIMARY KEY,
     clock_ms BIGINT NOT NULL,
     engine TEXT COLLATE "C" NOT NULL,
     site TEXT COLLATE "C"
   )`,
  'CREATE INDEX run_index_time ON run_index (clock_ms, id)',
  'CREATE INDEX run_index_site ON run_index (site, clock_ms, id)',
  'CREATE INDEX run_index_engine ON run_index (engine, clock_ms, id)',
]

/** The list of runs of a database. */
export function createPostgresRunList({ read }: Pick<PostgresDatabase, 'read'>): RunList {
  return {
    async list({ sites: asked, engine, fromMs, toMs, after, limit = defaultRuns } = {}) {
      const sites = asked?.filter(isText)
      // No run has such a name.
      if (engine !== undefined && !isText(engine)) return []
      const values: PostgresValue[] = []
      const given = (value: PostgresValue): string => `$${values.push(value)}`
      const conditions = [
        ...(sites === undefined ? [] : [`site = ANY(${given(sites)}::text[])`]),
        ...(engine === undefined ? [] : [`engine = ${given(engine)}`]),
        ...(fromMs === undefined ? [] : [`clock_ms >= ${given(Math.ceil(fromMs))}::int8`]),
        ...(toMs === undefined ? [] : [`clock_ms < ${given(Math.ceil(toMs))}::int8`]),
        ...(after === undefined
          ? []
          : [`(clock_ms, id) < (${given(Math.trunc(after.clockMs))}::int8, ${given(after.id)}::text COLLATE "C")`]),
      ]
      const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`
      const rows = await read(
        `SELECT id, clock_ms, engine, site FROM run_index ${where} ORDER BY clock_ms DESC, id DESC LIMIT ${Math.trunc(limit)}`,
        values,
      )
      return rows.map(
        (row): ListedRun => ({
          id: String(row.id),
          engine: String(row.engine),
          ...(row.site === null ? {} : { site: String(row.site) }),
          clockMs: Number(row.clock_ms),
        }),
      )
    },
  }
}

/** Whether PostgreSQL takes it for a text. */
const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')

/** Enters runs whose evidence was written in the same transaction; what is damaged is told by who reads it, and left out here. */
export async function indexRuns(sql: PostgresSql, texts: readonly string[]): Promise<void> {
  const records = texts.map(parsed).filter((record) => record !== undefined)
  const hashes = [...new Set(records.map(({ inputSha256 }) => String(inputSha256)))]
  const blobs = await sql.all('SELECT sha256, content FROM evidence_blob WHERE sha256 = ANY($1::text[])', [hashes])
  const inputs = new Map(blobs.map(({ sha256, content }) => [String(sha256), (content as Buffer).toString('utf8')]))
  const runs = records
    .map((record) => listedRunOf(record, inputs.get(String(record.inputSha256))))
    .filter((run) => run !== undefined)
  if (runs.length === 0) return
  await sql.change(
    `INSERT INTO run_index AS r (id, clock_ms, engine, site)
       SELECT id, clock_ms, engine, nullif(site, '')
       FROM unnest($1::text[], $2::int8[], $3::text[], $4::text[]) AS given (id, clock_ms, engine, site)
     ON CONFLICT (id) DO UPDATE SET site = excluded.site WHERE r.site IS NULL AND excluded.site IS NOT NULL`,
    [
      runs.map(({ id }) => id),
      arrayOf(
        int8,
        runs.map(({ clockMs }) => clockMs),
      ),
      runs.map(({ engine }) => engine),
      runs.map(({ site }) => site ?? ''),
    ],
  )
}

/** Runs of one turn of filling; an input may take a megabyte. */
const fillRows = 50

/** Enters the runs that were kept before there was a list. */
export async function fillRunIndex(sql: PostgresSql): Promise<void> {
  for (let after = ''; ; ) {
    const rows = await sql.all(`SELECT id, content FROM evidence_run WHERE id > $1 ORDER BY id LIMIT ${fillRows}`, [
      after,
    ])
    const last = rows.at(-1)
    if (!last) return
    const whole = rows.filter(({ id, content }) => parsed(String(content))?.id === id)
    await indexRuns(
      sql,
      whole.map(({ content }) => String(content)),
    )
    after = String(last.id)
  }
}

function parsed(text: string): EvidenceRecord | undefined {
  try {
    const record: unknown = JSON.parse(text)
    return typeof record === 'object' && record !== null ? (record as EvidenceRecord) : undefined
  } catch {
    return undefined
  }
}
