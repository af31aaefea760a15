import {
  type CheckedExpression,
  type ComputedPoints,
  checkExpression,
  computedPoints,
  type Site,
} from '../../kernel/index.ts'
import type { CommandRules, InterlockRule } from '../rules/command-rules.ts'
import { asNumber } from '../rules/read-rules.ts'

/** Rules with their expressions ready to be evaluated. */
export interface CompiledRules {
  readonly rules: CommandRules
  readonly computed: ComputedPoints
  /** 1 where the comparison of an interlock holds. */
  conditionOf(interlock: InterlockRule): CheckedExpression
}

const compiled = new WeakMap<CommandRules, CompiledRules>()

/** Readies rules once, for as long as they are the same object. @throws as `checkExpression` */
export function compileRules(rules: CommandRules): CompiledRules {
  const known = compiled.get(rules)
  if (known) return known
  const unitOf = (ref: string): string | undefined => rules.units[ref]
  const conditions = new Map<InterlockRule, CheckedExpression>(
    rules.setpoints.flatMap(({ interlocks }) =>
      interlocks.map((interlock) => [
        interlock,
        checkExpression(asNumber(interlock.while), { unitOf, currency: rules.currency, unit: '1' }),
      ]),
    ),
  )
  const made: CompiledRules = {
    rules,
    // Of a site, what is computed needs its currency and its declarations.
    computed: computedPoints({ currency: rules.currency, sections: { points: rules.computed } } as unknown as Site),
    conditionOf: (interlock) => conditions.get(interlock)!,
  }
  compiled.set(rules, made)
  return made
}
