import type { Datastream, ObservationEntity } from './entities.ts'
import type { Range } from './observation-range.ts'
import { type ReadParts, readWindow, withObservations } from './read-window.ts'

/** `datastream`: datastream after datastream, each in order of time; `rising`, `falling`: by time over all of them. */
export type ReadOrder = 'datastream' | 'rising' | 'falling'

/** An observation that was told; what follows begins after it. */
export interface Place {
  readonly datastream: string
  readonly timeMs: number
}

export interface ReadRequest {
  readonly range: Range
  readonly order: ReadOrder
  readonly after?: Place
  /** How many are likely to be wanted. */
  readonly hint: number
}

const chunk = { least: 50, most: 10_000 } as const
const firstWidthMs = 900_000

/** Observations in an order, some at a time: who has enough stops. Only what a chunk holds is in memory. */
export async function* readObservations(
  parts: ReadParts,
  { range, order, after, hint }: ReadRequest,
): AsyncGenerator<readonly ObservationEntity[]> {
  const { datastreams, newestMs } = await withObservations(parts, range.datastreams)
  if (datastreams.length === 0) return
  const own = { ...range, datastreams }
  if (order === 'falling') yield* readFalling(parts, own, after, { newestMs, hint })
  else if (order === 'rising') {
    for await (const rows of readRising(parts, own, after?.timeMs ?? range.fromMs, hint)) {
      yield after ? rows.filter((row) => row.timeMs > after.timeMs || isBehind(row, after)) : rows
    }
  } else {
    for (const datastream of datastreams) {
      if (after && datastream.id < after.datastream) continue
      const fromMs = after?.datastream === datastream.id ? after.timeMs + 1 : range.fromMs
      yield* readRising(parts, { ...own, datastreams: [datastream] }, fromMs, hint)
    }
  }
}

/** At the same moment, of a later datastream. */
const isBehind = (row: ObservationEntity, after: Place): boolean =>
  row.timeMs === after.timeMs && row.datastream.id > after.datastream

async function* readRising(
  parts: ReadParts,
  { datastreams, toMs }: Range,
  startMs: number,
  hint: number,
): AsyncGenerator<readonly ObservationEntity[]> {
  let limit = Math.min(chunk.most, Math.max(chunk.least, hint))
  for (let fromMs: number | undefined = startMs; fromMs !== undefined && fromMs < toMs; ) {
    const window: { rows: readonly ObservationEntity[]; nextMs?: number } = await readWindow(parts, datastreams, {
      fromMs,
      toMs,
      limit,
    })
    yield window.rows
    fromMs = window.nextMs
    limit = Math.min(chunk.most, limit * 4)
  }
}

/**
 * Backwards in windows that grow while they hold little and shrink when they hold too much: the store reads forwards, and the
 * newest of years costs one window of a quarter of an hour.
 */
async function* readFalling(
  parts: ReadParts,
  { datastreams, fromMs, toMs }: Range,
  after: Place | undefined,
  { newestMs, hint }: { readonly newestMs: number; readonly hint: number },
): AsyncGenerator<readonly ObservationEntity[]> {
  const limit = Math.min(chunk.most, Math.max(chunk.least, hint))
  let endMs = after ? Math.min(toMs, after.timeMs + 1) : await newestEnd(parts, { datastreams, fromMs, toMs }, newestMs)
  let widthMs = firstWidthMs
  let earliestMs: number | undefined
  while (endMs > fromMs) {
    const startMs = Math.max(fromMs, endMs - widthMs)
    const { rows, nextMs } = await readWindow(parts, datastreams, { fromMs: startMs, toMs: endMs, limit })
    if (nextMs !== undefined) {
      widthMs = Math.max(1, Math.floor((endMs - startMs) / 4))
      continue
    }
    const falling = [...rows].sort((a, b) => b.timeMs - a.timeMs)
    yield after ? falling.filter((row) => row.timeMs < after.timeMs || isBehind(row, after)) : falling
    if (rows.length * 4 < limit) widthMs *= 4
    endMs = startMs
    if (rows.length > 0 || endMs <= fromMs) continue
    earliestMs ??= await earliestOf(parts, { datastreams, fromMs, toMs: endMs })
    if (endMs <= earliestMs) return
  }
}

/** Where to begin backwards: the store tells values of a clock that runs ahead only where there are no others. */
async function newestEnd(parts: ReadParts, range: Range, newestMs: number): Promise<number> {
  const endMs = Math.min(range.toMs, newestMs + 1)
  if (endMs === range.toMs) return endMs
  const fromMs = Math.max(range.fromMs, endMs)
  const { rows } = await readWindow(parts, range.datastreams, { ...range, fromMs, limit: 1 })
  return rows.length > 0 ? range.toMs : endMs
}

/** The first moment of a range; infinite where there is none. */
export async function earliestOf(parts: ReadParts, range: Range): Promise<number> {
  const { rows } = await readWindow(parts, range.datastreams, { ...range, limit: 1 })
  return rows[0]?.timeMs ?? Number.POSITIVE_INFINITY
}

export interface PageRequest {
  readonly range: Range
  readonly order: ReadOrder
  readonly after?: Place
  readonly skip: number
  readonly top: number
  /** Absent: all of the range. */
  holds?(row: ObservationEntity): boolean
}

export interface ObservationPage {
  readonly rows: readonly ObservationEntity[]
  /** Where the next page begins; absent: this was the last. */
  readonly next?: { readonly after: Place; readonly skip: number }
}

/** Observations that one request looks at; a filter that finds little ends its page early and goes on in the next. */
export const maxScanned = 100_000

export async function readPage(parts: ReadParts, request: PageRequest): Promise<ObservationPage> {
  const { range, order, after, top, holds } = request
  if (top === 0) return { rows: [] }
  let { skip } = request
  let scanned = 0
  let last: Place | undefined
  const rows: ObservationEntity[] = []
  const hint = holds ? 1000 : skip + top + 1
  for await (const chunkRows of readObservations(parts, { range, order, hint, ...(after ? { after } : {}) })) {
    for (const row of chunkRows) {
      const fits = holds ? holds(row) : true
      if (fits && skip === 0) {
        if (rows.length === top) return { rows, next: { after: last!, skip: 0 } }
        rows.push(row)
      } else if (fits) skip -= 1
      last = placeOf(row)
    }
    scanned += chunkRows.length
    if (scanned >= maxScanned && last) return { rows, next: { after: last, skip } }
  }
  return { rows }
}

const placeOf = ({ datastream, timeMs }: ObservationEntity): Place => ({ datastream: datastream.id, timeMs })

/** One observation, by its datastream and event time. */
export async function readOne(
  parts: ReadParts,
  datastream: Datastream,
  timeMs: number,
): Promise<ObservationEntity | undefined> {
  const { rows } = await readWindow(parts, [datastream], { fromMs: timeMs, toMs: timeMs + 1, limit: 1 })
  return rows[0]
}
