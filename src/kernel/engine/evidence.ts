/** One thing that a run read, with the hash of what it found. */
export interface Reading {
  /**
   * `start`: where a solve of a session began, a `SolveStart`; none when it began cold. `stop`: the checkpoints at which the
   * clock ended it; none when it ended by itself.
   */
  readonly kind: 'site' | 'series' | 'text' | 'start' | 'stop'
  /** What was asked for. */
  readonly request: unknown
  /** Name of the blob that holds the answer. */
  readonly sha256: string
}

/** What is needed to run a run again: engine, input, time, seed and everything it read, by hash. */
export interface EvidenceRecord {
  /** SHA-256 of the canonical JSON of the rest. */
  readonly id: string
  readonly engine: string
  readonly engineVersion: string
  /** The moment that the run took for now. */
  readonly clockMs: number
  readonly seed: number
  readonly inputSha256: string
  readonly outputSha256: string
  /** In the order of their requests' canonical JSON. */
  readonly readings: readonly Reading[]
}

/** Keeps evidence. Blobs are canonical JSON under the SHA-256 of their bytes. */
export interface EvidenceStore {
  /** Durable when it returns. The same record may be put again. */
  put(record: EvidenceRecord, blobs: ReadonlyMap<string, string>): Promise<void>
  record(id: string): Promise<EvidenceRecord | undefined>
  blob(sha256: string): Promise<string | undefined>
}
