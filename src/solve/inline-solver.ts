import type { SolverPort } from '../kernel/index.ts'
import { createHighsSolver } from './highs-session.ts'

/** A solver in this thread, for the command line and tests. Blocks while it solves. */
export async function createInlineSolver(): Promise<SolverPort & { close(): Promise<void> }> {
  const solver = await createHighsSolver()
  return {
    solve: async (model, options = {}) => solver.solve(model, options, () => options.signal?.aborted ?? false),
    close: async () => solver.dispose(),
  }
}
