import { join } from 'node:path'
import { type EvidenceRecord, type EvidenceStore, hashOf, sha256Hex } from '../kernel/index.ts'
import { createBlobs, readIfThere, writeDurably } from './blobs.ts'
import { storeErrors } from './errors.ts'

/** Evidence as plain files: blobs by hash, and one JSON file a run, written last. */
export function openEvidence(folder: string): EvidenceStore {
  const blobs = createBlobs(join(folder, 'evidence/blobs'))
  const fileOf = (id: string): string => join(folder, 'evidence/runs', `${id}.json`)

  return {
    async put(record, texts) {
      checkRecord(record)
      for (const [sha256, text] of texts) {
        if (sha256Hex(text) !== sha256) {
          throw storeErrors.evidenceDamaged({
            detail: 'A blob does not match its name',
            found: sha256,
            expected: sha256Hex(text),
          })
        }
      }
      await Promise.all([...texts.values()].map((text) => blobs.put(text)))
      await writeDurably(fileOf(record.id), JSON.stringify(record))
    },
    async record(id) {
      if (!/^[0-9a-f]{64}$/.test(id)) return undefined
      const text = await readIfThere(fileOf(id))
      return text === undefined ? undefined : checkRecord(parseRecord(text, id))
    },
    blob: (sha256) => blobs.get(sha256),
  }
}

function parseRecord(text: string, id: string): EvidenceRecord {
  try {
    return JSON.parse(text) as EvidenceRecord
  } catch (cause) {
    throw storeErrors.evidenceDamaged({ detail: 'The record of the run is no JSON', found: id }, { cause })
  }
}

/** A record is named by the hash of all it says. @throws `store.evidence-damaged` */
function checkRecord(record: EvidenceRecord): EvidenceRecord {
  const { id, ...rest } = record
  const expected = hashOf(rest)
  if (id === expected) return record
  throw storeErrors.evidenceDamaged({
    detail: 'The record of the run was changed after it was written',
    found: id,
    expected,
  })
}
