import type { PlanOutput } from '../api/types.ts'
import { importKw } from './plan-specs.ts'
import type { Handles } from './what-if.ts'

export interface Peak {
  readonly plannedKw: number
  readonly soFarKw: number
  /** By how much the plan raises the month's billed peak. */
  readonly riseKw: number
  readonly pricePerKw: number
  /** What the rise adds to the bill of the month. */
  readonly cost: number
}

/** The plan's highest import against the month's peak; undefined where the tariff has no demand charge. */
export function peakOf(
  plan: PlanOutput,
  { demandPricePerKw, peakSoFarKw }: Pick<Handles, 'demandPricePerKw' | 'peakSoFarKw'>,
): Peak | undefined {
  if (demandPricePerKw === undefined || peakSoFarKw === undefined) return undefined
  const plannedKw = Math.max(0, ...importKw(plan))
  const riseKw = Math.max(0, plannedKw - peakSoFarKw)
  return { plannedKw, soFarKw: peakSoFarKw, riseKw, pricePerKw: demandPricePerKw, cost: riseKw * demandPricePerKw }
}
