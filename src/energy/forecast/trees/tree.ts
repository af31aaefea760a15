import { type BinnedRows, binCount } from './bins.ts'

/** A binary tree over bins; arrays by node, node 0 is the root. */
export interface Tree {
  /** Feature that a node asks for; −1 for a leaf. */
  readonly feature: Int16Array
  /** Bins up to this go left. */
  readonly bin: Uint8Array
  /** 1 when missing values (bin 0) go left. */
  readonly missingLeft: Uint8Array
  readonly left: Int32Array
  readonly right: Int32Array
  /** Number of a leaf, 0 on; −1 for an inner node. */
  readonly leaf: Int32Array
}

/** Leaf that a row falls into. `bins` column by column with `rows` rows. */
export function leafOf(tree: Tree, bins: Uint8Array, rows: number, row: number): number {
  let node = 0
  for (;;) {
    const feature = tree.feature[node]!
    if (feature < 0) return tree.leaf[node]!
    const bin = bins[feature * rows + row]!
    const goesLeft = bin === 0 ? tree.missingLeft[node] === 1 : bin <= tree.bin[node]!
    node = goesLeft ? tree.left[node]! : tree.right[node]!
  }
}

/** Grows node by node; frozen into a {@link Tree} in the end. */
export interface TreeBuilder {
  /** A new leaf without a number; returns its node. */
  add(): number
  /** Makes a leaf an inner node; returns its children, left and right. */
  split(node: number, split: Split): readonly [number, number]
  /** Gives a leaf its number. */
  number(node: number, leaf: number): void
  build(): Tree
}

export function createTreeBuilder(): TreeBuilder {
  const features: number[] = []
  const bins: number[] = []
  const missing: number[] = []
  const lefts: number[] = []
  const rights: number[] = []
  const leaves: number[] = []
  const add = (): number => {
    features.push(-1)
    bins.push(0)
    missing.push(0)
    lefts.push(-1)
    rights.push(-1)
    return leaves.push(-1) - 1
  }
  return {
    add,
    split(node, { feature, bin, missingLeft }) {
      const children = [add(), add()] as const
      features[node] = feature
      bins[node] = bin
      missing[node] = missingLeft ? 1 : 0
      lefts[node] = children[0]
      rights[node] = children[1]
      return children
    },
    number(node, leaf) {
      leaves[node] = leaf
    },
    build: () => ({
      feature: Int16Array.from(features),
      bin: Uint8Array.from(bins),
      missingLeft: Uint8Array.from(missing),
      left: Int32Array.from(lefts),
      right: Int32Array.from(rights),
      leaf: Int32Array.from(leaves),
    }),
  }
}

export interface Split {
  feature: number
  bin: number
  missingLeft: boolean
  /** Fall of the sum of squares; 0: no split is any good. */
  gain: number
}

/** The rows of a node: `rows[from … to)` with one value each, at the same place in `values`. */
export interface Part {
  readonly rows: Int32Array
  readonly values: Float64Array
  readonly from: number
  readonly to: number
}

/** Sums and counts of the rows of a node by bin: sum at `2 · bin`, count at `2 · bin + 1`. */
export function fillHistogram(
  histogram: Float64Array,
  offset: number,
  { bins, rows: count }: BinnedRows,
  feature: number,
  part: Part,
): void {
  const { rows, values, from, to } = part
  const column = feature * count
  for (let k = from; k < to; k += 1) {
    const at = offset + 2 * bins[column + rows[k]!]!
    histogram[at] = histogram[at]! + values[k]!
    histogram[at + 1] = histogram[at + 1]! + 1
  }
}

/**
 * Best split of one feature by its histogram, kept in `best` when it beats what stands there. Missing values are tried on
 * either side.
 */
export function improveSplit(
  best: Split,
  histogram: Float64Array,
  offset: number,
  node: {
    readonly feature: number
    readonly sum: number
    readonly count: number
    readonly least: number
    readonly l2: number
  },
): void {
  const { feature, sum, count, least, l2 } = node
  const parent = (sum * sum) / (count + l2)
  const missingSum = histogram[offset]!
  const missing = histogram[offset + 1]!
  let leftSum = 0
  let leftCount = 0
  for (let bin = 1; bin < binCount - 1; bin += 1) {
    const own = histogram[offset + 2 * bin + 1]!
    if (own === 0) continue
    leftSum += histogram[offset + 2 * bin]!
    leftCount += own
    if (count - leftCount < least) break
    if (leftCount >= least) {
      const rest = sum - leftSum
      const gain = (leftSum * leftSum) / (leftCount + l2) + (rest * rest) / (count - leftCount + l2) - parent
      if (gain > best.gain) Object.assign(best, { feature, bin, gain, missingLeft: false })
    }
    if (missing > 0 && leftCount + missing >= least && count - leftCount - missing >= least) {
      const both = leftSum + missingSum
      const rest = sum - both
      const gain =
        (both * both) / (leftCount + missing + l2) + (rest * rest) / (count - leftCount - missing + l2) - parent
      if (gain > best.gain) Object.assign(best, { feature, bin, gain, missingLeft: true })
    }
  }
}

/** Moves rows that go left to the front of `[from, to)`, both sides in their order; returns where the right begins. */
export function partition(
  { bins, rows: count }: BinnedRows,
  split: Split,
  part: Part,
  scratch: { readonly rows: Int32Array; readonly values: Float64Array },
): number {
  const { rows, values, from, to } = part
  const column = split.feature * count
  let middle = from
  let rest = 0
  for (let k = from; k < to; k += 1) {
    const row = rows[k]!
    const bin = bins[column + row]!
    if (bin === 0 ? split.missingLeft : bin <= split.bin) {
      rows[middle] = row
      values[middle] = values[k]!
      middle += 1
    } else {
      scratch.rows[rest] = row
      scratch.values[rest] = values[k]!
      rest += 1
    }
  }
  rows.set(scratch.rows.subarray(0, rest), middle)
  values.set(scratch.values.subarray(0, rest), middle)
  return middle
}

/** `share` of the numbers 0 … count − 1, at least one, in rising order. */
export function drawSome(count: number, share: number, random: () => number): Int32Array {
  const wanted = Math.max(1, Math.min(count, Math.round(count * share)))
  const drawn = new Int32Array(wanted)
  let k = 0
  // Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S.
  for (let number = 0; number < count && k < wanted; number += 1) {
    if ((count - number) * random() < wanted - k) {
      drawn[k] = number
      k += 1
    }
  }
  return drawn
}
