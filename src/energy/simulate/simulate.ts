import {
  defineEngine,
  type EngineContext,
  formatIso,
  parseDuration,
  type Site,
  segmentsOf,
  stepStartMs,
  type TimeGrid,
} from '../../kernel/index.ts'
import {
  accountFor,
  addCosts,
  createController,
  createTrace,
  momentAt,
  planAt,
  ruleSetpoints,
  type Setpoints,
  selfConsumption,
} from '../control/index.ts'
import { energyErrors } from '../errors.ts'
import { pauseFor } from '../forecast/pause.ts'
import { type Frame, planHours } from '../frame.ts'
import { type PreparedAsset, prepareAssets } from '../park-model.ts'
import { planGrid } from '../plan.ts'
import { createFrame } from '../plan-frame.ts'
import { createPlant } from '../plant.ts'
import { type SimulateInput, SimulateInputSchema, type SimulateOutput, SimulateOutputSchema } from '../schema/index.ts'
import { tidy } from '../tidy.ts'
import { moneyOf } from './publish-run.ts'

/** Steps the physics of a site under a plan or a rule. */
export const simulateEngine = defineEngine({
  id: 'energy.simulate',
  title: 'Simulate a site',
  description:
    'Steps the physics of every asset, from a second to an hour at a time, under a plan, a rule or nothing: series, energy balance, imbalance, what went unserved and what it cost.',
  version: '0.1.0',
  input: SimulateInputSchema,
  output: SimulateOutputSchema,
  long: true,
  positional: 'site',
  run: simulate,
})

/** Plans, prices and series stand on quarter-hours, or on the step where it is longer. */
const quarterHourMs = 900_000
/** Steps between two pauses. */
const stepsAtOnce = 256
const mostSteps = 1_000_000
const mostPlanHours = 168

async function simulate(input: SimulateInput, context: EngineContext): Promise<SimulateOutput> {
  context.progress(0.02, 'reading the site')
  const described = await context.data.site(input.site, input.changes)
  const stepMs = parseDuration(input.step)
  if (
    stepMs < 1000 ||
    (quarterHourMs % stepMs !== 0 && 3_600_000 % stepMs !== 0) ||
    (stepMs > quarterHourMs && stepMs % quarterHourMs !== 0)
  ) {
    throw energyErrors.badHorizon({
      detail: 'The step must divide the quarter-hour, or be half an hour or an hour',
      place: { path: 'step' },
      found: input.step,
      expected: '1s to 15m, 30m or 1h',
    })
  }
  const coarse = coarseGrid(input, described, { stepMs, nowMs: context.clock.now() })
  const { site, frame, assets } = await withoutWhatIsNotFollowed(input, described, coarse, context)
  const fineSteps = Math.round((coarse.count * coarse.stepMs) / stepMs)
  if (fineSteps > mostSteps) {
    throw energyErrors.badHorizon({
      detail: 'The simulation has too many steps',
      place: { path: 'step' },
      found: fineSteps,
      expected: `at most ${mostSteps}`,
    })
  }
  const setpoints = await setpointsOf(input, { site, frame, assets }, context)
  const pause = pauseFor(context.signal)
  const plant = createPlant(site)
  const width = Math.max(1, Math.ceil(fineSteps / input.mostPoints))
  const shownSteps = Math.ceil(fineSteps / width)
  const shown = createTrace(shownSteps)
  const settled = createTrace(coarse.count)
  const suppliedKwh = new Map<string, number>()
  const drawnKwh = new Map<string, number>()
  const hours = stepMs / 3_600_000
  const perCoarse = coarse.stepMs / stepMs
  let surplusKwh = 0
  let deficitKwh = 0
  let worstImbalanceKw = 0
  let moment = momentAt(frame, assets, 0)
  const add = (sums: Map<string, number>, id: string, energyKwh: number): void =>
    void sums.set(id, (sums.get(id) ?? 0) + energyKwh)
  for (let k = 0; k < fineSteps; k += 1) {
    if (k % stepsAtOnce === 0) {
      await pause()
      context.progress(0.2 + (0.75 * k) / fineSteps, `step ${k} of ${fineSteps}`)
    }
    const coarseStep = Math.floor(k / perCoarse)
    if (k % perCoarse === 0) moment = momentAt(frame, assets, coarseStep)
    const now = { ...moment, timestampMs: coarse.startMs + k * stepMs, stepHours: hours }
    const points = plant.step({ ...now, ...setpoints(coarseStep, now, plant) })
    const at = Math.floor(k / width)
    addMeans(shown.series, points, {
      at,
      size: shownSteps,
      width: Math.min(width, fineSteps - at * width),
      last: k % width === width - 1 || k === fineSteps - 1,
    })
    addMeans(settled.series, points, {
      at: coarseStep,
      size: coarse.count,
      width: perCoarse,
      last: k % perCoarse === perCoarse - 1,
    })
    for (const { asset } of assets) {
      const energyKwh = plant.givenKw(asset.id) * hours
      if (energyKwh > 0) add(suppliedKwh, asset.id, energyKwh)
      else if (energyKwh < 0) add(drawnKwh, asset.id, -energyKwh)
    }
    for (const { powerKw } of plant.imbalances) {
      if (powerKw > 0) surplusKwh += powerKw * hours
      else deficitKwh -= powerKw * hours
      worstImbalanceKw = Math.max(worstImbalanceKw, Math.abs(powerKw))
    }
  }
  context.progress(0.97, 'settling')
  const outcomes = accountFor(frame, assets, settled.series)
  const cost = addCosts(outcomes.values())
  const emissionsKgCo2e = [...outcomes.values()].reduce((sum, outcome) => sum + outcome.emissionsKgCo2e, 0)
  const carbon = emissionsKgCo2e * frame.tariff.carbonPricePerKg
  const total = Object.values(cost as unknown as Record<string, number>).reduce((sum, part) => sum + part, carbon)
  const relaxed = [...outcomes.values()].flatMap((outcome) => outcome.relaxed)
  const units = new Map<string, string>(
    assets.flatMap(({ asset, component }) =>
      component.points.map(({ id, unit }) => [`${asset.id}.${id}`, unit] as const),
    ),
  )
  return {
    site: site.id,
    start: formatIso(coarse.startMs, site.zone),
    startMs: coarse.startMs,
    zone: site.zone,
    currency: site.currency,
    steps: fineSteps,
    stepSeconds: stepMs / 1000,
    seriesStepSeconds: (stepMs * width) / 1000,
    series: Object.fromEntries([...shown.series].map(([ref, values]) => [ref, Array.from(values, tidy)])),
    units: Object.fromEntries([...shown.series.keys()].map((ref) => [ref, units.get(ref) ?? 'kW'])),
    cost: moneyOf({ cost, carbon, total }),
    emissionsKgCo2e: tidy(emissionsKgCo2e),
    balance: assets.map(({ asset }) => ({
      asset: asset.id,
      title: asset.title,
      suppliedKwh: tidy(suppliedKwh.get(asset.id) ?? 0),
      drawnKwh: tidy(drawnKwh.get(asset.id) ?? 0),
    })),
    surplusKwh: tidy(surplusKwh),
    deficitKwh: tidy(deficitKwh),
    worstImbalanceKw: tidy(worstImbalanceKw),
    unservedKwh: tidy(
      relaxed.reduce(
        (sum, { wish, amount }) => (wish === 'serve-load' || wish === 'ev-energy' ? sum + amount : sum),
        deficitKwh,
      ),
    ),
    relaxed,
  }
}

function coarseGrid(input: SimulateInput, site: Site, { stepMs, nowMs }: { stepMs: number; nowMs: number }): TimeGrid {
  const coarseMs = Math.max(stepMs, quarterHourMs)
  const step = `${coarseMs / 60_000}m`
  const { startMs } = planGrid({ ...(input.at === undefined ? {} : { at: input.at }), hours: 1, step }, site, nowMs)
  const count = Math.ceil((input.hours * 3_600_000) / coarseMs - 1e-9)
  return { startMs, stepMs: coarseMs, count }
}

interface Simulated {
  readonly site: Site
  readonly frame: Frame
  readonly assets: readonly PreparedAsset[]
}

/** The site as it is simulated: without storage when nothing is followed. */
async function withoutWhatIsNotFollowed(
  { follow }: SimulateInput,
  site: Site,
  grid: TimeGrid,
  { data }: EngineContext,
): Promise<Simulated> {
  const frame = await createFrame(site, grid, data)
  const all = await prepareAssets(frame, data)
  if (follow !== 'nothing') return { site, frame, assets: all }
  const assets = all.filter(({ asset, component, inputs }) => component.baseline?.(asset, inputs, frame) !== null)
  return { site: { ...site, assets: assets.map(({ asset }) => asset) }, frame, assets }
}

async function setpointsOf(
  { follow }: SimulateInput,
  { site, frame }: Simulated,
  context: EngineContext,
): Promise<Setpoints> {
  if (follow === 'nothing') return () => ({ setpointKw: new Map() })
  if (follow === 'rule') return ruleSetpoints(site, frame, selfConsumption)
  const { grid } = frame
  if (planHours(frame) > mostPlanHours) {
    throw energyErrors.badHorizon({
      detail: 'One plan is followed for a week at most; longer spans are for energy.backtest',
      place: { path: 'hours' },
      found: planHours(frame),
      expected: `at most ${mostPlanHours}`,
    })
  }
  context.progress(0.1, 'planning')
  const controller = createController({
    horizon: segmentsOf(grid).map(({ stepMs, count }) => ({ steps: count, minutes: stepMs / 60_000 })),
    timeLimitMs: 30_000,
    relativeGap: 1e-3,
  })
  const { plan, status, why } = await controller.decide(
    { nowMs: stepStartMs(grid, 0), site, data: context.data },
    {},
    context,
  )
  if (status !== 'fresh') {
    throw energyErrors.noPlan({ detail: `There is no plan to follow: ${why.map(({ text }) => text).join(' ')}` })
  }
  return (_, { timestampMs, offeredKw }) => planAt(plan, timestampMs, offeredKw) ?? { setpointKw: new Map() }
}

/** Means of powers over blocks of steps; levels, which end with `soc` or `Kwh`, as they are at the end of the block. */
function addMeans(
  series: Map<string, Float64Array>,
  points: ReadonlyMap<string, number>,
  { at, size, width, last }: { at: number; size: number; width: number; last: boolean },
): void {
  for (const [ref, value] of points) {
    let values = series.get(ref)
    if (!values) {
      values = new Float64Array(size)
      series.set(ref, values)
    }
    if (isLevel(ref)) {
      if (last) values[at] = value
    } else values[at]! += value / width
  }
}

const isLevel = (ref: string): boolean => /\.(soc|on|cop|temperatureC|[A-Za-z]*(Kwh|Kg|M3|C))$/.test(ref)
