import type { CommandRules } from '../rules/command-rules.ts'
import type { FollowMode } from './memory.ts'
import type { Seen } from './readings.ts'
import type { Situation } from './situation.ts'
import { type Why, why } from './why.ts'

/** Length of a plan with equal steps, ms. */
function lengthMs({ output }: NonNullable<Situation['plan']>): number {
  for (const ref in output.series) return output.series[ref]!.length * output.stepMinutes * 60_000
  return 0
}

const minutes = (ms: number): number => Math.floor(ms / 60_000)

/** Why the plan is not followed; empty where it is. */
export function whyNotPlan(rules: CommandRules, situation: Situation, seen: Seen): readonly Why[] {
  const { plan, nowMs } = situation
  if (!plan) return [why('no-plan', 'No plan with evidence is published.')]
  const reasons: Why[] = []
  const { output } = plan
  if (!output.certificate.ok) {
    reasons.push(
      why('plan-unproven', 'The certificate of the plan does not prove it.', {
        maxResidual: output.certificate.maxResidual,
      }),
    )
  }
  const ageMs = nowMs - plan.publishedMs
  if (ageMs > rules.watchdogMs) {
    const text = `The plan is ${minutes(ageMs)} min old; after ${minutes(rules.watchdogMs)} min it is not followed.`
    // The age itself goes on by the second: it is no part of what is decided.
    reasons.push(why('plan-old', text, { publishedMs: plan.publishedMs }))
  }
  if (nowMs < output.startMs) reasons.push(why('plan-ahead', 'The plan has not begun.', { startMs: output.startMs }))
  if (nowMs >= output.startMs + lengthMs(plan))
    reasons.push(why('plan-over', 'The plan is over.', { startMs: output.startMs }))
  for (const ref of rules.inputs) {
    const unknown = seen.unknownOf(ref, rules.watchdogMs)
    if (unknown !== undefined) reasons.push(why('input-stale', `An input is not known: ${unknown}.`, { ref }))
  }
  return reasons
}

/** What the site follows now, and since when. */
export function followModeOf(before: FollowMode | null, situation: Situation, causes: readonly Why[]): FollowMode {
  const kind = situation.hold ? 'hold' : causes.length > 0 ? 'fallback' : 'plan'
  const codes = [...new Set(causes.map(({ code }) => code))]
  const same = before?.kind === kind && before.causes.join() === codes.join()
  return same ? before : { kind, causes: codes, sinceMs: situation.nowMs }
}
