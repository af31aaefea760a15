import type { FlagSpec } from './flags.ts'
import type { Terminal } from './terminal.ts'

/** What a command may reach. */
export interface CommandContext {
  readonly terminal: Terminal
  readonly signal: AbortSignal
  /** Folder of evidence and store, `.mangrove` unless `MANGROVE_DATA` says otherwise. */
  readonly dataFolder: string
}

/** One command of the command line. */
export interface Command {
  /** The words that call it: `['energy', 'plan']`. */
  readonly words: readonly string[]
  readonly title: string
  readonly description?: string
  readonly flags: readonly FlagSpec[]
  /** Fields that arguments without a flag fill, in order. */
  readonly positional: readonly string[]
  /** @returns exit code */
  run(values: Readonly<Record<string, unknown>>, json: boolean, context: CommandContext): Promise<number>
}
