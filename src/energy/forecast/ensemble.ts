import type { Random } from '../../kernel/index.ts'
import type { Features } from './features.ts'
import { createLinearTerms, type LinearTerms } from './linear/linear-terms.ts'
import { fitLinear, predictLinear, type SlotRows, usualLinear } from './linear/slot-planes.ts'
import type { Fitted } from './method.ts'
import type { Pause } from './pause.ts'
import { lookUp, similarDay } from './simple-methods.ts'
import type { ForecastTask } from './task.ts'
import { collectRows, originsBefore } from './training-rows.ts'
import { binRows } from './trees/bins.ts'
import { type BoostOptions, boost, usualBoost } from './trees/boost.ts'
import { boostSpread } from './trees/boost-spread.ts'
import { growForest, usualForest } from './trees/forest.ts'

/** Names of the members, in the order of their points. */
export const memberNames = [
  'linear',
  'linear + boosted',
  'boosted',
  'forest',
  'linear + forest',
  'similar day',
] as const

export interface EnsembleOptions {
  /** Nothing at or after this step is learnt from. */
  readonly before: number
  /** Levels of the distributions, rising. */
  readonly levels: readonly number[]
  readonly random: Random
  readonly pause: Pause
}

/** With fewer rows than this nothing can be learnt. */
const leastRows = 200
/** From so many rows on, more and larger trees pay. */
const manyRows = 30_000
const largeBoost: BoostOptions = { ...usualBoost, leaves: 31, trees: 250, leastRows: 40, featureShare: 0.5 }

/**
 * Learns the members for origins at the clock time of `before`: linear models a slot, boosted trees on what they leave,
 * boosted trees (for the median and both outer levels) and a quantile forest on the load itself that see the linear model's answer as a feature (for rows learnt
 * from: an answer that had not seen their week), and a quantile forest on what the linear model leaves.
 * Source of stacking by answers to what was left out: Wolpert, Neural Networks 5 (1992) 241.
 */
export async function fitEnsemble(task: ForecastTask, features: Features, options: EnsembleOptions): Promise<Fitted> {
  const { before, levels, random, pause } = options
  const rows = await collectRows(task, features, originsBefore(task, before), { before, pause })
  if (rows.targets.length < leastRows) return alikeOnly(task, levels)
  const width = features.names.length
  await pause()
  const terms = await createLinearTerms(features, rows.values, pause)
  const linearRows: SlotRows = {
    terms: terms.count,
    slots: task.calendar.slots,
    values: await termsOf(rows.values, width, terms, pause),
    targets: rows.targets,
    slot: rows.slot,
    // Whole weeks, so that a row is predicted by planes that have not seen its neighbours either.
    fold: Uint8Array.from(rows.day, (day) => Math.floor(day / 7) % usualLinear.folds),
  }
  const { planes, without } = await fitLinear(linearRows, usualLinear, pause)
  const fitted = predictLinear(terms.count, linearRows.values, (r) => planes[rows.slot[r]!])
  const residuals = linearRows.targets.map((target, r) => target - fitted[r]!)
  await pause()
  const unseen = predictLinear(terms.count, linearRows.values, (r) => without[linearRows.fold[r]!]![rows.slot[r]!])
  await pause()
  const binned = await binRows(withColumn(rows.values, width, unseen), width + 1, pause)
  const trees = rows.targets.length > manyRows ? largeBoost : usualBoost
  const luck = { random, pause }
  const limits = limitsOf(rows.targets)
  const corrected = await boost(binned, residuals, trees, luck)
  const boosted = await boost(binned, rows.targets, trees, luck)
  const forest = await growForest(binned, rows.targets, usualForest, luck)
  const leftForest = await growForest(binned, residuals, usualForest, luck)
  const spread = await boostSpread(binned, rows.targets, levels, luck)

  return {
    async forecast(origin) {
      const count = Math.min(task.horizon, task.values.length - origin)
      const values = new Float64Array(count * width)
      for (let k = 0; k < count; k += 1) features.fill(origin, origin + k, values, k * width)
      const slot = task.calendar.slot.subarray(origin, origin + count)
      const alike = lookUp(similarDay, task, origin)
      const sound = (part: Float64Array): Float64Array => part.map((value, k) => within(limits, value, alike[k]!))
      const linearTerms = await termsOf(values, width, terms, pause)
      const linear = sound(predictLinear(terms.count, linearTerms, (r) => planes[slot[r]!]))
      const seen = withColumn(values, width, linear)
      const asked = [0.5, ...levels]
      await pause()
      const [median, ...quantiles] = forest.quantiles(seen, asked)
      await pause()
      const [leftMedian, ...leftQuantiles] = leftForest.quantiles(seen, asked).map((part) => sound(sumOf(part, linear)))
      await pause()
      const middle = boosted.predict(seen)
      return {
        points: [linear, sound(sumOf(corrected.predict(seen), linear)), middle, median!, leftMedian!, alike],
        spreads: [
          { median: median!, quantiles },
          { median: leftMedian!, quantiles: leftQuantiles },
          { median: middle, quantiles: spread(seen, middle) },
        ],
      }
    },
  }
}

/** The members of a history with hardly a row: all say what similar days were. */
const alikeOnly = (task: ForecastTask, levels: readonly number[]): Fitted => ({
  forecast(origin) {
    const alike = lookUp(similarDay, task, origin)
    const spread = { median: alike, quantiles: levels.map(() => alike) }
    return { points: memberNames.map(() => alike), spreads: [spread, spread, spread] }
  },
})

/** Beyond what was ever seen by more than this share of its range, a straight line is not believed. */
const trustedBeyond = 0.2

function limitsOf(targets: Float64Array): readonly [number, number] {
  let least = Number.POSITIVE_INFINITY
  let most = Number.NEGATIVE_INFINITY
  for (const value of targets) {
    least = Math.min(least, value)
    most = Math.max(most, value)
  }
  const beyond = trustedBeyond * (most - least)
  return [least >= 0 ? Math.max(0, least - beyond) : least - beyond, most + beyond]
}

const within = ([least, most]: readonly [number, number], value: number, instead: number): number =>
  Number.isNaN(value) ? instead : Math.min(most, Math.max(least, value))

const sumOf = (a: Float64Array, b: Float64Array): Float64Array => a.map((value, k) => value + b[k]!)

/** Rows between two pauses. */
const rowsAtOnce = 2000

async function termsOf(features: Float64Array, width: number, terms: LinearTerms, pause: Pause): Promise<Float64Array> {
  const rows = features.length / width
  const values = new Float64Array(rows * terms.count)
  for (let r = 0; r < rows; r += 1) {
    if (r % rowsAtOnce === 0) await pause()
    terms.write(features, r * width, values, r * terms.count)
  }
  return values
}

/** The rows with one more column at their end. */
function withColumn(values: Float64Array, width: number, column: Float64Array): Float64Array {
  const wide = new Float64Array(column.length * (width + 1))
  for (let r = 0; r < column.length; r += 1) {
    wide.set(values.subarray(r * width, (r + 1) * width), r * (width + 1))
    wide[r * (width + 1) + width] = column[r]!
  }
  return wide
}
