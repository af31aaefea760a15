import { kernelErrors } from '../kernel-errors.ts'
import { canonicalJson, sha256Hex } from '../lineage/index.ts'
import type { EvidenceStore, Reading } from './evidence.ts'

/** What was asked for, as evidence names it. */
export type ReadingRequest = readonly [kind: Reading['kind'], request: unknown]

/** Everything that comes into a run from outside its input passes through here. */
export interface ReadingLog {
  keep(request: ReadingRequest, answer: unknown): void
  readonly blobs: ReadonlyMap<string, string>
  /** What was read so far, each once, in a stable order. */
  readings(): readonly Reading[]
}

export function createReadingLog(): ReadingLog {
  const blobs = new Map<string, string>()
  const readings = new Map<string, Reading>()
  return {
    blobs,
    keep([kind, request], answer) {
      const text = canonicalJson(answer)
      const sha256 = sha256Hex(text)
      blobs.set(sha256, text)
      readings.set(canonicalJson([kind, request]), { kind, request, sha256 })
    },
    readings: () => [...readings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reading]) => reading),
  }
}

/** The readings of a kept run, to be read again. */
export interface ReadingRecall {
  has(request: ReadingRequest): boolean
  /** @throws `kernel.evidence-incomplete` for what the run did not read, and for what is gone */
  recall<T>(request: ReadingRequest): Promise<T>
}

export function createReadingRecall(readings: readonly Reading[], evidence: EvidenceStore): ReadingRecall {
  const known = new Map(readings.map(({ kind, request, sha256 }) => [canonicalJson([kind, request]), sha256]))
  return {
    has: (request) => known.has(canonicalJson(request)),
    async recall<T>(request: ReadingRequest): Promise<T> {
      const sha256 = known.get(canonicalJson(request))
      const text = sha256 === undefined ? undefined : await evidence.blob(sha256)
      if (text === undefined) {
        throw kernelErrors.evidenceIncomplete({
          detail: `The evidence has no ${request[0]} for what the run asks now`,
          found: request[1],
        })
      }
      return JSON.parse(text) as T
    },
  }
}
