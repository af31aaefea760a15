/** Lives that differ from a whole number of periods by less than this, years, are rounding. */
const tolerance = 1e-9

/**
 * Years at whose end a machine is replaced within a period: a life that ends in the middle of a year is paid for at its end.
 * What would be replaced when the period ends is not.
 */
export function replacementYears(lifetimeYears: number, years: number): number[] {
  const found: number[] = []
  for (let count = 1; count * lifetimeYears < years - tolerance; count += 1) {
    found.push(Math.min(years, Math.ceil(count * lifetimeYears - tolerance)))
  }
  return found
}

/**
 * Part of its life that the last machine still has at the end of the period, 0 to 1: the straight line of HOMER Pro,
 * "Salvage Value": S = C_rep · R_rem / R_comp.
 */
export function remainingLife(lifetimeYears: number, years: number): number {
  const begun = Math.ceil((years - tolerance) / lifetimeYears - tolerance)
  return Math.max(0, (begun * lifetimeYears - years) / lifetimeYears)
}
