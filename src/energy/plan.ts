import {
  defineEngine,
  type EngineContext,
  formatIso,
  offsetMsAt,
  parseDuration,
  parseInstant,
  type Site,
  stepHours,
  type TimeGrid,
} from '../kernel/index.ts'
import { type Carrier, mainBus } from './bus.ts'
import type { Outcome } from './components/component.ts'
import { energyErrors } from './errors.ts'
import { busPrices, explainPlan } from './explain/bus-prices.ts'
import { type CostParts, type Frame, zeroCost } from './frame.ts'
import {
  baselineAssets,
  formulatePark,
  type ParkModel,
  type PreparedAsset,
  prepareAssets,
  readOutcomes,
  readSurplus,
} from './park-model.ts'
import { createFrame } from './plan-frame.ts'
import { type PlanInput, PlanInputSchema, type PlanOutput, PlanOutputSchema } from './schema/index.ts'
import { type ParkSolution, solvePark } from './solve-park.ts'
import { tidy } from './tidy.ts'
import { assertSound } from './verify-plan.ts'

/** Relative gap at which a plan counts as optimal. */
const relativeGap = 1e-3
/** After this time the best plan so far is published as `feasible`; where it was ended is in the evidence. */
const timeLimitMs = 20_000
/** A month of quarter-hours, and a little. */
const maxSteps = 3000

/** Plans the next hours of a site: cheapest money, carbon and wear within the limits; wishes bend in the stated order. */
export const planEngine = defineEngine({
  id: 'energy.plan',
  title: 'Plan the energy of a site',
  description:
    'Schedules every asset of a site over a horizon for the least cost of energy, demand charge, fuel, wear and carbon. A plan is always published: wishes that cannot be met are named, limits never bend.',
  version: '0.1.0',
  input: PlanInputSchema,
  output: PlanOutputSchema,
  positional: 'site',
  run: plan,
})

async function plan(input: PlanInput, context: EngineContext): Promise<PlanOutput> {
  context.progress(0.05, 'reading the site')
  const site = await context.data.site(input.site, input.changes)
  const grid = planGrid(input, site, context.clock.now())
  const frame = await createFrame(site, grid, context.data)
  const assets = await prepareAssets(frame, context.data)
  context.progress(0.3, 'writing the model')
  const options = { solver: context.solver, signal: context.signal, relativeGap, timeLimitMs }
  const park = formulatePark(frame, assets)
  const plainPark = formulatePark(frame, baselineAssets(assets, frame))
  context.progress(0.5, 'solving')
  const [solved, plain] = await Promise.all([
    solvePark(park, { ...options, sessionKey: `plan:${site.id}` }),
    solvePark(plainPark, { ...options, sessionKey: `baseline:${site.id}` }),
  ])
  context.progress(0.9, 'checking the plan')
  if (!solved.certificate.ok && solved.certificate.maxResidual > 1e-4) {
    throw energyErrors.brokenCertificate({
      detail: 'The solver’s plan breaks a limit by more than the tolerance',
      found: solved.certificate.maxResidual,
      expected: 'at most 1e-4',
    })
  }
  const baseline = settle(readOutcomes(plainPark, plain.solution.columnValues), frame)
  return publish(site, grid, frame, assets, park, solved, baseline)
}

/** The grid asked for; a start "now" is rounded down to a step of local time. */
export function planGrid(input: Pick<PlanInput, 'at' | 'hours' | 'step'>, site: Site, nowMs: number): TimeGrid {
  const stepMs = parseDuration(input.step)
  const wanted = (input.hours * 3_600_000) / stepMs
  const count = Math.round(wanted)
  if (stepMs < 60_000 || stepMs > 3_600_000 || 3_600_000 % stepMs !== 0) {
    throw energyErrors.badHorizon({
      detail: 'The step must divide the hour',
      place: { path: 'step' },
      found: input.step,
      expected: '1m, 5m, 10m, 15m, 30m or 1h',
    })
  }
  if (Math.abs(wanted - count) > 1e-9 || count < 1) {
    throw energyErrors.badHorizon({
      detail: 'The horizon must be a whole number of steps',
      place: { path: 'hours' },
      found: input.hours,
      expected: `a multiple of ${input.step}`,
    })
  }
  // Steps are those of the local clock, which in some zones is half an hour off.
  const offStepMs = (timestampMs: number): number => (timestampMs + offsetMsAt(timestampMs, site.zone)) % stepMs
  const startMs = input.at === undefined ? nowMs - offStepMs(nowMs) : parseInstant(input.at, site.zone)
  if (offStepMs(startMs) !== 0) {
    throw energyErrors.badHorizon({
      detail: 'The plan must start on a step',
      place: { path: 'at' },
      found: input.at,
      expected: `a multiple of ${input.step} after the hour`,
    })
  }
  if (count > maxSteps) {
    throw energyErrors.badHorizon({
      detail: 'The horizon has too many steps for one plan',
      place: { path: 'hours' },
      found: `${count} steps`,
      expected: `at most ${maxSteps} steps, ${(maxSteps * stepMs) / 3_600_000} h of ${input.step}`,
    })
  }
  return { startMs, stepMs, count }
}

export interface Settled {
  readonly cost: CostParts
  readonly carbon: number
  readonly total: number
  readonly emissionsKgCo2e: number
  /** What loads and vehicles go without. */
  readonly unservedKwh: number
}

/** Wishes whose shortfall is energy that somebody needs. */
const needs: ReadonlySet<string> = new Set(['serve-load', 'ev-energy'])

/** Adds up what all assets cost and emit. */
export function settle(outcomes: ReadonlyMap<string, Outcome>, frame: Frame): Settled {
  const cost = zeroCost()
  let emissionsKgCo2e = 0
  let unservedKwh = 0
  for (const outcome of outcomes.values()) {
    for (const { wish, amount } of outcome.relaxed) if (needs.has(wish)) unservedKwh += amount
    for (const part of Object.keys(cost) as (keyof CostParts)[]) cost[part] += outcome.cost[part] ?? 0
    emissionsKgCo2e += outcome.emissionsKgCo2e
  }
  const carbon = emissionsKgCo2e * frame.tariff.carbonPricePerKg
  const total = Object.values(cost).reduce((sum, part) => sum + part, carbon)
  return { cost, carbon, total, emissionsKgCo2e, unservedKwh }
}

function publish(
  site: Site,
  grid: TimeGrid,
  frame: Frame,
  assets: readonly PreparedAsset[],
  park: ParkModel,
  solved: ParkSolution,
  baseline: Settled,
): PlanOutput {
  const { solution, certificate } = solved
  const outcomes = readOutcomes(park, solution.columnValues)
  const settled = settle(outcomes, frame)
  const relaxed = [
    ...readSurplus(park, frame, solution.columnValues),
    ...[...outcomes.values()].flatMap((o) => o.relaxed),
  ]
  const verified = assertSound({ frame, assets, outcomes, relaxed })
  const prices = busPrices(park, frame, solution)
  const series: Record<string, number[]> = {}
  const units: Record<string, string> = {}
  for (const [id, outcome] of outcomes) {
    const component = assets.find(({ asset }) => asset.id === id)?.component
    for (const [point, values] of Object.entries(outcome.points)) {
      series[`${id}.${point}`] = Array.from(values, tidy)
      units[`${id}.${point}`] =
        outcome.units?.[point] ?? component?.points.find((spec) => spec.id === point)?.unit ?? 'kW'
    }
  }
  for (const { carrier, name, pricePerKwh } of prices) {
    const point = `site.${priceNames[carrier]}${name === mainBus ? '' : `:${name}`}`
    series[point] = Array.from(pricePerKwh, tidy)
    units[point] = `${site.currency}/kWh`
  }
  const proven = solution.status === 'optimal' && certificate.boundGap <= relativeGap * 1.01
  return {
    site: site.id,
    status: relaxed.length > 0 ? 'relaxed' : proven ? 'optimal' : 'feasible',
    start: formatIso(frame.grid.startMs, site.zone),
    startMs: frame.grid.startMs,
    zone: site.zone,
    stepMinutes: stepHours(grid) * 60,
    currency: site.currency,
    cost: {
      total: tidy(settled.total),
      energy: tidy(settled.cost.energy),
      demand: tidy(settled.cost.demand),
      export: tidy(settled.cost.export),
      fuel: tidy(settled.cost.fuel),
      wear: tidy(settled.cost.wear),
      carbon: tidy(settled.carbon),
      flexibility: tidy(settled.cost.flexibility),
      reserve: tidy(settled.cost.reserve),
      storedEnergy: tidy(settled.cost.storedEnergy),
    },
    emissionsKgCo2e: tidy(settled.emissionsKgCo2e),
    series,
    units,
    assets: assets.map(({ asset }) => ({ id: asset.id, kind: asset.kind, title: asset.title })),
    relaxed,
    reasons: explainPlan(assets, outcomes, frame, prices),
    certificate: {
      maxResidual: certificate.maxResidual,
      boundGap: Math.max(0, certificate.boundGap),
      ok: certificate.ok,
      limitsChecked: verified.checked,
    },
    baseline: {
      cost: tidy(baseline.total),
      emissionsKgCo2e: tidy(baseline.emissionsKgCo2e),
      unservedKwh: tidy(baseline.unservedKwh),
    },
    synthetic: frame.weather?.synthetic ?? false,
  }
}

/** Series of what one more kWh is worth; `:<bus>` follows on buses other than the main ones. */
const priceNames: Readonly<Record<Carrier, string>> = {
  electricity: 'marginalPrice',
  heat: 'heatPrice',
  hydrogen: 'hydrogenPrice',
  'reserve-up': 'reserveUpPrice',
  'reserve-down': 'reserveDownPrice',
}
