import type { KeptQuarters, RowRange, StoredPoint } from './observations/observation-tables.ts'
import type { Quarter, QuarterKey } from './observations/quarters.ts'
import type { Rows } from './observations/rows.ts'
import type { Sql, SqlRow } from './sql.ts'

/** Evidence as texts: runs by id, blobs by the SHA-256 of their bytes. */
export interface EvidenceTexts {
  /** Ids in order. */
  runs(): Promise<readonly string[]>
  /** Names in order. */
  blobs(): Promise<readonly string[]>
  /** Text of a run's record; undefined where it is gone. */
  run(id: string): Promise<string | undefined>
  /** Text of a blob, unchecked; undefined where it is gone. */
  blob(sha256: string): Promise<string | undefined>
}

/** Keeps evidence texts as they are told; durable when the restore is. */
export interface EvidenceWriter {
  run(id: string, text: string): Promise<void>
  blob(sha256: string, text: string): Promise<void>
}

/**
 * What an engine holds, as one moment sees it; writes go on beside it. One thing is asked after another: a stream is
 * read to its end, or left, before the next question. Sealed months are not in it, their list is.
 */
export interface Snapshot {
  all: Sql['all']
  /** A result too long to hold at once, some rows at a time. */
  stream(sql: string): AsyncIterable<readonly SqlRow[]>
  /** Rows in order of point, event time and source, one an identity. */
  rows(range: RowRange): AsyncIterable<Rows>
  newest(points: readonly number[]): Promise<Rows>
  quarters(range: RowRange): Promise<KeptQuarters>
  /** Months that hold rows or quarters, UTC, in order: `2026-07`. */
  months(): Promise<readonly string[]>
  /** About how many rows there are. */
  readonly rowCount: number
  /** Present where the engine keeps evidence itself; else it lies in the data folder. */
  readonly evidence?: EvidenceTexts
}

/** Fills an engine that is empty, with the ids as they were. */
export interface Restoring {
  all: Sql['all']
  points(points: readonly StoredPoint[]): Promise<void>
  /** Rows in order of point, event time and source, none twice. */
  rows(rows: Rows): Promise<void>
  newest(rows: Rows): Promise<void>
  quarters(quarters: readonly Quarter[]): Promise<void>
  stale(keys: readonly QuarterKey[]): Promise<void>
  /** Present where the engine keeps evidence itself. */
  readonly evidence?: EvidenceWriter
}
