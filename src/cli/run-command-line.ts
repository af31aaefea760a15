import { didYouMean, formatProblem, MangroveError } from '../kernel/index.ts'
import type { Command } from './command.ts'
import { commandList } from './commands.ts'
import { errors, exitCode, exitCodeOf } from './errors.ts'
import { parseFlags } from './flags.ts'
import { commandHelp, overview, versionLine } from './help.ts'
import type { Terminal } from './terminal.ts'

/** What a command line runs in. */
export interface CommandSurroundings {
  readonly terminal: Terminal
  /** Aborted when the command is to end. */
  readonly signal: AbortSignal
  readonly dataFolder: string
}

/** The command whose words begin the command line; the longest wins. */
const findCommand = (commands: readonly Command[], args: readonly string[]): Command | undefined =>
  commands
    .filter((command) => command.words.every((word, place) => args[place] === word))
    .sort((a, b) => b.words.length - a.words.length)[0]

async function runCommand(given: readonly string[], { terminal, ...rest }: CommandSurroundings): Promise<number> {
  const commands = commandList()
  const args = given[0] === '--json' ? [...given.slice(1), '--json'] : given
  const command = findCommand(commands, args)
  if (!command) {
    if (args[0] === '--version') {
      terminal.out(versionLine())
      return exitCode.ok
    }
    if (args.length === 0 || args[0] === '--help' || args[0] === '-h' || args[0] === 'help') {
      terminal.out(overview(commands))
      return args.length === 0 ? exitCode.usage : exitCode.ok
    }
    const words = [...new Set(commands.map((known) => known.words[0] ?? ''))].filter((word) => word !== args[0])
    throw errors.unknownCommand({
      detail: `There is no command "${args[0]}"${didYouMean(args[0] ?? '', words)}`,
      found: args[0],
      expected: `one of ${commands.map((known) => known.words.join(' ')).join(', ')}; mangrove --help tells more`,
    })
  }
  const { values, json, help } = parseFlags(args.slice(command.words.length), command.flags, command.positional)
  if (help) {
    terminal.out(commandHelp(command))
    return exitCode.ok
  }
  return command.run(values, json, { terminal, ...rest })
}

/** Tells what went wrong in words, or as one JSON object, and answers with the exit code that belongs to it. */
function report(error: unknown, json: boolean, terminal: Terminal): number {
  if (error instanceof MangroveError) {
    if (json) terminal.out(JSON.stringify({ problems: error.problems }))
    else for (const problem of error.problems) terminal.error(formatProblem(problem))
    return exitCodeOf(error.code, error.status)
  }
  if (json) terminal.out(JSON.stringify({ problems: [errors.bug.problem({ detail: 'This is a bug in Mangrove' })] }))
  terminal.error(
    `This is a bug in Mangrove. Please report it with the lines below.\n${error instanceof Error ? error.stack : error}`,
  )
  return exitCode.bug
}

/**
 * Runs one command line and tells what went wrong.
 *
 * @param args words after `mangrove`
 * @returns the exit code
 */
export async function runCommandLine(args: readonly string[], surroundings: CommandSurroundings): Promise<number> {
  const { terminal, signal } = surroundings
  const code = await runCommand(args, surroundings).catch((error: unknown) =>
    signal.aborted ? exitCode.interrupted : report(error, args.includes('--json'), terminal),
  )
  terminal.clearProgress()
  return signal.aborted && code !== exitCode.ok ? exitCode.interrupted : code
}
