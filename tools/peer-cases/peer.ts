import { basename, extname, resolve } from 'node:path'
import { MangroveError, type Problem, type SolverPort } from '../../src/kernel/index.ts'
import { peerErrors } from './errors.ts'

/** Values of one line of output, besides the case's name. */
export type PeerResult = Readonly<Record<string, unknown>>

/** A comparable project whose files are read and solved here. */
export interface Peer {
  readonly name: string
  /** What a case is on the command line. */
  readonly takes: 'FILE' | 'DIR'
  run(path: string, solver: SolverPort): Promise<PeerResult>
}

/** One whose files hold several cases each: a line a case, under its own id. */
export interface PeerOfMany extends Pick<Peer, 'name' | 'takes'> {
  runAll(path: string): Promise<readonly PeerResult[]>
}

/**
 * Runs each case of a peer and prints one JSON line for it, whatever happened to the others.
 * @returns whether all of them ended in a result
 */
export async function runCases(
  peer: Peer | PeerOfMany,
  paths: readonly string[],
  { solver, print }: { readonly solver: SolverPort; readonly print: (line: string) => void },
): Promise<boolean> {
  let ok = true
  for (const path of paths) {
    const name = basename(resolve(path), peer.takes === 'FILE' ? extname(path) : '')
    try {
      const all = 'runAll' in peer ? await peer.runAll(path) : [{ case: name, ...(await peer.run(path, solver)) }]
      for (const result of all) print(JSON.stringify(result))
      ok &&= all.every((result) => !('error' in result))
    } catch (error) {
      ok = false
      print(JSON.stringify({ case: name, error: failureOf(error, path) }))
    }
  }
  return ok
}

/** The first problem of a failure, with the count of the others. */
export function failureOf(error: unknown, path: string): Readonly<Record<string, unknown>> {
  const [problem, ...others] = problemsOf(error, path)
  const { code, detail, place, found, expected } = problem
  return {
    code,
    detail: others.length > 0 ? `${detail} (and ${others.length} more)` : detail,
    place: { file: path, ...place },
    ...(found === undefined ? {} : { found }),
    ...(expected === undefined ? {} : { expected }),
  }
}

function problemsOf(error: unknown, path: string): readonly [Problem, ...Problem[]] {
  if (error instanceof MangroveError && error.problems.length > 0)
    return error.problems as readonly Problem[] as [Problem, ...Problem[]]
  const { code, message } = error as NodeJS.ErrnoException
  const place = { file: path }
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code))
    return [peerErrors.unreadable.problem({ detail: `Cannot be read: ${message}`, place })]
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
  return [peerErrors.bug.problem({ detail: String(message ?? error), place })]
}
