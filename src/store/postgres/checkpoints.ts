import type { CheckpointStore } from '../../kernel/index.ts'
import { checkHash } from '../evidence-record.ts'
import type { PostgresDatabase } from './database.ts'

/** Parts of runs in a table that all nodes see: a run goes on at another node than it began at. */
export function createPostgresCheckpoints(database: PostgresDatabase): CheckpointStore {
  const checked = (key: string): string => checkHash(key, 'A checkpoint')
  return {
    async read(key) {
      const rows = await database.read('SELECT content FROM checkpoint WHERE key = $1 ORDER BY number', [checked(key)])
      return rows.map(({ content }) => String(content))
    },
    append: (key, text) =>
      database.write(async (sql) => {
        await sql.all(
          `INSERT INTO checkpoint (key, number, content)
             SELECT $1, count(*), $2 FROM checkpoint WHERE key = $1`,
          [checked(key), text],
        )
      }),
    async drop(key) {
      await database.transaction((sql) => sql.change('DELETE FROM checkpoint WHERE key = $1', [checked(key)]))
    },
  }
}
