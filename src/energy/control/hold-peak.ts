import type { Site } from '../../kernel/index.ts'
import type { Plant, PlantConditions } from '../plant.ts'
import { highestInterval, owedBefore, type TariffOnGrid } from '../tariff/index.ts'

/**
 * Import up to which each step of a plan costs no more demand charge than the plan itself, kW: the highest of what is billed
 * already and what the plan imports in the same window. Infinite where no charge counts the step.
 */
export function allowedImportKw(tariff: TariffOnGrid, plannedKw: ArrayLike<number>): Float64Array {
  const importKw = Float64Array.from(plannedKw, (power) => Math.max(0, power))
  const allowed = new Float64Array(importKw.length).fill(Number.POSITIVE_INFINITY)
  for (const window of tariff.demand) {
    const { intervals } = window
    const levelKw = Math.max(owedBefore(window), highestInterval(intervals, importKw).peakKw)
    for (const step of intervals.step) allowed[step] = Math.min(allowed[step]!, levelKw)
  }
  return allowed
}

/** kW over the level that are not worth a correction. */
const dustKw = 1e-6

export interface PeakToHold {
  /** Import that costs no more than the plan, kW; see {@link allowedImportKw}. */
  readonly levelKw: number
  /** Import that the plan has in this step, kW. */
  readonly plannedKw: number
}

/**
 * Holds the import of a step at a level when the day differs from the forecast: batteries charge less or give more, as far
 * as they can. Where the plan gives to hold that level and the day asks for less, they give less: what they keep is for the
 * next peak. This is what a meter-following loop does between two plans, with the mean of the step instead of seconds.
 */
export function holdPeak(
  site: Site,
  plant: Plant,
  conditions: PlantConditions,
  { levelKw, plannedKw }: PeakToHold,
): ReadonlyMap<string, number> {
  const { setpointKw } = conditions
  if (!Number.isFinite(levelKw)) return setpointKw
  const heldByPlan = plannedKw >= levelKw * (1 - 1e-3)
  const grid = site.assets.find(({ kind }) => kind === 'grid')
  if (!grid) return setpointKw
  const held = new Map(setpointKw)
  for (const { id, kind } of site.assets) {
    if (kind !== 'battery') continue
    const foreseen = plant.foresee({ ...conditions, setpointKw: held })
    const excessKw = (foreseen.get(grid.id) ?? 0) - levelKw
    const givenKw = foreseen.get(id) ?? 0
    if (excessKw > dustKw) held.set(id, givenKw + excessKw)
    else if (heldByPlan && givenKw > 0 && excessKw < -dustKw) held.set(id, Math.max(0, givenKw + excessKw))
    else break
  }
  return held
}
