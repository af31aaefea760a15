import type { SolverPort } from '../kernel/index.ts'
import { createSolverPool } from '../solve/index.ts'

/** Solvers of a command: those that it was given, which stay, or its own, which end with it. */
export function openSolver(given: SolverPort | undefined): SolverPort & { close(): Promise<void> } {
  if (!given) return createSolverPool()
  return { solve: (model, options) => given.solve(model, options), close: () => Promise.resolve() }
}
