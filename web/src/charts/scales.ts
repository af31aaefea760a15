import { zoneOffsetMs } from '../format/iso-time.ts'
import type { ChartSpec } from './spec.ts'

/** From where to where the left axis of a chart goes, for the least and the greatest of its values. */
export function leftExtent(
  { range, atLeast = 0 }: ChartSpec,
  low: number | null,
  high: number | null,
): [number, number] {
  if (range) return [range[0], range[1]]
  const top = Math.max(atLeast, high ?? 0)
  return [Math.min(0, (low ?? 0) * 1.05), top <= 0 ? 1 : top * 1.06]
}

/** The same of the right axis, which begins at zero. */
export const rightExtent = (low: number | null, high: number | null): [number, number] => [
  Math.min(0, low ?? 0),
  Math.max(1e-9, (high ?? 1) * 1.1),
]

/** Round values between two ends, about `count` of them: steps of 1, 2 or 5 with zeros. */
export function roundValues([low, high]: readonly [number, number], count: number): readonly number[] {
  const rough = (high - low) / Math.max(1, count)
  if (!(rough > 0)) return [low]
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10)
  const first = Math.ceil(low / step)
  const last = Math.floor(high / step)
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, k) => Number(((first + k) * step).toPrecision(12)))
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs
const timeStepsMs = [1, 2, 3, 6, 12]
  .map((hours) => hours * hourMs)
  .concat([1, 2, 7, 14, 28, 84].map((days) => days * dayMs))

/** Round times of a zone between two ends, at most `most` of them; midnights are among them. */
export function roundTimes(fromMs: number, toMs: number, zone: string, most: number): readonly number[] {
  const stepMs = timeStepsMs.find((step) => (toMs - fromMs) / step <= most) ?? dayMs * 364
  const offsetMs = zoneOffsetMs(fromMs, zone)
  const first = Math.ceil((fromMs + offsetMs) / stepMs) * stepMs - offsetMs
  return Array.from({ length: Math.max(0, Math.floor((toMs - first) / stepMs) + 1) }, (_, k) => first + k * stepMs)
}
