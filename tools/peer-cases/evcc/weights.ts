import type { EvccRequest } from './request.ts'

/**
 * Weights of the peer's objective in currency per kWh (energy) and per kW (peaks). Three tiers: what must not happen
 * (1000 and 100 times the base), money as it is, and tie-breaks that are worth next to nothing.
 * Source: evcc-io/optimizer `docs/comparison_objective_terms.md` and `Optimizer.__init__` (MIT).
 */
export interface EvccWeights {
  /** Largest real price of the request, at least 0.1 per kWh: what the penalties are multiples of. */
  readonly base: number
  /** State of charge above `s_max` or below `s_min`, each step. */
  readonly socExceeded: number
  readonly goalMissed: number
  readonly demandMissed: number
  readonly importExceeded: number
  readonly exportExceeded: number
  /** Highest power of a levelled side, per kW. */
  readonly peak: number
  /** The price that the strategies' tie-breaks are shares of; may be negative. */
  readonly lowestImportPrice: number
}

/** The peer's floor of the penalty base, 0.1e-3 per Wh. */
const lowestBasePerKwh = 0.1

export function evccWeights(request: EvccRequest): EvccWeights {
  const perKwh = (pricesPerWh: readonly number[]): number[] => pricesPerWh.map((price) => price * 1000)
  const shortestH = Math.min(...request.stepS) / 3600
  // A kWh kept out of the worst step is worth 1/h kW of its peak price.
  const excess =
    request.excessPricePerW === undefined || shortestH <= 0 ? 0 : (request.excessPricePerW * 1000) / shortestH
  const base = Math.max(
    lowestBasePerKwh,
    excess,
    ...perKwh(request.importPricePerWh),
    ...perKwh(request.exportPricePerWh),
    ...request.batteries.map(({ valuePerWh }) => valuePerWh * 1000),
  )
  return {
    base,
    socExceeded: base * 1000,
    goalMissed: base * 100,
    demandMissed: base * 100,
    importExceeded: base * 100,
    exportExceeded: base * 100,
    peak: base * 1e-3,
    lowestImportPrice: Math.min(...perKwh(request.importPricePerWh)),
  }
}
