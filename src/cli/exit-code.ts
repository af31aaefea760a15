/** What the command tells the shell. */
export const exitCode = {
  ok: 0,
  /** Something that should not happen; worth a report. */
  bug: 1,
  /** The command line itself was wrong. */
  usage: 2,
  /** The input has problems; each is printed. */
  badInput: 3,
  /** The input is right and there is no answer to it. */
  noResult: 4,
  /** Ctrl-C. */
  interrupted: 130,
} as const

/** Named failures of the machine or its folders: neither the input nor Mangrove is wrong. */
const ofTheMachine: ReadonlySet<string> = new Set([
  'store.unreadable',
  'store.newer',
  'store.damaged',
  'store.evidence-damaged',
  'store.full',
  'server.port-in-use',
  'server.bad-host',
])

/** Exit code that belongs to the HTTP status of a problem. */
export function exitCodeOf(code: string, status: number): number {
  if (code.startsWith('cli.') && status < 500) return status === 400 ? exitCode.usage : exitCode.badInput
  if (code.endsWith('cancelled')) return exitCode.interrupted
  if (ofTheMachine.has(code)) return exitCode.noResult
  if (status === 409 || status === 503 || status === 504 || code.endsWith('no-plan')) return exitCode.noResult
  return status >= 500 ? exitCode.bug : exitCode.badInput
}
