import type { CommandRules } from '../rules/command-rules.ts'

export const commandSources = ['plan', 'override', 'fallback', 'hold'] as const
/** Whose wish a setpoint follows. */
export type CommandSource = (typeof commandSources)[number]

/** A value that was sent. */
export interface SentValue {
  readonly value: number
  readonly atMs: number
}

/** What is remembered of a setpoint from one decision to the next: plain JSON without a time that merely goes on. */
export interface SetpointMemory {
  /** Where it stands on its way, before rounding; null: it has not begun. */
  readonly reference: number | null
  readonly source: CommandSource | null
  /** Ids of the interlocks that held. */
  readonly interlocks: readonly string[]
  /** The last command, with what it followed. */
  readonly sent: (SentValue & { readonly source: CommandSource; readonly pending: boolean }) | null
  /** The last command that was acknowledged. */
  readonly confirmed: SentValue | null
  /** Commands in a row that did not get there, and when the last of them failed. */
  readonly failures: number
  readonly failedMs: number | null
  /** Code and words of the last failure; null once one got there. */
  readonly failure: string | null
  /** Commands of the time that a read-back may lag behind, and the last one before. */
  readonly recent: readonly SentValue[]
  /** Since when the read-back is off; null: it is not, or not known. */
  readonly differsMs: number | null
  readonly mismatch: boolean
}

/** What a site follows as a whole. */
export interface FollowMode {
  readonly kind: 'plan' | 'fallback' | 'hold'
  /** Codes of why not the plan. */
  readonly causes: readonly string[]
  readonly sinceMs: number
}

export interface CommandMemory {
  readonly mode: FollowMode | null
  readonly setpoints: Readonly<Record<string, SetpointMemory>>
}

const fresh: SetpointMemory = {
  ...{ reference: null, source: null, interlocks: [], sent: null, confirmed: null },
  ...{ failures: 0, failedMs: null, failure: null, recent: [], differsMs: null, mismatch: false },
}

/** What is remembered of a setpoint; nothing, of one that is new. */
export const memoryOf = (memory: CommandMemory, ref: string): SetpointMemory => memory.setpoints[ref] ?? fresh

/** Before the first decision. */
export const emptyMemory = ({ setpoints }: CommandRules): CommandMemory => ({
  mode: null,
  setpoints: Object.fromEntries(setpoints.map(({ ref }) => [ref, fresh])),
})

/** How a command ended. */
export interface Acknowledgement {
  readonly ref: string
  readonly value: number
  /** When it was decided: {@link SentValue.atMs}. */
  readonly sentMs: number
  readonly atMs: number
  /** `unknown`: the program stopped before it heard. */
  readonly outcome: 'done' | 'failed' | 'unknown'
  /** What the device says it has, in the unit of the point. */
  readonly readBack?: number
  /** Code and words of the failure. */
  readonly problem?: string
}

/** What is remembered after a command ended. One that failed leaves the machine where it was: it is gone on from there. */
export function acknowledge(memory: CommandMemory, ended: Acknowledgement): CommandMemory {
  const before = memoryOf(memory, ended.ref)
  // One that was given up is not what is waited for.
  if (!before.sent?.pending || before.sent.atMs !== ended.sentMs) return memory
  const { sent, confirmed } = before
  const after: SetpointMemory =
    ended.outcome === 'done'
      ? {
          ...before,
          sent: { ...sent, pending: false },
          confirmed: { value: ended.value, atMs: ended.atMs },
          ...{ failures: 0, failedMs: null, failure: null },
        }
      : {
          ...before,
          sent: confirmed ? { ...confirmed, source: sent.source, pending: false } : null,
          reference: null,
          recent: before.recent.filter(({ atMs }) => atMs !== sent.atMs),
          failures: before.failures + 1,
          failedMs: ended.atMs,
          failure: ended.problem ?? ended.outcome,
        }
  return { ...memory, setpoints: { ...memory.setpoints, [ended.ref]: after } }
}
