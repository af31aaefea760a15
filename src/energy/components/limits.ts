/** kW, kWh: dust of the solver on powers and energies of hundreds. */
export const tolerance = 1e-4
/** kWh of a shortfall that is too little to name. */
export const unnamedKwh = 0.01

/** The first step in which `broken` holds, as one sentence; for {@link Component.breaches}. */
export function brokenSteps(
  what: string,
  values: Float64Array,
  broken: (value: number, k: number) => boolean,
): string[] {
  const k = values.findIndex((value, index) => broken(value, index))
  return k < 0 ? [] : [`${what} in step ${k}: ${values[k]}`]
}

/** Whether a value lies outside `[low, high]` by more than dust. */
export const outside = (low: number, high: number) => {
  const dust = tolerance * Math.max(1, 1e-3 * Math.max(Math.abs(low), Number.isFinite(high) ? Math.abs(high) : 0))
  return (value: number): boolean => !(value >= low - dust && value <= high + dust)
}
