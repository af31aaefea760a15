import { quality } from '../../kernel/index.ts'
import type { PointMemory } from './point-memory.ts'
import type { RateWindows } from './rate-windows.ts'
import type { RuleTable } from './rule-table.ts'

/** What an evaluator knows, as JSON: with the values stored since it goes on as if it had never stopped. */
export interface EvaluatorSnapshot {
  /** By point: value, quality, event time of the newest, of the newest that was not missing. */
  readonly points: Readonly<
    Record<string, readonly [value: number | null, quality: number, lastMs: number, knownMs: number | null]>
  >
  /** By alarm: whether it counts, since when a delay runs, the last decision, whether it is suppressed, window of a rate. */
  readonly rules: Readonly<Record<string, RuleSnapshot>>
}

interface RuleSnapshot {
  readonly on: boolean
  readonly pendingMs?: number
  readonly decidedMs?: number
  readonly suppressed?: true
  readonly window?: ReturnType<RateWindows['write']>
}

interface Memories {
  readonly memory: PointMemory
  readonly table: RuleTable
  readonly windows: RateWindows
}

const orNull = (value: number): number | null => (Number.isFinite(value) ? value : null)

export function writeSnapshot({ memory, table, windows }: Memories): EvaluatorSnapshot {
  const points: Record<string, EvaluatorSnapshot['points'][string]> = {}
  for (const [slot, ref] of memory.refs.entries()) {
    const lastMs = memory.lastMs[slot]!
    if (!Number.isFinite(lastMs)) continue
    points[ref] = [orNull(memory.values[slot]!), memory.quality[slot]!, lastMs, orNull(memory.knownMs[slot]!)]
  }
  const rules: Record<string, RuleSnapshot> = {}
  for (const [index, { id }] of table.rules.entries()) {
    const [pendingMs, decidedMs, window] = [table.pendingMs[index]!, table.decidedMs[index]!, table.window[index]!]
    rules[id] = {
      on: table.on[index] === 1,
      ...(Number.isFinite(pendingMs) ? { pendingMs } : {}),
      ...(Number.isFinite(decidedMs) ? { decidedMs } : {}),
      ...(table.suppressed[index] === 1 ? { suppressed: true } : {}),
      ...(window < 0 ? {} : { window: windows.write(window) }),
    }
  }
  return { points, rules }
}

/** Points and alarms that are there no more are passed over. */
export function readSnapshot(snapshot: EvaluatorSnapshot, { memory, table, windows }: Memories): void {
  for (const [slot, ref] of memory.refs.entries()) {
    const [value, code, lastMs, knownMs] = snapshot.points[ref] ?? [null, quality.missing, null, null]
    if (lastMs === null) continue
    memory.values[slot] = value ?? Number.NaN
    memory.quality[slot] = code
    memory.lastMs[slot] = lastMs
    memory.knownMs[slot] = knownMs ?? Number.NEGATIVE_INFINITY
  }
  for (const [index, { id }] of table.rules.entries()) {
    const own = snapshot.rules[id]
    if (!own) continue
    table.on[index] = own.on ? 1 : 0
    table.pendingMs[index] = own.pendingMs ?? Number.NaN
    table.decidedMs[index] = own.decidedMs ?? Number.NEGATIVE_INFINITY
    table.suppressed[index] = own.suppressed ? 1 : 0
    const window = table.window[index]!
    if (window >= 0 && own.window) windows.read(window, own.window)
  }
}
