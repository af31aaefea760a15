import type { Clock } from '../kernel/index.ts'
import type { SqlDatabase } from './sql.ts'

/** One version of a document. */
export interface StoredDocument<T> {
  readonly kind: string
  readonly name: string
  /** 1, 2, 3 … */
  readonly version: number
  readonly createdMs: number
  readonly content: T
}

/** JSON documents with versions: published plans by site. */
export interface Documents {
  /** Adds the next version and returns it. */
  put<T>(kind: string, name: string, content: T): Promise<StoredDocument<T>>
  latest<T>(kind: string, name: string): Promise<StoredDocument<T> | undefined>
  /** Removes all but the newest `keep` versions. */
  prune(kind: string, name: string, keep: number): Promise<void>
}

export function createDocuments(database: SqlDatabase, clock: Clock): Documents {
  return {
    put: (kind, name, content) =>
      database.write(async (sql) => {
        const createdMs = clock.now()
        const [made] = await sql.all(
          `INSERT INTO document
             SELECT $1, $2, coalesce(max(version), 0) + 1, $3, $4 FROM document WHERE kind = $1 AND name = $2
           RETURNING version`,
          [kind, name, JSON.stringify(content), BigInt(createdMs)],
        )
        return { kind, name, version: Number(made?.version), createdMs, content }
      }),
    async latest<T>(kind: string, name: string) {
      const rows = await database.read(
        'SELECT version, content, created_ms FROM document WHERE kind = $1 AND name = $2 ORDER BY version DESC LIMIT 1',
        [kind, name],
      )
      const row = rows[0]
      if (!row) return undefined
      return {
        kind,
        name,
        version: Number(row.version),
        createdMs: Number(row.created_ms),
        content: JSON.parse(String(row.content)) as T,
      }
    },
    prune: (kind, name, keep) =>
      database.write(async (sql) => {
        await sql.all(
          `DELETE FROM document WHERE kind = $1 AND name = $2 AND version <=
             (SELECT max(version) FROM document WHERE kind = $1 AND name = $2) - $3::INTEGER`,
          [kind, name, keep],
        )
      }),
  }
}
