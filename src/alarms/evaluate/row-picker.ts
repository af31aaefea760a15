import type { PointMemory } from './point-memory.ts'
import type { Rows } from './rows.ts'

export interface PickedRows {
  /** Rows in order of event time. */
  readonly order: Int32Array
  readonly count: number
  /** Slot of each series of the batch; −1 where no rule wants it. */
  readonly slotOf: Int32Array
}

export interface RowPicker {
  /** What is returned counts until the next call. */
  pick(rows: Rows, latestMs: number): PickedRows
}

/** Finds the rows that rules of one site want, and brings them into the order of time where they are not. */
export function createRowPicker(site: string, memory: PointMemory): RowPicker {
  // Senders name the same series again and again, and each list of them is one object.
  const known = new WeakMap<Rows['series'], Int32Array>()
  let order = new Int32Array(1024)
  const slotsOf = (series: Rows['series']): Int32Array => {
    const found = known.get(series)
    if (found) return found
    const slots = Int32Array.from(series, (one) => (one.site === site ? (memory.slots.get(one.point) ?? -1) : -1))
    known.set(series, slots)
    return slots
  }
  return {
    pick({ series, count, seriesOf, timestampsMs }, latestMs) {
      const slotOf = slotsOf(series)
      if (order.length < count) order = new Int32Array(count)
      let kept = 0
      let sorted = true
      let beforeMs = Number.NEGATIVE_INFINITY
      for (let row = 0; row < count; row += 1) {
        const slot = slotOf[seriesOf[row]!]!
        if (slot < 0) continue
        const timestampMs = timestampsMs[row]!
        if (!(timestampMs <= latestMs)) continue
        if (timestampMs < beforeMs) sorted = false
        beforeMs = timestampMs
        order[kept] = row
        kept += 1
      }
      if (!sorted) order.subarray(0, kept).sort((a, b) => timestampsMs[a]! - timestampsMs[b]! || a - b)
      return { order, count: kept, slotOf }
    },
  }
}
