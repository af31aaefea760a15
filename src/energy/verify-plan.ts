import { type Outcome, sumKwh } from './components/component.ts'
import { tolerance, unnamedKwh } from './components/limits.ts'
import { largestUnitBreaches } from './components/reserve.ts'
import { voltageLawBreaches } from './components/voltage-law.ts'
import { energyErrors } from './errors.ts'
import { type Frame, planHours } from './frame.ts'
import { flowsOf, type PreparedAsset } from './park-model.ts'
import type { Relaxed } from './schema/index.ts'

/** What a plan says it will do, without the model that it came from. */
export interface Proposal {
  readonly frame: Frame
  readonly assets: readonly PreparedAsset[]
  readonly outcomes: ReadonlyMap<string, Outcome>
  readonly relaxed: readonly Relaxed[]
}

export interface Verified {
  /** Laws that were held against the plan. */
  readonly checked: number
  /** Those that it breaks, in words; empty for a sound plan. */
  readonly breaches: readonly string[]
}

/**
 * Holds a plan against the physics and limits of every asset and the balance of every bus, from its published numbers
 * alone: nothing here knows the model, the solver or its tolerances.
 */
export function verifyPlan(proposal: Proposal): Verified {
  const { frame, assets, outcomes } = proposal
  const own = assets.flatMap(({ asset, component, inputs }) => {
    const outcome = outcomes.get(asset.id)
    if (!outcome) return [`${asset.id}: has no schedule`]
    const values = (point: string): Float64Array => outcome.points[point] ?? new Float64Array()
    return [
      ...numberBreaches(outcome, frame.grid.count),
      ...component.breaches({ asset, inputs, frame, outcome, values }),
    ].map((breach) => `${asset.id}: ${breach}`)
  })
  const balances = balanceBreaches(proposal)
  const loops = voltageLawBreaches(
    assets.map(({ asset }) => asset),
    outcomes,
  )
  const units = largestUnitBreaches(
    assets.map(({ asset }) => asset),
    outcomes,
  )
  return { checked: assets.length + balances.buses, breaches: [...own, ...balances.breaches, ...loops, ...units] }
}

/**
 * The plan, when it is sound.
 *
 * @throws `energy.broken-certificate` with the first breach: such a plan is not published and no command leaves the house
 */
export function assertSound(proposal: Proposal): Verified {
  const verified = verifyPlan(proposal)
  const [first, ...others] = verified.breaches
  if (first === undefined) return verified
  throw energyErrors.brokenCertificate({
    detail: `The plan breaks a limit of the site${others.length > 0 ? `, and ${others.length} more` : ''}: ${first}`,
    found: verified.breaches.length,
    expected: `none of ${verified.checked} limits and balances broken`,
  })
}

function numberBreaches({ points, cost, emissionsKgCo2e }: Outcome, count: number): string[] {
  return [
    ...Object.entries(points).flatMap(([point, values]) => [
      ...(values.every(Number.isFinite) ? [] : [`${point} is not a number somewhere`]),
      ...(values.length === count ? [] : [`${point} has ${values.length} steps instead of ${count}`]),
    ]),
    ...([...Object.values(cost), emissionsKgCo2e].every(Number.isFinite) ? [] : ['costs or emits no number']),
  ]
}

/** On every bus, what is supplied beyond what is drawn has to be named as surplus, and never be below zero. */
function balanceBreaches({ frame, assets, outcomes, relaxed }: Proposal): { buses: number; breaches: string[] } {
  const { count } = frame.grid
  const netKw = new Map<string, Float64Array>()
  const grossKw = new Map<string, number>()
  for (const prepared of assets) {
    const outcome = outcomes.get(prepared.asset.id)
    if (!outcome) continue
    for (const { carrier, bus, powerKw } of flowsOf(prepared, outcome)) {
      const key = `${carrier}/${bus}`
      const net = netKw.get(key) ?? new Float64Array(count)
      netKw.set(key, net)
      let most = grossKw.get(key) ?? 0
      for (let k = 0; k < count; k += 1) {
        net[k]! += powerKw[k]!
        most = Math.max(most, Math.abs(powerKw[k]!))
      }
      grossKw.set(key, most)
    }
  }
  let surplusKwh = 0
  let dustKwh = 0
  const breaches = [...netKw].flatMap(([key, net]) => {
    const dustKw = tolerance * Math.max(1, 1e-3 * grossKw.get(key)!)
    const short = net.findIndex((power) => !(power >= -dustKw))
    if (!key.startsWith('reserve')) {
      surplusKwh += sumKwh(net, frame.hours)
      dustKwh += dustKw * planHours(frame) + unnamedKwh
    }
    return short < 0 ? [] : [`bus ${key}: step ${short} draws ${-net[short]!} kW that nothing supplies`]
  })
  const namedKwh = relaxed.reduce((sum, { wish, amount }) => (wish === 'must-run' ? sum + amount : sum), 0)
  if (Math.abs(surplusKwh - namedKwh) > dustKwh) breaches.push(`${surplusKwh} kWh are surplus, ${namedKwh} are named`)
  return { buses: netKw.size, breaches }
}
