import type { Outcome } from '../components/component.ts'
import { accountFor, addCosts } from '../control/index.ts'
import type { CostParts, Frame } from '../frame.ts'
import type { Relaxed } from '../schema/index.ts'
import type { SpanRun } from './run-span.ts'

/** What a run cost and left undone. */
export interface SettledRun {
  readonly cost: CostParts
  readonly carbon: number
  /** All of the above, and the change in worth of what is stored. */
  readonly total: number
  /** The total with what was left undone at the price of its wish: for ranking runs that serve unlike amounts. */
  readonly judged: number
  readonly emissionsKgCo2e: number
  readonly unservedKwh: number
  readonly relaxed: readonly Relaxed[]
  readonly surplusKwh: number
  readonly outcomes: ReadonlyMap<string, Outcome>
}

export function settleRun(frame: Frame, { assets, series, imbalanceKw }: SpanRun): SettledRun {
  const outcomes = accountFor(frame, assets, series)
  const cost = addCosts(outcomes.values())
  let emissionsKgCo2e = 0
  for (const outcome of outcomes.values()) emissionsKgCo2e += outcome.emissionsKgCo2e
  const carbon = emissionsKgCo2e * frame.tariff.carbonPricePerKg
  const total = Object.values(cost).reduce((sum, part) => sum + part, carbon)
  const relaxed = [...outcomes.values()].flatMap((outcome) => outcome.relaxed)
  let surplusKwh = 0
  let deficitKwh = 0
  imbalanceKw.forEach((powerKw, k) => {
    if (powerKw > 0) surplusKwh += powerKw * frame.hours[k]!
    else deficitKwh -= powerKw * frame.hours[k]!
  })
  const missed = relaxed.reduce((sum, { wish, amount, unit }) => {
    return unit === 'kWh' ? sum + amount * frame.penaltyPerKwh(wish as Parameters<Frame['penaltyPerKwh']>[0]) : sum
  }, 0)
  const unservedKwh =
    deficitKwh +
    relaxed.reduce((sum, { wish, amount }) => (wish === 'serve-load' || wish === 'ev-energy' ? sum + amount : sum), 0)
  return {
    cost,
    carbon,
    total,
    judged: total + missed + deficitKwh * frame.penaltyPerKwh('serve-load'),
    emissionsKgCo2e,
    unservedKwh,
    relaxed,
    surplusKwh,
    outcomes,
  }
}
