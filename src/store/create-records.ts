import type { Clock } from '../kernel/index.ts'
import { storeErrors } from './errors.ts'
import type { Journal, JournalEntry, JournalPage, RecordList, Records, StoredRecord } from './records.ts'
import type { Sql, SqlDatabase, SqlRow, SqlValue } from './sql.ts'

/** Records in a table of either engine. */
export function createRecords(database: SqlDatabase, clock: Clock): Records {
  return {
    async get<T>(kind: string, key: string) {
      const [row] = await database.read(`SELECT ${recordColumns} FROM record WHERE kind = $1 AND key = $2`, [kind, key])
      return row && toRecord<T>(row)
    },
    async list<T>(kind: string, { prefix = '', after = '', limit = 1000 }: RecordList = {}) {
      const rows = await database.read(
        `SELECT ${recordColumns} FROM record WHERE kind = $1 AND starts_with(key, $2) AND key > $3
         ORDER BY key LIMIT ${Math.trunc(limit)}`,
        [kind, prefix, after],
      )
      return rows.map((row) => toRecord<T>(row))
    },
    put: (kind, key, content, expected) =>
      database.write(async (sql) => {
        const present = await presentVersion(sql, kind, key, expected)
        const record = { key, version: present + 1, updatedMs: clock.now(), content }
        const values: SqlValue[] = [kind, key, record.version, BigInt(record.updatedMs), JSON.stringify(content)]
        await sql.all(
          present === 0
            ? 'INSERT INTO record (kind, key, version, updated_ms, content) VALUES ($1, $2, $3, $4, $5)'
            : 'UPDATE record SET version = $3, updated_ms = $4, content = $5 WHERE kind = $1 AND key = $2',
          values,
        )
        return record
      }),
    remove: (kind, key, expected) =>
      database.write(async (sql) => {
        const present = await presentVersion(sql, kind, key, expected)
        await sql.all('DELETE FROM record WHERE kind = $1 AND key = $2', [kind, key])
        return present > 0
      }),
  }
}

const recordColumns = 'key, version, updated_ms, content'

function toRecord<T>(row: SqlRow): StoredRecord<T> {
  return {
    key: String(row.key),
    version: Number(row.version),
    updatedMs: Number(row.updated_ms),
    content: JSON.parse(String(row.content)) as T,
  }
}

async function presentVersion(sql: Sql, kind: string, key: string, expected: number | undefined): Promise<number> {
  const [row] = await sql.all('SELECT version FROM record WHERE kind = $1 AND key = $2', [kind, key])
  const present = Number(row?.version ?? 0)
  if (expected === undefined || expected === present) return present
  throw storeErrors.conflict({
    detail: 'Somebody else changed it in the meantime; read it again',
    found: `version ${present}`,
    expected: `version ${expected}`,
  })
}

/** Streams of lines in a table of either engine. */
export function createJournal(database: SqlDatabase, clock: Clock): Journal {
  const insert = async <T>(sql: Sql, stream: string, content: T): Promise<JournalEntry<T>> => {
    const [last] = await sql.all('SELECT coalesce(max(number), 0) AS number FROM journal WHERE stream = $1', [stream])
    const entry = { number: Number(last?.number) + 1, writtenMs: clock.now(), content }
    await sql.all('INSERT INTO journal (stream, number, written_ms, content) VALUES ($1, $2, $3, $4)', [
      stream,
      BigInt(entry.number),
      BigInt(entry.writtenMs),
      JSON.stringify(content),
    ])
    return entry
  }
  return {
    append: (stream, content) => database.write((sql) => insert(sql, stream, content)),
    extend: <T>(stream: string, after: number, make: (newer: readonly JournalEntry<T>[]) => Promise<T | undefined>) =>
      database.write(async (sql) => {
        const newer = await sql.all(
          `SELECT ${entryColumns} FROM journal WHERE stream = $1 AND number > $2 ORDER BY number`,
          [stream, BigInt(after)],
        )
        const content = await make(newer.map((row) => toEntry<T>(row)))
        return content === undefined ? undefined : insert(sql, stream, content)
      }),
    async read<T>(stream: string, { after = 0, before, limit = 1000, newestFirst = false }: JournalPage = {}) {
      const rows = await database.read(
        `SELECT ${entryColumns} FROM journal
         WHERE stream = $1 AND number > $2 AND number < $3
         ORDER BY number ${newestFirst ? 'DESC' : 'ASC'} LIMIT ${Math.trunc(limit)}`,
        [stream, BigInt(after), BigInt(before ?? Number.MAX_SAFE_INTEGER)],
      )
      return rows.map((row) => toEntry<T>(row))
    },
  }
}

const entryColumns = 'number, written_ms, content'

const toEntry = <T>(row: SqlRow): JournalEntry<T> => ({
  number: Number(row.number),
  writtenMs: Number(row.written_ms),
  content: JSON.parse(String(row.content)) as T,
})
