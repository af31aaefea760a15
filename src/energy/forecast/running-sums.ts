/** Sums and counts of what is present, so that the mean of any span is two subtractions. */
export interface RunningSums {
  /** Mean over the steps `[from, to)`; NaN where fewer than `least` (a share of the span) are present. */
  mean(from: number, to: number, least?: number): number
}

/** @param values NaN is missing */
export function runningSums(values: Float64Array): RunningSums {
  const count = values.length
  const sums = new Float64Array(count + 1)
  const present = new Int32Array(count + 1)
  for (let k = 0; k < count; k += 1) {
    const value = values[k]!
    const missing = Number.isNaN(value)
    sums[k + 1] = sums[k]! + (missing ? 0 : value)
    present[k + 1] = present[k]! + (missing ? 0 : 1)
  }
  return {
    mean(from, to, least = 0.5) {
      const first = Math.max(0, from)
      const last = Math.min(count, to)
      if (last <= first) return Number.NaN
      const known = present[last]! - present[first]!
      return known > 0 && known >= least * (to - from) ? (sums[last]! - sums[first]!) / known : Number.NaN
    },
  }
}
