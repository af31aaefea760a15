import {
  type DataPort,
  endMs,
  firstSteps,
  formatProblem,
  MangroveError,
  type Site,
  type SolverPort,
  type SolveStart,
  type StepGrid,
  segmentsOf,
  stepAt,
  stepStartMs,
} from '../../kernel/index.ts'
import { type ModelBuilder, type ModelLayout, sameSteps, shiftStart } from '../../solve/index.ts'
import type { Outcome } from '../components/component.ts'
import { energyErrors } from '../errors.ts'
import type { Frame } from '../frame.ts'
import {
  formulatePark,
  type ParkModel,
  type PreparedAsset,
  prepareAssets,
  readOutcomes,
  readSurplus,
} from '../park-model.ts'
import { createFrame } from '../plan-frame.ts'
import type { Relaxed } from '../schema/index.ts'
import { type ParkSolution, solvePark } from '../solve-park.ts'
import { assertSound, verifyPlan } from '../verify-plan.ts'
import { type Horizon, horizonGrid } from './horizon.ts'
import { type KeptStock, type PeakReserve, peakMargins, reserveForPeaks, usualReserve } from './peak-reserve.ts'
import { type FollowedPlan, planAt, stepsOfPlan } from './planned-setpoints.ts'
import { type RolledOut, rollOut } from './roll-out.ts'
import { type RuleSettings, ruleSetpoints, selfConsumption } from './rule.ts'
import { formulateScenarios, type Scenario } from './scenarios.ts'

export interface ControllerSettings {
  readonly horizon: Horizon
  /** For everything that is solved, ms; a decision is out by then, whatever the solver does. */
  readonly timeLimitMs: number
  readonly relativeGap: number
  /** Steps that are decided once for all scenarios. */
  readonly firstSteps: number
  readonly rule: RuleSettings
  /** Stock that batteries keep for peaks that past days had; where {@link Situation.past} is known. */
  readonly peakReserve: PeakReserve | null
  /** `shifted`: each plan begins where the last one ended, some steps later. */
  readonly warmStart: 'shifted' | 'none'
  readonly method?: 'simplex' | 'interior-point'
}

export const usualSettings: ControllerSettings = {
  horizon: [{ steps: 96, minutes: 15 }],
  timeLimitMs: 2000,
  // Of a plan that is replaced within the hour; proving the last thousandth takes most of the time.
  relativeGap: 5e-3,
  firstSteps: 1,
  rule: selfConsumption,
  peakReserve: usualReserve,
  warmStart: 'shifted',
}

/** What a controller knows when it decides. */
export interface Situation {
  /** Beginning of a step. */
  readonly nowMs: number
  /** The site as it stands: states of its machines, limits, peaks so far. */
  readonly site: Site
  /** What is known and foreseen of the hours ahead; the most likely future. */
  readonly data: DataPort
  /** What was; of it nothing after now is asked for. Past days show what peaks may come. */
  readonly past?: DataPort
  /** Other futures, with the probability of each; that of {@link data} is what is left to 1. */
  readonly scenarios?: readonly { readonly probability: number; readonly data: DataPort }[]
  /** End of what can be foreseen, where that is before the end of the horizon. */
  readonly knownUntilMs?: number
}

export interface ControlPorts {
  readonly solver: SolverPort
  readonly signal?: AbortSignal
  /** Settles after so many ms, for solvers that never answer; default: the clock of the machine. */
  readonly after?: (delayMs: number, signal: AbortSignal) => Promise<void>
}

/** Where the solver ended, for the next plan. */
interface KeptStart {
  readonly layout: ModelLayout
  readonly start: SolveStart
}

/** What one decision hands to the next: plain data, to be kept in a checkpoint. */
export interface ControllerMemory {
  /** The last plan that was sound. */
  readonly plan?: FollowedPlan
  readonly starts?: readonly (KeptStart | null)[]
}

/**
 * `fresh`: a new plan, checked. `kept`: none came in time, the last one goes on, checked against what holds now. `rule`:
 * there is none to keep, machines follow the rule.
 */
export type DecisionStatus = 'fresh' | 'kept' | 'rule'

export interface Why {
  readonly code: string
  readonly text: string
}

export interface Decision {
  readonly status: DecisionStatus
  readonly why: readonly Why[]
  readonly plan: FollowedPlan
  readonly relaxed: readonly Relaxed[]
  /** Relative distance to the proven bound; of a fresh plan. */
  readonly gap?: number
  /** Whether the plan was checked against the physics and limits that hold now. */
  readonly verified: boolean
  /** What was foreseen; absent when nothing could be. */
  readonly frame?: Frame
  readonly outcomes?: ReadonlyMap<string, Outcome>
  /** Time of the solver, ms; of no use to a decision, it depends on the machine. */
  readonly solveMs: number
  readonly memory: ControllerMemory
}

export interface Controller {
  readonly settings: ControllerSettings
  /** Decides what the site does from now on. Never throws but for its signal. */
  decide(situation: Situation, memory: ControllerMemory, ports: ControlPorts): Promise<Decision>
}

/** A controller without a clock and without memory of its own: the same situation and memory give the same decision. */
export function createController(settings: Partial<ControllerSettings> = {}): Controller {
  const all = { ...usualSettings, ...settings }
  return { settings: all, decide: (situation, memory, ports) => decide(all, situation, memory, ports) }
}

/** A future that was looked into. */
interface Foreseen {
  readonly frame: Frame
  readonly assets: readonly PreparedAsset[]
}

async function decide(
  settings: ControllerSettings,
  situation: Situation,
  memory: ControllerMemory,
  ports: ControlPorts,
): Promise<Decision> {
  const why: Why[] = []
  let foreseen: Foreseen | undefined
  try {
    foreseen = await foresee(settings, situation, situation.data)
  } catch (error) {
    ports.signal?.throwIfAborted()
    why.push({ code: 'control.nothing-foreseen', text: `The hours ahead are not known: ${wordsOf(error)}` })
  }
  if (foreseen) {
    try {
      return await freshPlan(settings, situation, { memory, ports, foreseen })
    } catch (error) {
      ports.signal?.throwIfAborted()
      why.push({ code: 'control.no-solution', text: `No new plan: ${wordsOf(error)}` })
    }
  }
  const memoryLeft: ControllerMemory = memory.plan ? { plan: memory.plan } : {}
  const base = { memory: memoryLeft, solveMs: 0 }
  const kept = await keepPlan(settings, situation, { memory, foreseen, signal: ports.signal })
  if (kept) return { ...base, ...kept, why: [...why, ...kept.why] }
  return { ...base, ...followRule(settings, situation, foreseen, why) }
}

async function foresee(settings: ControllerSettings, situation: Situation, data: DataPort): Promise<Foreseen> {
  const { site, nowMs, knownUntilMs = Number.POSITIVE_INFINITY } = situation
  const whole = horizonGrid(settings.horizon, nowMs, site.zone)
  const grid = firstSteps(whole, stepAt(whole, knownUntilMs))
  const frame = await createFrame(site, grid, data)
  return { frame, assets: await prepareAssets(frame, data) }
}

interface Making {
  readonly memory: ControllerMemory
  readonly ports: ControlPorts
  readonly foreseen: Foreseen
}

async function freshPlan(
  settings: ControllerSettings,
  situation: Situation,
  { memory, ports, foreseen }: Making,
): Promise<Decision> {
  const { frame, assets } = foreseen
  const others = situation.scenarios ?? []
  const rest = 1 - others.reduce((sum, { probability }) => sum + probability, 0)
  const scenarios: Scenario[] = [{ probability: rest, frame, assets }]
  for (const { probability, data } of others) {
    scenarios.push({ probability, ...(await foresee(settings, situation, data)) })
  }
  const { park, parks } =
    scenarios.length > 1
      ? formulateScenarios(scenarios, settings.firstSteps)
      : (() => {
          const only = formulatePark(frame, assets)
          return { park: only, parks: [only] }
        })()
  const keptStock = await keepForPeaks(settings, situation, foreseen, park.builder, parks[0]!)
  const starts = settings.warmStart === 'shifted' ? memory.starts : undefined
  const steps = stepsBehind(memory.plan, frame.grid)
  const solved = await within(settings.timeLimitMs, ports, (signal) =>
    solvePark(park, {
      solver: ports.solver,
      signal,
      sessionKey: `control:${situation.site.id}:${situation.nowMs}`,
      relativeGap: settings.relativeGap,
      // The guard of the solver stands at twice its limit; with this it ends before the deadline.
      timeLimitMs: solverShare * settings.timeLimitMs,
      budgetMs: solverShare * settings.timeLimitMs,
      ...(settings.method ? { method: settings.method } : {}),
      startOf: (round, layout) => {
        const kept = starts?.[round]
        if (!kept) return undefined
        return shiftStart(kept.start, { before: kept.layout, after: layout, ...steps })
      },
    }),
  )
  refuseUnproven(solved)
  const values = solved.solution.columnValues
  const [own] = parks as [(typeof parks)[0]]
  const outcomes = readOutcomes(own, values)
  const relaxed = [...readSurplus(own, frame, values), ...[...outcomes.values()].flatMap((outcome) => outcome.relaxed)]
  assertSound({ frame, assets, outcomes, relaxed })
  const plan = followed(frame, assets, outcomes)
  const gap = Math.max(0, solved.certificate.boundGap)
  return {
    status: 'fresh',
    why: [
      ...wordsOfStock(keptStock?.(values)),
      ...(solved.solution.status === 'optimal'
        ? []
        : [
            {
              code: 'control.time-limit',
              text: Number.isFinite(gap)
                ? `The time limit ended the solver ${(100 * gap).toFixed(1)} % above its bound`
                : 'The time limit ended the solver before it had a bound',
            },
          ]),
    ],
    plan,
    relaxed,
    gap,
    verified: true,
    frame,
    outcomes,
    solveMs: solved.solveMs,
    memory: {
      plan,
      starts: solved.rounds.map(({ layout, ended }) => (ended ? { layout, start: ended } : null)),
    },
  }
}

async function keepForPeaks(
  { peakReserve }: ControllerSettings,
  { past }: Situation,
  foreseen: Foreseen,
  builder: ModelBuilder,
  park: ParkModel,
): Promise<KeptStock | undefined> {
  if (!past || !peakReserve) return undefined
  const marginKw = await peakMargins(foreseen, past, peakReserve)
  return marginKw && reserveForPeaks(builder, park, foreseen, { marginKw, perDay: peakReserve.perDay })
}

/** What a plan keeps for peaks, in words; nothing where that is next to nothing. */
function wordsOfStock(kept: ReturnType<KeptStock> | undefined): Why[] {
  if (!kept || kept.needKwh < 1) return []
  const short = kept.shortKwh < 1 ? '' : `, of which there are ${kept.shortKwh.toFixed(0)} kWh less than that`
  const text = `Batteries keep up to ${kept.needKwh.toFixed(0)} kWh for peaks like those of past days${short}.`
  return [{ code: 'control.peak-reserve', text }]
}

/** Of each step of a grid, the step of the last plan that it begins in; without one, itself. */
function stepsBehind(plan: FollowedPlan | undefined, grid: StepGrid) {
  if (!plan) return sameSteps(grid.count)
  const before = stepsOfPlan(plan)
  const from = Int32Array.from({ length: grid.count }, (_, k) => Math.max(0, stepAt(before, stepStartMs(grid, k))))
  return { stepsBefore: before.count, from }
}

/** Part of the time that the solver may take; the rest is for writing, reading and checking the plan. */
const solverShare = 0.6

/** @throws `energy.broken-certificate` */
function refuseUnproven({ certificate, solution }: ParkSolution): void {
  if (solution.columnValues.every(Number.isFinite) && certificate.maxResidual <= 1e-4) return
  throw energyErrors.brokenCertificate({
    detail: 'The solver’s plan breaks a limit by more than the tolerance',
    found: certificate.maxResidual,
    expected: 'at most 1e-4',
  })
}

/** The result of some work, or an error when it takes longer; whatever comes after that is not looked at. */
async function within<T>(limitMs: number, ports: ControlPorts, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal, after = byTheClock } = ports
  const late = new AbortController()
  const done = new AbortController()
  const both = signal ? AbortSignal.any([signal, late.signal]) : late.signal
  const working = work(both)
  working.catch(() => undefined)
  const deadline = after(limitMs, done.signal).then((): never => {
    late.abort()
    throw energyErrors.noPlan({ detail: `The solver gave no answer within ${limitMs / 1000} s`, found: 'no answer' })
  })
  deadline.catch(() => undefined)
  try {
    return await Promise.race([working, deadline])
  } finally {
    done.abort()
  }
}

/** The clock of the machine. */
export const byTheClock = (delayMs: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, delayMs)
    signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })

/** A plan as it is followed: one value a step of every point. */
export function followed(
  frame: Frame,
  assets: readonly PreparedAsset[],
  outcomes: ReadonlyMap<string, Outcome>,
): FollowedPlan {
  const segments = segmentsOf(frame.grid).map(({ stepMs, count }) => ({ steps: count, minutes: stepMs / 60_000 }))
  const series: Record<string, number[]> = {}
  const units: Record<string, string> = {}
  for (const [id, outcome] of outcomes) {
    for (const [point, values] of Object.entries(outcome.points)) {
      series[`${id}.${point}`] = Array.from(values)
      const unit = outcome.units?.[point]
      if (unit !== undefined) units[`${id}.${point}`] = unit
    }
  }
  return {
    startMs: frame.grid.startMs,
    stepMinutes: segments[0]!.minutes,
    ...(segments.length > 1 ? { segments } : {}),
    series,
    units,
    assets: assets.map(({ asset }) => ({ id: asset.id, kind: asset.kind, title: asset.title })),
  }
}

type Fallback = Pick<Decision, 'status' | 'why' | 'plan' | 'relaxed' | 'verified' | 'frame' | 'outcomes'>

interface Keeping {
  readonly memory: ControllerMemory
  readonly foreseen: Foreseen | undefined
  readonly signal: AbortSignal | undefined
}

/**
 * The last plan from now on: its set points given to the machines as they stand, under what is offered and allowed now,
 * and the result held against every limit. Without a view of the hours ahead it goes on unchanged, and says so.
 */
async function keepPlan(
  settings: ControllerSettings,
  situation: Situation,
  { memory: { plan }, foreseen, signal }: Keeping,
): Promise<Fallback | undefined> {
  const { site, nowMs } = situation
  if (!plan) return undefined
  const untilMs = endMs(stepsOfPlan(plan))
  if (nowMs < plan.startMs || nowMs >= untilMs) return undefined
  const age = `${Math.floor((nowMs - plan.startMs) / 60_000)} min old`
  if (!foreseen) {
    return {
      status: 'kept',
      why: [{ code: 'control.kept-unchecked', text: `The last plan goes on, ${age}; it could not be checked anew.` }],
      plan,
      relaxed: [],
      verified: false,
    }
  }
  let ahead = foreseen
  if (untilMs < endMs(foreseen.frame.grid)) {
    // What was read before was read for longer: stays that the end cuts differ.
    try {
      ahead = await foresee(settings, { ...situation, knownUntilMs: untilMs }, situation.data)
    } catch {
      signal?.throwIfAborted()
      return undefined
    }
  }
  const { frame, assets } = ahead
  const rolled = rollOut(site, frame, assets, (_, moment) => {
    return planAt(plan, moment.timestampMs, moment.offeredKw) ?? { setpointKw: new Map() }
  })
  const checked = checkedPlan(frame, assets, rolled)
  if (checked.breaches.length > 0) return undefined
  return {
    status: 'kept',
    why: [{ code: 'control.kept', text: `The last plan goes on, ${age}, and holds every limit of now.` }],
    ...checked.told,
  }
}

function followRule(
  { rule }: ControllerSettings,
  { site, nowMs }: Situation,
  foreseen: Foreseen | undefined,
  why: readonly Why[],
): Fallback {
  const text = 'Machines follow the rule: surplus is stored, what is missing is bought or made.'
  const because = [...why, { code: 'control.rule', text }]
  if (!foreseen) {
    const plan: FollowedPlan = { startMs: nowMs, stepMinutes: 1, series: {}, units: {}, assets: [] }
    return { status: 'rule', why: because, plan, relaxed: [], verified: false }
  }
  const { frame, assets } = foreseen
  const checked = checkedPlan(frame, assets, rollOut(site, frame, assets, ruleSetpoints(site, frame, rule)))
  const [breach] = checked.breaches
  return {
    status: 'rule',
    why:
      breach === undefined
        ? because
        : [...because, { code: 'control.unchecked', text: `Its hours ahead are not sound: ${breach}` }],
    ...checked.told,
    verified: breach === undefined,
  }
}

function checkedPlan(frame: Frame, assets: readonly PreparedAsset[], { outcomes, relaxed }: RolledOut) {
  const { breaches } = verifyPlan({ frame, assets, outcomes, relaxed })
  return { breaches, told: { plan: followed(frame, assets, outcomes), relaxed, verified: true, frame, outcomes } }
}

const wordsOf = (error: unknown): string =>
  error instanceof MangroveError
    ? error.problems.map(formatProblem).join('; ')
    : error instanceof Error
      ? error.message
      : String(error)
