/** Values at even distances, before they are brought onto the grid somebody asks for. NaN = missing. */
export interface UniformValues {
  readonly startMs: number
  readonly stepMs: number
  readonly values: Float64Array
}

/**
 * Time-weighted mean over `[fromMs, toMs)`, each value holding during its step. NaN when any part is missing or
 * outside: a mean over a gap would be a guess.
 */
export function meanBetween({ startMs, stepMs, values }: UniformValues, fromMs: number, toMs: number): number {
  const first = Math.floor((fromMs - startMs) / stepMs)
  const last = Math.ceil((toMs - startMs) / stepMs) - 1
  if (first < 0 || last >= values.length || !(toMs > fromMs)) return Number.NaN
  if (first === last) return values[first]!
  let sum = 0
  for (let k = first; k <= last; k += 1) {
    const begin = Math.max(fromMs, startMs + k * stepMs)
    const end = Math.min(toMs, startMs + (k + 1) * stepMs)
    sum += values[k]! * (end - begin)
  }
  return sum / (toMs - fromMs)
}

export const coversTime = ({ startMs, stepMs, values }: UniformValues, fromMs: number, toMs: number): boolean =>
  fromMs >= startMs && toMs <= startMs + stepMs * values.length
