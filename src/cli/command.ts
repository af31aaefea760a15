import type { EvidenceRecord, EvidenceStore, SolverPort } from '../kernel/index.ts'
import type { FlagSpec } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** What a command may reach. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** Folder of evidence and store, `.mangrove` unless `MANGROVE_DATA` says otherwise. */
  readonly dataFolder: string
  /** Solvers that outlive the command. Absent: a command that solves brings its own. */
  readonly solver?: SolverPort
  /** Told of a run whose evidence is kept, after its result was shown. */
  kept?(record: EvidenceRecord, evidence: EvidenceStore): Promise<void>
}

/** How a command is called, and what for: all that the list of commands shows. */
export interface CommandName {
  /** The words that call it: `['energy', 'plan']`. */
  readonly words: readonly string[]
  readonly title: string
  /** Fields that arguments without a flag fill, in order. */
  readonly positional: readonly string[]
}

/** What a command does. */
export interface CommandBody {
  readonly description?: string
  readonly flags: readonly FlagSpec[]
  /** @returns exit code */
  run(values: Readonly<Record<string, unknown>>, json: boolean, context: CommandContext): Promise<number>
}

/** One command of the command line, before it is loaded: no command waits for the modules of another. */
export interface CommandEntry extends CommandName {
  load(): Promise<CommandBody>
}
