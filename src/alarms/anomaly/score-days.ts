import type { Day, DayType } from './like-days.ts'
import { medianOf, normalConsistency } from './robust.ts'

/** How many days of its type a day is held against, the ones just before it: so the profile follows a drift. */
const likeDays: Readonly<Record<DayType, number>> = { workday: 20, saturday: 8, sunday: 8 }
/** With fewer a day is not judged. */
export const leastLikeDays = 4
/** A spread is never taken as less than this share of what the profile spans over its day: a meter has a resolution. */
const leastSpreadShare = 0.02

/** A day held against those like it, part by part. */
export interface ScoredDay {
  readonly day: Day
  /** How many days it is held against. */
  readonly likeDays: number
  /** Median of the like days; NaN where nothing is known. */
  readonly expected: Float64Array
  /** Robust standard deviation about it. */
  readonly spread: Float64Array
  /** (value − expected) / spread; NaN where one is missing. */
  readonly score: Float64Array
}

/**
 * Holds each day against the days of its type before it: median and median absolute deviation of the same part of the day and
 * its two neighbours. Nothing of a day, or of what came after it, is in its own profile.
 */
export function scoreDays(values: Float64Array, days: readonly Day[]): readonly ScoredDay[] {
  const before: Record<DayType, Day[]> = { workday: [], saturday: [], sunday: [] }
  return days.map((day) => {
    const alike = before[day.type].slice(-likeDays[day.type])
    before[day.type].push(day)
    return scoreDay(values, day, alike)
  })
}

function scoreDay(values: Float64Array, day: Day, alike: readonly Day[]): ScoredDay {
  const slots = day.indexOf.length
  const expected = new Float64Array(slots).fill(Number.NaN)
  const spread = new Float64Array(slots).fill(Number.NaN)
  const score = new Float64Array(slots).fill(Number.NaN)
  const scored: ScoredDay = { day, likeDays: alike.length, expected, spread, score }
  if (alike.length < leastLikeDays) return scored
  const sample = new Float64Array(alike.length * 3)
  const gather = (slot: number, reach: number): number => {
    let count = 0
    for (const { indexOf } of alike) {
      for (let near = Math.max(0, slot - reach); near <= Math.min(slots - 1, slot + reach); near += 1) {
        const value = valueAt(values, indexOf[near]!)
        if (!Number.isNaN(value)) {
          sample[count] = value
          count += 1
        }
      }
    }
    return count
  }
  let [lowest, highest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (let slot = 0; slot < slots; slot += 1) {
    const median = medianOf(sample, gather(slot, 0))
    expected[slot] = median
    if (Number.isNaN(median)) continue
    lowest = Math.min(lowest, median)
    highest = Math.max(highest, median)
    const count = gather(slot, 1)
    for (let at = 0; at < count; at += 1) sample[at] = Math.abs(sample[at]! - median)
    spread[slot] = normalConsistency * medianOf(sample, count)
  }
  const floor = Math.max((highest - lowest) * leastSpreadShare, Math.abs(highest) * 1e-3, 1e-9)
  for (let slot = 0; slot < slots; slot += 1) {
    spread[slot] = Math.max(spread[slot]!, floor)
    score[slot] = (valueAt(values, day.indexOf[slot]!) - expected[slot]!) / spread[slot]!
  }
  return scored
}

export const valueAt = (values: Float64Array, index: number): number => (index < 0 ? Number.NaN : values[index]!)
