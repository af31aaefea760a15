import { noPause, type Pause } from '../pause.ts'

/** Values of one feature fall into bins 1 to 63 by size; bin 0 is for missing values. */
export const binCount = 64

/** Features of many rows, each value replaced by its bin: what trees are grown on. */
export interface BinnedRows {
  readonly rows: number
  readonly features: number
  /** Column by column: bin of row `r` in feature `f` at `f · rows + r`. */
  readonly bins: Uint8Array
  /** Upper edge of each bin of a feature, bin 1 first; the last is +Infinity. */
  readonly edges: readonly Float64Array[]
}

/** Rows looked at to place the edges. */
const sampledRows = 8192

/**
 * Sorts the values of each feature into bins of about equal numbers of rows; few distinct values get a bin each.
 *
 * @param values row by row, `rows × features`; NaN is missing
 */
export async function binRows(values: Float64Array, features: number, pause: Pause = noPause): Promise<BinnedRows> {
  const rows = values.length / features
  const bins = new Uint8Array(rows * features)
  const edges: Float64Array[] = []
  for (let f = 0; f < features; f += 1) {
    await pause()
    const own = edgesOf(values, f, features)
    edges.push(own)
    for (let r = 0; r < rows; r += 1) bins[f * rows + r] = binOf(own, values[r * features + f]!)
  }
  return { rows, features, bins, edges }
}

function edgesOf(values: Float64Array, feature: number, features: number): Float64Array {
  const rows = values.length / features
  const stride = Math.max(1, Math.floor(rows / sampledRows))
  const sample = new Float64Array(Math.ceil(rows / stride))
  let known = 0
  for (let r = 0; r < rows; r += stride) {
    const value = values[r * features + feature]!
    if (Number.isNaN(value)) continue
    sample[known] = value
    known += 1
  }
  const sorted = sample.subarray(0, known).sort()
  const distinct: number[] = []
  for (const value of sorted) if (value !== distinct.at(-1)) distinct.push(value)
  const upper: number[] = []
  if (distinct.length < binCount) {
    for (let k = 1; k < distinct.length; k += 1) upper.push((distinct[k - 1]! + distinct[k]!) / 2)
  } else {
    for (let k = 1; k < binCount - 1; k += 1) {
      const edge = sorted[Math.floor((k * known) / (binCount - 1))]!
      if (edge !== upper.at(-1)) upper.push(edge)
    }
  }
  return Float64Array.from([...upper, Number.POSITIVE_INFINITY])
}

/** Bin of a value: 1 for the smallest; 0 when it is missing. */
export function binOf(edges: Float64Array, value: number): number {
  if (Number.isNaN(value)) return 0
  let low = 0
  let high = edges.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (value <= edges[middle]!) high = middle
    else low = middle + 1
  }
  return low + 1
}
