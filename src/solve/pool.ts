import { Worker } from 'node:worker_threads'
import type { Solution, SolverPort } from '../kernel/index.ts'
import { solveErrors } from './errors.ts'
import type { Solved } from './highs-solver.ts'
import { createStartMemory } from './start-memory.ts'
import type { SolveReply, SolveRequest } from './worker-messages.ts'

export interface SolverPoolOptions {
  /** Threads. Default 2. */
  readonly size?: number
  /** How long past the solver's own guard a solve may run before its thread is ended, ms. Default 5 000. */
  readonly graceMs?: number
}

/** How many time limits a thread is given before it counts as hung: the solver guards itself at two. */
const limitsToHang = 2
/** The same when a solve is repeated, which the clock does not end: another machine may be slower. */
const limitsToRepeat = 20

interface Pending {
  readonly resolve: (solved: Solved) => void
  readonly reject: (error: Error) => void
  readonly settle: () => void
}

interface Lane {
  /** Absent until the lane is needed. */
  worker: Worker | undefined
  readonly pending: Map<number, Pending>
}

/**
 * Solvers in threads, so that the caller's thread never waits. A solve goes to the thread with the fewest waiting; the
 * threads remember nothing, where each session ended is kept here. The first thread begins at once, another when all are
 * busy. A thread that crashes or hangs is replaced and its solves fail by name.
 */
export function createSolverPool({
  size = 2,
  graceMs = 5000,
}: SolverPoolOptions = {}): SolverPort & { close(): Promise<void> } {
  let closed = false
  let nextId = 0
  const memory = createStartMemory()
  const lanes: Lane[] = []

  const lose = (lane: Lane, why: string): void => {
    for (const { reject, settle } of lane.pending.values()) {
      settle()
      reject(solveErrors.workerLost({ detail: `The solver thread ended: ${why}` }))
    }
    lane.pending.clear()
  }
  const start = (lane: Lane): Worker => {
    const worker = new Worker(
      new URL(import.meta.url.endsWith('.ts') ? './solver-worker.ts' : './solver-worker.js', import.meta.url),
    )
    worker.unref()
    worker.on('message', (reply: SolveReply) => {
      const pending = lane.pending.get(reply.id)
      if (!pending) return
      lane.pending.delete(reply.id)
      if (lane.pending.size === 0 && !closed) worker.unref()
      pending.settle()
      if (reply.kind === 'solution') pending.resolve(reply)
      else pending.reject(solveErrors.workerLost({ detail: `The solver failed: ${reply.message}` }))
    })
    const replace = (why: string): void => {
      if (lane.worker !== worker) return
      lose(lane, why)
      if (!closed) lane.worker = start(lane)
    }
    worker.on('error', (error) => replace(error.message))
    worker.on('exit', (code) => replace(`exit code ${code}`))
    return worker
  }
  for (let index = 0; index < size; index += 1) {
    const lane: Lane = { worker: undefined, pending: new Map() }
    if (index === 0) lane.worker = start(lane)
    lanes.push(lane)
  }

  const idlestLane = (): Lane => lanes.reduce((a, b) => (b.pending.size < a.pending.size ? b : a))

  return {
    solve(model, options = {}) {
      const { signal } = options
      if (closed) return Promise.reject(solveErrors.workerLost({ detail: 'The solver pool is closed' }))
      if (signal?.aborted)
        return Promise.reject(solveErrors.cancelled({ detail: 'The solve was cancelled before it began' }))
      const lane = idlestLane()
      const told = memory.recall(model, options)
      const id = nextId++
      const stop = new Int32Array(new SharedArrayBuffer(4))
      return new Promise<Solution>((resolve, reject) => {
        const abort = (): void => {
          Atomics.store(stop, 0, 1)
        }
        const queued = lane.pending.size
        const limits = told.stopAt ? limitsToRepeat : limitsToHang
        const budgetMs = limits * (told.timeLimitMs ?? 60_000) * (queued + 1) + graceMs
        const watchdog = setTimeout(() => {
          const hung = lane.worker
          lose(lane, `a solve passed its time limit ${limits} times over`)
          lane.worker = start(lane)
          void hung?.terminate()
        }, budgetMs)
        watchdog.unref()
        signal?.addEventListener('abort', abort, { once: true })
        const settle = (): void => {
          clearTimeout(watchdog)
          signal?.removeEventListener('abort', abort)
        }
        const finish = ({ solution, ended }: Solved): void => {
          memory.keep(model, options, ended)
          if (signal?.aborted) reject(solveErrors.cancelled({ detail: 'The solve was cancelled' }))
          else resolve(solution)
        }
        const fail = (error: Error): void => {
          memory.keep(model, options, undefined)
          reject(error)
        }
        lane.pending.set(id, { resolve: finish, reject: fail, settle })
        lane.worker ??= start(lane)
        lane.worker.ref()
        lane.worker.postMessage({ id, model, options: told, stop } satisfies SolveRequest)
      })
    },
    async close() {
      closed = true
      await Promise.all(
        lanes.map(async (lane) => {
          // Without this the process may end while it waits for the thread.
          lane.worker?.ref()
          await lane.worker?.terminate()
          lose(lane, 'the pool was closed')
        }),
      )
    },
  }
}
