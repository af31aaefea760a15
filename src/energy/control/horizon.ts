import { type GridSegment, gridOfSegments, offsetMsAt, type StepGrid } from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'

/** A stretch of a horizon with one length of step. */
export interface HorizonSegment {
  readonly steps: number
  readonly minutes: number
}

/** A horizon whose steps grow with lead time: what is far is uncertain, and will be planned again before it comes. */
export interface GrowingHorizon {
  readonly hours: number
  /** Length of the first steps. */
  readonly fromMinutes: number
}

export type Horizon = readonly HorizonSegment[] | GrowingHorizon

/** Lengths of growing steps, and the lead time up to which each is used; minutes. */
const stages = [
  { minutes: 1, until: 15 },
  { minutes: 5, until: 60 },
  { minutes: 15, until: 240 },
  { minutes: 60, until: Number.POSITIVE_INFINITY },
] as const

const minuteMs = 60_000

/**
 * The steps of a plan that begins now. Growing steps of a length begin on a multiple of it by the local clock, so that each
 * stage lasts until the next can begin; the last step may end a little after the horizon.
 *
 * @throws `energy.bad-horizon`
 */
export function horizonGrid(horizon: Horizon, startMs: number, zone: string): StepGrid {
  const segments =
    'hours' in horizon
      ? growingSegments(horizon, startMs, zone)
      : horizon.map(({ steps, minutes }) => ({ stepMs: minutes * minuteMs, count: steps }))
  if (
    segments.length > 0 &&
    segments.every(({ stepMs, count }) => stepMs > 0 && Number.isInteger(count) && count > 0)
  ) {
    return gridOfSegments(startMs, segments)
  }
  throw energyErrors.badHorizon({
    detail: 'A horizon has segments of whole steps',
    found: segments.map(({ stepMs, count }) => `${count} × ${stepMs / minuteMs} min`).join(', ') || 'none',
    expected: 'at least one step in each segment',
  })
}

function growingSegments({ hours, fromMinutes }: GrowingHorizon, startMs: number, zone: string): GridSegment[] {
  const used = stages.filter(({ minutes }) => minutes > fromMinutes)
  const first = stages.findLast(({ minutes }) => minutes <= fromMinutes)
  const steps = [{ minutes: fromMinutes, until: first?.until ?? 0 }, ...used]
  const wholeMs = hours * 3_600_000
  const segments: GridSegment[] = []
  let leadMs = 0
  steps.forEach(({ minutes, until }, index) => {
    const stepMs = minutes * minuteMs
    const next = steps[index + 1]
    const mayEnd = (): boolean => next === undefined || onClock(startMs + leadMs, next.minutes * minuteMs, zone)
    let count = 0
    while (leadMs < wholeMs && (leadMs < until * minuteMs || !mayEnd())) {
      leadMs += stepMs
      count += 1
    }
    if (count > 0) segments.push({ stepMs, count })
  })
  return segments
}

/** Whether a moment is a multiple of some length by the local clock. */
const onClock = (timestampMs: number, lengthMs: number, zone: string): boolean =>
  (timestampMs + offsetMsAt(timestampMs, zone)) % lengthMs === 0
