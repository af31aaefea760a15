import type { ChpAsset } from '../schema/index.ts'

/** What an engine takes and gives while it runs: a straight line in its power through half and full load. */
export interface ChpLine {
  /** Fuel by lower heating value, kW: `fuelAtZeroKw + fuelPerKw · power`. */
  readonly fuelAtZeroKw: number
  readonly fuelPerKw: number
  readonly heatAtZeroKw: number
  readonly heatPerKw: number
}

/** The lines of an engine of 1 kW: both intercepts are in proportion to the rating. */
export function chpLine({ electrical, thermal }: Pick<ChpAsset, 'electrical' | 'thermal'>, ratedKw: number): ChpLine {
  const fuel = { full: 1 / electrical.full, half: 0.5 / electrical.half }
  const heat = { full: fuel.full * thermal.full, half: fuel.half * thermal.half }
  const fuelPerKw = 2 * (fuel.full - fuel.half)
  const heatPerKw = 2 * (heat.full - heat.half)
  return {
    fuelAtZeroKw: (fuel.full - fuelPerKw) * ratedKw,
    fuelPerKw,
    heatAtZeroKw: (heat.full - heatPerKw) * ratedKw,
    heatPerKw,
  }
}

export const chpFuelKw = (line: ChpLine, powerKw: number): number =>
  powerKw > 0 ? line.fuelAtZeroKw + line.fuelPerKw * powerKw : 0

export const chpHeatKw = (line: ChpLine, powerKw: number): number =>
  powerKw > 0 ? line.heatAtZeroKw + line.heatPerKw * powerKw : 0

/** Efficiencies of which no straight line makes an engine. */
export function checkChpLine(asset: ChpAsset) {
  const line = chpLine(asset, 1)
  const problem = (path: string, detail: string, found: number, expected: string) => [
    { detail, place: { path }, found, expected },
  ]
  if (line.fuelPerKw <= 0 || chpFuelKw(line, asset.minLoad) <= 0) {
    return problem(
      'electrical.half',
      'By these efficiencies the engine would need no more fuel for more power',
      asset.electrical.half,
      `nearer to electrical.full (${asset.electrical.full})`,
    )
  }
  if (chpHeatKw(line, asset.minLoad) < 0) {
    return problem(
      'thermal.half',
      'By these efficiencies the engine would take heat at its least load',
      asset.thermal.half,
      `nearer to thermal.full (${asset.thermal.full})`,
    )
  }
  return (['full', 'half'] as const).flatMap((load) =>
    asset.electrical[load] + asset.thermal[load] <= 1.1
      ? []
      : problem(
          `thermal.${load}`,
          'Electricity and heat are more than the fuel holds',
          asset.thermal[load],
          // A condensing engine gives up to the higher heating value, a tenth above the lower for methane.
          `at most ${(1.1 - asset.electrical[load]).toFixed(2)} beside an electrical efficiency of ${asset.electrical[load]}`,
        ),
  )
}
