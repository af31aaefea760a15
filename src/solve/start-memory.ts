import type { LinearModel, SolveOptions, SolveStart } from '../kernel/index.ts'

/** What a solver is told: all that its answer depends on, and nothing else. */
export type SolverOptions = Omit<SolveOptions, 'sessionKey' | 'signal'>

/** Remembers where the last solve of each session key ended: the only thing that outlives a solve. */
export interface StartMemory {
  /** The options of a solve with the start it is to use: its own, or the remembered one when that is of the same pattern. */
  recall(model: LinearModel, options: SolveOptions): SolverOptions
  /** Keeps where a solve ended; nothing, when it ended nowhere. */
  keep(model: LinearModel, options: SolveOptions, ended: SolveStart | undefined): void
}

interface Kept {
  readonly model: LinearModel
  readonly start: SolveStart
}

/** Keys that are kept, the latest used; each weighs as much as its model, some 0.2 MB for a day of a park. */
const keptKeys = 32

export function createStartMemory(): StartMemory {
  const kept = new Map<string, Kept>()
  return {
    recall(model, { sessionKey, signal: _, ...options }) {
      const last = options.start || sessionKey === undefined ? undefined : kept.get(sessionKey)
      return last && samePattern(last.model, model) ? { ...options, start: last.start } : options
    },
    keep(model, { sessionKey }, ended) {
      if (sessionKey === undefined) return
      kept.delete(sessionKey)
      if (ended) kept.set(sessionKey, { model, start: ended })
      const [oldest] = kept.keys()
      if (kept.size > keptKeys && oldest !== undefined) kept.delete(oldest)
    },
  }
}

/** Same shape, same places of the coefficients, same integers. */
function samePattern(a: LinearModel, b: LinearModel): boolean {
  const same = (x: ArrayLike<number>, y: ArrayLike<number>): boolean => {
    if (x.length !== y.length) return false
    for (let k = 0; k < x.length; k += 1) if (x[k] !== y[k]) return false
    return true
  }
  return same(a.integrality, b.integrality) && same(a.rowStart, b.rowStart) && same(a.columnIndex, b.columnIndex)
}
