import { readFileSync } from 'node:fs'
import type { CommandBody, CommandName } from './command.ts'
import { padEnd, wrap } from './layout.ts'

const usageOf = (command: CommandName): string =>
  ['mangrove', ...command.words, ...command.positional.map((field) => field.toUpperCase())].join(' ')

/** What `mangrove --version` prints. */
export function versionLine(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return `mangrove ${(JSON.parse(text) as { readonly version: string }).version}, Node ${process.versions.node}`
}

/** What `mangrove --help` prints. */
export function overview(commands: readonly CommandName[]): string {
  const width = Math.max(...commands.map((command) => usageOf(command).length))
  return [
    'Usage: mangrove COMMAND [flags]',
    '',
    ...commands.map((command) => `  ${padEnd(usageOf(command), width)}  ${command.title}`),
    '',
    'Every command knows --help and --json (one JSON object on stdout). mangrove --version tells the version.',
    'Exit codes: 0 done, 1 a bug, 2 wrong command line, 3 problems in the input, 4 no result, 130 interrupted.',
  ].join('\n')
}

/** What `mangrove plan --help` prints. */
export function commandHelp(command: CommandName & CommandBody): string {
  const rows = [
    ...command.flags
      .filter((flag) => !command.positional.includes(flag.field))
      .map((flag) => ({
        left: flag.type === 'boolean' ? flag.flag : `${flag.flag} ${flag.type.toUpperCase()}`,
        right: `${flag.description}${flag.default === undefined ? '' : ` (default ${String(flag.default)})`}`.trim(),
      })),
    { left: '--json', right: 'One JSON object on stdout' },
  ]
  const positional = command.positional.map((field) => {
    const flag = command.flags.find((candidate) => candidate.field === field)
    return { left: field.toUpperCase(), right: flag?.description ?? '' }
  })
  const width = Math.max(...[...rows, ...positional].map((row) => row.left.length))
  const indent = ' '.repeat(width + 4)
  return [
    `Usage: ${usageOf(command)} [flags]`,
    '',
    command.description ?? command.title,
    '',
    ...[...positional, ...rows].map((row) => `  ${padEnd(row.left, width)}  ${wrap(row.right, 96 - width, indent)}`),
  ].join('\n')
}
