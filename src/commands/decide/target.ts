import { type PlanNow, planAt } from '../../energy/index.ts'
import { localParts } from '../../kernel/index.ts'
import type { SetpointRule } from '../rules/command-rules.ts'
import type { CommandSource, FollowMode } from './memory.ts'
import type { Situation } from './situation.ts'
import { shown, type Why, why } from './why.ts'

/** What is wanted of a setpoint before anything bends it. */
export interface Target {
  readonly value: number
  readonly source: CommandSource
  readonly why: readonly Why[]
}

/** What the plan tells at a moment, looked up once for all setpoints. */
export interface PlanMoment {
  readonly now: PlanNow
  readonly step: number
}

/** @returns undefined where no plan is followed, or it says nothing of the moment */
export function planMomentOf({ plan, nowMs }: Situation): PlanMoment | undefined {
  if (!plan) return undefined
  const { output } = plan
  const now = planAt(output, nowMs, new Map())
  return now && { now, step: Math.floor((nowMs - output.startMs) / (output.stepMinutes * 60_000)) }
}

/** The value of the local schedule that is safe without a controller. */
export function fallbackAt({ fallback }: SetpointRule, nowMs: number, zone: string): number {
  const { hour, minute } = localParts(nowMs, zone)
  const at = hour * 60 + minute
  return (fallback.findLast(({ fromMinute }) => fromMinute <= at) ?? fallback.at(-1)!).value
}

export interface TargetParts {
  readonly zone: string
  readonly mode: FollowMode
  /** Of {@link FollowMode.causes}, in words. */
  readonly causes: readonly Why[]
  readonly moment: PlanMoment | undefined
}

/** Hold before override before plan before fallback. */
export function targetOf(setpoint: SetpointRule, situation: Situation, parts: TargetParts): Target {
  const { hold, overrides, nowMs } = situation
  const toFallback = (source: CommandSource, reasons: readonly Why[]): Target => {
    const value = fallbackAt(setpoint, nowMs, parts.zone)
    const told = why('fallback', `The safe schedule of this time of day: ${shown(value)} ${setpoint.unit}.`, { value })
    return { value, source, why: [...reasons, told] }
  }
  if (hold)
    return toFallback('hold', [why('hold', `Held by ${hold.by}: ${hold.reason}`, { by: hold.by, reason: hold.reason })])
  const override = overrides.findLast(
    ({ ref, fromMs, untilMs }) => ref === setpoint.ref && fromMs <= nowMs && nowMs < untilMs,
  )
  if (override) {
    const { value, by, reason, untilMs } = override
    return {
      value,
      source: 'override',
      why: [why('override', `Set by ${by}: ${reason}`, { value, by, reason, untilMs })],
    }
  }
  if (parts.mode.kind !== 'plan') return toFallback('fallback', parts.causes)
  const planned = plannedOf(setpoint, situation.plan!, parts.moment)
  return planned ?? toFallback('fallback', [why('plan-silent', 'The plan says nothing of it.')])
}

function plannedOf(
  { power, follows, unit, most, least }: SetpointRule,
  { output, evidence }: NonNullable<Situation['plan']>,
  moment: PlanMoment | undefined,
): Target | undefined {
  if (!moment) return undefined
  const told = (value: number): Target => ({
    value,
    source: 'plan',
    why: [why('plan', `The plan asks for ${shown(value)} ${unit}.`, { value, evidence })],
  })
  if (power === null) {
    const value = follows === null ? undefined : output.series[follows]?.[moment.step]
    return typeof value === 'number' && Number.isFinite(value) ? told(value) : undefined
  }
  const powerKw = moment.now.setpointKw.get(power.asset)
  if (powerKw !== undefined) return Number.isFinite(powerKw) ? told(powerKw * power.perKw) : undefined
  // The plan knows the asset and asks nothing of it: it may supply what it can.
  if (output.series[`${power.asset}.availableKw`]?.[moment.step] == null) return undefined
  const value = power.perKw > 0 ? most : least
  return { value, source: 'plan', why: [why('plan-free', 'The plan lets it supply what it can.', { value, evidence })] }
}
