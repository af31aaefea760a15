import { computePoints } from '../../kernel/index.ts'
import type { InterlockRule, SetpointRule } from '../rules/command-rules.ts'
import type { CompiledRules } from './compile-rules.ts'
import { columnsOf, type Seen } from './readings.ts'
import type { Situation } from './situation.ts'
import { shown, type Why, why } from './why.ts'

/** What interlocks leave of a setpoint. */
export interface Interlocked {
  /** Ids of those that hold, in the order of the file. */
  readonly active: readonly string[]
  readonly least: number
  readonly most: number
  readonly why: readonly Why[]
}

/**
 * Looks at the interlocks of a setpoint. One whose comparison is not known, because a value is missing, doubtful or old, holds:
 * that is the safe side. They narrow the limits one after the other, and a later one only as far as those before it let it.
 */
export function lookAtInterlocks(
  compiled: CompiledRules,
  setpoint: SetpointRule,
  situation: Situation,
  seen: Seen,
): Interlocked {
  let { least, most } = setpoint
  const active: string[] = []
  const reasons: Why[] = []
  for (const interlock of setpoint.interlocks) {
    const unknown = whyUnknown(compiled, interlock, seen)
    if (unknown === undefined && !holds(compiled, interlock, situation)) continue
    active.push(interlock.id)
    const low = interlock.force ?? interlock.least ?? Number.NEGATIVE_INFINITY
    const high = interlock.force ?? interlock.most ?? Number.POSITIVE_INFINITY
    // Into what those before it left.
    const within = (value: number): number => Math.min(most, Math.max(least, value))
    ;[least, most] = [within(low), within(high)]
    reasons.push(reasonOf(interlock, setpoint.unit, unknown))
  }
  return { active, least, most, why: reasons }
}

function whyUnknown(compiled: CompiledRules, interlock: InterlockRule, seen: Seen): string | undefined {
  for (const ref of compiled.conditionOf(interlock).refs) {
    const unknown = seen.unknownOf(ref, interlock.staleMs)
    if (unknown !== undefined) return unknown
  }
  return undefined
}

function holds(compiled: CompiledRules, interlock: InterlockRule, { readings }: Situation): boolean {
  const condition = compiled.conditionOf(interlock)
  const measured = columnsOf(compiled.rules, readings)
  const computed = computePoints(compiled.computed, measured, 1, condition.refs)
  const value = condition.evaluate(new Map([...measured, ...computed]), 1).values[0]!
  // Neither 0 nor 1: it is not known.
  return value !== 0
}

function reasonOf(
  { id, title, force, least, most, while: comparison }: InterlockRule,
  unit: string,
  unknown: string | undefined,
): Why {
  const effect =
    force !== null
      ? `it is ${shown(force)} ${unit}`
      : [
          ...(least === null ? [] : [`at least ${shown(least)} ${unit}`]),
          ...(most === null ? [] : [`at most ${shown(most)} ${unit}`]),
        ].join(', ')
  const values = { interlock: id, title, while: comparison, ...(unknown === undefined ? {} : { unknown }) }
  return unknown === undefined
    ? why('interlock', `Interlock “${title}” holds: ${effect}.`, values)
    : why('interlock-unknown', `Interlock “${title}” counts as holding, for ${unknown}: ${effect}.`, values)
}
