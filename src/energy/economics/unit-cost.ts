import { type BuiltItem, builtRows, createCashFlow, netPresentValue } from './cash-flow.ts'
import { annualised } from './factors.ts'
import type { Subsidy } from './subsidy.ts'
import type { Terms } from './terms.ts'

/** What one kW or kWh of something costs over its life, in the site's currency. */
export interface UnitCosts extends Subsidy {
  readonly capexPerUnit: number
  readonly opexPerUnitYear: number
  readonly lifetimeYears: number
  /** Default: the capex. */
  readonly replacementPerUnit?: number
  /** Rises a year beyond inflation; default 0. */
  readonly opexEscalation?: number
  readonly replacementEscalation?: number
}

/** The table's item of so many units. */
export const builtOf = (item: string, costs: UnitCosts, units: number): BuiltItem => {
  const { capexPerUnit, opexPerUnitYear, replacementPerUnit = capexPerUnit, ...rest } = costs
  return {
    ...rest,
    item,
    units,
    capex: capexPerUnit * units,
    replacement: replacementPerUnit * units,
    opexPerYear: opexPerUnitYear * units,
  }
}

/** Cost of the units between the end of the piece before and `upTo`, an equal sum a year in today's money. */
export interface CostPiece {
  readonly upTo: number
  readonly annualPerUnit: number
}

/**
 * Annualised cost of each further unit: (capex − subsidy + replacements − salvage + upkeep in present worth) × CRF. Where a
 * subsidy has a cap, further units cost more: the pieces rise, so a linear programme fills them in order. For any size,
 * `annualCostOf` times the annuity factor is the present worth of the size's rows in the cash-flow table.
 */
export function annualUnitCosts(terms: Terms, costs: UnitCosts): readonly CostPiece[] {
  const ofOne = (one: UnitCosts): number =>
    annualised(
      -netPresentValue(terms.nominalRate, createCashFlow(terms, builtRows(terms, builtOf('', one, 1))).total),
      terms,
    )
  const { subsidyShare: _share, subsidyPerUnit: _perUnit, subsidyCap: _cap, ...plain } = costs
  const { subsidyShare = 0, subsidyPerUnit = 0, subsidyCap = Number.POSITIVE_INFINITY, capexPerUnit } = costs
  const subsidised = ofOne({ ...plain, subsidyShare, subsidyPerUnit })
  const ofEach = Math.min(subsidyShare * capexPerUnit + subsidyPerUnit, capexPerUnit)
  if (!(ofEach > 0) || subsidyCap === Number.POSITIVE_INFINITY) {
    return [{ upTo: Number.POSITIVE_INFINITY, annualPerUnit: subsidised }]
  }
  const full = { upTo: Number.POSITIVE_INFINITY, annualPerUnit: ofOne(plain) }
  return subsidyCap === 0 ? [full] : [{ upTo: subsidyCap / ofEach, annualPerUnit: subsidised }, full]
}

/** Annualised cost of a size. */
export function annualCostOf(pieces: readonly CostPiece[], units: number): number {
  let cost = 0
  let from = 0
  for (const { upTo, annualPerUnit } of pieces) {
    cost += Math.max(0, Math.min(units, upTo) - from) * annualPerUnit
    from = upTo
  }
  return cost
}
