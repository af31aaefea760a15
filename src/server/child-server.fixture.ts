// A server in a process of its own, which tells how it fares: what happens in the process that tests it is not measured.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { ServerLimits } from './create-server.ts'
import { cpuMs, waitedMs } from './thread-time.fixture.ts'

/** How a child is to serve. */
export interface ChildSettings {
  readonly folder: string
  /** Site file; default the quarry. */
  readonly site?: string
  readonly limits?: Partial<ServerLimits>
}

/** What a child tells of itself. */
export interface ChildFigures {
  /**
   * Longest turn of the event loop since it was last asked, ms: time of its own processor, to which other work of the machine adds
   * nothing. After the machine ran others for long all that came meanwhile is done in one turn, so of such a turn that time is
   * taken off.
   */
  readonly longestTurnMs: number
  /** How many turns there were. */
  readonly turns: number
  /** Time of the processor that the thread took since it was last asked, ms. */
  readonly cpuMs: number
  /** How long the machine ran others while the thread was ready, since it was last asked, ms. */
  readonly waitedMs: number
  readonly residentMb: number
  readonly heapMb: number
}

export interface ChildServer {
  readonly url: string
  readonly process: ChildProcess
  /** What it wrote to standard error until now. */
  log(): string
  figures(): Promise<ChildFigures>
  /** Settles with the exit code, or the name of the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
}

/** Starts a child and waits until it listens. */
export async function startChild(settings: ChildSettings, environment: NodeJS.ProcessEnv = {}): Promise<ChildServer> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    execArgv: [],
    env: { ...process.env, ...environment },
  })
  let log = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    log += chunk.toString()
  })
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? code))
  })
  const told = <T>(wanted: string): Promise<T> =>
    new Promise((resolve, reject) => {
      const hear = (message: { readonly kind: string; readonly value: T }): void => {
        if (message.kind !== wanted) return
        child.off('message', hear)
        resolve(message.value)
      }
      child.on('message', hear)
      void ended.then((code) => reject(new Error(`The child ended with ${code}: ${log}`)))
    })
  const url = await told<string>('listening')
  return {
    ...{ url, process: child, ended },
    log: () => log,
    figures() {
      const figures = told<ChildFigures>('figures')
      child.send('figures')
      return figures
    },
  }
}

function watchLoop(): () => Omit<ChildFigures, 'residentMb' | 'heapMb'> {
  let longestTurnMs = 0
  let turns = 0
  let before = { cpuMs: cpuMs(), waitedMs: waitedMs() }
  let askedMs = before.waitedMs
  let askedCpuMs = before.cpuMs
  setInterval(() => {
    const now = { cpuMs: cpuMs(), waitedMs: waitedMs() }
    const waited = now.waitedMs - before.waitedMs
    longestTurnMs = Math.max(longestTurnMs, now.cpuMs - before.cpuMs - (waited < longWaitMs ? 0 : waited))
    turns += 1
    before = now
  }, 2).unref()
  return () => {
    const told = { longestTurnMs, turns, cpuMs: cpuMs() - askedCpuMs, waitedMs: waitedMs() - askedMs }
    longestTurnMs = 0
    turns = 0
    askedMs += told.waitedMs
    askedCpuMs += told.cpuMs
    return told
  }
}

const longWaitMs = 10

async function serve({ folder, site, limits }: ChildSettings): Promise<void> {
  const [{ packs }, { createSolverPool }, { startServer }] = await Promise.all([
    import('../packs.ts'),
    import('../solve/index.ts'),
    import('./start-server.ts'),
  ])
  const solver = createSolverPool({ size: 1 })
  const quarry = fileURLToPath(new URL('../../examples/quarry-microgrid/site.yaml', import.meta.url))
  const running = await startServer({
    ...{ packs, solver, dataFolder: folder, port: 0, handleSignals: true, sites: [{ file: site ?? quarry }] },
    ...(limits ? { limits } : {}),
  })
  const look = watchLoop()
  process.on('message', () => {
    const { rss, heapUsed } = process.memoryUsage()
    process.send?.({ kind: 'figures', value: { ...look(), residentMb: rss / 2 ** 20, heapMb: heapUsed / 2 ** 20 } })
  })
  process.send?.({ kind: 'listening', value: running.url })
  await running.stopped
  await solver.close()
  process.disconnect()
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await serve(JSON.parse(process.argv[2] ?? '{}'))
