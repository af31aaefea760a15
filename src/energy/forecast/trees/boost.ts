import type { Random } from '../../../kernel/index.ts'
import { noPause, type Pause } from '../pause.ts'
import { selectRank } from '../select.ts'
import { type BinnedRows, binCount, binOf } from './bins.ts'
import {
  createTreeBuilder,
  drawSome,
  fillHistogram,
  improveSplit,
  leafOf,
  partition,
  type Split,
  type Tree,
} from './tree.ts'

export interface BoostOptions {
  readonly trees: number
  /** Leaves of a tree at most; the one that gains most is split first. */
  readonly leaves: number
  /** Share of a tree's step that is taken, 0 to 1. */
  readonly rate: number
  /** Rows in a leaf at least. */
  readonly leastRows: number
  /** Share of rows and of features that a tree sees. */
  readonly rowShare: number
  readonly featureShare: number
  /** Added to the count of a leaf where gains are weighed. */
  readonly l2: number
  /** `squared` gives means, a level between 0 and 1 that quantile (pinball loss); 0.5: medians. */
  readonly loss: 'squared' | number
}

export const usualBoost: BoostOptions = {
  trees: 150,
  leaves: 15,
  rate: 0.05,
  leastRows: 80,
  rowShare: 0.7,
  featureShare: 0.33,
  l2: 1,
  loss: 0.5,
}

/** Gradient-boosted trees: the sum of a start and one step of each tree. */
export interface Boosted {
  /** Prediction for features given row by row; one value a row. */
  predict(values: Float64Array): Float64Array
}

/**
 * Gradient boosting over histograms with leaf-wise growth.
 * Source: Friedman, Annals of Statistics 29 (2001) 1189 (algorithm 3 for medians: leaves take the quantile of their
 * residuals); Ke et al., NeurIPS 2017 (LightGBM: histograms, leaf-wise growth, subtraction of siblings).
 *
 * @param targets one value a row, none missing
 */
export async function boost(
  binned: BinnedRows,
  targets: Float64Array,
  options: BoostOptions,
  { random, pause = noPause }: { readonly random: Random; readonly pause?: Pause },
): Promise<Boosted> {
  const { trees, rate, loss, rowShare, featureShare } = options
  const count = binned.rows
  const start = leafValue(Float64Array.from(targets), 0, count, { loss, l2: 0 })
  const fitted = new Float64Array(count).fill(start)
  const grown: { readonly tree: Tree; readonly steps: Float64Array }[] = []
  const seen = new Uint8Array(count)
  const next = (): number => random.next()
  for (let t = 0; t < trees; t += 1) {
    await pause()
    const rows = drawSome(count, rowShare, next)
    const features = drawSome(binned.features, featureShare, next)
    const gradients = new Float64Array(rows.length)
    for (let k = 0; k < rows.length; k += 1) {
      const residual = targets[rows[k]!]! - fitted[rows[k]!]!
      gradients[k] = loss === 'squared' ? residual : residual > 0 ? loss : residual < 0 ? loss - 1 : 0
    }
    const { tree, spans } = growBoosted(binned, { rows, values: gradients }, features, options)
    const residuals = new Float64Array(rows.length)
    for (let k = 0; k < rows.length; k += 1) residuals[k] = targets[rows[k]!]! - fitted[rows[k]!]!
    const steps = Float64Array.from(spans, ([from, to]) => rate * leafValue(residuals, from, to, options))
    // The tree has left its own rows in the order of its leaves; only the others must be led down.
    seen.fill(0)
    spans.forEach(([from, to], leaf) => {
      for (let k = from; k < to; k += 1) {
        fitted[rows[k]!] = fitted[rows[k]!]! + steps[leaf]!
        seen[rows[k]!] = 1
      }
    })
    for (let r = 0; r < count; r += 1) {
      if (seen[r] === 0) fitted[r] = fitted[r]! + steps[leafOf(tree, binned.bins, count, r)]!
    }
    grown.push({ tree, steps })
    if (spans.length === 1) break
  }
  return {
    predict(values) {
      const rows = values.length / binned.features
      const bins = new Uint8Array(values.length)
      for (let f = 0; f < binned.features; f += 1) {
        const edges = binned.edges[f]!
        for (let r = 0; r < rows; r += 1) bins[f * rows + r] = binOf(edges, values[r * binned.features + f]!)
      }
      const sums = new Float64Array(rows).fill(start)
      for (const { tree, steps } of grown)
        for (let r = 0; r < rows; r += 1) sums[r] = sums[r]! + steps[leafOf(tree, bins, rows, r)]!
      return sums
    },
  }
}

/** What a leaf says of its residuals: their mean (shrunk) or their quantile. Changes the order of `residuals`. */
function leafValue(
  residuals: Float64Array,
  from: number,
  to: number,
  { loss, l2 }: Pick<BoostOptions, 'loss' | 'l2'>,
): number {
  if (to <= from) return 0
  if (loss !== 'squared') return selectRank(residuals, Math.floor(loss * (to - from - 1) + 0.5), from, to)
  let sum = 0
  for (let k = from; k < to; k += 1) sum += residuals[k]!
  return sum / (to - from + l2)
}

interface OpenLeaf {
  readonly node: number
  readonly from: number
  readonly to: number
  readonly sum: number
  readonly histogram: Float64Array
  readonly split: Split
}

/** Grows one tree on a sample; its rows are left in the order of the leaves. */
function growBoosted(
  binned: BinnedRows,
  sample: { readonly rows: Int32Array; readonly values: Float64Array },
  features: Int32Array,
  options: Pick<BoostOptions, 'leaves' | 'leastRows' | 'l2'>,
): { readonly tree: Tree; readonly spans: readonly (readonly [number, number])[] } {
  const { leaves, leastRows, l2 } = options
  const scratch = { rows: new Int32Array(sample.rows.length), values: new Float64Array(sample.rows.length) }
  const builder = createTreeBuilder()
  const width = 2 * binCount

  const histogramOf = (from: number, to: number): Float64Array => {
    const histogram = new Float64Array(features.length * width)
    const part = { ...sample, from, to }
    for (let j = 0; j < features.length; j += 1) fillHistogram(histogram, j * width, binned, features[j]!, part)
    return histogram
  }
  const open = (node: number, from: number, to: number, histogram: Float64Array): OpenLeaf => {
    let sum = 0
    for (let k = from; k < to; k += 1) sum += sample.values[k]!
    const split: Split = { feature: -1, bin: 0, missingLeft: false, gain: 0 }
    if (to - from >= 2 * leastRows) {
      for (let j = 0; j < features.length; j += 1) {
        const about = { feature: features[j]!, sum, count: to - from, least: leastRows, l2 }
        improveSplit(split, histogram, j * width, about)
      }
    }
    return { node, from, to, sum, histogram, split }
  }

  const all = sample.rows.length
  const opened = [open(builder.add(), 0, all, histogramOf(0, all))]
  while (opened.length < leaves) {
    let at = 0
    for (let k = 1; k < opened.length; k += 1) if (opened[k]!.split.gain > opened[at]!.split.gain) at = k
    const leaf = opened[at]!
    if (!(leaf.split.gain > 1e-12)) break
    const middle = partition(binned, leaf.split, { ...sample, from: leaf.from, to: leaf.to }, scratch)
    const [left, right] = builder.split(leaf.node, leaf.split)
    // The smaller child is counted; the larger is what is left of the parent.
    const leftIsSmall = middle - leaf.from <= leaf.to - middle
    const small = leftIsSmall ? histogramOf(leaf.from, middle) : histogramOf(middle, leaf.to)
    const large = leaf.histogram
    for (let k = 0; k < large.length; k += 1) large[k] = large[k]! - small[k]!
    opened[at] = open(left, leaf.from, middle, leftIsSmall ? small : large)
    opened.push(open(right, middle, leaf.to, leftIsSmall ? large : small))
  }
  opened.forEach(({ node }, index) => {
    builder.number(node, index)
  })
  return { tree: builder.build(), spans: opened.map(({ from, to }) => [from, to] as const) }
}
