import {
  type AssetPlan,
  batteryBreaches,
  evBreaches,
  gensetBreaches,
  gridBreaches,
  loadBreaches,
  sourceBreaches,
} from './asset-breaches.fixture.ts'
import type { SolvedPark } from './park.fixture.ts'
import type { Limits } from './schema/index.ts'

/** kW by which a step may miss its balance. */
const balanceToleranceKw = 1e-4
/** kW below which doing two contrary things at once is solver dust. */
const dustKw = 1e-3
/** kWh of a relaxation that is too little to name. */
const unnamedKwh = 0.01

/** Everything in a plan that breaks physics, a hard limit or the plan's own promises, in words; empty for a sound plan. */
export function breachesOf(plan: SolvedPark): readonly string[] {
  const { assets, sections } = plan.frame.site
  return [
    ...numberBreaches(plan),
    ...balanceBreaches(plan),
    ...contraryBreaches(plan),
    ...relaxationBreaches(plan),
    ...assets.flatMap((asset) => {
      const values = (point: string): Float64Array => plan.outcomes.get(asset.id)?.points[point] ?? new Float64Array()
      return checkOf(asset.kind)({ asset, plan, values, limits: (sections.limits ?? {}) as Limits }).map(
        (breach) => `${asset.id}: ${breach}`,
      )
    }),
  ]
}

function checkOf(kind: string): (planned: AssetPlan) => readonly string[] {
  switch (kind) {
    case 'battery':
      return batteryBreaches
    case 'genset':
      return gensetBreaches
    case 'load':
      return loadBreaches
    case 'ev-charging':
      return evBreaches
    case 'grid':
      return gridBreaches
    default:
      return sourceBreaches
  }
}

function numberBreaches({ outcomes, relaxed, frame }: SolvedPark): string[] {
  return [...outcomes]
    .flatMap(([id, { points, cost, emissionsKgCo2e }]) => [
      ...Object.entries(points).flatMap(([point, values]) => [
        ...(values.every(Number.isFinite) ? [] : [`${id}.${point} is not a number somewhere`]),
        ...(values.length === frame.grid.count ? [] : [`${id}.${point} has ${values.length} steps`]),
      ]),
      ...([...Object.values(cost), emissionsKgCo2e].every(Number.isFinite) ? [] : [`${id} costs or emits no number`]),
    ])
    .concat(
      relaxed.filter(({ amount }) => !Number.isFinite(amount)).map(({ wish }) => `${wish} gives way by no number`),
    )
}

/** + supplies the bus. */
const busSign = (kind: string): number => (kind === 'load' || kind === 'ev-charging' ? -1 : 1)

/** What assets supply beyond what they draw has to be named as surplus, and never be below zero. */
function balanceBreaches({ outcomes, relaxed, frame }: SolvedPark): string[] {
  const net = new Float64Array(frame.grid.count)
  for (const { id, kind } of frame.site.assets) {
    outcomes.get(id)?.points.powerKw?.forEach((power, k) => {
      net[k]! += busSign(kind) * power
    })
  }
  const short = net.findIndex((power) => !(power >= -balanceToleranceKw))
  const surplusKwh = net.reduce((sum, power) => sum + power * frame.stepHours, 0)
  const namedKwh = relaxed.find(({ wish }) => wish === 'must-run')?.amount ?? 0
  const tolerance = balanceToleranceKw * frame.grid.count + (namedKwh === 0 ? unnamedKwh : 0)
  return [
    ...(short >= 0 ? [`step ${short} draws ${-net[short]!} kW that nothing supplies`] : []),
    ...(Math.abs(surplusKwh - namedKwh) > tolerance ? [`${surplusKwh} kWh are surplus, ${namedKwh} are named`] : []),
  ]
}

/** Charging while discharging, importing while exporting. */
function contraryBreaches({ model, solved }: SolvedPark): string[] {
  const { columnValues } = solved.solution
  const sum = (columns: readonly number[]): number =>
    columns.reduce((total, column) => total + columnValues[column]!, 0)
  return model.exclusives
    .filter(({ a, b }) => Math.min(sum(a), sum(b)) > dustKw)
    .map(({ step, a, b }) => `step ${step} does two contrary things: ${sum(a)} and ${sum(b)} kW`)
}

function relaxationBreaches({ relaxed }: SolvedPark): string[] {
  return relaxed.flatMap(({ wish, asset, amount, unit, reason }) => [
    ...(amount > 0 ? [] : [`${wish} of ${asset} gives way by ${amount}`]),
    ...(unit === 'kWh' || unit === 'kW' ? [] : [`${wish} gives way in ${unit}`]),
    ...(reason.includes('NaN') || reason.includes('Infinity') ? [`${wish} says: ${reason}`] : []),
  ])
}
