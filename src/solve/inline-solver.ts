import type { SolverPort } from '../kernel/index.ts'
import { solveErrors } from './errors.ts'
import { createHighsSolver } from './highs-solver.ts'
import { NotFinite } from './not-finite.ts'
import { createStartMemory } from './start-memory.ts'

/** A solver in this thread, for tests and benches. Blocks while it solves. */
export async function createInlineSolver(): Promise<SolverPort & { close(): Promise<void> }> {
  const solver = await createHighsSolver()
  const memory = createStartMemory()
  return {
    async solve(model, options = {}) {
      const stopped = (): boolean => options.signal?.aborted ?? false
      const { solution, ended } = attempt(() => solver.solve(model, memory.recall(model, options), stopped))
      memory.keep(model, options, ended)
      if (stopped()) throw solveErrors.cancelled({ detail: 'The solve was cancelled' })
      return solution
    },
    close: async () => {},
  }
}

function attempt<T>(solve: () => T): T {
  try {
    return solve()
  } catch (error) {
    if (error instanceof NotFinite) throw solveErrors.notFinite({ detail: error.message })
    throw error
  }
}
