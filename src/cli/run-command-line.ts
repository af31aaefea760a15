import type { CommandContext, CommandEntry } from './command.ts'
import { exitCode, exitCodeOf } from './exit-code.ts'
import type { Terminal } from './terminal.ts'

// What most command lines need not is loaded where it is needed: nobody waits for it.

/** The command whose words begin the command line; the longest wins. */
const findCommand = (commands: readonly CommandEntry[], args: readonly string[]): CommandEntry | undefined =>
  commands
    .filter((command) => command.words.every((word, place) => args[place] === word))
    .sort((a, b) => b.words.length - a.words.length)[0]

async function runCommand(given: readonly string[], { terminal, ...rest }: CommandContext): Promise<number> {
  const args = given[0] === '--json' ? [...given.slice(1), '--json'] : given
  if (args[0] === '--version') {
    terminal.out((await import('./help.ts')).versionLine())
    return exitCode.ok
  }
  const { commandEntries } = await import('./commands.ts')
  const command = findCommand(commandEntries, args)
  if (!command) {
    if (args.length === 0 || args[0] === '--help' || args[0] === '-h' || args[0] === 'help') {
      terminal.out((await import('./help.ts')).overview(commandEntries))
      return args.length === 0 ? exitCode.usage : exitCode.ok
    }
    throw await unknownCommand(args[0] ?? '', commandEntries)
  }
  const { words, positional, load } = command
  const [{ parseFlags }, body] = await Promise.all([import('./flags.ts'), load()])
  const { values, json, help } = parseFlags(args.slice(words.length), body.flags, positional)
  if (help) {
    terminal.out((await import('./help.ts')).commandHelp({ ...command, ...body }))
    return exitCode.ok
  }
  return body.run(values, json, { terminal, ...rest })
}

async function unknownCommand(word: string, commands: readonly CommandEntry[]): Promise<Error> {
  const [{ didYouMean }, { errors }] = await Promise.all([import('../kernel/index.ts'), import('./errors.ts')])
  const words = [...new Set(commands.map((known) => known.words[0] ?? ''))].filter((known) => known !== word)
  return errors.unknownCommand({
    detail: `There is no command "${word}"${didYouMean(word, words)}`,
    found: word,
    expected: `one of ${commands.map((known) => known.words.join(' ')).join(', ')}; mangrove --help tells more`,
  })
}

/** Tells what went wrong in words, or as one JSON object, and answers with the exit code that belongs to it. */
async function report(error: unknown, json: boolean, terminal: Terminal): Promise<number> {
  const [{ formatProblem, MangroveError }, { errors }] = await Promise.all([
    import('../kernel/index.ts'),
    import('./errors.ts'),
  ])
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
export async function runCommandLine(args: readonly string[], surroundings: CommandContext): Promise<number> {
  const { terminal, signal } = surroundings
  const code = await runCommand(args, surroundings).catch((error: unknown) =>
    signal.aborted ? exitCode.interrupted : report(error, args.includes('--json'), terminal),
  )
  terminal.clearProgress()
  return signal.aborted && code !== exitCode.ok ? exitCode.interrupted : code
}
