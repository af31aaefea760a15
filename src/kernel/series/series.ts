import type { StepGrid } from '../time/grid.ts'

/** Values on steps of time. NaN means missing and only stands where quality is `missing`. */
export interface Series {
  readonly grid: StepGrid
  /** One value a step: the mean over the step for rates (kW, W/m2, CNY/kWh), the state at its start for levels. */
  readonly values: Float64Array
  /** One {@link quality} code a step. */
  readonly quality: Uint8Array
  /** Unit of the values, canonical: `kW`, `CNY/kWh`, `kgCO2e/kWh`. */
  readonly unit: string
}
