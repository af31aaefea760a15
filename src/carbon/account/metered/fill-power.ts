import { localParts, stepStartMs } from '../../../kernel/index.ts'
import type { PowerSteps } from './read-power.ts'
import type { MeteredRow } from './schema.ts'

/** Energy of a power over its steps. */
export interface FilledEnergy {
  readonly measuredKwh: number
  /** What the rule filled in; NaN where it cannot: an hour of the day of which nothing is known. */
  readonly estimatedKwh: number
  readonly knownSteps: number
}

/** The part of a power that a row counts, kW. */
export const sideOf = (powerKw: number, side: NonNullable<MeteredRow['side']>): number =>
  side === 'net' ? powerKw : Math.max(0, side === 'import' ? powerKw : -powerKw)

/**
 * Adds a power up, and fills what is missing by a rule.
 *
 * @param rule `scale`: a missing step is like the mean of all known ones. `like-hours`: like the mean of the known steps of
 * the same hour of the local clock, on working days or on weekends; where there is none, of the same hour on any day
 */
export function fillPower(
  { grid, powerKw }: PowerSteps,
  side: NonNullable<MeteredRow['side']>,
  rule: NonNullable<MeteredRow['gaps']>,
  zone: string,
): FilledEnergy {
  const hours = grid.stepMs / 3_600_000
  const sums = new Float64Array(72)
  const counts = new Float64Array(72)
  const slots = new Uint8Array(grid.count)
  let measured = 0
  let known = 0
  for (let k = 0; k < grid.count; k += 1) {
    const value = sideOf(powerKw[k]!, side)
    if (rule === 'like-hours') {
      const { hour, weekday } = localParts(stepStartMs(grid, k), zone)
      slots[k] = hour + (weekday >= 6 ? 24 : 0)
    }
    if (Number.isNaN(value)) continue
    measured += value
    known += 1
    for (const slot of [slots[k]!, 48 + (slots[k]! % 24)]) {
      sums[slot]! += value
      counts[slot]! += 1
    }
  }
  let estimated = 0
  for (let k = 0; rule !== 'refuse' && k < grid.count; k += 1) {
    if (!Number.isNaN(powerKw[k]!)) continue
    const slot = slots[k]!
    const used = counts[slot]! > 0 ? slot : 48 + (slot % 24)
    estimated += rule === 'scale' ? measured / known : sums[used]! / counts[used]!
  }
  return { measuredKwh: measured * hours, estimatedKwh: estimated * hours, knownSteps: known }
}
