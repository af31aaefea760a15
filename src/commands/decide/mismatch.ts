import type { SetpointRule } from '../rules/command-rules.ts'
import type { SentValue, SetpointMemory } from './memory.ts'
import type { Seen } from './readings.ts'
import { shown, type Why, why } from './why.ts'

export interface Compared extends Pick<SetpointMemory, 'recent' | 'differsMs' | 'mismatch'> {
  readonly why: readonly Why[]
}

/** Commands that were sent within the time, and the one before: what the machine may stand at. */
export function recentOf(recent: readonly SentValue[], nowMs: number, withinMs: number): readonly SentValue[] {
  const first = recent.findLastIndex(({ atMs }) => atMs <= nowMs - withinMs)
  return first <= 0 ? recent : recent.slice(first)
}

/**
 * Holds what the machine does against what it was told. It may lag: what it does has to lie, within the tolerance, where commands
 * of the last `within` went. Off by more for that long it is a mismatch. A read-back that is not known says nothing: it keeps a
 * mismatch and begins none.
 */
export function compareReadBack(
  { readBack, unit }: SetpointRule,
  memory: SetpointMemory,
  { nowMs, seen, staleMs }: { readonly nowMs: number; readonly seen: Seen; readonly staleMs: number },
): Compared {
  const { sent } = memory
  if (!readBack || !sent) return { recent: memory.recent, differsMs: null, mismatch: false, why: [] }
  const recent = recentOf(memory.recent, nowMs, readBack.withinMs)
  const value = seen.valueOf(readBack.ref, staleMs)
  if (!Number.isFinite(value)) {
    const unknown = seen.unknownOf(readBack.ref, staleMs) ?? `${readBack.ref} is missing`
    const told = why('read-back-unknown', `What the machine does is not known: ${unknown}.`, { ref: readBack.ref })
    return { recent, differsMs: memory.mismatch ? memory.differsMs : null, mismatch: memory.mismatch, why: [told] }
  }
  const { tolerance, withinMs } = readBack
  if (Math.abs(value - sent.value) <= tolerance) return { recent, differsMs: null, mismatch: false, why: [] }
  const differsMs = memory.differsMs ?? nowMs
  const values = [sent, ...recent].map((one) => one.value)
  const outside = value < Math.min(...values) - tolerance || value > Math.max(...values) + tolerance
  const mismatch = memory.mismatch || (outside && nowMs - differsMs >= withinMs)
  if (!mismatch) return { recent, differsMs, mismatch, why: [] }
  // The value of now is told where it is asked for: it changes with every reading.
  const text = `The machine does not follow: ${readBack.ref} is off by more than ${shown(tolerance)} ${unit}.`
  return { recent, differsMs, mismatch, why: [why('mismatch', text, { ref: readBack.ref, tolerance })] }
}
