/** The newest values of one point, in memory that is used again and again: the oldest gives way. */
export interface Ring {
  readonly capacity: number
  /** Values held. */
  size(): number
  /**
   * Takes a value. What is older than the newest is left out; a value of the same moment corrects it.
   *
   * @returns whether anything changed
   */
  push(timestampMs: number, value: number, quality: number): boolean
  /** Values before and after this moment have nothing between them: NaN stands in the ring. */
  pushGap(): void
  /** Of the values in order of time: 0 is the oldest. */
  timeAt(index: number): number
  valueAt(index: number): number
  qualityAt(index: number): number
  /** Time of the newest value, gaps left out; undefined while there is none. */
  newestMs(): number | undefined
  /** First index whose time is at or after a moment. */
  indexAt(timestampMs: number): number
}

/** @param capacity most values that are held */
export function createRing(capacity: number): Ring {
  const times = new Float64Array(capacity)
  const values = new Float64Array(capacity)
  const codes = new Uint8Array(capacity)
  let start = 0
  let size = 0
  let newestMs: number | undefined
  const placeOf = (index: number): number => (start + index) % capacity
  const write = (timestampMs: number, value: number, quality: number): void => {
    const place = placeOf(size)
    if (size < capacity) size += 1
    else start = (start + 1) % capacity
    times[place] = timestampMs
    values[place] = value
    codes[place] = quality
  }
  return {
    capacity,
    size: () => size,
    push(timestampMs, value, quality) {
      const last = placeOf(size - 1)
      if (size > 0 && timestampMs < times[last]!) return false
      if (newestMs === timestampMs) {
        // Told again after a gap: there is still nothing newer.
        if (times[last] !== timestampMs) return false
        if (Object.is(values[last], value) && codes[last] === quality) return false
        values[last] = value
        codes[last] = quality
        return true
      }
      write(timestampMs, value, quality)
      newestMs = timestampMs
      return true
    },
    pushGap() {
      if (size === 0 || codes[placeOf(size - 1)] === 4) return
      write(times[placeOf(size - 1)]! + 1, Number.NaN, 4)
    },
    timeAt: (index) => times[placeOf(index)]!,
    valueAt: (index) => values[placeOf(index)]!,
    qualityAt: (index) => codes[placeOf(index)]!,
    newestMs: () => newestMs,
    indexAt(timestampMs) {
      let [low, high] = [0, size]
      while (low < high) {
        const middle = (low + high) >>> 1
        if (times[placeOf(middle)]! < timestampMs) low = middle + 1
        else high = middle
      }
      return low
    },
  }
}
