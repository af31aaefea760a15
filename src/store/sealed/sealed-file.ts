import type { Sql, SqlRow } from '../sql.ts'

/** What a sealed file holds: single values, or quarters of an hour. */
export type SealedContent = 'rows' | 'quarters'

/** One Parquet file of a month of a site, as the database remembers it. */
export interface SealedFile {
  readonly site: string
  /** `2026-07`, UTC. */
  readonly month: string
  readonly content: SealedContent
  /** Name below the folder of sealed files; never used twice. */
  readonly file: string
  readonly sha256: string
  readonly rows: number
  readonly bytes: number
  /** Ids of the first and the last point in it. */
  readonly fromPoint: number
  readonly toPoint: number
  /** Event time of the first row, and of the last. */
  readonly fromMs: number
  readonly toMs: number
  readonly sealedMs: number
}

const columns = 'site, month, content, file, sha256, rows, bytes, from_point, to_point, from_ms, to_ms, sealed_ms'

export async function listSealed(sql: Sql, site?: string): Promise<readonly SealedFile[]> {
  const where = site === undefined ? '' : 'WHERE site = $1'
  const rows = await sql.all(`SELECT ${columns} FROM sealed ${where} ORDER BY file`, site === undefined ? [] : [site])
  return rows.map(toSealed)
}

/** The files take the place of those that the month had. */
export async function replaceSealed(
  sql: Sql,
  site: string,
  month: string,
  files: readonly SealedFile[],
): Promise<void> {
  await sql.all('DELETE FROM sealed WHERE site = $1 AND month = $2', [site, month])
  for (const file of files) {
    await sql.all(`INSERT INTO sealed (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, [
      file.site,
      file.month,
      file.content,
      file.file,
      file.sha256,
      BigInt(file.rows),
      BigInt(file.bytes),
      file.fromPoint,
      file.toPoint,
      BigInt(file.fromMs),
      BigInt(file.toMs),
      BigInt(file.sealedMs),
    ])
  }
}

function toSealed(row: SqlRow): SealedFile {
  return {
    site: String(row.site),
    month: String(row.month),
    content: String(row.content) as SealedContent,
    file: String(row.file),
    sha256: String(row.sha256),
    rows: Number(row.rows),
    bytes: Number(row.bytes),
    fromPoint: Number(row.from_point),
    toPoint: Number(row.to_point),
    fromMs: Number(row.from_ms),
    toMs: Number(row.to_ms),
    sealedMs: Number(row.sealed_ms),
  }
}

/** `2026-07` of a moment, UTC. */
export const monthOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 7)

export const monthStartMs = (month: string): number => Date.parse(`${month}-01T00:00:00Z`)

export function monthEndMs(month: string): number {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return Date.UTC(year, number, 1)
}
