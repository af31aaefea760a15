import type { EvidenceStore } from '../../kernel/index.ts'
import { checkBlob, checkHash, checkRecord, checkTexts, parseRecord } from '../evidence-record.ts'
import type { PostgresDatabase } from './database.ts'
import { indexRuns } from './run-index.ts'

/** Evidence in tables that all nodes see: blobs by hash, a record a run, and its line of the list, all of a run in one transaction. */
export function createPostgresEvidence(database: PostgresDatabase): EvidenceStore {
  return {
    async put(record, texts) {
      checkRecord(record)
      checkTexts(texts)
      const blobs = [...texts].sort(([a], [b]) => (a < b ? -1 : 1))
      await database.transaction(async (sql) => {
        for (const [sha256, text] of blobs) {
          await sql.change(
            `INSERT INTO evidence_blob AS b (sha256, content) VALUES ($1, $2)
             ON CONFLICT (sha256) DO UPDATE SET content = excluded.content WHERE b.content <> excluded.content`,
            [sha256, Buffer.from(text, 'utf8')],
          )
        }
        const content = JSON.stringify(record)
        await sql.change(
          `INSERT INTO evidence_run (id, content) VALUES ($1, $2)
           ON CONFLICT (id) DO UPDATE SET content = excluded.content`,
          [record.id, content],
        )
        await indexRuns(sql, [content])
      })
    },
    async record(id) {
      const [row] = await database.read('SELECT content FROM evidence_run WHERE id = $1', [id])
      return row && parseRecord(String(row.content), id)
    },
    async blob(sha256) {
      const [row] = await database.read('SELECT content FROM evidence_blob WHERE sha256 = $1', [
        checkHash(sha256, 'A blob'),
      ])
      return row && checkBlob(sha256, (row.content as Buffer).toString('utf8'))
    },
  }
}
