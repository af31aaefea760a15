import type { SetpointRule } from '../rules/command-rules.ts'
import type { CompiledRules } from './compile-rules.ts'
import { type ConnectionRoom, connectionRoom } from './connection.ts'
import { type Interlocked, lookAtInterlocks } from './interlocks.ts'
import { type CommandMemory, type CommandSource, type FollowMode, memoryOf, type SetpointMemory } from './memory.ts'
import { compareReadBack } from './mismatch.ts'
import { type Seen, seeReadings } from './readings.ts'
import { roundToStep } from './round-to-step.ts'
import type { Situation } from './situation.ts'
import { fallbackAt, planMomentOf, type Target, type TargetParts, targetOf } from './target.ts'
import { followModeOf, whyNotPlan } from './watchdog.ts'
import { shown, type Why, why } from './why.ts'

/** A setpoint that is to be sent. */
export interface Command {
  readonly ref: string
  /** In the unit of the setpoint. */
  readonly value: number
  readonly unit: string
  readonly source: CommandSource
  /** What asked for it, and what bent it. */
  readonly why: readonly Why[]
}

/** How a setpoint stands after a decision. */
export interface SetpointState {
  readonly ref: string
  readonly source: CommandSource
  /** What was asked for, before anything bent it. */
  readonly wanted: number
  /** What is commanded, or would be if it were due. */
  readonly value: number
  readonly interlocks: readonly string[]
  readonly mismatch: boolean
  readonly why: readonly Why[]
}

export interface Decided {
  readonly mode: FollowMode
  /** Why not the plan; empty where it is followed. */
  readonly causes: readonly Why[]
  readonly commands: readonly Command[]
  readonly states: readonly SetpointState[]
  readonly memory: CommandMemory
}

/** A ramp goes on by no more than this at once, however long nothing was decided. */
const longestStepMs = 5000
const longestRetryMs = 60_000
/** What an interlock asks for is tried again sooner. */
const urgentRetryMs = 1000
/** Commands that are remembered for a read-back that lags. */
const mostRecent = 200

/**
 * Decides what is commanded now. Pure: the same rules, situation and memory give the same commands to the byte.
 *
 * What is wanted (hold, override, plan or fallback) is held inside the limits of the setpoint, then inside what the connection has
 * room for, then to its ramp; interlocks come last and win over all of these. A command is sent when it differs by more than the
 * deadband and the last one is old enough; an interlock waits for neither.
 */
export function decide(compiled: CompiledRules, situation: Situation, before: CommandMemory): Decided {
  const { rules } = compiled
  const seen = seeReadings(compiled, situation)
  const causes = whyNotPlan(rules, situation, seen)
  const mode = followModeOf(before.mode, situation, causes)
  const moment = mode.kind === 'plan' ? planMomentOf(situation) : undefined
  const parts: TargetParts = { zone: rules.zone, mode, causes, moment }
  const room = connectionRoom(rules, before, seen)
  const turn: Turn = { compiled, situation, seen, parts, room }
  const commands: Command[] = []
  const states: SetpointState[] = []
  const setpoints: Record<string, SetpointMemory> = {}
  for (const setpoint of rules.setpoints) {
    const one = decideOne(setpoint, memoryOf(before, setpoint.ref), turn)
    setpoints[setpoint.ref] = one.memory
    states.push(one.state)
    if (one.command) commands.push(one.command)
  }
  return { mode, causes: situation.hold ? [] : causes, commands, states, memory: { mode, setpoints } }
}

interface Turn {
  readonly compiled: CompiledRules
  readonly situation: Situation
  readonly seen: Seen
  readonly parts: TargetParts
  readonly room: ConnectionRoom
}

interface DecidedOne {
  readonly memory: SetpointMemory
  readonly state: SetpointState
  readonly command: Command | undefined
}

function decideOne(setpoint: SetpointRule, before: SetpointMemory, turn: Turn): DecidedOne {
  const { compiled, situation, seen, parts } = turn
  const { nowMs, nowhere } = situation
  const { ref, unit, step } = setpoint
  const target = targetOf(setpoint, situation, parts)
  const locked = lookAtInterlocks(compiled, setpoint, situation, seen)
  const moved = move(setpoint, before, target, turn)
  const reference = Math.min(locked.most, Math.max(locked.least, moved.reference))
  const value = roundToStep(reference, step, locked)
  const compared = compareReadBack(setpoint, before, { nowMs, seen, staleMs: compiled.rules.staleMs })
  const reasons = [...target.why, ...moved.why, ...locked.why]
  const status: readonly Why[] = [
    ...compared.why,
    ...(before.failure === null
      ? []
      : [why('write-failed', `The last command did not get there: ${before.failure}`, { problem: before.failure })]),
    ...(nowhere.includes(ref) ? [why('no-gateway', 'No gateway of the site takes it: the command goes nowhere.')] : []),
  ]
  const state: SetpointState = {
    ...{ ref, source: target.source, wanted: target.value, value },
    ...{ interlocks: locked.active, mismatch: compared.mismatch, why: [...reasons, ...status] },
  }
  const remembered: SetpointMemory = {
    ...before,
    // While it stands still nothing of it changes: what is measured meanwhile is looked at when it goes on.
    reference: moved.still ? before.reference : reference,
    ...{ source: target.source, interlocks: locked.active },
    ...{ recent: compared.recent, differsMs: compared.differsMs, mismatch: compared.mismatch },
  }
  const due = !nowhere.includes(ref) && isDue(setpoint, before, { value, source: target.source, locked, nowMs })
  if (!due) return { memory: remembered, state, command: undefined }
  const sent = { value, atMs: nowMs }
  return {
    memory: {
      ...remembered,
      sent: { ...sent, source: target.source, pending: true },
      recent: setpoint.readBack ? [...remembered.recent, sent].slice(-mostRecent) : [],
    },
    state,
    command: { ref, value, unit, source: target.source, why: reasons },
  }
}

/** The next place on the way to the target, before interlocks. */
function move(
  setpoint: SetpointRule,
  before: SetpointMemory,
  target: Target,
  { situation, seen, compiled, parts, room }: Turn,
): { readonly reference: number; readonly still: boolean; readonly why: readonly Why[] } {
  const { least, most, unit, rampPerMinute } = setpoint
  const clamp = (value: number): number => Math.min(most, Math.max(least, value))
  const reasons: Why[] = []
  let { reference: from } = before
  if (from === null) {
    from = standsAt(setpoint, before, seen, compiled.rules.staleMs) ?? fallbackAt(setpoint, situation.nowMs, parts.zone)
    reasons.push(why('begins', `It begins where the machine stands: ${shown(from)} ${unit}.`, { value: from }))
  }
  // Outside of the limits it is nowhere, not on a way.
  from = clamp(from)
  const limited = clamp(target.value)
  if (limited !== target.value) {
    const text = `Limited to ${shown(limited)} ${unit}: it may be ${shown(least)} to ${shown(most)} ${unit}.`
    reasons.push(why('limit', text, { wanted: target.value, least, most }))
  }
  // While a command is under way, or does not get there, the machine stands still; so does the way.
  if (before.sent?.pending || waits(setpoint, before, situation.nowMs)) {
    return { reference: from, still: true, why: reasons }
  }
  const step = room.holdBack(setpoint, from, ramped(from, limited, rampPerMinute, situation.elapsedMs))
  const next = clamp(step.value)
  reasons.push(...step.why)
  if (rampPerMinute !== null && step.why.length === 0 && next !== limited) {
    const text = `On its way to ${shown(limited)} ${unit} by ${shown(rampPerMinute)} ${unit} a minute.`
    reasons.push(why('ramp', text, { wanted: limited, rampPerMinute }))
  }
  return { reference: next, still: false, why: reasons }
}

/** Where a machine stands, as far as it is known: what was confirmed, unless the read-back says otherwise. */
function standsAt(
  { readBack }: SetpointRule,
  { confirmed }: SetpointMemory,
  seen: Seen,
  staleMs: number,
): number | undefined {
  const measured = readBack ? seen.valueOf(readBack.ref, staleMs) : Number.NaN
  if (!readBack || !Number.isFinite(measured)) return confirmed?.value
  return confirmed && Math.abs(measured - confirmed.value) <= readBack.tolerance ? confirmed.value : measured
}

function ramped(from: number, to: number, rampPerMinute: number | null, elapsedMs: number): number {
  if (rampPerMinute === null) return to
  const most = (rampPerMinute * Math.min(longestStepMs, Math.max(0, elapsedMs))) / 60_000
  return Math.abs(to - from) <= most ? to : from + Math.sign(to - from) * most
}

/** Whether a setpoint that could not be written waits for its next try: 1, 2, 4 … times the interval, up to a minute. */
function waits(
  { minIntervalMs }: SetpointRule,
  { failures, failedMs }: SetpointMemory,
  nowMs: number,
  longestMs: number = longestRetryMs,
): boolean {
  if (failures === 0 || failedMs === null) return false
  const waitMs = Math.min(longestMs, Math.max(1000, minIntervalMs) * 2 ** Math.min(16, failures - 1))
  // A clock that was set back does not prolong it.
  return Math.abs(nowMs - failedMs) < waitMs
}

interface Due {
  readonly value: number
  readonly source: CommandSource
  readonly locked: Interlocked
  readonly nowMs: number
}

function isDue(setpoint: SetpointRule, before: SetpointMemory, { value, source, locked, nowMs }: Due): boolean {
  const { sent } = before
  if (sent?.pending) return false
  const violates = sent !== null && (sent.value < locked.least || sent.value > locked.most)
  if (waits(setpoint, before, nowMs, violates ? urgentRetryMs : longestRetryMs)) return false
  if (!sent || violates) return true
  const sinceMs = Math.abs(nowMs - sent.atMs)
  if (setpoint.repeatMs !== null && sinceMs >= setpoint.repeatMs) return true
  if (value === sent.value || sinceMs < setpoint.minIntervalMs) return false
  return Math.abs(value - sent.value) > setpoint.deadband || source !== sent.source
}
