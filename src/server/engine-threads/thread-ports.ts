import type { SolverPort } from '../../kernel/index.ts'
import type { Observations } from '../../store/index.ts'
import { unpackError } from './carried-error.ts'
import type { FromThread, ThreadAnswers, ThreadQuestion, ToThread } from './messages.ts'
import { shareModel } from './shared-model.ts'

/** The ports of a thread whose answers come from the server's own thread. */
export interface AskedPorts {
  /** The solver for one run. */
  solverOf(run: number): SolverPort
  /** To be read only: what writes is refused. */
  readonly observations: Pick<Observations, 'range'>
  /** Hands an answer to whoever asked. */
  settle(message: Extract<ToThread, { kind: 'answer' | 'refusal' }>): void
}

/** Asks the server's thread for what only it can answer. `runNow` is the run that reads observations. */
export function createAskedPorts(post: (message: FromThread) => void, runNow: () => number): AskedPorts {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let nextCall = 0

  function ask<About extends ThreadQuestion['about']>(
    run: number,
    question: Extract<ThreadQuestion, { about: About }>,
    signal?: AbortSignal,
  ): Promise<ThreadAnswers[About]> {
    const call = nextCall++
    const answer = Promise.withResolvers<unknown>()
    const leave = (): void => post({ kind: 'leave', call })
    post({ kind: 'ask', run, call, question })
    waiting.set(call, answer)
    if (signal?.aborted) leave()
    else signal?.addEventListener('abort', leave, { once: true })
    return answer.promise.finally(() => signal?.removeEventListener('abort', leave)) as Promise<ThreadAnswers[About]>
  }

  return {
    solverOf: (run) => ({
      solve: async (model, { signal, ...options } = {}) =>
        ask(run, { about: 'solve', model: shareModel(model), options }, signal),
    }),
    observations: {
      range: async (request) => ask(runNow(), { about: 'observations', request }),
    },
    settle(message) {
      const answer = waiting.get(message.call)
      waiting.delete(message.call)
      if (message.kind === 'answer') answer?.resolve(message.value)
      else answer?.reject(unpackError(message.error))
    },
  }
}
