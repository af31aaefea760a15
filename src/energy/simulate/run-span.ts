import type { Site, SolverPort } from '../../kernel/index.ts'
import { stepAt, stepStartMs } from '../../kernel/index.ts'
import {
  allowedImportKw,
  type Controller,
  type ControllerMemory,
  createTrace,
  type Foresee,
  holdPeak,
  momentAt,
  planAt,
  type ReplanEvents,
  replanReason,
  resumeSite,
  type Setpoints,
  safeSetpoints,
  stepsOfPlan,
} from '../control/index.ts'
import { plannedNetKw } from '../control/replan-reasons.ts'
import type { Pause } from '../forecast/pause.ts'
import type { PreparedAsset } from '../park-model.ts'
import { createPlant } from '../plant.ts'
import { createMonthMeter } from './month-meter.ts'
import type { Span } from './span.ts'

/** What one controller did in a span. */
export interface SpanRun {
  readonly site: Site
  readonly assets: readonly PreparedAsset[]
  /** Values by `<asset>.<point>`, one a step. */
  readonly series: ReadonlyMap<string, Float64Array>
  /** Power that nothing could balance, kW a step: + surplus, − deficit. */
  readonly imbalanceKw: Float64Array
  readonly replans: number
  /** Decisions for which no new plan came, and those for which none was kept either. */
  readonly kept: number
  readonly ruled: number
  /** Set points that a machine was not to be given. */
  readonly corrected: number
  /** Of each plan, in order; depends on the machine, so no result of an engine holds it. */
  readonly solveMs: readonly number[]
  /** Why the controller planned, counted. */
  readonly triggers: Readonly<Record<string, number>>
}

/** A part of a run that was lived, and the state at its end: plain data, with which the run goes on in another process. */
export interface RunPart {
  /** First step, and the one after the last. */
  readonly from: number
  readonly to: number
  /** Values of the part. */
  readonly series: Readonly<Record<string, readonly number[]>>
  readonly imbalanceKw: readonly number[]
  readonly states: Readonly<Record<string, unknown>>
  readonly memory: ControllerMemory
  /** null is infinite. */
  readonly allowedKw: readonly (number | null)[]
  readonly plannedMs: number | null
  readonly deviationKw: number | null
  readonly counts: Counts
  readonly triggers: Readonly<Record<string, number>>
}

interface Counts {
  replans: number
  kept: number
  ruled: number
  corrected: number
}

interface RunOptions {
  readonly pause: Pause
  /** Told after each part of the span, 0 to 1. */
  progress?(share: number): void
}

/** Steps between two pauses. */
const stepsAtOnce = 64

/** Runs a site that follows set points made from step to step. */
export async function runRule(
  span: Pick<Span, 'frame' | 'grid'>,
  site: Site,
  assets: readonly PreparedAsset[],
  setpoints: Setpoints,
  { pause, progress }: RunOptions,
): Promise<SpanRun> {
  const { frame, grid } = span
  const plant = createPlant(site)
  const trace = createTrace(grid.count)
  const imbalanceKw = new Float64Array(grid.count)
  for (let k = 0; k < grid.count; k += 1) {
    if (k % stepsAtOnce === 0) {
      await pause()
      progress?.(k / grid.count)
    }
    const moment = momentAt(frame, assets, k)
    trace.keep(k, plant.step({ ...moment, ...setpoints(k, moment, plant) }))
    imbalanceKw[k] = plant.imbalanceKw
  }
  const none = { replans: 0, kept: 0, ruled: 0, corrected: 0, solveMs: [], triggers: {} }
  return { site, assets, series: trace.series, imbalanceKw, ...none }
}

export interface ControlRunOptions extends RunOptions {
  readonly controller: Controller
  readonly foresee: Foresee
  /** Other futures, with their probabilities. */
  readonly futures?: readonly { readonly probability: number; readonly foresee: Foresee }[]
  readonly solver: SolverPort
  readonly signal: AbortSignal
  readonly everyMinutes: number
  readonly events: ReplanEvents
  /** Limit of a decision with no deadline of the clock, as for perfect foresight. */
  readonly patient?: boolean
  /** What was lived already, in order. */
  readonly parts?: readonly RunPart[]
  /** Given each part that is lived. */
  keep?(part: RunPart): Promise<void>
}

/** Runs a site that is controlled: plans on the clock and on events, follows them between, and holds the peak. */
export async function runControlled(span: Span, options: ControlRunOptions): Promise<SpanRun> {
  const { frame, grid, assets } = span
  const { controller, foresee, solver, signal, everyMinutes, events, parts = [] } = options
  const from = parts.at(-1)
  const restored = from && new Map(Object.entries(from.states))
  const plant = createPlant(span.site, restored)
  const meter = createMonthMeter(frame)
  const trace = createTrace(grid.count)
  const imbalanceKw = new Float64Array(grid.count)
  const gridAsset = span.site.assets.find(({ kind }) => kind === 'grid')
  const batteries = span.site.assets.filter(({ kind }) => kind === 'battery')
  const ids = span.site.assets.map(({ id }) => id)
  const limits = JSON.stringify(span.site.sections.limits ?? {})
  const data = span.data.foreseen(foresee)
  const scenarios = options.futures?.map((future) => ({
    probability: future.probability,
    data: span.data.foreseen(future.foresee),
  }))
  let memory: ControllerMemory = from?.memory ?? {}
  let allowedKw: ArrayLike<number> = from ? from.allowedKw.map((value) => value ?? Number.POSITIVE_INFINITY) : []
  let plannedMs = from?.plannedMs ?? Number.NEGATIVE_INFINITY
  const counts: Counts = { replans: 0, kept: 0, ruled: 0, corrected: 0, ...from?.counts }
  const triggers: Record<string, number> = { ...from?.triggers }
  const solveMs: number[] = []
  let first = 0
  for (const part of parts) {
    for (const [ref, values] of Object.entries(part.series)) {
      const whole = trace.series.get(ref) ?? new Float64Array(grid.count)
      trace.series.set(ref, whole)
      whole.set(values, part.from)
    }
    imbalanceKw.set(part.imbalanceKw, part.from)
    first = part.to
  }
  const importOf = (powerKw: number): number => Math.max(0, powerKw)
  if (gridAsset)
    meter.restore((trace.series.get(`${gridAsset.id}.powerKw`) ?? new Float64Array(first)).map(importOf), first)
  let deviationKw = from?.deviationKw ?? undefined
  let keptUntil = first
  const keepEvery = Math.max(leastPart, Math.ceil(grid.count / mostParts))
  for (let k = first; k < grid.count; k += 1) {
    const nowMs = stepStartMs(grid, k)
    if (k % stepsAtOnce === 0) await options.pause()
    const trigger = replanReason(
      memory.plan && { plan: memory.plan, assets: ids, limits },
      {
        nowMs,
        soc: new Map(batteries.map(({ id }) => [id, (plant.stateOf(id) as { soc: number }).soc])),
        assets: ids,
        limits,
        // What is seen now is the step that has just ended.
        ...(deviationKw === undefined ? {} : { netLoadKw: plannedAt(memory, nowMs) + deviationKw }),
      },
      { everyMinutes, events },
    )
    if (trigger && nowMs > plannedMs) {
      triggers[trigger.code] = (triggers[trigger.code] ?? 0) + 1
      plannedMs = nowMs
      const decision = await controller.decide(
        {
          nowMs,
          site: resumeSite(meter.siteAt(span.site, k), plant.states),
          data,
          past: span.data.truth,
          knownUntilMs: stepStartMs(grid, span.knownSteps),
          ...(scenarios ? { scenarios } : {}),
        },
        memory,
        { solver, signal, ...(options.patient ? { after: never } : {}) },
      )
      memory = decision.status === 'rule' ? { plan: decision.plan } : { ...decision.memory, plan: decision.plan }
      counts.replans += 1
      if (decision.status === 'kept') counts.kept += 1
      if (decision.status === 'rule') counts.ruled += 1
      solveMs.push(decision.solveMs)
      allowedKw =
        gridAsset && decision.frame
          ? allowedImportKw(decision.frame.tariff, decision.plan.series[`${gridAsset.id}.powerKw`]?.map(Number) ?? [])
          : []
    }
    const met = momentAt(frame, assets, k)
    const now = memory.plan && planAt(memory.plan, nowMs, met.offeredKw)
    const moment = { ...met, ...(now ? { partsKw: now.partsKw } : {}) }
    const safe = safeSetpoints(span.site, plant, moment, now?.setpointKw ?? new Map())
    counts.corrected += safe.corrections.length
    const step = memory.plan ? stepAt(stepsOfPlan(memory.plan), nowMs) : 0
    const peak = {
      levelKw: allowedKw[step] ?? Number.POSITIVE_INFINITY,
      plannedKw: (gridAsset && memory.plan?.series[`${gridAsset.id}.powerKw`]?.[step]) ?? 0,
    }
    const setpointKw = holdPeak(span.site, plant, { ...moment, setpointKw: safe.setpointKw }, peak)
    const points = plant.step({ ...moment, setpointKw })
    trace.keep(k, points)
    imbalanceKw[k] = plant.imbalanceKw
    if (gridAsset) meter.count(k, Math.max(0, points.get(`${gridAsset.id}.powerKw`) ?? 0))
    deviationKw = netOf(points, ids) - plannedAt(memory, nowMs)
    if (options.keep && k + 1 - keptUntil >= keepEvery && k + 1 < grid.count) {
      const [since, to] = [keptUntil, k + 1]
      keptUntil = to
      const sliceOf = (values: Float64Array): number[] => Array.from(values.subarray(since, to))
      await options.keep({
        from: since,
        to,
        series: Object.fromEntries([...trace.series].map(([ref, values]) => [ref, sliceOf(values)])),
        imbalanceKw: sliceOf(imbalanceKw),
        states: Object.fromEntries(plant.states),
        memory,
        allowedKw: Array.from(allowedKw, (value) => (Number.isFinite(value) ? value : null)),
        plannedMs,
        deviationKw: deviationKw ?? null,
        counts: { ...counts },
        triggers: { ...triggers },
      })
    }
    options.progress?.((k + 1) / grid.count)
  }
  return { site: span.site, assets, series: trace.series, imbalanceKw, ...counts, solveMs, triggers }
}

/** A run is kept in at most so many parts of at least so many steps. */
const mostParts = 60
const leastPart = 48

const never = (): Promise<void> => new Promise(() => undefined)

/** Net load of the plan in the step that a moment falls in, kW. */
function plannedAt({ plan }: ControllerMemory, nowMs: number): number {
  if (!plan) return 0
  return plannedNetKw(plan, stepAt(stepsOfPlan(plan), nowMs))
}

/** Demand less what sources offered, kW. */
function netOf(points: ReadonlyMap<string, number>, ids: readonly string[]): number {
  let netKw = 0
  for (const id of ids) netKw += (points.get(`${id}.demandKw`) ?? 0) - (points.get(`${id}.availableKw`) ?? 0)
  return netKw
}
