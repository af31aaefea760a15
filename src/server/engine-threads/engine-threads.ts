import { availableParallelism, totalmem } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SolverPort } from '../../kernel/index.ts'
import { serverErrors } from '../errors.ts'
import type { JobTools } from '../jobs.ts'
import type { ThreadSetup, ThreadTask } from './messages.ts'
import { type EngineThread, startThread, type ThreadAnswerers, type ThreadLimits } from './start-thread.ts'

export interface EngineThreadsOptions extends Partial<ThreadLimits> {
  readonly setup: ThreadSetup
  readonly answerers: ThreadAnswerers
  /** Threads for runs that take long; one more is for those that do not. Default: one for each core but one. */
  readonly size?: number
}

/** Threads in which engines run, so that the server's own is never held up by one. */
export interface EngineThreads {
  /**
   * Does a task in a thread of its own, in the order of asking; `long` ones leave one thread free for the others. A
   * cancelled run ends within half a second, if need be with its thread; the next one gets a new thread.
   *
   * @throws what the run throws; `server.thread-lost`, `server.out-of-memory`, `server.cancelled`
   */
  run(task: ThreadTask, long: boolean, tools: JobTools): Promise<unknown>
  /** Ends all threads; runs that are going on fail. */
  close(): Promise<void>
}

interface Waiting {
  readonly long: boolean
  refuse(error: Error): void
  begin(thread: EngineThread): void
}

const stopping = (): Error => serverErrors.busy({ detail: 'The server is stopping' })

/** A quarter of the machine's memory, as engines have it on the command line, within reason. */
const usualHeapMb = (): number => Math.min(4096, Math.max(1024, Math.floor(totalmem() / 4 / 1024 ** 2)))

export function createEngineThreads(options: EngineThreadsOptions): EngineThreads {
  const { setup, size = Math.max(1, availableParallelism() - 1) } = options
  const { solver, settled } = countSolves(options.answerers.solver)
  const answerers: ThreadAnswerers = { ...options.answerers, solver }
  const limits: ThreadLimits = { graceMs: options.graceMs ?? 400, heapMb: options.heapMb ?? usualHeapMb() }
  const threads = new Set<EngineThread>()
  const idle: EngineThread[] = []
  const waiting: Waiting[] = []
  let longRuns = 0
  let closed = false

  const nextThread = (): EngineThread | undefined => {
    for (let kept = idle.pop(); kept; kept = idle.pop()) {
      if (kept.isUsable()) return kept
      threads.delete(kept)
    }
    if (threads.size > size) return undefined
    const thread = startThread(setup, answerers, limits)
    threads.add(thread)
    return thread
  }
  const fill = (): void => {
    for (;;) {
      const first = waiting.findIndex(({ long }) => !long || longRuns < size)
      const thread = first < 0 || closed ? undefined : nextThread()
      if (!thread) return
      const [next] = waiting.splice(first, 1)
      next?.begin(thread)
    }
  }
  const giveBack = (thread: EngineThread): void => {
    if (thread.isUsable()) idle.push(thread)
    else threads.delete(thread)
    fill()
  }

  return {
    run(task, long, tools) {
      if (closed) return Promise.reject(stopping())
      const ended = Promise.withResolvers<unknown>()
      const entry: Waiting = {
        long,
        refuse(error) {
          tools.signal.removeEventListener('abort', leave)
          ended.reject(error)
        },
        begin(thread) {
          tools.signal.removeEventListener('abort', leave)
          if (long) longRuns += 1
          const after = (): void => {
            if (long) longRuns -= 1
            giveBack(thread)
          }
          thread.run(task, tools).finally(after).then(ended.resolve, ended.reject)
        },
      }
      const leave = (): void => {
        waiting.splice(waiting.indexOf(entry), 1)
        entry.refuse(serverErrors.cancelled({ detail: 'The run was cancelled before it began' }))
      }
      if (tools.signal.aborted) return Promise.reject(serverErrors.cancelled({ detail: 'The run was cancelled' }))
      tools.signal.addEventListener('abort', leave, { once: true })
      waiting.push(entry)
      // To begin a thread takes milliseconds: in a turn of the event loop of its own.
      if (idle.length > 0) fill()
      else setTimeout(fill, 1)
      return ended.promise
    },
    async close() {
      closed = true
      for (const { refuse } of waiting.splice(0)) refuse(stopping())
      await Promise.all([...threads].map((thread) => thread.end()))
      const late = new AbortController()
      await Promise.race([settled(), sleep(lastSolvesMs, undefined, { signal: late.signal }).catch(() => undefined)])
      late.abort()
    },
  }
}

/** How long a server that stops waits for solves that were told to. */
const lastSolvesMs = 1000

/** A run may end before its solve does; a server that stops lets solvers finish before somebody closes them. */
function countSolves(inner: SolverPort): { readonly solver: SolverPort; settled(): Promise<unknown> } {
  const open = new Set<Promise<unknown>>()
  return {
    settled: () => Promise.allSettled(open),
    solver: {
      solve(model, options) {
        const solving = inner.solve(model, options).finally(() => open.delete(solving))
        open.add(solving)
        return solving
      },
    },
  }
}
