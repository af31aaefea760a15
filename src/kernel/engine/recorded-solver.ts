import type { SolverPort, SolveStart } from '../ports/solver.ts'
import type { ReadingLog, ReadingRecall, ReadingRequest } from './reading-log.ts'

interface SolveNames {
  readonly start: ReadingRequest
  readonly stop: ReadingRequest
}

/** Names each solve of a session within one run: the first with a key is 0, the next with the same key 1. */
function nameSolves(): (session: string) => SolveNames {
  const counts = new Map<string, number>()
  return (session) => {
    const ordinal = counts.get(session) ?? 0
    counts.set(session, ordinal + 1)
    return { start: ['start', { session, ordinal }], stop: ['stop', { session, ordinal }] }
  }
}

/**
 * A solver port that writes down where each solve of a session began and where the clock ended it. Both come from outside
 * the run, from what was solved before it and from the speed of the machine, and decide which of several good answers
 * is found: they are read, as a series is. A solve without a session's key is handed on as it is.
 */
export function recordSolver(inner: SolverPort, log: ReadingLog): SolverPort {
  const namesOf = nameSolves()
  return {
    async solve(model, options = {}) {
      if (options.sessionKey === undefined) return inner.solve(model, options)
      const { start, stop } = namesOf(options.sessionKey)
      const solution = await inner.solve(model, options)
      // A start that the run itself gave is its own work, not something it read.
      if (solution.startedFrom && options.start === undefined) log.keep(start, solution.startedFrom)
      if (solution.stoppedAt) log.keep(stop, solution.stoppedAt)
      return solution
    },
  }
}

/**
 * A solver port whose solves begin and end where those of a kept run did; what the run has no reading of began cold and
 * ended by itself. The session's key goes no further, so nothing that this solver remembers has a part in the answer,
 * and nothing of the replay stays with it.
 *
 * @throws `kernel.evidence-incomplete` when such a reading is gone
 */
export function replaySolver(inner: SolverPort, { has, recall }: ReadingRecall): SolverPort {
  const namesOf = nameSolves()
  return {
    async solve(model, options = {}) {
      const { sessionKey, ...rest } = options
      if (sessionKey === undefined) return inner.solve(model, options)
      const { start, stop } = namesOf(sessionKey)
      const stopAt = has(stop) ? await recall<readonly number[]>(stop) : []
      return inner.solve(model, {
        ...rest,
        stopAt,
        ...(has(start) ? { start: await recall<SolveStart>(start) } : {}),
      })
    },
  }
}
