export interface CurveBar {
  readonly rank: number
  readonly id: string
  readonly title: string
  readonly avoidedTonnesPerYear: number
  readonly costPerYear: number
  readonly costPerTonne: number | null
  readonly capex: number
  readonly fromTonnes: number
  readonly toTonnes: number
  readonly emissionsAfterTonnes: number
  readonly belowCarbonPrice: boolean
  readonly alone: { readonly avoidedTonnesPerYear: number } | null
}

/** What `carbon.abatement-curve` answers, as far as the page reads it. */
export interface Curve {
  readonly year: number
  readonly currency: string
  readonly electricity: string
  readonly gridFactor: { readonly kgPerKwh: number | null; readonly source: string; readonly verify?: string }
  readonly carbonPricePerTonne: number
  readonly startTonnesPerYear: number
  readonly endTonnesPerYear: number
  readonly bars: readonly CurveBar[]
  readonly left: readonly { readonly id: string; readonly title: string; readonly text: string }[]
  readonly reasons: readonly { readonly code: string; readonly text: string }[]
}

/**
 * Heights of bars on an axis that a single dear bar would flatten: those beyond five times the median are cut there, and say so.
 */
export function shownHeights(costs: readonly (number | null)[]): {
  readonly heights: readonly number[]
  readonly mostShown: number
} {
  const told = costs.map((cost) => cost ?? 0)
  const sizes = told.map(Math.abs).toSorted((a, b) => a - b)
  const median = sizes[sizes.length >> 1] ?? 0
  const mostShown = Math.max(5 * median, 1)
  return { heights: told.map((cost) => Math.max(-mostShown, Math.min(mostShown, cost))), mostShown }
}
