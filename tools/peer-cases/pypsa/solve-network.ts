import type { LinearModel, SolverPort } from '../../../src/kernel/index.ts'
import { peerErrors, throwProblems } from '../errors.ts'
import { solveCertified } from '../solve-certified.ts'
import { addBalance } from './balance.ts'
import { addBranches } from './branches.ts'
import { addGenerators, addLinks } from './dispatch.ts'
import { addGlobalConstraints } from './limits.ts'
import { createProgram, type Program } from './program.ts'
import type { Network } from './read-folder.ts'
import { addStorageUnits, addStores } from './storage.ts'

export interface NetworkAnswer {
  /**
   * Total system cost: operation, and the capital cost of every capacity that was to be found, of the part that stood
   * already too. PyPSA's `n.objective` with its default `include_objective_constant=True` is this less
   * `objectiveConstant`; with `False`, the default from version 2.0, it is this.
   */
  readonly objective: number
  /** PyPSA's `n.objective_constant`: capital cost of the given `p_nom` of what was to be found. */
  readonly objectiveConstant: number
  /** Optimal capacity of what was to be found, by kind and name. */
  readonly capacities: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Dispatch of generators in MW, by name. */
  readonly dispatch: Readonly<Record<string, Float64Array>>
  readonly boundGap: number
  /** Formulation, solve, certificate and read-back. */
  readonly ms: number
}

const limits = { relativeGap: 1e-7, timeLimitMs: 900_000 }

/** Solves a network. @throws {MangroveError} of the catalogue `peer-case` */
export async function solveNetwork(solver: SolverPort, network: Network): Promise<NetworkAnswer> {
  const startedMs = performance.now()
  const program = formulateNetwork(network)
  throwProblems(network.problems)
  const { model } = program.builder.build()
  if (!isUsable(model)) {
    throw peerErrors.badValue({
      detail: 'The network’s values make a coefficient that is no number',
      expected: 'finite values, infinite ones only in limits',
    })
  }
  const { solution, certificate } = await solveCertified(solver, model, limits)
  const values = solution.columnValues
  return {
    objective: certificate.objective,
    objectiveConstant: program.objectiveConstant,
    capacities: readCapacities(program, values),
    dispatch: readDispatch(program, values),
    boundGap: certificate.boundGap,
    ms: performance.now() - startedMs,
  }
}

/**
 * PyPSA's optimisation problem: linear, or mixed-integer with commitment and modules.
 * Source: PyPSA 1.3 `pypsa/optimization` (MIT); written anew.
 */
function formulateNetwork(network: Network): Program {
  const program = createProgram(network)
  addGenerators(program)
  addStorageUnits(program)
  addStores(program)
  addLinks(program)
  addBranches(program)
  addBalance(program)
  addGlobalConstraints(program)
  return program
}

/** No NaN anywhere, finite costs and coefficients. */
function isUsable(model: LinearModel): boolean {
  const bounds = [model.columnLower, model.columnUpper, model.rowLower, model.rowUpper]
  return (
    model.cost.every(Number.isFinite) &&
    model.coefficient.every(Number.isFinite) &&
    bounds.every((values) => !values.some(Number.isNaN))
  )
}

function readCapacities({ network, capacities }: Program, values: Float64Array): NetworkAnswer['capacities'] {
  const out: Record<string, Record<string, number>> = {}
  for (const [kind, { column }] of capacities) {
    const names = network[kind as 'generators'].names
    const found = names.flatMap((name, i) => (column[i]! < 0 ? [] : [[name, values[column[i]!]!] as const]))
    if (found.length > 0) out[kind] = Object.fromEntries(found)
  }
  return out
}

function readDispatch({ network, columns, steps }: Program, values: Float64Array): NetworkAnswer['dispatch'] {
  const first = columns.get('generators.p')!
  return Object.fromEntries(
    network.generators.names.map((name, i) => [name, values.slice(first[i]!, first[i]! + steps)]),
  )
}
