import type { Command } from '../decide/decide.ts'
import type { Acknowledgement, CommandMemory, FollowMode } from '../decide/memory.ts'
import type { Hold, KnownReading, Override, PlanRef } from '../decide/situation.ts'
import type { CommandRules } from '../rules/command-rules.ts'

/** Version of the method by which commands are decided; a replay of a log of another one may differ. */
export const commandsVersion = '1.0.0'

/** Everything that decisions stand on, from where a replay begins: written each quarter of an hour, and when rules change. */
export interface SnapshotBody {
  readonly kind: 'snapshot'
  readonly atMs: number
  readonly version: string
  readonly rules: CommandRules
  readonly nowhere: readonly string[]
  readonly plan: PlanRef | null
  readonly readings: Readonly<Record<string, KnownReading>>
  readonly overrides: readonly Override[]
  readonly hold: Hold | null
  readonly memory: CommandMemory
}

/** What a plan that is followed from now on foresaw: the hash of all that its run read. */
export interface ForecastBody {
  readonly kind: 'forecast'
  readonly atMs: number
  /** Evidence of the plan. */
  readonly evidence: string
  /** Of the canonical JSON of the run's readings, each with the hash of what it found. */
  readonly sha256: string
  readonly readings: number
}

export interface PlanBody {
  readonly kind: 'plan'
  readonly atMs: number
  /** null: there is none that can be followed. */
  readonly plan: PlanRef | null
}

/** What operators ask for, as it stands from now on. */
export interface OrdersBody {
  readonly kind: 'orders'
  readonly atMs: number
  readonly overrides: readonly Override[]
  readonly hold: Hold | null
}

/** A decision by which something changed, written before any of its commands leaves. */
export interface DecisionBody {
  readonly kind: 'decision'
  readonly atMs: number
  readonly elapsedMs: number
  /** Readings that differ from those of the line before. */
  readonly readings: Readonly<Record<string, KnownReading>>
  readonly mode: FollowMode
  readonly commands: readonly Command[]
  /** Of the canonical JSON of what is remembered afterwards. */
  readonly memorySha256: string
}

export interface AcknowledgementBody extends Acknowledgement {
  readonly kind: 'acknowledgement'
}

export type LogBody = SnapshotBody | ForecastBody | PlanBody | OrdersBody | DecisionBody | AcknowledgementBody

/** One line of the log, chained to the one before. */
export interface LogLine {
  /** 1, 2, 3 … */
  readonly sequence: number
  /** {@link sha256} of the line before; of the first line 64 zeros. */
  readonly before: string
  /** SHA-256 of the canonical JSON of the rest. */
  readonly sha256: string
  readonly body: LogBody
}
