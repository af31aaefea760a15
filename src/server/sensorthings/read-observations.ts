import type { Datastream, ObservationEntity } from './entities.ts'
import { sensorThingsErrors } from './errors.ts'
import { always, type Range } from './observation-range.ts'
import { observedEdge } from './observed-quarters.ts'
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

/**
 * Forwards in windows of time that grow and shrink with what they hold: the store puts all of a range in order before it gives the
 * first of it, so that a range is never longer than what is wanted of it.
 */
async function* readRising(
  parts: ReadParts,
  range: Range,
  startMs: number,
  hint: number,
): AsyncGenerator<readonly ObservationEntity[]> {
  const { datastreams, toMs } = range
  refuseTooWide(range)
  const limit = Math.min(chunk.most, Math.max(chunk.least, hint))
  let widthMs = firstWidthMs
  let fromMs = (await observedEdge(parts, { ...range, fromMs: startMs }, 'first')) ?? toMs
  while (fromMs < toMs) {
    const endMs = Math.min(toMs, fromMs + widthMs)
    const { rows, nextMs } = await readWindow(parts, datastreams, { fromMs, toMs: endMs, limit })
    yield rows
    if (nextMs !== undefined) widthMs = Math.max(1, Math.floor(widthMs / 4))
    else if (rows.length * 4 < limit) widthMs *= 4
    fromMs = nextMs ?? endMs
    if (rows.length > 0 || fromMs >= toMs) continue
    fromMs = (await observedEdge(parts, { ...range, fromMs }, 'first')) ?? toMs
    widthMs = firstWidthMs
  }
}

/** Datastreams that are read together from the beginning of time. */
const maxTogether = 100

function refuseTooWide({ datastreams, fromMs }: Range): void {
  if (datastreams.length <= maxTogether || fromMs > always.fromMs) return
  throw sensorThingsErrors.tooMuch({
    detail: 'So many datastreams are not put in order of time from the beginning on',
    place: { path: '$orderby' },
    expected: '$filter=phenomenonTime ge …, or phenomenonTime desc',
  })
}

/** Backwards in windows of time, from the newest on. */
async function* readFalling(
  parts: ReadParts,
  range: Range,
  after: Place | undefined,
  { newestMs, hint }: { readonly newestMs: number; readonly hint: number },
): AsyncGenerator<readonly ObservationEntity[]> {
  const { datastreams, fromMs, toMs } = range
  const limit = Math.min(chunk.most, Math.max(chunk.least, hint))
  let endMs = after ? Math.min(toMs, after.timeMs + 1) : await newestEnd(parts, range, newestMs)
  let widthMs = firstWidthMs
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
    endMs = (await observedEdge(parts, { ...range, toMs: endMs }, 'last')) ?? fromMs
    widthMs = firstWidthMs
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
