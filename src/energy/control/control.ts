import {
  type Asset,
  applyMergePatch,
  type DataPort,
  defineEngine,
  type EngineContext,
  firstSteps,
  formatIso,
  type Site,
} from '../../kernel/index.ts'
import { prepareAssets } from '../park-model.ts'
import { planGrid } from '../plan.ts'
import { createFrame } from '../plan-frame.ts'
import { createPlant } from '../plant.ts'
import { type ControlInput, ControlInputSchema, type ControlOutput, ControlOutputSchema } from '../schema/index.ts'
import { tidy } from '../tidy.ts'
import { byTheClock, createController } from './controller.ts'
import { withForesight } from './foresight.ts'
import type { Horizon } from './horizon.ts'
import { planAt } from './planned-setpoints.ts'
import { resumeSite } from './resume.ts'
import { momentAt } from './roll-out.ts'
import { safeSetpoints } from './safe-setpoints.ts'

/** Limits after which a solver counts as hung. */
const hangFactor = 5

/** One turn of rolling control: a plan from where the site stands, and what its machines are told now. */
export const controlEngine = defineEngine({
  id: 'energy.control',
  title: 'Control the energy of a site',
  description:
    'Plans from where the machines of a site stand and says what each is told now. A decision is always out: without a new plan in time the last one goes on, checked against what holds now; without one the site follows a rule. No set point passes that a machine cannot do.',
  version: '0.1.0',
  input: ControlInputSchema,
  output: ControlOutputSchema,
  positional: 'site',
  run: control,
})

async function control(input: ControlInput, context: EngineContext): Promise<ControlOutput> {
  context.progress(0.1, 'reading the site')
  const described = await context.data.site(input.site, input.changes)
  const { startMs, horizon } = horizonOf(input, described, context.clock.now())
  const patched: Site = {
    ...described,
    assets: described.assets.map((asset) => applyMergePatch(asset, input.states[asset.id] ?? {}) as Asset),
  }
  const site = input.measured ? resumeSite(patched, await measuredStates(patched, startMs, context)) : patched
  context.progress(0.3, 'deciding')
  const { data, foreseen } = withForesight(context.data, startMs)
  const controller = createController({
    horizon,
    timeLimitMs: input.timeLimitMs,
  })
  const decision = await controller.decide(
    { nowMs: startMs, site, data, past: context.data },
    input.last ? { plan: input.last } : {},
    // The solver ends itself at its limit, and evidence says where. The clock beside it is for one that hangs, not for one
    // whose thread has yet to start.
    { solver: context.solver, signal: context.signal, after: (ms, done) => byTheClock(hangFactor * ms, done) },
  )
  const { commands, codes } = await commandsOf(site, { decision, data })
  return {
    site: site.id,
    start: formatIso(startMs, site.zone),
    startMs,
    zone: site.zone,
    status: decision.status,
    verified: decision.verified,
    // A solver that its time limit ends early has a plan and no bound yet.
    gap: decision.gap !== undefined && Number.isFinite(decision.gap) ? tidy(decision.gap) : null,
    why: [...decision.why, ...wordsOfForesight(foreseen), ...codes],
    commands,
    relaxed: [...decision.relaxed],
    plan: tidyPlan(decision.plan),
  }
}

/** The steps of the plan, and when it begins: now, rounded down to a step. */
function horizonOf(input: ControlInput, site: Site, nowMs: number): { startMs: number; horizon: Horizon } {
  const growing = input.step === 'growing'
  const step = growing ? '1m' : input.step
  const { startMs, stepMs, count } = planGrid({ ...input, step, ...(growing ? { hours: 1 } : {}) }, site, nowMs)
  const minutes = stepMs / 60_000
  return { startMs, horizon: growing ? { hours: input.hours, fromMinutes: minutes } : [{ steps: count, minutes }] }
}

/** State of charge of each battery at the end of the step before; machines without a measurement stand as the site file says. */
async function measuredStates(
  site: Site,
  startMs: number,
  { data }: EngineContext,
): Promise<ReadonlyMap<string, unknown>> {
  const window = { startMs: startMs - 3_600_000, stepMs: 900_000, count: 4 }
  const states = new Map<string, unknown>()
  for (const { id, kind } of site.assets) {
    if (kind !== 'battery') continue
    const request = { source: { observation: `${id}.soc` }, grid: window, unit: '1', path: `assets.${id}.soc` }
    const { values } = await data.series(site, request)
    const soc = values.findLast((value) => !Number.isNaN(value))
    if (soc !== undefined) states.set(id, { soc })
  }
  return states
}

function wordsOfForesight(foreseen: ReadonlySet<string>): ControlOutput['why'] {
  if (foreseen.size === 0) return []
  const text = `Foreseen from similar past days, where nothing is known ahead: ${[...foreseen].join(', ')}.`
  return [{ code: 'control.foreseen', text }]
}

interface Deciding {
  readonly decision: Awaited<ReturnType<ReturnType<typeof createController>['decide']>>
  readonly data: DataPort
}

/** What the plan asks of machines now, as far as each can do it. */
async function commandsOf(site: Site, { decision, data }: Deciding) {
  const titles = new Map(site.assets.map(({ id, title }) => [id, title]))
  if (!decision.frame) {
    const text = 'What is offered now is not known, so machines are told nothing.'
    return { commands: [], codes: [{ code: 'control.no-commands', text }] }
  }
  const { startMs } = decision.frame.grid
  const frame = await createFrame(site, firstSteps(decision.frame.grid, 1), data)
  const moment = momentAt(frame, await prepareAssets(frame, data), 0)
  const wanted = planAt(decision.plan, startMs, moment.offeredKw)?.setpointKw ?? new Map<string, number>()
  const { setpointKw, corrections } = safeSetpoints(site, createPlant(site), moment, wanted)
  const commands = [...setpointKw].map(([asset, powerKw]) => {
    const correction = corrections.find((candidate) => candidate.asset === asset)
    return {
      asset,
      title: titles.get(asset) ?? asset,
      setpointKw: tidy(powerKw),
      wantedKw: correction && Number.isFinite(correction.wantedKw) ? tidy(correction.wantedKw) : null,
    }
  })
  return { commands, codes: [] }
}

function tidyPlan(plan: ControlOutput['plan']): ControlOutput['plan'] {
  const series = Object.fromEntries(
    Object.entries(plan.series).map(([ref, values]) => [
      ref,
      values.map((value) => (value === null ? null : tidy(value))),
    ]),
  )
  return { ...plan, series }
}
