/** The value that half of the time lies at or below; 0 of none. */
export function medianOverTime(values: Float64Array, hours: Float64Array): number {
  const order = Int32Array.from(values, (_, k) => k).sort((a, b) => values[a]! - values[b]!)
  const half = hours.subarray(0, values.length).reduce((sum, value) => sum + value, 0) / 2
  let passed = 0
  for (const k of order) {
    passed += hours[k]!
    if (passed > half * (1 + 1e-9)) return values[k]!
  }
  return values[order.at(-1) ?? -1] ?? 0
}
