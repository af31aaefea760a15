import {
  defineEngine,
  type EngineContext,
  formatIso,
  parseInstant,
  stepHours,
  type TimeGrid,
} from '../../kernel/index.ts'
import { energyErrors } from '../errors.ts'
import { busOf } from '../park-model.ts'
import { planGrid, settle } from '../plan.ts'
import {
  type BusWorth,
  type ExplainInput,
  ExplainInputSchema,
  type ExplainOutput,
  ExplainOutputSchema,
} from '../schema/index.ts'
import { busPrices, explainPlan } from './bus-prices.ts'
import { type ColumnTerms, termsOf } from './column-terms.ts'
import { conflictsOf } from './conflicts.ts'
import { type FixedPlan, fixPlan } from './fixed-plan.ts'
import { worthOfLimits } from './limits.ts'
import { machinesAt } from './machines.ts'
import { peaksOf } from './peaks.ts'
import { planSite } from './plan-site.ts'
import { addsUp, stretchesOf, worthAt } from './price-parts.ts'
import { createResponses, type Response } from './response.ts'

/** Why a plan is as it is: what a kWh is worth and why, which limits cost what, which wishes and limits collide. */
export const explainEngine = defineEngine({
  id: 'energy.explain',
  title: 'Explain a plan',
  description:
    'Tells for a moment, or for the whole plan, what one more kWh is worth and which prices, peaks, wear or wishes that is made of, what one unit more of each limit would save, what idle machines wait for, and which smallest set of wishes and limits collides.',
  version: '0.1.0',
  input: ExplainInputSchema,
  output: ExplainOutputSchema,
  positional: 'site',
  run: explain,
})

async function explain(input: ExplainInput, context: EngineContext): Promise<ExplainOutput> {
  context.progress(0.05, 'reading the site')
  const site = await context.data.site(input.site, input.changes)
  const grid = planGrid(input, site, context.clock.now())
  const step = stepAsked(input, grid, site.zone)
  if (input.asset !== undefined && !site.assets.some(({ id }) => id === input.asset)) {
    throw energyErrors.badAsset({
      detail: 'The site has no such asset',
      place: { path: 'asset' },
      found: input.asset,
      expected: site.assets.map(({ id }) => id).join(', '),
    })
  }
  context.progress(0.2, 'planning')
  const planned = await planSite({ site, grid, context })
  context.progress(0.6, 'asking what a kWh is worth')
  const { outcomes } = planned
  const plan = await fixPlan(planned, planned.solved, context)
  const terms = termsOf(plan)
  const { worths, responses, exact } = worthsOf(plan, terms, { step, asset: input.asset })
  const machines = step === undefined ? [] : machinesAt(plan, terms, { step, responses, outcomes })
  context.progress(0.8, 'asking what limits cost')
  const limits = await worthOfLimits(plan, terms, { step, asset: input.asset })
  const conflicts = await conflictsOf(plan, terms, {
    relaxed: planned.relaxed,
    values: planned.solved.solution.columnValues,
  })
  const prices = busPrices(plan.park, plan.frame, plan.solution)
  return {
    site: site.id,
    status: planned.status,
    start: formatIso(grid.startMs, site.zone),
    startMs: grid.startMs,
    zone: site.zone,
    stepMinutes: stepHours(grid) * 60,
    currency: site.currency,
    cost: settle(outcomes, plan.frame).total,
    atMs: step === undefined ? null : grid.startMs + step * grid.stepMs,
    exact,
    worths: [...worths],
    machines: machines.filter(({ asset }) => input.asset === undefined || asset === input.asset),
    limits,
    peaks: peaksOf(plan, terms),
    relaxed: [...planned.relaxed],
    conflicts,
    reasons: explainPlan(planned.assets, outcomes, plan.frame, prices).filter(
      (reason) => input.asset === undefined || reason.asset === input.asset,
    ),
  }
}

/** The step in which the moment lies that was asked for. */
function stepAsked({ time }: ExplainInput, grid: TimeGrid, zone: string): number | undefined {
  if (time === undefined) return undefined
  const step = Math.floor((parseInstant(time, zone) - grid.startMs) / grid.stepMs)
  if (step >= 0 && step < grid.count) return step
  throw energyErrors.badHorizon({
    detail: 'The moment lies outside of the plan',
    place: { path: 'time' },
    found: time,
    expected: `from ${formatIso(grid.startMs, zone)} until before ${formatIso(grid.startMs + grid.count * grid.stepMs, zone)}`,
  })
}

interface Asked {
  readonly step: number | undefined
  readonly asset: string | undefined
}

/** Worth of a kWh on every bus, or on those of an asset: in a step, or in stretches of the whole plan. */
export function worthsOf(plan: FixedPlan, terms: ColumnTerms, { step, asset }: Asked) {
  const responseTo = createResponses(plan)
  const responses = new Map<string, Response>()
  const own = asset === undefined ? undefined : placesOf(plan, terms, asset)
  let exact = responseTo !== undefined
  const worths = plan.park.buses.flatMap(({ carrier, name, row }, bus): BusWorth[] => {
    if (own && !own.has(`${carrier}/${name}`)) return []
    const told = (k: number): BusWorth => {
      const response = responseTo?.(row + k) ?? new Map()
      responses.set(`${carrier}/${name}`, response)
      const worth = worthAt(plan, terms, { bus, step: k, response })
      if (!addsUp(worth)) exact = false
      return worth
    }
    if (step !== undefined) return [told(step)]
    return stretchesOf(
      plan,
      Array.from({ length: plan.frame.grid.count }, (_, k) => told(k)),
    )
  })
  return { worths, responses, exact }
}

/** Buses on which an asset stands. */
function placesOf({ assets }: FixedPlan, terms: ColumnTerms, id: string): ReadonlySet<string> {
  const places = new Set<string>()
  for (const columns of terms.onBuses) {
    for (const { column, carrier, bus } of columns) if (terms.of[column]!.asset === id) places.add(`${carrier}/${bus}`)
  }
  const own = assets.find(({ asset }) => asset.id === id)
  if (places.size === 0 && own) places.add(`electricity/${busOf(own.asset)}`)
  return places
}
