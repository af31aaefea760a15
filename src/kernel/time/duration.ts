import { kernelErrors } from '../kernel-errors.ts'

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Reads a duration: `15m`, `1h`, `90 s`, or ISO 8601 `PT15M`, `PT1H30M`, `P1D`. Milliseconds, more than none.
 * @throws `kernel.bad-duration`
 */
export function parseDuration(text: string): number {
  const durationMs = shortMs(text) ?? isoMs(text) ?? 0
  if (durationMs > 0) return durationMs
  throw kernelErrors.badDuration({ detail: 'This is no duration', found: text, expected: '15m, 1h, 1d or PT15M' })
}

function shortMs(text: string): number | undefined {
  const [, count, unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*(s|m|min|h|d)\s*$/.exec(text) ?? []
  return count === undefined ? undefined : Number(count) * (unitMs[unit] ?? Number.NaN)
}

function isoMs(text: string): number | undefined {
  const match = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text)
  if (!match) return undefined
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
  ]
  return days * 86_400_000 + hours * 3_600_000 + minutes * 60_000 + seconds * 1000
}
