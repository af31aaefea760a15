import {
  defineEngine,
  type EngineContext,
  formatIso,
  parseInstant,
  type Site,
  stepHours,
  type TimeGrid,
} from '../../kernel/index.ts'
import { publishBilled } from '../bill/index.ts'
import { createController, createForecaster, type ReplanEvents } from '../control/index.ts'
import { energyErrors } from '../errors.ts'
import { pauseFor } from '../forecast/pause.ts'
import { planGrid } from '../plan.ts'
import {
  type BacktestInput,
  BacktestInputSchema,
  type BacktestOutput,
  BacktestOutputSchema,
  type ControllerName,
  type Tariff,
} from '../schema/index.ts'
import { statements } from '../tariff/index.ts'
import { tidy } from '../tidy.ts'
import { moneyOf } from './publish-run.ts'
import { type ControlRunOptions, type RunPart, runControlled, runRule, type SpanRun } from './run-span.ts'
import { type SettledRun, settleRun } from './settle-run.ts'
import { openSpan, type Span } from './span.ts'
import { type TunedRule, tuneRule } from './tune-rule.ts'

/** Lives a span of a site over again with several controllers and tells what each would have cost. */
export const backtestEngine = defineEngine({
  id: 'energy.backtest',
  title: 'Backtest the control of a site',
  description:
    'Runs the live controller, with forecasts made from what lay before, over days to a year of a site’s physics, against a rule that was tuned in hindsight, no storage and perfect foresight: cost, wear, emissions, shortfalls and regret.',
  version: '0.1.0',
  input: BacktestInputSchema,
  output: BacktestOutputSchema,
  long: true,
  resumable: true,
  positional: 'site',
  run: backtest,
})

/** A part of a controlled run, as a checkpoint has it. */
interface KeptPart {
  readonly controller: ControllerName
  readonly part: RunPart
}

/** Days that perfect foresight sees, and those of them that are followed before it looks again. */
const perfectDays = { seen: 9, followed: 7 }
const usualEvents: ReplanEvents = { netLoadKw: Number.POSITIVE_INFINITY, soc: 0.1, priceShare: 0.01 }
const noEvents: ReplanEvents = {
  netLoadKw: Number.POSITIVE_INFINITY,
  soc: Number.POSITIVE_INFINITY,
  priceShare: Number.POSITIVE_INFINITY,
}

async function backtest(input: BacktestInput, context: EngineContext): Promise<BacktestOutput> {
  context.progress(0.01, 'reading the site')
  const site = await context.data.site(input.site, input.changes)
  const grid = spanGrid(input, site)
  const stepsOfHours = (hours: number): number => Math.round((hours * 3_600_000) / grid.stepMs)
  const span = await openSpan(site, grid, context.data, {
    historyDays: input.historyDays,
    aheadSteps: stepsOfHours(Math.max(input.horizonHours, 24 * (perfectDays.seen - perfectDays.followed))),
    signal: context.signal,
  })
  refuseUnaccounted(span)
  const kept = ((await context.checkpoint?.load()) ?? []) as readonly KeptPart[]
  const runs = new Map<ControllerName, SpanRun>()
  let tuned: TunedRule | undefined
  const pause = pauseFor(context.signal)
  // What the rule is tuned by comes first; what takes longest has most of the bar.
  const order = (['none', 'rule', 'control', 'perfect'] as const).filter((name) => input.controllers.includes(name))
  const weights = { none: 0.02, rule: 0.08, control: 1, perfect: 0.2 }
  const allWeight = order.reduce((sum, name) => sum + weights[name], 0)
  let done = 0
  for (const name of order) {
    const progress = (share: number): void => {
      const day = Math.min(input.days, Math.floor(share * input.days) + 1)
      context.progress(
        0.05 + (0.93 * (done + share * weights[name])) / allWeight,
        `${name}: day ${day} of ${input.days}`,
      )
    }
    progress(0)
    if (name === 'none') runs.set(name, await withoutStorage(span, { pause, progress }))
    else if (name === 'rule') {
      tuned = await tuneRule(span, highestImport(span, await withoutStorage(span, { pause })), pause)
      runs.set(name, tuned.run)
    } else {
      const parts = kept.filter(({ controller }) => controller === name).map(({ part }) => part)
      runs.set(
        name,
        await runControlled(span, {
          ...(name === 'control' ? liveControl(input, site, grid) : perfectForesight(input, site, grid)),
          solver: context.solver,
          signal: context.signal,
          pause,
          progress,
          parts,
          keep: async (part) => context.checkpoint?.append({ controller: name, part } satisfies KeptPart),
        }),
      )
    }
    done += weights[name]
  }
  context.progress(0.99, 'settling')
  const settled = new Map([...runs].map(([name, run]) => [name, settleRun(span.frame, run)]))
  const shown = tuned?.settings
  return {
    site: site.id,
    start: formatIso(grid.startMs, site.zone),
    startMs: grid.startMs,
    zone: site.zone,
    currency: site.currency,
    days: input.days,
    steps: grid.count,
    forecast: input.forecast,
    rule: shown
      ? { peakKw: orNull(shown.peakKw), lowPrice: orNull(shown.lowPrice), highPrice: orNull(shown.highPrice) }
      : null,
    runs: order.map((name) => publishRun(name, span, runs.get(name)!, settled)),
    notes: notesOf(input, span),
  }
}

/** @throws `energy.bad-horizon` */
function spanGrid(input: BacktestInput, site: Site): TimeGrid {
  const step = { ...input, hours: 1 }
  const { startMs, stepMs } = planGrid(
    { at: input.at, step: step.step, hours: 1 },
    site,
    parseInstant(input.at, site.zone),
  )
  const count = Math.round((input.days * 86_400_000) / stepMs)
  if (count >= 1) return { startMs, stepMs, count }
  throw energyErrors.badHorizon({
    detail: 'The span has no step',
    place: { path: 'days' },
    found: input.days,
    expected: 'at least one step',
  })
}

/** A kind that buys something and cannot say what a simulated stretch cost would look free. */
function refuseUnaccounted({ assets }: Span): void {
  const silent = assets.find(({ component }) => component.dearestPerKwh && !component.account)
  if (!silent) return
  throw energyErrors.badAsset({
    detail: `What ${silent.asset.title} costs in a simulation is not known yet`,
    place: { path: `assets.${silent.asset.id}` },
    found: silent.asset.kind,
    expected: 'a kind that accounts for what it did',
  })
}

type Told = Pick<ControlRunOptions, 'pause' | 'progress'>

/** The day without storage, shifting and controlled charging. */
function withoutStorage(span: Span, told: Told): Promise<SpanRun> {
  const assets = span.assets.filter(({ asset, component, inputs }) => {
    return !component.baseline || component.baseline(asset, inputs, span.frame) !== null
  })
  const site: Site = { ...span.site, assets: assets.map(({ asset }) => asset) }
  return runRule(span, site, assets, () => ({ setpointKw: new Map() }), told)
}

function highestImport({ site }: Span, run: SpanRun): number {
  const grid = site.assets.find(({ kind }) => kind === 'grid')
  const powerKw = (grid && run.series.get(`${grid.id}.powerKw`)) ?? new Float64Array()
  return powerKw.reduce((most, power) => Math.max(most, power), 0)
}

type Control = Pick<ControlRunOptions, 'controller' | 'foresee' | 'futures' | 'everyMinutes' | 'events' | 'patient'>

function liveControl(input: BacktestInput, site: Site, { stepMs }: TimeGrid): Control {
  const options = { zone: site.zone, holidays: input.holidays, noiseShare: input.noiseShare }
  const foresee = createForecaster(input.forecast, { ...options, seed: 1 })
  const futures = Array.from({ length: input.scenarios - 1 }, (_, index) => ({
    probability: 1 / input.scenarios,
    foresee: createForecaster(input.forecast, { ...options, seed: 2 + index, spreadShare: input.noiseShare }),
  }))
  const minutes = stepMs / 60_000
  return {
    controller: createController({
      horizon: { hours: input.horizonHours, fromMinutes: minutes },
      ...(input.forecast === 'perfect' ? { peakReserve: null } : {}),
      timeLimitMs: input.timeLimitMs,
      firstSteps: Math.max(1, Math.round(input.everyMinutes / minutes)),
    }),
    foresee,
    ...(futures.length > 0 ? { futures } : {}),
    everyMinutes: input.everyMinutes,
    events: usualEvents,
    // The solver ends itself at its limit, which is evidence; a clock beside it would not be.
    patient: true,
  }
}

function perfectForesight(input: BacktestInput, site: Site, { stepMs, count }: TimeGrid): Control {
  const minutes = stepMs / 60_000
  const seen = Math.round((perfectDays.seen * 1440) / minutes)
  return {
    controller: createController({
      horizon: [{ steps: Math.min(seen, count), minutes }],
      timeLimitMs: 120_000,
      relativeGap: 1e-4,
      peakReserve: null,
      warmStart: 'none',
      method: 'interior-point',
    }),
    foresee: createForecaster('perfect', { zone: site.zone, holidays: input.holidays, noiseShare: 0, seed: 1 }),
    everyMinutes: perfectDays.followed * 1440,
    events: noEvents,
    patient: true,
  }
}

function publishRun(
  controller: ControllerName,
  span: Span,
  run: SpanRun,
  settled: ReadonlyMap<ControllerName, SettledRun>,
): BacktestOutput['runs'][number] {
  const own = settled.get(controller)!
  const perfect = settled.get('perfect')
  const rule = settled.get('rule')
  const missed: Record<string, number> = {}
  for (const { wish, amount } of own.relaxed) missed[wish] = tidy((missed[wish] ?? 0) + amount)
  return {
    controller,
    cost: moneyOf(own),
    emissionsKgCo2e: tidy(own.emissionsKgCo2e),
    unservedKwh: tidy(own.unservedKwh),
    missed,
    surplusKwh: tidy(own.surplusKwh),
    highestImportKw: tidy(highestImport(span, run)),
    fullCycles: Object.fromEntries(
      run.site.assets
        .filter(({ kind }) => kind === 'battery')
        .map(({ id, capacityKwh }) => {
          const givenKwh = (run.series.get(`${id}.powerKw`) ?? new Float64Array()).reduce(
            (sum, power) => sum + Math.max(0, power) * stepHours(span.grid),
            0,
          )
          return [id, tidy(Number(capacityKwh) > 0 ? givenKwh / Number(capacityKwh) : 0)]
        }),
    ),
    replans: run.replans,
    kept: run.kept,
    ruled: run.ruled,
    corrected: run.corrected,
    triggers: { ...run.triggers },
    bill: billOf(span, run),
    regret: perfect ? tidy((own.total - perfect.total) / Math.max(1e-9, Math.abs(perfect.total))) : null,
    savedAgainstRule: rule ? tidy((rule.total - own.total) / Math.max(1e-9, Math.abs(rule.total))) : null,
    dailyCost: dailyCostOf(span, run),
  }
}

/** What the run's meter costs, by the evaluator that plans decide on and `energy.bill` prints from. */
function billOf({ site, grid, frame }: Span, run: SpanRun): BacktestOutput['runs'][number]['bill'] {
  const tariff = site.sections.tariff as Tariff | undefined
  const connection = site.assets.find(({ kind }) => kind === 'grid')
  const powerKw = connection && run.series.get(`${connection.id}.powerKw`)
  if (!tariff || !powerKw) return null
  const meter = {
    grid,
    importKw: powerKw.map((power) => Math.max(0, power)),
    exportKw: powerKw.map((power) => Math.max(0, -power)),
  }
  return publishBilled(statements(frame.tariff, meter, { currency: site.currency }), site, tariff.rounding)
}

/** Energy bought and sold by day, at the prices of the steps. */
function dailyCostOf({ site, grid, frame }: Span, run: SpanRun): number[] {
  const connection = site.assets.find(({ kind }) => kind === 'grid')
  const powerKw = connection && run.series.get(`${connection.id}.powerKw`)
  const perDay = Math.round(86_400_000 / grid.stepMs)
  const days = new Array<number>(Math.ceil(grid.count / perDay)).fill(0)
  if (!powerKw) return days
  const { importPrice, exportPrice } = frame.tariff
  powerKw.forEach((power, k) => {
    days[Math.floor(k / perDay)]! += power * stepHours(grid) * (power > 0 ? importPrice[k]! : exportPrice[k]!)
  })
  return days.map(tidy)
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? tidy(value) : null)

function notesOf({ controllers, days, forecast }: BacktestInput, span: Span): string[] {
  const notes: string[] = ['Prices, weather of heat and the times of vehicles are known to every controller.']
  if (controllers.includes('rule')) notes.push('The rule was tuned on the span itself: no rule knows so much before.')
  if (controllers.includes('perfect') && days > perfectDays.seen) {
    notes.push(
      'Perfect foresight sees nine days at a time, so the peak of a month is not known to it from its beginning.',
    )
  }
  if (forecast === 'perfect') notes.push('The controller was given the truth as its forecast.')
  if (span.knownSteps === span.grid.count)
    notes.push('Nothing is known after the span: the last plans look less far ahead.')
  return notes
}
