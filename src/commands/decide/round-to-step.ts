/**
 * The multiple of a step next to a value, inside limits. Where no multiple is inside, the value itself, held inside.
 *
 * @param step 0 = any value
 */
export function roundToStep(
  value: number,
  step: number,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const inside = Math.min(most, Math.max(least, value)) + 0
  if (step <= 0) return inside
  // A limit that is a multiple itself is one in spite of the last digit.
  const first = Math.ceil(least / step - 1e-9)
  const last = Math.floor(most / step + 1e-9)
  if (first > last) return inside
  const multiple = Math.min(last, Math.max(first, Math.round(inside / step)))
  // No −0, and no 0.30000000000000004.
  return Math.min(most, Math.max(least, Number((multiple * step).toPrecision(12)))) + 0
}
