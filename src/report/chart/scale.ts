/**
 * A step of 1, 2 or 5 times a power of ten that divides a range into at most `most` parts
 * (Heckbert 1990, Nice numbers for graph labels, in Graphics Gems).
 */
export function niceStep(range: number, most: number): number {
  if (!(range > 0) || !Number.isFinite(range)) return 1
  const raw = range / most
  const power = 10 ** Math.floor(Math.log10(raw))
  const part = raw / power
  return (part <= 1 ? 1 : part <= 2 ? 2 : part <= 5 ? 5 : 10) * power
}

/** Ends of an axis on whole steps that holds all values and zero, and the step. */
export function niceAxis(
  values: readonly number[],
  most: number,
): { readonly low: number; readonly high: number; readonly step: number } {
  const least = Math.min(0, ...values)
  const greatest = Math.max(0, ...values)
  const step = niceStep(greatest - least, most)
  const low = Math.floor(least / step) * step
  const high = Math.max(low + step, Math.ceil(greatest / step) * step)
  return { low, high, step }
}

/** Digits after the point that tell steps apart. */
export const decimalsOfStep = (step: number): number => Math.max(0, Math.min(12, -Math.floor(Math.log10(step) + 1e-9)))
