import type { Site } from '../../kernel/index.ts'
import type { Plant, PlantConditions } from '../plant.ts'
import { highestInterval, type TariffOnGrid } from '../tariff/index.ts'

/**
 * Import up to which each step of a plan costs no more demand charge than the plan itself, kW: the highest of what is billed
 * already and what the plan imports in the same window. Infinite where no charge counts the step.
 */
export function allowedImportKw(tariff: TariffOnGrid, plannedKw: ArrayLike<number>): Float64Array {
  const importKw = Float64Array.from(plannedKw, (power) => Math.max(0, power))
  const allowed = new Float64Array(importKw.length).fill(Number.POSITIVE_INFINITY)
  for (const { intervals, billed, peakSoFarKw } of tariff.demand) {
    const owedKw = billed.kind === 'highest' ? Math.max(billed.floorKw, peakSoFarKw) : peakSoFarKw
    const levelKw = Math.max(owedKw, highestInterval(intervals, importKw).peakKw)
    for (const step of intervals.step) allowed[step] = Math.min(allowed[step]!, levelKw)
  }
  return allowed
}

/** kW over the level that are not worth a correction. */
const dustKw = 1e-6

/**
 * Holds the import of a step at a level when the day differs from the forecast: batteries charge less or give more, as far
 * as they can. This is what a meter-following loop does between two plans, with the mean of the step instead of seconds.
 */
export function holdPeak(
  site: Site,
  plant: Plant,
  conditions: PlantConditions,
  levelKw: number,
): ReadonlyMap<string, number> {
  const { setpointKw } = conditions
  if (!Number.isFinite(levelKw)) return setpointKw
  const grid = site.assets.find(({ kind }) => kind === 'grid')
  if (!grid) return setpointKw
  const held = new Map(setpointKw)
  for (const { id, kind } of site.assets) {
    if (kind !== 'battery') continue
    const foreseen = plant.foresee({ ...conditions, setpointKw: held })
    const excessKw = (foreseen.get(grid.id) ?? 0) - levelKw
    if (!(excessKw > dustKw)) break
    held.set(id, (foreseen.get(id) ?? 0) + excessKw)
  }
  return held
}
