import { setImmediate as nextTurn } from 'node:timers/promises'
import type { BucketFill } from './buckets.ts'
import type { QuarterColumns } from './quarter-columns.ts'
import type { Quarter, QuarterKey } from './quarters.ts'

/** Quarters that are taken in one turn of the loop: about two milliseconds of work. */
const turnQuarters = 16_384

/** Quarters from where they are kept. */
export interface FoundQuarters {
  /** In order of point and start. */
  readonly newer: readonly Quarter[]
  /** In order of start for each point; one that is among the newer or the stale does not count. */
  readonly sealed: readonly QuarterColumns[]
  readonly stale: readonly QuarterKey[]
}

/** Gives each quarter to the buckets of its point, in order of time. Others have their turn of the loop in between. */
export async function fillFromQuarters(
  fills: ReadonlyMap<number, BucketFill>,
  { newer, sealed, stale }: FoundQuarters,
): Promise<void> {
  const newerOf = spansOf(newer)
  const staleOf = startsOf(stale)
  let since = 0
  const turn = async (quarters: number): Promise<void> => {
    since += quarters
    if (since < turnQuarters) return
    since = 0
    await nextTurn()
  }
  for (const columns of sealed) {
    fillFromColumns(fills, columns, { newer, newerOf, staleOf })
    await turn(columns.length)
  }
  for (const [point, span] of newerOf) {
    const fill = fills.get(point)
    await turn(span.end - span.at)
    for (; span.at < span.end; span.at += 1) fill?.addQuarter(newer[span.at]!)
  }
}

/** Quarters of one point that are still to be given. */
interface NewerSpan {
  at: number
  readonly end: number
}

interface BesideSealed {
  readonly newer: readonly Quarter[]
  readonly newerOf: ReadonlyMap<number, NewerSpan>
  readonly staleOf: ReadonlyMap<number, ReadonlySet<number>>
}

function fillFromColumns(
  fills: ReadonlyMap<number, BucketFill>,
  columns: QuarterColumns,
  { newer, newerOf, staleOf }: BesideSealed,
): void {
  const { length, point: points, startMs: starts } = columns
  for (let row = 0; row < length; ) {
    const point = points[row]!
    const fill = fills.get(point)
    const span = newerOf.get(point)
    const isStale = staleOf.get(point)
    for (; row < length && points[row] === point; row += 1) {
      const startMs = starts[row]!
      while (span && span.at < span.end && newer[span.at]!.startMs < startMs) {
        fill?.addQuarter(newer[span.at]!)
        span.at += 1
      }
      // The newer one goes before; it is given when its time has passed.
      if (span && span.at < span.end && newer[span.at]!.startMs === startMs) continue
      if (!isStale?.has(startMs)) fill?.addQuarterAt(columns, row)
    }
  }
}

function spansOf(quarters: readonly Quarter[]): ReadonlyMap<number, NewerSpan> {
  const spans = new Map<number, NewerSpan>()
  for (let from = 0; from < quarters.length; ) {
    const { point } = quarters[from]!
    let end = from + 1
    while (end < quarters.length && quarters[end]!.point === point) end += 1
    spans.set(point, { at: from, end })
    from = end
  }
  return spans
}

function startsOf(keys: readonly QuarterKey[]): ReadonlyMap<number, Set<number>> {
  const starts = new Map<number, Set<number>>()
  for (const { point, startMs } of keys) {
    const own = starts.get(point)
    if (own) own.add(startMs)
    else starts.set(point, new Set([startMs]))
  }
  return starts
}
