import type { Clock } from '../kernel/index.ts'
import { storeErrors } from './errors.ts'
import type { SqlDatabase, SqlRow } from './sql.ts'

/** One version of a document. */
export interface StoredDocument<T> {
  readonly kind: string
  readonly name: string
  /** 1, 2, 3 … */
  readonly version: number
  readonly createdMs: number
  readonly content: T
}

/** A version without its content. */
export type DocumentVersion = Pick<StoredDocument<unknown>, 'version' | 'createdMs'>

/** A document with the versions that are kept of it. */
export interface DocumentEntry {
  readonly kind: string
  readonly name: string
  /** The newest. */
  readonly version: number
  /** When the newest was put. */
  readonly createdMs: number
  /** How many versions are kept. */
  readonly versions: number
}

export interface DocumentList {
  /** Documents of this name, and of names that go on with a slash after it. */
  readonly under: string
  /** The last document of the page before; exclusive. */
  readonly after?: Pick<DocumentEntry, 'kind' | 'name'>
  /** Default 1000. */
  readonly limit?: number
}

export interface VersionList {
  /** Exclusive: the last version of the page before. */
  readonly before?: number
  /** Default 1000. */
  readonly limit?: number
}

/** JSON documents with versions: published plans by site. */
export interface Documents {
  /**
   * Adds the next version and returns it.
   *
   * @param expected the newest version that must be there; 0 = none may be there; absent = whatever is there.
   * @throws `store.conflict` when another is there
   */
  put<T>(kind: string, name: string, content: T, expected?: number): Promise<StoredDocument<T>>
  latest<T>(kind: string, name: string): Promise<StoredDocument<T> | undefined>
  version<T>(kind: string, name: string, version: number): Promise<StoredDocument<T> | undefined>
  /** Kept versions of a document, the newest first. */
  versions(kind: string, name: string, list?: VersionList): Promise<readonly DocumentVersion[]>
  /** Documents in the order of kind and name. */
  list(list: DocumentList): Promise<readonly DocumentEntry[]>
  /** Removes all but the newest `keep` versions. */
  prune(kind: string, name: string, keep: number): Promise<void>
}

export function createDocuments(database: SqlDatabase, clock: Clock): Documents {
  return {
    put: (kind, name, content, expected) =>
      database.write(async (sql) => {
        const createdMs = clock.now()
        if (expected !== undefined) {
          const [newest] = await sql.all(
            'SELECT coalesce(max(version), 0) AS version FROM document WHERE kind = $1 AND name = $2',
            [kind, name],
          )
          if (Number(newest?.version) !== expected) throw conflict(Number(newest?.version), expected)
        }
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
      return rows[0] && toDocument<T>(kind, name, rows[0])
    },
    async version<T>(kind: string, name: string, version: number) {
      const rows = await database.read(
        'SELECT version, content, created_ms FROM document WHERE kind = $1 AND name = $2 AND version = $3',
        [kind, name, version],
      )
      return rows[0] && toDocument<T>(kind, name, rows[0])
    },
    async versions(kind, name, { before = 2 ** 31 - 1, limit = 1000 } = {}) {
      const rows = await database.read(
        `SELECT version, created_ms FROM document WHERE kind = $1 AND name = $2 AND version < $3
         ORDER BY version DESC LIMIT ${Math.trunc(limit)}`,
        [kind, name, before],
      )
      return rows.map((row) => ({ version: Number(row.version), createdMs: Number(row.created_ms) }))
    },
    async list({ under, after, limit = 1000 }) {
      const rows = await database.read(
        `SELECT kind, name, max(version) AS version, max(created_ms) AS created_ms, count(*) AS versions
         FROM document
         WHERE (name = $1 OR starts_with(name, $2)) AND (kind > $3 OR (kind = $3 AND name > $4))
         GROUP BY kind, name ORDER BY kind, name LIMIT ${Math.trunc(limit)}`,
        [under, `${under}/`, after?.kind ?? '', after?.name ?? ''],
      )
      return rows.map((row) => ({
        kind: String(row.kind),
        name: String(row.name),
        version: Number(row.version),
        createdMs: Number(row.created_ms),
        versions: Number(row.versions),
      }))
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

const toDocument = <T>(kind: string, name: string, row: SqlRow): StoredDocument<T> => ({
  kind,
  name,
  version: Number(row.version),
  createdMs: Number(row.created_ms),
  content: JSON.parse(String(row.content)) as T,
})

const conflict = (found: number, expected: number) =>
  storeErrors.conflict({
    detail: 'Somebody else changed it in the meantime; read it again',
    found: `version ${found}`,
    expected: `version ${expected}`,
  })
