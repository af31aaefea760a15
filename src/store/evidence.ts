import { join } from 'node:path'
import type { EvidenceStore } from '../kernel/index.ts'
import { createBlobs, readIfThere, writeDurably } from './blobs.ts'
import { checkRecord, checkTexts, parseRecord } from './evidence-record.ts'
import { enterRun } from './run-days.ts'

/** Evidence as plain files: blobs by hash, the run's place in the list, and one JSON file a run, written last. */
export function openEvidence(folder: string): EvidenceStore {
  const blobs = createBlobs(join(folder, 'evidence/blobs'))
  const fileOf = (id: string): string => join(folder, 'evidence/runs', `${id}.json`)

  return {
    async put(record, texts) {
      checkRecord(record)
      checkTexts(texts)
      await Promise.all([...texts.values()].map((text) => blobs.put(text)))
      await enterRun(folder, record, texts.get(record.inputSha256) ?? (await blobs.get(record.inputSha256)))
      await writeDurably(fileOf(record.id), JSON.stringify(record))
    },
    async record(id) {
      if (!/^[0-9a-f]{64}$/.test(id)) return undefined
      const text = await readIfThere(fileOf(id))
      return text === undefined ? undefined : parseRecord(text, id)
    },
    blob: (sha256) => blobs.get(sha256),
  }
}
