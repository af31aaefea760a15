import { type LinearModel, MangroveError, type Solution, type SolverPort } from '../../src/kernel/index.ts'
import { type Certificate, certify } from '../../src/solve/index.ts'
import { peerErrors } from './errors.ts'

export interface Certified {
  readonly solution: Solution
  readonly certificate: Certificate
}

export interface SolveLimits {
  readonly relativeGap: number
  readonly timeLimitMs: number
}

/**
 * Solves a model; numbers that the solver does not take are an error of the case.
 * @throws {MangroveError} `peer-case.bad-value`
 */
export async function solveOrRefuse(solver: SolverPort, model: LinearModel, options?: SolveLimits): Promise<Solution> {
  try {
    return await solver.solve(model, options)
  } catch (error) {
    if (error instanceof MangroveError) throw error
    // HiGHS refuses infinite sides and coefficients above 1e15 when it is handed the model.
    throw peerErrors.badValue(
      {
        detail: 'The solver does not take the numbers of the case',
        found: error instanceof Error ? error.message : String(error),
        expected: 'finite values of less than 1e15',
      },
      { cause: error },
    )
  }
}

/**
 * Solves a model and checks the answer with code that shares nothing with the solver. An answer that is not optimal
 * within the asked gap, or that its certificate refuses, is an error and never a number.
 *
 * @throws {MangroveError} `peer-case.infeasible`, `peer-case.unbounded`, `peer-case.not-proven`, `peer-case.uncertified`,
 *   `peer-case.bad-value`
 */
export async function solveCertified(solver: SolverPort, model: LinearModel, limits: SolveLimits): Promise<Certified> {
  const solution = await solveOrRefuse(solver, model, limits)
  switch (solution.status) {
    case 'optimal':
      break
    case 'infeasible':
      throw peerErrors.infeasible({ detail: 'No operation satisfies all limits of the case' })
    case 'unbounded':
      throw peerErrors.unbounded({ detail: 'The cost of the case can be lowered without end' })
    default:
      throw peerErrors.notProven({
        detail: `The solver ended without a proof after ${Math.round(solution.solveMs)} ms`,
        found: solution.status,
        expected: `a gap of at most ${limits.relativeGap}`,
      })
  }
  const certificate = certify(model, solution)
  // A linear program's bound is recomputed from its duals; dust of the reduced costs is below 1e-6 of the objective.
  if (!certificate.ok || !(certificate.boundGap <= Math.max(limits.relativeGap, 1e-6))) {
    throw peerErrors.uncertified({
      detail: 'The solution does not satisfy the model it was made for',
      found: { residual: certificate.maxResidual, boundGap: certificate.boundGap, worst: certificate.worst },
      expected: 'residuals up to 1e-5 and a bound gap up to 1e-6',
    })
  }
  return { solution, certificate }
}
