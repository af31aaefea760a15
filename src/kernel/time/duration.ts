import { kernelErrors } from '../kernel-errors.ts'

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000 }

/**
 * Reads a duration: `15m`, `1h`, `90 s`, or ISO 8601 `PT15M`, `PT1H30M`, `P1D`. Milliseconds.
 * @throws `kernel.bad-duration`
 */
export function parseDuration(text: string): number {
  const short = /^\s*(\d+(?:\.\d+)?)\s*(s|m|min|h|d)\s*$/.exec(text)
  if (short) return Number(short[1]) * (unitMs[short[2] ?? ''] ?? Number.NaN)
  const iso = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text)
  const durationMs = iso
    ? Number(iso[1] ?? 0) * 86_400_000 +
      Number(iso[2] ?? 0) * 3_600_000 +
      Number(iso[3] ?? 0) * 60_000 +
      Number(iso[4] ?? 0) * 1000
    : 0
  if (durationMs > 0) return durationMs
  throw kernelErrors.badDuration({ detail: 'This is no duration', found: text, expected: '15m, 1h, 1d or PT15M' })
}
