import type { Random } from '../../../kernel/index.ts'
import { noPause, type Pause } from '../pause.ts'
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

export interface ForestOptions {
  readonly trees: number
  /** Rows in a leaf at least. */
  readonly leastRows: number
  /** Share of rows that a tree sees, and how many at most. */
  readonly rowShare: number
  readonly mostRows: number
  /** Share of features that a split may ask for. */
  readonly featureShare: number
}

export const usualForest: ForestOptions = {
  trees: 40,
  leastRows: 50,
  rowShare: 0.5,
  mostRows: 10_000,
  featureShare: 0.33,
}

/** A forest that keeps the targets of its leaves, and so knows whole distributions. */
export interface Forest {
  /** Quantiles for features given row by row: one array a level, one value a row. */
  quantiles(values: Float64Array, levels: readonly number[]): readonly Float64Array[]
}

/**
 * Random forest for quantiles: a prediction is the weighted distribution of the targets that share leaves with a row.
 * Source: Breiman, Machine Learning 45 (2001) 5; Meinshausen, Journal of Machine Learning Research 7 (2006) 983.
 *
 * @param targets one value a row, none missing
 */
export async function growForest(
  binned: BinnedRows,
  targets: Float64Array,
  options: ForestOptions,
  { random, pause = noPause }: { readonly random: Random; readonly pause?: Pause },
): Promise<Forest> {
  const next = (): number => random.next()
  const share = Math.min(options.rowShare, options.mostRows / binned.rows)
  const distinct = distinctOf(targets)
  const grown: RandomTree[] = []
  for (let t = 0; t < options.trees; t += 1) {
    await pause()
    const rows = drawSome(binned.rows, share, next)
    const values = Float64Array.from(rows, (row) => targets[row]!)
    grown.push(growRandom(binned, { rows, values }, { ...options, distinct }, next))
  }
  return {
    quantiles(values, levels) {
      const { features } = binned
      const rows = values.length / features
      const bins = new Uint8Array(values.length)
      for (let f = 0; f < features; f += 1)
        for (let r = 0; r < rows; r += 1) bins[f * rows + r] = binOf(binned.edges[f]!, values[r * features + f]!)
      const answers = levels.map(() => new Float64Array(rows))
      const weights = new Float64Array(distinct.length)
      for (let r = 0; r < rows; r += 1) {
        let least = distinct.length
        let most = -1
        for (const { tree, spans, members } of grown) {
          const [from = 0, to = 0] = spans[leafOf(tree, bins, rows, r)] ?? []
          for (let k = from; k < to; k += 1) {
            const rank = members[k]!
            weights[rank] = weights[rank]! + 1 / (to - from)
            if (rank < least) least = rank
            if (rank > most) most = rank
          }
        }
        const found = weighted(distinct, weights, least, most)
        levels.forEach((level, j) => {
          answers[j]![r] = quantileAt(found, level)
        })
        weights.fill(0, least, most + 1)
      }
      return answers
    },
  }
}

/** The different values among targets, rising. */
function distinctOf(targets: Float64Array): Float64Array {
  const sorted = Float64Array.from(targets).sort()
  return sorted.filter((value, k) => k === 0 || value !== sorted[k - 1])
}

/** Place of a value in a rising list that holds it. */
function rankIn(distinct: Float64Array, value: number): number {
  let low = 0
  let high = distinct.length - 1
  while (low < high) {
    const middle = (low + high) >> 1
    if (distinct[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}

/** Values that have weight, rising, with the middle of the weight of each in the running sum. */
interface Weighted {
  readonly values: readonly number[]
  readonly middles: readonly number[]
  readonly total: number
}

function weighted(distinct: Float64Array, weights: Float64Array, least: number, most: number): Weighted {
  const values: number[] = []
  const middles: number[] = []
  let total = 0
  for (let rank = least; rank <= most; rank += 1) {
    const weight = weights[rank]!
    if (weight === 0) continue
    values.push(distinct[rank]!)
    middles.push(total + weight / 2)
    total += weight
  }
  return { values, middles, total }
}

/** Quantile of weighted values: interpolated between the middles of their weights. */
function quantileAt({ values, middles, total }: Weighted, level: number): number {
  const wanted = level * total
  let k = 0
  while (k < middles.length && middles[k]! < wanted) k += 1
  if (k === 0 || k === middles.length) return values[Math.min(k, values.length - 1)] ?? Number.NaN
  const share = (wanted - middles[k - 1]!) / (middles[k]! - middles[k - 1]!)
  return values[k - 1]! + share * (values[k]! - values[k - 1]!)
}

interface RandomTree {
  readonly tree: Tree
  /** Where the targets of each leaf stand in `members`. */
  readonly spans: readonly (readonly [number, number])[]
  /** Ranks of targets among the distinct ones. */
  readonly members: Int32Array
}

/** Grows one tree to the end; each split asks a fresh draw of features. */
function growRandom(
  binned: BinnedRows,
  sample: { readonly rows: Int32Array; readonly values: Float64Array },
  { leastRows, featureShare, distinct }: ForestOptions & { readonly distinct: Float64Array },
  random: () => number,
): RandomTree {
  const scratch = { rows: new Int32Array(sample.rows.length), values: new Float64Array(sample.rows.length) }
  const builder = createTreeBuilder()
  const histogram = new Float64Array(2 * binCount)
  const spans: (readonly [number, number])[] = []
  const waiting = [{ node: builder.add(), from: 0, to: sample.rows.length }]
  for (let leaf = waiting.pop(); leaf; leaf = waiting.pop()) {
    const { node, from, to } = leaf
    const best: Split = { feature: -1, bin: 0, missingLeft: false, gain: 0 }
    if (to - from >= 2 * leastRows) {
      const part = { ...sample, from, to }
      let sum = 0
      for (let k = from; k < to; k += 1) sum += sample.values[k]!
      for (const feature of drawSome(binned.features, featureShare, random)) {
        histogram.fill(0)
        fillHistogram(histogram, 0, binned, feature, part)
        improveSplit(best, histogram, 0, { feature, sum, count: to - from, least: leastRows, l2: 0 })
      }
    }
    if (best.gain > 1e-12) {
      const middle = partition(binned, best, { ...sample, from, to }, scratch)
      const [left, right] = builder.split(node, best)
      waiting.push({ node: left, from, to: middle }, { node: right, from: middle, to })
    } else {
      builder.number(node, spans.length)
      spans.push([from, to])
    }
  }
  return { tree: builder.build(), spans, members: Int32Array.from(sample.values, (value) => rankIn(distinct, value)) }
}
