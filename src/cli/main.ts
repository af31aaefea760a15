import { didYouMean, formatProblem, MangroveError } from '../kernel/index.ts'
import type { Command } from './command.ts'
import { commandList } from './commands.ts'
import { errors, exitCode, exitCodeOf } from './errors.ts'
import { parseFlags } from './flags.ts'
import { commandHelp, overview, versionLine } from './help.ts'
import { createTerminal, type Terminal } from './terminal.ts'

/** The command whose words begin the command line; the longest wins. */
const findCommand = (commands: readonly Command[], args: readonly string[]): Command | undefined =>
  commands
    .filter((command) => command.words.every((word, place) => args[place] === word))
    .sort((a, b) => b.words.length - a.words.length)[0]

async function runCommandLine(given: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<number> {
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
  const dataFolder = process.env.MANGROVE_DATA || '.mangrove'
  return command.run(values, json, { terminal, signal, dataFolder })
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

const interruption = new AbortController()
const terminal = createTerminal(process.stdout, process.stderr)
const args = process.argv.slice(2)
let interrupted = 0
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted += 1
    interruption.abort()
    // The second Ctrl-C does not wait for anything.
    if (interrupted > 1) process.exit(exitCode.interrupted)
  })
}
// `mangrove plan … | head` closes the pipe early; that is no failure. A full disk is one.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitCode.ok)
  terminal.error(`The output could not be written: ${error.message}`)
  process.exit(exitCode.noResult)
})
// Nobody reads the messages: the result and the exit code still stand.
process.stderr.on('error', () => undefined)

const code = await runCommandLine(args, terminal, interruption.signal).catch((error: unknown) =>
  interruption.signal.aborted ? exitCode.interrupted : report(error, args.includes('--json'), terminal),
)
terminal.clearProgress()
process.exitCode = interruption.signal.aborted && code !== exitCode.ok ? exitCode.interrupted : code
