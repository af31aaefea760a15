import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { SolverPort } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { serverErrors } from '../errors.ts'
import type { JobTools } from '../jobs.ts'
import { packError, unpackError } from './carried-error.ts'
import type { FromThread, ThreadQuestion, ThreadSetup, ThreadTask, ToThread } from './messages.ts'
import { watchMemory } from './watch-memory.ts'

/** What the server's own thread answers. */
export interface ThreadAnswerers {
  readonly solver: SolverPort
  readonly observations: Pick<Store['observations'], 'range'>
}

export interface ThreadLimits {
  /** How long a cancelled run may go on before its thread is ended, ms. */
  readonly graceMs: number
  /** Memory that a run may have on its thread's heap; numbers in typed arrays do not count. */
  readonly heapMb: number
}

/** One thread that runs engines, seen from the server. */
export interface EngineThread {
  /** Does one task; the one before has ended. */
  run(task: ThreadTask, tools: JobTools): Promise<unknown>
  /** Whether it can do another task. */
  isUsable(): boolean
  /** Ends it; a task that it does fails. */
  end(): Promise<void>
}

interface Doing {
  readonly run: number
  readonly tools: JobTools
  /** Ends what the run has asked for. */
  readonly over: AbortController
  readonly ended: PromiseWithResolvers<unknown>
}

export function startThread(setup: ThreadSetup, answerers: ThreadAnswerers, limits: ThreadLimits): EngineThread {
  const worker = new Worker(
    new URL(import.meta.url.endsWith('.ts') ? './engine-thread.ts' : './engine-thread.js', import.meta.url),
    { workerData: setup, env: environment(), resourceLimits: { maxOldGenerationSizeMb: 1.25 * limits.heapMb } },
  )
  // The server keeps the process alive, not a thread that waits.
  worker.unref()
  const calls = new Map<number, AbortController>()
  let doing: Doing | undefined
  let runs = 0
  let usable = true

  const post = (message: ToThread): void => worker.postMessage(message)
  const finish = (settle: (ended: Doing['ended']) => void): void => {
    const ended = doing
    doing = undefined
    // One that is being ended keeps the process until it is.
    if (usable) worker.unref()
    ended?.over.abort()
    if (ended) settle(ended.ended)
  }
  const lose = (error: Error): void => {
    usable = false
    finish(({ reject }) => reject(error))
  }

  async function answer(call: number, question: ThreadQuestion, over: AbortSignal): Promise<void> {
    const left = new AbortController()
    calls.set(call, left)
    try {
      const signal = AbortSignal.any([over, left.signal])
      const value = await (question.about === 'solve'
        ? answerers.solver.solve(question.model, { ...question.options, signal })
        : answerers.observations.range(question.request))
      if (usable) post({ kind: 'answer', call, value })
    } catch (error) {
      if (usable) post({ kind: 'refusal', call, error: packError(error) })
    } finally {
      calls.delete(call)
    }
  }

  worker.on('message', (message: FromThread) => {
    if (message.kind === 'leave') return calls.get(message.call)?.abort()
    if (message.kind === 'ask') {
      // Who asks after its run has ended is refused.
      const over = message.run === doing?.run ? doing.over.signal : AbortSignal.abort()
      return void answer(message.call, message.question, over)
    }
    if (message.run !== doing?.run) return
    if (message.kind === 'progress') doing.tools.progress(message.fraction, message.message)
    else if (message.kind === 'done') finish(({ resolve }) => resolve(message.value))
    else finish(({ reject }) => reject(unpackError(message.error)))
  })
  worker.on('error', (error: NodeJS.ErrnoException) =>
    lose(error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? tooMuch(limits, error) : broken(error)),
  )
  worker.on('exit', (code) => lose(broken(new Error(`The thread ended with exit code ${code}`))))

  async function end(): Promise<void> {
    usable = false
    // Without this the process may end while it waits for the thread.
    worker.ref()
    await worker.terminate()
  }

  return {
    isUsable: () => usable,
    end,
    async run(task, tools) {
      const ended = Promise.withResolvers<unknown>()
      runs += 1
      const run = runs
      doing = { run, tools, over: new AbortController(), ended }
      worker.ref()
      let patience: NodeJS.Timeout | undefined
      const abort = (): void => {
        post({ kind: 'abort', run })
        patience = setTimeout(() => void end(), limits.graceMs)
      }
      const unwatch = watchMemory(worker, limits.heapMb, () => {
        lose(tooMuch(limits))
        void end()
      })
      post({ kind: 'begin', run, task })
      if (tools.signal.aborted) abort()
      else tools.signal.addEventListener('abort', abort, { once: true })
      try {
        return await ended.promise
      } catch (error) {
        throw tools.signal.aborted
          ? serverErrors.cancelled({ detail: 'The run was cancelled' }, { cause: error })
          : error
      } finally {
        clearTimeout(patience)
        unwatch()
        tools.signal.removeEventListener('abort', abort)
      }
    },
  }
}

/** A thread takes its compiled source from where the process does: it begins in a third of the time. */
function environment(): NodeJS.ProcessEnv {
  const folder = getCompileCacheDir()
  return folder === undefined ? process.env : { ...process.env, NODE_COMPILE_CACHE: dirname(folder) }
}

/** Told to who asked for the run; the log has the cause. */
const broken = (cause: Error): Error =>
  serverErrors.threadLost({ detail: 'The run ended in the middle; the log of the server says more' }, { cause })

const tooMuch = ({ heapMb }: ThreadLimits, cause?: Error): Error =>
  serverErrors.outOfMemory(
    {
      detail: 'The run needed more memory than a run may have',
      expected: `at most ${heapMb} MB: fewer days, longer steps, or a machine with more memory`,
    },
    cause ? { cause } : {},
  )
