/** Observations of points and sources known by number, in columns. */
export interface Rows {
  readonly count: number
  /** Ids of points. */
  readonly point: Int32Array
  /** Event time in UTC milliseconds. */
  readonly eventMs: Float64Array
  /** Ids of sources. */
  readonly source: Int32Array
  /** NaN = missing. */
  readonly value: Float64Array
  readonly quality: Uint8Array
  readonly receivedMs: Float64Array
}

/** Rows that grow by one row or by many, doubling their columns. */
export class RowBuilder {
  #rows: Rows
  #count = 0

  constructor(capacity = 256) {
    this.#rows = emptyRows(capacity)
  }

  get count(): number {
    return this.#count
  }

  push(point: number, eventMs: number, source: number, value: number, quality: number, receivedMs: number): void {
    if (this.#count === this.#rows.point.length) this.#rows = grown(this.#rows, this.#count * 2)
    const at = this.#count
    const rows = this.#rows
    rows.point[at] = point
    rows.eventMs[at] = eventMs
    rows.source[at] = source
    rows.value[at] = value
    rows.quality[at] = quality
    rows.receivedMs[at] = receivedMs
    this.#count += 1
  }

  pushRow(other: Rows, row: number): void {
    this.push(
      other.point[row]!,
      other.eventMs[row]!,
      other.source[row]!,
      other.value[row]!,
      other.quality[row]!,
      other.receivedMs[row]!,
    )
  }

  rows(): Rows {
    return firstRows(this.#rows, this.#count)
  }

  clear(): void {
    this.#count = 0
  }
}

export function emptyRows(capacity: number): Rows {
  return {
    count: 0,
    point: new Int32Array(capacity),
    eventMs: new Float64Array(capacity),
    source: new Int32Array(capacity),
    value: new Float64Array(capacity),
    quality: new Uint8Array(capacity),
    receivedMs: new Float64Array(capacity),
  }
}

/** A view of the first rows: no copy. */
export function firstRows(rows: Rows, count: number): Rows {
  return {
    count,
    point: rows.point.subarray(0, count),
    eventMs: rows.eventMs.subarray(0, count),
    source: rows.source.subarray(0, count),
    value: rows.value.subarray(0, count),
    quality: rows.quality.subarray(0, count),
    receivedMs: rows.receivedMs.subarray(0, count),
  }
}

function grown(rows: Rows, capacity: number): Rows {
  const bigger = emptyRows(capacity)
  bigger.point.set(rows.point)
  bigger.eventMs.set(rows.eventMs)
  bigger.source.set(rows.source)
  bigger.value.set(rows.value)
  bigger.quality.set(rows.quality)
  bigger.receivedMs.set(rows.receivedMs)
  return bigger
}

/** Order of two identities: point, event time, source; 0 where they are one. */
export function compareIdentity(a: Rows, i: number, b: Rows, j: number): number {
  return a.point[i]! - b.point[j]! || a.eventMs[i]! - b.eventMs[j]! || a.source[i]! - b.source[j]!
}
