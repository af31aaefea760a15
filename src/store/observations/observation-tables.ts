import type { Sql } from '../sql.ts'
import type { CommitFigures } from './commit-figures.ts'
import type { CounterRules } from './counter-rise.ts'
import type { QuarterColumns } from './quarter-columns.ts'
import type { Quarter, QuarterKey } from './quarters.ts'
import type { Rows } from './rows.ts'

/** A point as the store knows it. */
export interface StoredPoint {
  readonly id: number
  readonly site: string
  /** `<asset>.<point>` */
  readonly name: string
  /** The unit it was first stored with; it keeps it. */
  readonly unit: string
  readonly rules: PointRules
}

/** What the store has to know of a point besides its unit. */
export interface PointRules {
  /** Present on counters. */
  readonly counter?: CounterRules
  /** Single values older than this are dropped; quarters of an hour stay. Absent: all are kept. */
  readonly retentionDays?: number
}

/** Points and moments to read. */
export interface RowRange {
  /** Ids of points. */
  readonly points: readonly number[]
  /** Inclusive. */
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
}

/** A stretch of receive time: from the first moment on, to before the second. */
export interface ReceiveWindow {
  readonly fromMs: number
  readonly toMs: number
}

export interface ReceiveTime {
  readonly receivedMs: number
  readonly rows: number
}

/** {@link touchedMs} of a point in which rows of a window lie. */
export interface Touched {
  readonly point: number
  /** Event time at which it begins. */
  readonly startMs: number
}

/** Quarters as far as they are kept, and those that have to be made anew from their rows. */
export interface KeptQuarters {
  /** In order of point and start; none of them is in `stale`. */
  readonly quarters: readonly Quarter[]
  readonly stale: readonly QuarterKey[]
  /** Of sealed months, in order of start for each point; one that is among the others does not count. */
  readonly sealed?: readonly QuarterColumns[]
}

/** Makes quarters from rows: which ones changed, and a way to read their rows as one transaction sees them. */
export type RemakeQuarters = (
  stale: readonly QuarterKey[],
  read: (range: RowRange) => AsyncIterable<Rows>,
) => Promise<readonly Quarter[]>

/** What a {@link ObservationTables.takeOut} sees: the state at its beginning. */
export interface TakeOutRead {
  rows(range: RowRange): AsyncIterable<Rows>
  quarters(range: RowRange): Promise<KeptQuarters>
}

/**
 * The tables of observations in one engine. It keeps rows and finds them again; what they mean (which source speaks,
 * what a quarter is, how a counter rises) is told once, above it, so that every engine gives the same answers to the bit.
 */
export interface ObservationTables {
  /** Points of a site by name; all of them without names. */
  pointsOf(site: string, names?: readonly string[]): Promise<readonly StoredPoint[]>
  /** Finds or makes points; one that is there keeps its unit, whatever is asked. */
  ensurePoints(points: readonly Pick<StoredPoint, 'site' | 'name' | 'unit'>[]): Promise<readonly StoredPoint[]>
  /** Changes the rules of points that are there; what was derived by the rules before is stale. */
  setRules(changes: readonly { readonly id: number; readonly rules: PointRules }[]): Promise<void>
  /** Rules of the counters among points by id. */
  countersAmong(points: readonly number[]): Promise<ReadonlyMap<number, CounterRules>>
  /** Finds or makes sources; ids in the order of the names. */
  ensureSources(names: readonly string[]): Promise<readonly number[]>
  /** Every source by id. */
  sources(): Promise<ReadonlyMap<number, string>>

  /** On the disk when it returns. A row whose identity is there takes its place. */
  append(rows: Rows): Promise<void>
  /** What waits to be appended, where this process queues it. */
  commits?(): CommitFigures
  /** Rows in order of point, event time and source, one an identity. */
  rows(range: RowRange): AsyncIterable<Rows>
  /**
   * The newest row by event time of every source of each point, in order of point and source. A row that is ahead of
   * its receive time ({@link isAhead}) comes after all that are not.
   */
  newest(points: readonly number[]): Promise<Rows>

  /**
   * The receive times within a window at which rows of points came, ascending, at most `most` of them, with how many rows each
   * brought. Rows that were replaced since may be counted.
   */
  receiveTimes(points: readonly number[], window: ReceiveWindow, most: number): Promise<readonly ReceiveTime[]>
  /** How many rows of points were received within a window, those that are sealed left out. */
  receiveCount(points: readonly number[], window: ReceiveWindow): Promise<number>
  /** Stretches of event time that hold every row of points that was received within a window. */
  touched(points: readonly number[], window: ReceiveWindow): Promise<readonly Touched[]>

  /** Kept quarters that start within the range. */
  quarters(range: RowRange): Promise<KeptQuarters>
  /**
   * Takes up to `limit` stale quarters that end before `beforeMs`, lets them be made anew and keeps the result, as one
   * transaction. A quarter that gets a row meanwhile stays stale.
   *
   * @returns how many were taken
   */
  refresh(beforeMs: number, limit: number, remake: RemakeQuarters): Promise<number>

  /** Removes rows of points before a time, of one source or of all, and returns how many; quarters they stood in become stale where `stale` is set. */
  remove(range: RowRange, options: { readonly source?: number; readonly stale: boolean }): Promise<number>

  /** Months that hold rows from before a moment, UTC: `2026-07`. */
  monthsBefore(beforeMs: number): Promise<readonly { readonly site: string; readonly month: string }[]>
  /**
   * Lets rows of a range be kept elsewhere and removes exactly those that were there to read, as one transaction; what
   * comes meanwhile stays, and is marked. Kept quarters and marks of the range go with them.
   */
  takeOut(range: RowRange, work: (read: TakeOutRead, sql: Sql) => Promise<void>): Promise<void>

  /** What the engine does in the background for itself, as far as it is due. @returns whether it did anything */
  tidy(): Promise<boolean>
}
