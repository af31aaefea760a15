import { energyErrors } from '../errors.ts'
import { type CashFlow, type CashRow, netPresentValue, sumRows } from './cash-flow.ts'
import type { Terms } from './terms.ts'

export interface LevelisedCost {
  /** In today's money: what a kWh has to earn if its price rises with inflation. */
  readonly real: number
  /** What a kWh has to earn in every year alike. */
  readonly nominal: number
}

/**
 * Levelised cost of energy: present worth of what is paid over that of the energy (Short, Packey & Holt 1995,
 * NREL/TP-462-5173, eq. 4-6). Undefined without energy.
 *
 * @param amounts of the rows that make the energy, + received, − paid, years 0 …
 * @param energyKwh years 0 …
 */
export function levelisedCost(
  { nominalRate, realRate }: Terms,
  amounts: Float64Array,
  energyKwh: Float64Array,
): LevelisedCost | undefined {
  const paid = -netPresentValue(nominalRate, amounts)
  const real = paid / netPresentValue(realRate, energyKwh)
  const nominal = paid / netPresentValue(nominalRate, energyKwh)
  return Number.isFinite(real) && Number.isFinite(nominal) ? { real, nominal } : undefined
}

/**
 * Levelised cost of storage: all that a store costs, what it charges with the rest, over the energy that it gives back
 * (Schmidt et al. 2019, Joule 3(1), eq. 1).
 *
 * @throws `energy.bad-economics` where the rows do not say what charging costs, not even that it is free
 */
export function levelisedCostOfStorage(
  terms: Terms,
  rows: readonly CashRow[],
  dischargedKwh: Float64Array,
): LevelisedCost | undefined {
  if (!rows.some(({ kind }) => kind === 'energy')) {
    throw energyErrors.badEconomics({
      detail: 'The rows of the store do not say what it costs to charge it',
      found: rows.map(({ kind }) => kind),
      expected: 'a row of kind energy, of zeros where charging is free',
    })
  }
  return levelisedCost(terms, sumRows(terms, rows), dischargedKwh)
}

/**
 * Cost of avoiding a tonne CO₂e, in today's money: present worth of what is paid over the tonnes avoided, discounted alike, so
 * that it is annualised cost over annual tonnes. Negative where it earns money; undefined where nothing is avoided.
 */
export function abatementCost({ terms, total }: CashFlow, avoidedTonnes: Float64Array): number | undefined {
  const tonnes = netPresentValue(terms.realRate, avoidedTonnes)
  return tonnes > 0 ? -netPresentValue(terms.nominalRate, total) / tonnes : undefined
}
