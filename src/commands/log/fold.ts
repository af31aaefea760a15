import type { PlanOutput } from '../../energy/index.ts'
import { canonicalJson, hashOf } from '../../kernel/index.ts'
import { compileRules } from '../decide/compile-rules.ts'
import { type Decided, decide } from '../decide/decide.ts'
import { acknowledge } from '../decide/memory.ts'
import type { KnownReading, PlanRef, Situation } from '../decide/situation.ts'
import { commandErrors } from '../errors.ts'
import type { DecisionBody, LogBody, SnapshotBody } from './log-line.ts'
import { commandsVersion } from './log-line.ts'

/** What a site's commands stand on after a line of the log. */
export type LogState = Omit<SnapshotBody, 'kind' | 'atMs' | 'version'>

/** Plans by the id of their evidence. */
export type PlanOutputs = ReadonlyMap<string, PlanOutput>

export const snapshotOf = (state: LogState, atMs: number): SnapshotBody => ({
  kind: 'snapshot',
  ...{ atMs, version: commandsVersion, rules: state.rules, nowhere: state.nowhere, plan: state.plan },
  ...{ readings: state.readings, overrides: state.overrides, hold: state.hold, memory: state.memory },
})

/** @throws `commands.broken-log` for a plan without its evidence */
export function situationOf(state: LogState, atMs: number, elapsedMs: number, plans: PlanOutputs): Situation {
  const { plan, readings, overrides, hold, nowhere } = state
  const output = plan && plans.get(plan.evidence)
  if (plan && !output) {
    throw commandErrors.brokenLog({ detail: 'The evidence of a plan is gone', found: plan.evidence })
  }
  return {
    ...{ nowMs: atMs, elapsedMs, readings, overrides, hold, nowhere },
    plan: plan && output ? { ...plan, output } : null,
  }
}

/** Decides from a state, and what the log says of it; `undefined` where nothing changed and nothing is to be logged. */
export function decideFrom(
  state: LogState,
  { atMs, elapsedMs, readings }: Pick<DecisionBody, 'atMs' | 'elapsedMs' | 'readings'>,
  plans: PlanOutputs,
): { readonly decided: Decided; readonly body: DecisionBody | undefined } {
  const all = { ...state.readings, ...readings }
  const decided = decide(
    compileRules(state.rules),
    situationOf({ ...state, readings: all }, atMs, elapsedMs, plans),
    state.memory,
  )
  const after = canonicalJson(decided.memory)
  const changed = decided.commands.length > 0 || after !== canonicalJson(state.memory)
  const { mode, commands } = decided
  const body: DecisionBody = {
    ...{ kind: 'decision', atMs, elapsedMs, readings: changedReadings(state.readings, readings), mode, commands },
    memorySha256: hashOf(decided.memory),
  }
  return { decided, body: changed ? body : undefined }
}

function changedReadings(
  before: LogState['readings'],
  now: LogState['readings'],
): Readonly<Record<string, KnownReading>> {
  const changed = Object.entries(now).filter(([ref, { value, quality, atMs }]) => {
    const known = before[ref]
    return known?.value !== value || known.quality !== quality || known.atMs !== atMs
  })
  return Object.fromEntries(changed)
}

/**
 * The state after a line. A decision is made again, which gives what is remembered.
 *
 * @param state undefined before the first snapshot
 * @throws `commands.broken-log`
 */
export function applyLine(state: LogState | undefined, body: LogBody, plans: PlanOutputs): LogState {
  if (body.kind === 'snapshot') {
    const { rules, nowhere, plan, readings, overrides, hold, memory } = body
    // Rules that are the same stay one object: they are compiled once.
    const same = state && canonicalJson(state.rules) === canonicalJson(rules)
    return { rules: same ? state.rules : rules, nowhere, plan, readings, overrides, hold, memory }
  }
  if (!state) {
    throw commandErrors.brokenLog({
      detail: 'The log does not begin with a snapshot',
      found: body.kind,
      expected: 'snapshot',
    })
  }
  switch (body.kind) {
    case 'forecast':
      return state
    case 'plan':
      return { ...state, plan: body.plan }
    case 'orders':
      return { ...state, overrides: body.overrides, hold: body.hold }
    case 'decision': {
      const { decided } = decideFrom(state, body, plans)
      return { ...state, readings: { ...state.readings, ...body.readings }, memory: decided.memory }
    }
    case 'acknowledgement':
      return { ...state, memory: acknowledge(state.memory, body) }
  }
}

/** Plans that lines need. */
export function plansIn(bodies: Iterable<LogBody>): readonly PlanRef[] {
  const found = new Map<string, PlanRef>()
  for (const body of bodies) {
    if ((body.kind === 'snapshot' || body.kind === 'plan') && body.plan) found.set(body.plan.evidence, body.plan)
  }
  return [...found.values()]
}
