/**
 * What a long run has done so far, part by part, so that it goes on after an interruption. A run that finds parts must come
 * to the same result as one that finds none: they are its own work, not something it reads.
 */
export interface Checkpoint {
  /** The parts that were kept of this run: same engine, version, input and data. Asked for once, after everything was read. */
  load(): Promise<readonly unknown[]>
  append(part: unknown): Promise<void>
}

/** Keeps the parts of runs that are not done. */
export interface CheckpointStore {
  read(key: string): Promise<readonly string[]>
  append(key: string, text: string): Promise<void>
  drop(key: string): Promise<void>
}
