import { quality } from '../../kernel/index.ts'
import type { CounterRules } from './counter-rise.ts'
import { createRise } from './counter-rise.ts'
import { pickSources, type SourceOrder } from './pick-sources.ts'
import type { Rows } from './rows.ts'

/** The rollup that is kept: quarters of an hour, by which energy is settled; hours and days are made of them. */
export const quarterMs = 900_000

export const quarterOf = (eventMs: number): number => Math.floor(eventMs / quarterMs) * quarterMs

/** What is kept of one point over one quarter of an hour. */
export interface Quarter {
  readonly point: number
  /** Start, UTC. */
  readonly startMs: number
  /** Values that are not missing. */
  readonly count: number
  readonly sum: number
  /** NaN where `count` is 0; so are `max`, `first`, `last`. */
  readonly min: number
  readonly max: number
  readonly firstMs: number
  readonly first: number
  readonly lastMs: number
  readonly last: number
  /** By how much a counter rose between its first and its last value, over resets; 0 for points that are none. */
  readonly rise: number
  /** Worst quality of the values that are not missing; `missing` without any. */
  readonly quality: number
}

/** One point and one quarter. */
export interface QuarterKey {
  readonly point: number
  readonly startMs: number
}

/**
 * Quarters of rows in order of point, event time and source. Sums run in that order, so that the same rows give the
 * same bits wherever they are kept.
 */
export async function quartersOf(
  chunks: AsyncIterable<Rows>,
  order: SourceOrder,
  rulesOf: (point: number) => CounterRules | undefined,
): Promise<readonly Quarter[]> {
  const quarters: Quarter[] = []
  let open: OpenQuarter | undefined
  await pickSources(chunks, order, (point, eventMs, value, code) => {
    const startMs = quarterOf(eventMs)
    if (!open || open.point !== point || open.startMs !== startMs) {
      if (open) quarters.push(close(open))
      open = openQuarter(point, startMs, rulesOf(point))
    }
    add(open, eventMs, value, code)
  })
  if (open) quarters.push(close(open))
  return quarters
}

interface OpenQuarter {
  readonly point: number
  readonly startMs: number
  readonly rise: ReturnType<typeof createRise> | undefined
  count: number
  sum: number
  min: number
  max: number
  firstMs: number
  first: number
  lastMs: number
  last: number
  worst: number
}

function openQuarter(point: number, startMs: number, rules: CounterRules | undefined): OpenQuarter {
  return {
    point,
    startMs,
    rise: rules && createRise(rules),
    count: 0,
    sum: 0,
    min: Number.POSITIVE_INFINITY,
    max: Number.NEGATIVE_INFINITY,
    firstMs: Number.NaN,
    first: Number.NaN,
    lastMs: Number.NaN,
    last: Number.NaN,
    worst: quality.good,
  }
}

function add(open: OpenQuarter, eventMs: number, value: number, code: number): void {
  if (Number.isNaN(value)) return
  if (open.count === 0) {
    open.firstMs = eventMs
    open.first = value
  }
  open.count += 1
  open.sum += value
  if (value < open.min) open.min = value
  if (value > open.max) open.max = value
  open.lastMs = eventMs
  open.last = value
  if (code > open.worst) open.worst = code
  open.rise?.add({ firstMs: eventMs, first: value, lastMs: eventMs, last: value, rise: 0 })
}

function close(open: OpenQuarter): Quarter {
  const { point, startMs, count, sum, firstMs, first, lastMs, last } = open
  const none = count === 0
  const ends = open.rise?.ends()
  return {
    point,
    startMs,
    count,
    sum,
    min: none ? Number.NaN : open.min,
    max: none ? Number.NaN : open.max,
    firstMs: ends?.firstMs ?? firstMs,
    first: ends?.first ?? first,
    lastMs: ends?.lastMs ?? lastMs,
    last: ends?.last ?? last,
    rise: ends?.rise ?? 0,
    quality: none ? quality.missing : open.worst,
  }
}

/** A quarter as a key of maps and sets. */
export const quarterKey = ({ point, startMs }: QuarterKey): string => `${point}/${startMs}`

/** Order of quarters: point, then start. */
export const compareQuarters = (a: QuarterKey, b: QuarterKey): number => a.point - b.point || a.startMs - b.startMs

/** Two lists in order as one; of a quarter that is in both, that of `newer` counts. */
export function mergeQuarters(newer: readonly Quarter[], older: readonly Quarter[]): readonly Quarter[] {
  if (newer.length === 0) return older
  if (older.length === 0) return newer
  const merged: Quarter[] = []
  let a = 0
  let b = 0
  while (a < newer.length || b < older.length) {
    const order = b >= older.length ? -1 : a >= newer.length ? 1 : compareQuarters(newer[a]!, older[b]!)
    merged.push(order <= 0 ? newer[a]! : older[b]!)
    if (order <= 0) a += 1
    if (order >= 0) b += 1
  }
  return merged
}

/** Those that are not among some keys. */
export function withoutKeys(quarters: readonly Quarter[], keys: readonly QuarterKey[]): readonly Quarter[] {
  if (keys.length === 0 || quarters.length === 0) return quarters
  const taken = new Map<number, Set<number>>()
  for (const { point, startMs } of keys) {
    const starts = taken.get(point)
    if (starts) starts.add(startMs)
    else taken.set(point, new Set([startMs]))
  }
  return quarters.filter(({ point, startMs }) => !taken.get(point)?.has(startMs))
}
