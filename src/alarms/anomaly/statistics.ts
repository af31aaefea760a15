import { medianOf } from './robust.ts'
import type { ScoredDay } from './score-days.ts'

/** What is looked at on a day; each has a threshold of its own. */
export const statistics = ['spike', 'shift', 'night'] as const
export type Statistic = (typeof statistics)[number]

/** Length of what counts as a shift, ms. */
const shiftMs = 2 * 3_600_000
/** Parts of a day whose expected use is in the lowest quarter of what it spans are quiet. */
const quietShare = 0.25
/** A day that spans less than so many spreads is quiet as a whole. */
const flatSpreads = 4
/** Least part of a day that tells of its quiet hours. */
const leastQuietShare = 1 / 8

/** Statistics of one day, part by part where they have parts. */
export interface DayStatistics {
  /** Distance of each value from its profile, in spreads. */
  readonly spike: Float64Array
  /** Median of the scores of the two hours that end with the part: one value more or less does not move it. */
  readonly shift: Float64Array
  /** Median over the quiet parts, upwards only. */
  readonly night: number
  readonly isNight: Uint8Array
}

export function statisticsOf(scored: ScoredDay): DayStatistics {
  const { score } = scored
  const slots = score.length
  const width = Math.max(2, Math.round((shiftMs / 86_400_000) * slots))
  const shift = new Float64Array(slots).fill(Number.NaN)
  const window = new Float64Array(width)
  for (let last = width - 1; last < slots; last += 1) {
    let count = 0
    for (let at = last - width + 1; at <= last; at += 1) {
      if (Number.isNaN(score[at])) continue
      window[count] = score[at]!
      count += 1
    }
    if (count * 4 >= width * 3) shift[last] = medianOf(window, count)
  }
  const isNight = quietParts(scored)
  const night = score.filter((value, slot) => isNight[slot] === 1 && !Number.isNaN(value))
  return {
    spike: score.map(Math.abs),
    shift,
    night: night.length >= slots * leastQuietShare ? medianOf(night) : Number.NaN,
    isNight,
  }
}

function quietParts({ expected, spread }: ScoredDay): Uint8Array {
  const known = expected.filter((value) => !Number.isNaN(value))
  const isQuiet = new Uint8Array(expected.length)
  if (known.length === 0) return isQuiet
  const [low, high] = [known.reduce((a, b) => Math.min(a, b)), known.reduce((a, b) => Math.max(a, b))]
  const typical = medianOf(spread.filter((value) => !Number.isNaN(value)))
  const edge = high - low < flatSpreads * typical ? high : low + quietShare * (high - low)
  for (const [slot, value] of expected.entries()) if (value <= edge) isQuiet[slot] = 1
  return isQuiet
}

/** The greatest of a day, by statistic; NaN where the day tells nothing. */
export function maximaOf({ spike, shift, night }: DayStatistics): Readonly<Record<Statistic, number>> {
  return { spike: greatest(spike), shift: greatest(shift.map(Math.abs)), night }
}

function greatest(numbers: Float64Array): number {
  let most = Number.NaN
  for (const value of numbers) if (value > most || (Number.isNaN(most) && !Number.isNaN(value))) most = value
  return most
}
