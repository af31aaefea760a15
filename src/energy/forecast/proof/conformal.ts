import { selectRank } from '../select.ts'
import type { Combined } from './combine.ts'

/** A combined forecast of the past and what came. */
export interface JudgedCombination {
  readonly combined: Combined
  /** Slot of the day of each step. */
  readonly slot: Int16Array
  /** NaN is missing. */
  readonly actual: Float64Array
}

/** Turns combined forecasts into quantiles that have kept their promise in the past. */
export interface Calibration {
  readonly levels: readonly number[]
  /** Scores that the first block was calibrated with. */
  readonly count: number
  /** Median and, by level, quantiles; in order at every step, the median among them. */
  apply(
    combined: Combined,
    slot: Int16Array,
  ): { readonly median: Float64Array; readonly values: readonly Float64Array[] }
}

export interface CalibrationOptions {
  /** Rising. */
  readonly levels: readonly number[]
  readonly slots: number
  /** Block of the horizon that a lead of so many steps belongs to. */
  blockOf(lead: number): number
}

/** Steps of an hour on either side over which the usual error of a slot is smoothed. */
const smoothHours = 1
/** A step is taken to be at most so many times as wide as is usual at its time: beyond, members say nothing of use. */
const widestRatio = 20
/** Mean errors below this are rounding, whatever the unit. */
const noError = 1e-290

/**
 * Split-conformal quantiles: errors of the past in units of their usual size at that time of day (and, where the members
 * know distributions, of the width they gave) are ranked within a block of the horizon, and each level takes the rank that
 * holds for a new exchangeable one. The median stays where the members put it unless the days show that it is one-sided.
 * Source: Romano, Patterson & Candès, NeurIPS 2019 (conformalised quantile regression); Lei et al., Journal of the American
 * Statistical Association 113 (2018) 1094, section 5.2 (errors in units of a local scale).
 */
export function calibrate(past: readonly JudgedCombination[], options: CalibrationOptions): Calibration {
  const { levels, blockOf } = options
  const scaleOf = localScale(past, options)
  const scores = new Map<number, Scores>()
  for (const { combined, slot, actual } of past) {
    const scale = scaleOf(combined, slot)
    for (let k = 0; k < actual.length; k += 1) {
      if (Number.isNaN(actual[k]!)) continue
      const block = blockOf(k)
      const own = scores.get(block) ?? { ofMedian: [], ofLevels: levels.map(() => []) }
      scores.set(block, own)
      own.ofMedian.push((actual[k]! - combined.median[k]!) / scale[k]!)
      levels.forEach((_, j) => {
        own.ofLevels[j]!.push((actual[k]! - (combined.quantiles[j] ?? combined.median)[k]!) / scale[k]!)
      })
    }
  }
  const shifts = new Map<number, Shifts>()
  for (const [block, { ofMedian, ofLevels }] of scores)
    shifts.set(block, {
      ofMedian: medianShift(ofMedian, past.length),
      ofLevels: ofLevels.map((list, j) => conformalRank(list, levels[j]!)),
    })
  const general = [...shifts.values()].at(-1) ?? { ofMedian: 0, ofLevels: levels.map(() => 0) }
  return {
    levels,
    count: scores.get(0)?.ofMedian.length ?? 0,
    apply(combined, slot) {
      const scale = scaleOf(combined, slot)
      const median = new Float64Array(slot.length)
      const values = levels.map(() => new Float64Array(slot.length))
      const own = new Float64Array(levels.length)
      for (let k = 0; k < slot.length; k += 1) {
        const { ofMedian, ofLevels } = shifts.get(blockOf(k)) ?? general
        const middle = combined.median[k]! + ofMedian * scale[k]!
        levels.forEach((level, j) => {
          const value = (combined.quantiles[j] ?? combined.median)[k]! + ofLevels[j]! * scale[k]!
          own[j] = level === 0.5 ? middle : level < 0.5 ? Math.min(value, middle) : Math.max(value, middle)
        })
        own.sort()
        median[k] = middle
        for (let j = 0; j < levels.length; j += 1) values[j]![k] = own[j]!
      }
      return { median, values }
    },
  }
}

/** Errors of the past in units of their usual size. */
interface Scores {
  readonly ofMedian: number[]
  readonly ofLevels: readonly number[][]
}

/** By how many usual errors median and levels of a block are moved. */
interface Shifts {
  readonly ofMedian: number
  readonly ofLevels: readonly number[]
}

/**
 * Nothing while about half of what came lay below the median; the median error when it is further from half than two
 * standard deviations of as many tosses of a coin as there were days (errors of one day hang together).
 */
function medianShift(scores: readonly number[], days: number): number {
  const below = scores.reduce((sum, score) => sum + (score < 0 ? 1 : score === 0 ? 0.5 : 0), 0) / scores.length
  return Math.abs(below - 0.5) > 1 / Math.sqrt(days) ? conformalRank(scores, 0.5) : 0
}

/**
 * The score at the rank that a new exchangeable score stays under with probability `level`: ⌈(n+1)·level⌉ above the
 * middle, ⌊(n+1)·level⌋ below, so that both ends err on the wide side. The extreme score where there are too few.
 */
export function conformalRank(scores: readonly number[], level: number): number {
  const count = scores.length
  if (count === 0) return 0
  const exact = (count + 1) * level
  const rank = level > 0.5 ? Math.ceil(exact - 1e-9) : Math.floor(exact + 1e-9)
  return selectRank(Float64Array.from(scores), Math.min(count, Math.max(1, rank)) - 1)
}

/** Size that errors have at a step: by slot of the day, and by the width of the members' distributions if there are. */
function localScale(
  past: readonly JudgedCombination[],
  { slots }: CalibrationOptions,
): (combined: Combined, slot: Int16Array) => Float64Array {
  const reach = Math.max(1, Math.round((slots / 24) * smoothHours))
  const errors = new Float64Array(slots)
  const widths = new Float64Array(slots)
  const counts = new Float64Array(slots)
  for (const { combined, slot, actual } of past) {
    for (let k = 0; k < actual.length; k += 1) {
      const error = Math.abs(actual[k]! - combined.median[k]!)
      if (Number.isNaN(error)) continue
      for (let away = -reach; away <= reach; away += 1) {
        const s = (slot[k]! + away + slots) % slots
        errors[s] = errors[s]! + error
        widths[s] = widths[s]! + widthAt(combined, k)
        counts[s] = counts[s]! + 1
      }
    }
  }
  const total = counts.reduce((sum, count) => sum + count, 0)
  const usual = total > 0 ? errors.reduce((sum, error) => sum + error, 0) / total : 1
  const least = usual > noError ? 0.05 * usual : 1
  return (combined, slot) =>
    Float64Array.from(slot, (s, k) => {
      const typical = Math.max(least, counts[s]! > 0 ? errors[s]! / counts[s]! : usual)
      const typicalWidth = counts[s]! > 0 ? widths[s]! / counts[s]! : 0
      // Half by the time of day, half by how wide the members find this step compared with others of its time.
      return typicalWidth > 0
        ? typical * (0.5 + 0.5 * Math.min(widestRatio, widthAt(combined, k) / typicalWidth))
        : typical
    })
}

/** Nothing where members cross. */
const widthAt = ({ quantiles }: Combined, k: number): number =>
  quantiles.length > 1 ? Math.max(0, quantiles.at(-1)![k]! - quantiles[0]![k]!) : 0
