import type { CheckedExpression, ComputedPoints, PointColumn } from '../../kernel/index.ts'
import type { AlarmRule } from '../rules/index.ts'
import type { PointMemory } from './point-memory.ts'

/** A value that is made of others: a computed point, or the condition of a suppression. */
interface Derived {
  readonly expression: CheckedExpression
  readonly slot: number
}

/** What is computed when values change, each after what it needs. */
export interface DerivedValues {
  /** 1 for slots that something is made of. */
  readonly feeds: Uint8Array
  /** Computes what is made of changed slots; `changed` is told each slot in turn, which may be one more of these. */
  update(slots: ArrayLike<number>, count: number, changed: (slot: number, value: number, code: number) => void): void
}

/** Name of the slot of a condition: no point has one like it. */
export const conditionRef = ({ text }: CheckedExpression): string => `? ${text}`

/** Computed points that rules need, down to the last, in the order of evaluation. */
function neededOf(rules: readonly AlarmRule[], computed: ComputedPoints): ComputedPoints['order'] {
  const reached = new Set<string>()
  const open = rules.flatMap(({ point, when, suppressWhile }) => [
    point,
    ...(when.kind === 'deviation' ? [when.other] : []),
    ...(suppressWhile?.refs ?? []),
  ])
  for (let ref = open.pop(); ref !== undefined; ref = open.pop()) {
    const own = computed.byRef.get(ref)
    if (!own || reached.has(ref)) continue
    reached.add(ref)
    open.push(...own.expression.refs)
  }
  return computed.order.filter(({ ref }) => reached.has(ref))
}

/** Every point, measured or computed, and every condition that rules need. */
export function refsOfRules(rules: readonly AlarmRule[], computed: ComputedPoints): readonly string[] {
  const refs = new Set<string>()
  for (const { point, when, suppressWhile } of rules) {
    refs.add(point)
    if (when.kind === 'deviation') refs.add(when.other)
    if (!suppressWhile) continue
    for (const ref of suppressWhile.refs) refs.add(ref)
    refs.add(conditionRef(suppressWhile))
  }
  for (const { ref, expression } of neededOf(rules, computed))
    for (const one of [ref, ...expression.refs]) refs.add(one)
  return [...refs]
}

export function createDerivedValues(
  rules: readonly AlarmRule[],
  computed: ComputedPoints,
  memory: PointMemory,
): DerivedValues {
  const conditions = new Map(
    rules.flatMap(({ suppressWhile }) =>
      suppressWhile ? [[conditionRef(suppressWhile), suppressWhile] as const] : [],
    ),
  )
  const all: readonly Derived[] = [
    ...neededOf(rules, computed).map(({ ref, expression }) => ({ expression, slot: memory.slots.get(ref)! })),
    ...[...conditions].map(([ref, expression]) => ({ expression, slot: memory.slots.get(ref)! })),
  ]
  // Columns of one row that look into the memory: nothing is copied.
  const columns = new Map<string, PointColumn>(
    memory.refs.map((ref, slot) => [
      ref,
      { values: memory.values.subarray(slot, slot + 1), quality: memory.quality.subarray(slot, slot + 1) },
    ]),
  )
  const feeds = new Uint8Array(memory.refs.length)
  const fedBy = Array.from(memory.refs, (): number[] => [])
  for (const [index, { expression }] of all.entries()) {
    for (const ref of expression.refs) {
      const slot = memory.slots.get(ref)!
      feeds[slot] = 1
      fedBy[slot]!.push(index)
    }
  }
  const dirty = new Uint8Array(all.length)
  return {
    feeds,
    update(slots, count, changed) {
      for (let at = 0; at < count; at += 1) for (const index of fedBy[slots[at]!]!) dirty[index] = 1
      for (const [index, { expression, slot }] of all.entries()) {
        if (dirty[index] === 0) continue
        dirty[index] = 0
        const column = expression.evaluate(columns, 1)
        changed(slot, column.values[0]!, column.quality[0]!)
        for (const next of fedBy[slot]!) dirty[next] = 1
      }
    },
  }
}
