import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { runCommandLine } from '../src/cli/run-command-line.ts'
import { createTerminal } from '../src/cli/terminal.ts'
import type { SolverPort } from '../src/kernel/index.ts'
import { createSolverPool } from '../src/solve/index.ts'

/** Folder of the repository. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..')
/** Real files that are not part of the repository. */
export const sharedData = join(root, '../shared/data')

export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs `mangrove …` as a user would, in a process of its own. */
export const mangrove = (args: readonly string[], dataFolder: string): Promise<Ended> =>
  run(process.execPath, [join(root, 'bin/mangrove.mjs'), ...args], { MANGROVE_DATA: dataFolder })

/** Threads that solve are begun once; as each command has its own, none begins where the solve of another ended. */
let threads: SolverPort | undefined
const solver: SolverPort = {
  solve(model, { sessionKey: _, ...options } = {}) {
    threads ??= createSolverPool()
    return threads.solve(model, options)
  },
}

/**
 * Runs `mangrove …` in this process, which leaves out nothing but the start of another, and of its threads: for the second and further tests of
 * a command, when the first was by {@link mangrove}. Not for `start`.
 */
export async function mangroveHere(args: readonly string[], dataFolder: string): Promise<Ended> {
  const written = { stdout: '', stderr: '' }
  const stream = (name: keyof typeof written) => ({
    isTTY: false,
    write(text: string) {
      written[name] += text
      return true
    },
  })
  const terminal = createTerminal(stream('stdout') as never, stream('stderr') as never)
  const code = await runCommandLine(args, { terminal, signal: new AbortController().signal, dataFolder, solver })
  return { code, ...written }
}

/** Runs a line of a document in a shell; `npx mangrove` is the command of this clone. */
export const shell = (line: string, dataFolder: string): Promise<Ended> =>
  run('sh', ['-c', `npx() { shift; "${process.execPath}" bin/mangrove.mjs "$@"; }\n${line}`], {
    MANGROVE_DATA: dataFolder,
  })

function run(command: string, args: readonly string[], environment: Record<string, string>): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...environment } })
    let stdout = ''
    let stderr = ''
    child.stdout.on('data', (chunk) => {
      stdout += chunk
    })
    child.stderr.on('data', (chunk) => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
  })
}
