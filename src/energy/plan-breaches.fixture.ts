import type { SolvedPark } from './park.fixture.ts'
import { verifyPlan } from './verify-plan.ts'

/** kW below which doing two contrary things at once is solver dust. */
const dustKw = 1e-3
/** Everything in a plan that breaks physics, a hard limit or the plan's own promises, in words; empty for a sound plan. */
export const breachesOf = (plan: SolvedPark): readonly string[] => [
  ...verifyPlan(plan).breaches,
  ...contraryBreaches(plan),
  ...relaxationBreaches(plan),
]

/** Charging while discharging, importing while exporting. */
function contraryBreaches({ model, solved }: SolvedPark): string[] {
  const { columnValues } = solved.solution
  const sum = (columns: readonly number[]): number =>
    columns.reduce((total, column) => total + columnValues[column]!, 0)
  return model.exclusives
    .filter(({ a, b }) => Math.min(sum(a), sum(b)) > dustKw)
    .map(({ step, a, b }) => `step ${step} does two contrary things: ${sum(a)} and ${sum(b)} kW`)
}

/** What a wish may give way by: energy, power, and degree-hours of comfort. */
const units: ReadonlySet<string> = new Set(['kWh', 'kW', 'K·h'])

function relaxationBreaches({ relaxed }: SolvedPark): string[] {
  return relaxed.flatMap(({ wish, asset, amount, unit, reason }) => [
    ...(amount > 0 ? [] : [`${wish} of ${asset} gives way by ${amount}`]),
    ...(units.has(unit) ? [] : [`${wish} gives way in ${unit}`]),
    ...(reason.includes('NaN') || reason.includes('Infinity') ? [`${wish} says: ${reason}`] : []),
  ])
}
