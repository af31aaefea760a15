import type { TimeGrid } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'

/** A stretch of a horizon with one length of step. */
export interface HorizonSegment {
  readonly steps: number
  readonly minutes: number
}

export const hoursOf = (segments: readonly HorizonSegment[]): number =>
  segments.reduce((sum, { steps, minutes }) => sum + (steps * minutes) / 60, 0)

/**
 * The steps of a plan that begins now. Controllers speak of their horizon in segments, so that steps can grow with lead
 * time; a plan has one length of step so far, and segments of several are refused.
 *
 * @throws `energy.bad-horizon`
 */
export function horizonGrid(segments: readonly HorizonSegment[], startMs: number): TimeGrid {
  const [{ minutes } = { minutes: 0 }] = segments
  const count = segments.reduce((sum, { steps }) => sum + steps, 0)
  if (count < 1 || segments.some((segment) => segment.minutes !== minutes)) {
    throw energyErrors.badHorizon({
      detail: 'The segments of a horizon must have one length of step',
      found: segments.map(({ steps, minutes: length }) => `${steps} × ${length} min`).join(', ') || 'none',
      expected: 'at least one step, and one length',
    })
  }
  return { startMs, stepMs: minutes * 60_000, count }
}
