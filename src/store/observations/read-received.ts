import { type BatchSeries, type ObservationBatch, rowsInBatch } from './observation-batch.ts'
import type { ObservationTables, ReceiveWindow, StoredPoint, Touched } from './observation-tables.ts'
import { RowBuilder } from './rows.ts'

/** Width of the stretches of event time that are told apart when it is asked what was received. */
export const touchedMs = 60_000
/** A sealed month keeps the delay of a row in whole seconds: it was received up to so much later than it says. */
export const sealedCutMs = 999
/** Stretches of a point are read in one where less lies between them: what was not asked for is left out again. */
const bridgedMs = 15 * 60_000
/** Receive times of one page. */
const mostTimes = 10_000
/** Of the first stretch that is looked at. */
const firstSpanMs = 3_600_000

export interface ReceivedRequest extends ReceiveWindow {
  readonly site: string
  readonly points: readonly string[]
  /** About so many rows: a page holds all rows of a receive time, or none. */
  readonly limit: number
}

/** Rows by when they were received. */
export interface ReceivedPage {
  /** Each with its source, as it is stored now, in order of point and event time. */
  readonly batch: ObservationBatch
  /** Receive time of the first row, about; absent where the page holds none. */
  readonly firstMs?: number
  /** Rows that were received before this moment are in this page or in those before; the next one begins here. */
  readonly nextMs: number
}

/**
 * The first rows of a window of receive time. A row that was replaced is told once, where it was received last. Rows that were sealed
 * meanwhile may be told once more in the page after.
 */
export async function readReceived(
  tables: ObservationTables,
  points: readonly StoredPoint[],
  { fromMs, toMs, limit }: Pick<ReceivedRequest, 'fromMs' | 'toMs' | 'limit'>,
): Promise<ReceivedPage> {
  const ids = points.map(({ id }) => id)
  for (let startMs = fromMs, spanMs = firstSpanMs; startMs < toMs; startMs += spanMs, spanMs *= 4) {
    const window = { fromMs: startMs, toMs: Math.min(toMs, startMs + spanMs) }
    const times = await tables.receiveTimes(ids, window, mostTimes)
    const [first] = times
    if (!first) continue
    let rows = 0
    let nextMs = times.length < mostTimes ? window.toMs : times.at(-1)!.receivedMs + 1
    for (const time of times) {
      rows += time.rows
      if (rows < limit) continue
      nextMs = time.receivedMs + 1
      break
    }
    const page = { fromMs: first.receivedMs, toMs: nextMs }
    const batch = await readWindow(tables, points, page)
    return { batch, firstMs: first.receivedMs, nextMs }
  }
  return { batch: rowsInBatch([], [], new RowBuilder(1).rows()), nextMs: toMs }
}

async function readWindow(
  tables: ObservationTables,
  points: readonly StoredPoint[],
  window: ReceiveWindow,
): Promise<ObservationBatch> {
  const touched = await tables.touched(
    points.map(({ id }) => id),
    window,
  )
  const found = new RowBuilder(4096)
  for (const range of rangesOf(touched)) {
    for await (const rows of tables.rows(range)) {
      for (let row = 0; row < rows.count; row += 1) {
        const receivedMs = rows.receivedMs[row]!
        if (receivedMs + sealedCutMs >= window.fromMs && receivedMs < window.toMs) found.pushRow(rows, row)
      }
    }
  }
  const names = await tables.sources()
  const series: BatchSeries[] = points.map(({ site, name, unit }) => ({ site, point: name, unit }))
  const seriesAt = new Map(points.map(({ id }, index) => [id, index]))
  const rows = found.rows()
  const sources = [...new Set(rows.source)].map((id) => ({ id, name: names.get(id) ?? '' }))
  const sourceAt = new Map(sources.map(({ id }, index) => [id, index]))
  const batch = rowsInBatch(
    series,
    sources.map(({ name }) => name),
    rows,
  )
  for (let row = 0; row < rows.count; row += 1) {
    batch.seriesOf[row] = seriesAt.get(rows.point[row]!)!
    batch.sourceOf[row] = sourceAt.get(rows.source[row]!)!
  }
  return batch
}

/** Ranges that cover stretches, points with the same stretch in one. */
function rangesOf(touched: readonly Touched[]) {
  const sorted = touched.toSorted((a, b) => a.point - b.point || a.startMs - b.startMs)
  const runs: { readonly point: number; readonly fromMs: number; toMs: number }[] = []
  for (const { point, startMs } of sorted) {
    const last = runs.at(-1)
    if (last?.point === point && startMs <= last.toMs + bridgedMs) last.toMs = startMs + touchedMs
    else runs.push({ point, fromMs: startMs, toMs: startMs + touchedMs })
  }
  return Map.groupBy(runs, ({ fromMs, toMs }) => `${fromMs} ${toMs}`)
    .values()
    .map(([first, ...others]) => ({
      points: [first!.point, ...others.map(({ point }) => point)],
      fromMs: first!.fromMs,
      toMs: first!.toMs,
    }))
}
