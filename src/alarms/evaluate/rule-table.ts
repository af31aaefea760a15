import type { AlarmRule, Condition } from '../rules/index.ts'
import type { PointMemory } from './point-memory.ts'

/** Codes of conditions, for hot loops. */
export const code = {
  above: 0,
  below: 1,
  rate: 2,
  deviation: 3,
  state: 4,
  stale: 5,
  badQuality: 6,
  external: 7,
} as const

const codeOf: Readonly<Record<Condition['kind'], number>> = {
  'high-high': code.above,
  high: code.above,
  'low-low': code.below,
  low: code.below,
  rate: code.rate,
  deviation: code.deviation,
  state: code.state,
  stale: code.stale,
  'bad-quality': code.badQuality,
  anomaly: code.external,
}

/** The rules of a site as columns, one row a rule, and what each has come to. */
export interface RuleTable {
  readonly rules: readonly AlarmRule[]
  readonly indexOf: ReadonlyMap<string, number>
  readonly code: Uint8Array
  readonly slot: Int32Array
  /** The other point of a deviation; else −1. */
  readonly otherSlot: Int32Array
  /** Limit; of `state` the value, of `stale` the time in ms, of `bad-quality` the worst code that is allowed. */
  readonly limit: Float64Array
  readonly deadband: Float64Array
  readonly onDelayMs: Float64Array
  readonly offDelayMs: Float64Array
  /** Of `rate`: 1 rises, 2 falls, 3 both. */
  readonly directions: Uint8Array
  /** Index of the window of a `rate`; else −1. */
  readonly window: Int32Array
  readonly windowWidthsMs: readonly number[]
  /** Rules of slot `s`: `rulesOf[firstOf[s]] … rulesOf[firstOf[s + 1] − 1]`. */
  readonly firstOf: Int32Array
  readonly rulesOf: Int32Array
  /** 1 while the condition counts, deadband and delays included. */
  readonly on: Uint8Array
  /** Since when it has held while off, been away while on; NaN = it does not. */
  readonly pendingMs: Float64Array
  /** Event time of the last decision: what is not newer changes nothing. */
  readonly decidedMs: Float64Array
  readonly suppressed: Uint8Array
}

export function createRuleTable(rules: readonly AlarmRule[], memory: PointMemory): RuleTable {
  const size = rules.length
  const slotOf = (ref: string): number => memory.slots.get(ref)!
  const windowWidthsMs: number[] = []
  const table = {
    rules,
    indexOf: new Map(rules.map(({ id }, index) => [id, index])),
    code: new Uint8Array(size),
    slot: new Int32Array(size),
    otherSlot: new Int32Array(size).fill(-1),
    limit: new Float64Array(size),
    deadband: new Float64Array(size),
    onDelayMs: Float64Array.from(rules, ({ onDelayMs }) => onDelayMs),
    offDelayMs: Float64Array.from(rules, ({ offDelayMs }) => offDelayMs),
    directions: new Uint8Array(size),
    window: new Int32Array(size).fill(-1),
    windowWidthsMs,
    on: new Uint8Array(size),
    pendingMs: new Float64Array(size).fill(Number.NaN),
    decidedMs: new Float64Array(size).fill(Number.NEGATIVE_INFINITY),
    suppressed: new Uint8Array(size),
  }
  const bySlot = Array.from(memory.refs, (): number[] => [])
  for (const [index, { when, point }] of rules.entries()) {
    table.code[index] = codeOf[when.kind]
    table.slot[index] = slotOf(point)
    if (when.kind === 'anomaly') continue
    bySlot[slotOf(point)]!.push(index)
    if ('limit' in when) table.limit[index] = when.limit
    if ('deadband' in when) table.deadband[index] = when.deadband
    if (when.kind === 'state') table.limit[index] = when.is
    if (when.kind === 'stale') table.limit[index] = when.afterMs
    if (when.kind === 'bad-quality') table.limit[index] = when.worstAllowed
    if (when.kind === 'rate') {
      table.directions[index] = { rise: 1, fall: 2, either: 3 }[when.direction]
      table.window[index] = windowWidthsMs.push(when.withinMs) - 1
    }
    if (when.kind === 'deviation') {
      table.otherSlot[index] = slotOf(when.other)
      bySlot[slotOf(when.other)]!.push(index)
    }
  }
  const firstOf = new Int32Array(bySlot.length + 1)
  for (const [slot, own] of bySlot.entries()) firstOf[slot + 1] = firstOf[slot]! + own.length
  return { ...table, firstOf, rulesOf: Int32Array.from(bySlot.flat()) }
}
