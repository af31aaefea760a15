import { type ComputedPoints, quality } from '../../kernel/index.ts'
import type { AlarmRule } from '../rules/index.ts'
import { createDecider } from './decide.ts'
import { conditionRef, createDerivedValues, refsOfRules } from './derived.ts'
import { createPointMemory } from './point-memory.ts'
import { createRateWindows } from './rate-windows.ts'
import { createRowPicker } from './row-picker.ts'
import type { Decision, Rows } from './rows.ts'
import { createRuleTable } from './rule-table.ts'
import { type EvaluatorSnapshot, readSnapshot, writeSnapshot } from './snapshot.ts'

/** What is already known of an alarm from its log. */
export interface KnownCondition {
  readonly condition: boolean
  readonly suppressed: boolean
  /** Event time of the last decision in the log; null before the first. */
  readonly decidedMs: number | null
}

export interface EvaluatorOptions {
  readonly site: string
  readonly rules: readonly AlarmRule[]
  readonly computed: ComputedPoints
  /** A clock that only goes on; used for differences. */
  readonly monotonicMs: number
  /** Event time from which a point that never had a value counts as silent; absent: it has to speak once. */
  readonly silentFromMs?: number
  readonly snapshot?: EvaluatorSnapshot | undefined
  /** By alarm; wins over the snapshot, which may be older. */
  readonly known?: ReadonlyMap<string, KnownCondition>
}

/** Holds rules against observations. The time of the field alone decides; clocks only tell how long nothing came. */
export interface Evaluator {
  /** Points whose stored values it wants. */
  readonly points: readonly string[]
  /**
   * Takes rows of its site. Late and repeated ones change nothing that newer ones decided.
   *
   * @param latestMs rows after this are from a clock that runs ahead and are left out
   */
  take(rows: Rows, when: { readonly monotonicMs: number; readonly latestMs: number }): readonly Decision[]
  /** Time went on: delays end and points fall silent though nothing came. */
  advance(monotonicMs: number): readonly Decision[]
  /** Whether the condition of an `anomaly` holds. */
  tell(alarm: string, holds: boolean, eventMs: number): readonly Decision[]
  snapshot(): EvaluatorSnapshot
  /** Event time of the newest value of a point; −∞ before the first. */
  newestMs(point: string): number
}

export function createEvaluator(options: EvaluatorOptions): Evaluator {
  const { site, rules, computed, snapshot, known, monotonicMs: beganMs, silentFromMs } = options
  const refs = refsOfRules(rules, computed)
  const memory = createPointMemory(refs, beganMs)
  const table = createRuleTable(rules, memory)
  const windows = createRateWindows(table.windowWidthsMs)
  const derived = createDerivedValues(rules, computed, memory)
  const decider = createDecider(table, memory, windows)
  const picker = createRowPicker(site, memory)
  if (snapshot) readSnapshot(snapshot, { memory, table, windows })
  for (const [index, { id }] of rules.entries()) {
    const told = known?.get(id)
    if (!told) continue
    const on = told.condition ? 1 : 0
    if (table.on[index] !== on) table.pendingMs[index] = Number.NaN
    table.on[index] = on
    table.suppressed[index] = told.suppressed ? 1 : 0
    table.decidedMs[index] = Math.max(table.decidedMs[index]!, told.decidedMs ?? Number.NEGATIVE_INFINITY)
  }
  if (silentFromMs !== undefined) {
    for (const [slot, ms] of memory.knownMs.entries()) {
      if (ms === Number.NEGATIVE_INFINITY) memory.knownMs[slot] = silentFromMs
    }
  }
  const isComputed = new Uint8Array(refs.length)
  for (const [slot, ref] of refs.entries()) isComputed[slot] = computed.byRef.has(ref) || ref.startsWith('? ') ? 1 : 0

  /** Alarms by the slot of the condition that suppresses them. */
  const suppressedBy = Array.from(refs, (): number[] => [])
  for (const [index, { suppressWhile }] of rules.entries()) {
    if (suppressWhile) suppressedBy[memory.slots.get(conditionRef(suppressWhile))!]!.push(index)
  }
  const { values, quality: codes, lastMs, knownMs, knownBeforeMs, arrivedMs } = memory
  const { firstOf, rulesOf } = table
  /** Slots that got a value of the moment that is worked on. */
  const touched = new Int32Array(refs.length)
  const isTouched = new Uint8Array(refs.length)
  let touchedCount = 0

  const put = (slot: number, timestampMs: number, value: number, code: number): void => {
    const isMissing = Number.isNaN(value)
    values[slot] = value
    codes[slot] = isMissing ? quality.missing : code
    lastMs[slot] = timestampMs
    if (!isMissing && codes[slot] !== quality.missing) {
      knownBeforeMs[slot] = knownMs[slot]!
      knownMs[slot] = timestampMs
    }
    if (isTouched[slot] === 1) return
    isTouched[slot] = 1
    touched[touchedCount] = slot
    touchedCount += 1
  }
  /** All values of a moment are there: what is made of them, then the rules. */
  const endMoment = (timestampMs: number, monotonicMs: number, feeds: boolean): void => {
    if (feeds) {
      derived.update(touched, touchedCount, (slot, value, code) => {
        arrivedMs[slot] = monotonicMs
        put(slot, timestampMs, value, code)
        const isOn = value > 0.5 && code < quality.suspect
        for (const rule of suppressedBy[slot]!) decider.suppress(rule, isOn, timestampMs)
      })
    }
    for (let at = 0; at < touchedCount; at += 1) {
      const slot = touched[at]!
      isTouched[slot] = 0
      for (let next = firstOf[slot]!; next < firstOf[slot + 1]!; next += 1) decider.step(rulesOf[next]!, timestampMs)
    }
    touchedCount = 0
  }

  return {
    points: refs.filter((_, slot) => isComputed[slot] === 0),
    take(rows, { monotonicMs, latestMs }) {
      const { order, count, slotOf } = picker.pick(rows, latestMs)
      let momentMs = Number.NaN
      let feeds = false
      for (let at = 0; at < count; at += 1) {
        const row = order[at]!
        const timestampMs = rows.timestampsMs[row]!
        if (timestampMs !== momentMs) {
          if (touchedCount > 0) endMoment(momentMs, monotonicMs, feeds)
          momentMs = timestampMs
          feeds = false
        }
        const slot = slotOf[rows.seriesOf[row]!]!
        if (timestampMs <= lastMs[slot]!) continue
        arrivedMs[slot] = monotonicMs
        put(slot, timestampMs, rows.values[row]!, rows.quality[row]!)
        if (derived.feeds[slot] === 1) feeds = true
      }
      if (touchedCount > 0) endMoment(momentMs, monotonicMs, feeds)
      return decider.take()
    },
    advance(monotonicMs) {
      for (let rule = 0; rule < rules.length; rule += 1) {
        const slot = table.slot[rule]!
        const newestMs = Math.max(lastMs[slot]!, knownMs[slot]!)
        if (newestMs > Number.NEGATIVE_INFINITY) decider.wait(rule, newestMs + (monotonicMs - arrivedMs[slot]!))
      }
      return decider.take()
    },
    tell(alarm, holds, eventMs) {
      const rule = table.indexOf.get(alarm)
      if (rule !== undefined) decider.tell(rule, holds ? 1 : 0, eventMs)
      return decider.take()
    },
    snapshot: () => writeSnapshot({ memory, table, windows }),
    newestMs: (point) => lastMs[memory.slots.get(point) ?? -1] ?? Number.NEGATIVE_INFINITY,
  }
}
