import { type EvidenceRecord, hashOf, sha256Hex } from '../kernel/index.ts'
import { storeErrors } from './errors.ts'

/** A record is named by the hash of all it says. @throws `store.evidence-damaged` */
export function checkRecord(record: EvidenceRecord): EvidenceRecord {
  const { id, ...rest } = record
  const expected = hashOf(rest)
  if (id === expected) return record
  throw storeErrors.evidenceDamaged({
    detail: 'The record of the run was changed after it was written',
    found: id,
    expected,
  })
}

/** @throws `store.evidence-damaged` */
export function parseRecord(text: string, id: string): EvidenceRecord {
  try {
    return checkRecord(JSON.parse(text) as EvidenceRecord)
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause
    throw storeErrors.evidenceDamaged({ detail: 'The record of the run is no JSON', found: id }, { cause })
  }
}

/** Texts under the hash of their bytes. @throws `store.evidence-damaged` for one that is not */
export function checkTexts(texts: ReadonlyMap<string, string>): void {
  for (const [sha256, text] of texts) {
    if (sha256Hex(text) !== sha256) {
      throw storeErrors.evidenceDamaged({
        detail: 'A blob does not match its name',
        found: sha256,
        expected: sha256Hex(text),
      })
    }
  }
}

/** @throws `store.evidence-damaged` for what was stored and is not as it was written */
export function checkBlob(sha256: string, text: string): string {
  if (sha256Hex(text) === sha256) return text
  throw storeErrors.evidenceDamaged({ detail: 'The stored bytes were changed after they were written', found: sha256 })
}

/** @throws `store.bad-id` */
export function checkHash(sha256: string, what: string): string {
  if (/^[0-9a-f]{64}$/.test(sha256)) return sha256
  throw storeErrors.badId({ detail: `${what} is named by a SHA-256`, found: sha256, expected: '64 hex digits' })
}
