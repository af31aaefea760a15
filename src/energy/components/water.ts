import type { HydroReservoirAsset } from '../schema/index.ts'

const gravityMPerS2 = 9.80665
const waterKgPerM3 = 1000

/** Head at a volume, m: one for all, or that of the highest volume of the table that is reached. */
export function headAt({ headM, headByVolume }: HydroReservoirAsset, volumeM3: number): number {
  if (!headByVolume) return headM ?? 1
  const reached = headByVolume.filter(([from]) => from <= volumeM3)
  return (reached.at(-1) ?? headByVolume[0]!)[1]
}

/** Electricity that a cubic metre gives through turbine and generator, kWh: η·ρ·g·H. */
export const kwhPerM3At = ({ efficiency }: HydroReservoirAsset, headM: number): number =>
  (efficiency * waterKgPerM3 * gravityMPerS2 * headM) / 3_600_000

/** Water that a kWh of pumping lifts, m3. */
export const m3PerPumpedKwh = (efficiency: number, headM: number): number =>
  (efficiency * 3_600_000) / (waterKgPerM3 * gravityMPerS2 * headM)

export const secondsPerHour = 3600
