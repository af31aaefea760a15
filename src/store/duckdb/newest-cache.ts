import { clockAheadMs } from '../observations/clock-ahead.ts'
import { RowBuilder, type Rows } from '../observations/rows.ts'

/**
 * The newest row of each point and source, in memory: this process alone writes the data folder, so it need not ask. Of
 * two rows of one rank the later appended counts; a row ahead of its receipt comes after all others.
 */
export class NewestCache {
  /** Rows by point; most points have one source. */
  #byPoint = new Map<number, Newest[]>()
  /** Rows that come while the cache is read anew. */
  #meanwhile: Rows[] | undefined

  /** Rows that were committed, in their order. */
  take(rows: Rows): void {
    this.#meanwhile?.push(rows)
    takeInto(this.#byPoint, rows)
  }

  /** Reads all anew; what is committed meanwhile counts in the old state and in the new one. */
  async reload(read: () => Promise<Rows>): Promise<void> {
    this.#meanwhile = []
    try {
      const byPoint = new Map<number, Newest[]>()
      takeInto(byPoint, await read())
      for (const rows of this.#meanwhile) takeInto(byPoint, rows)
      this.#byPoint = byPoint
    } finally {
      this.#meanwhile = undefined
    }
  }

  /** In order of point and source. */
  of(points: readonly number[]): Rows {
    const rows = new RowBuilder(points.length + 1)
    for (const point of [...points].sort((a, b) => a - b)) {
      for (const { eventMs, source, value, quality, receivedMs } of this.#byPoint.get(point) ?? []) {
        rows.push(point, eventMs, source, value, quality, receivedMs)
      }
    }
    return rows.rows()
  }
}

interface Newest {
  readonly source: number
  rank: number
  eventMs: number
  value: number
  quality: number
  receivedMs: number
}

function takeInto(byPoint: Map<number, Newest[]>, rows: Rows): void {
  for (let row = 0; row < rows.count; row += 1) {
    const point = rows.point[row]!
    const source = rows.source[row]!
    const eventMs = rows.eventMs[row]!
    const receivedMs = rows.receivedMs[row]!
    const rank = eventMs > receivedMs + clockAheadMs ? eventMs - 1e15 : eventMs
    let sources = byPoint.get(point)
    if (!sources) {
      sources = []
      byPoint.set(point, sources)
    }
    let newest = sources.find((one) => one.source === source)
    if (!newest) {
      newest = { source, rank: Number.NEGATIVE_INFINITY, eventMs, value: Number.NaN, quality: 0, receivedMs }
      sources.push(newest)
      sources.sort((a, b) => a.source - b.source)
    }
    if (rank < newest.rank) continue
    newest.rank = rank
    newest.eventMs = eventMs
    newest.value = rows.value[row]!
    newest.quality = rows.quality[row]!
    newest.receivedMs = receivedMs
  }
}
