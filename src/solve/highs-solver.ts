import type { LinearModel, Solution, SolveBasis, SolveStart, SolveStatus } from '../kernel/index.ts'
import { dualBound } from './certificate.ts'
import { createCheckpoints } from './checkpoints.ts'
import { type Closed, closeGap } from './close-gap.ts'
import { createModel, type Highs, type HighsModel, loadHighs, relaxed, run, wasCutShort } from './highs-model.ts'
import { solveInteriorPoint } from './interior-point/index.ts'
import { NotFinite } from './not-finite.ts'
import { fits, integersOf, readBasis, spread, writeBasis } from './start.ts'
import type { SolverOptions } from './start-memory.ts'

export interface Solved {
  readonly solution: Solution
  /** Where the solve ended, for the next one of its kind to begin; absent when it ended without an optimum. */
  readonly ended?: SolveStart
}

/**
 * Solves models in this thread, and blocks while it does. Nothing of a solve stays behind for the next: HiGHS keeps
 * more than a basis in a model (scale factors that it drew from the first costs, edge weights), which even
 * `clearSolver` does not clear, so each solve makes its models anew. That costs a millisecond; see ADR 0007.
 */
export interface HighsSolver {
  solve(model: LinearModel, options: SolverOptions, stopped?: () => boolean): Solved
}

export async function createHighsSolver(): Promise<HighsSolver> {
  const highs = await loadHighs()
  return {
    solve(model, options, stopped) {
      const startedMs = performance.now()
      if (lacksInteger(model)) return { solution: nothing('infeasible') }
      const inside = options.method === 'interior-point' ? solveInside(model, options, stopped) : undefined
      if (inside) return { solution: { ...inside, solveMs: performance.now() - startedMs } }
      const start = options.start && fits(options.start, model) ? options.start : undefined
      const task = { highs, model, stopped, relativeGap: 1e-4, timeLimitMs: 60_000, ...options }
      const { solution, ended } = (start && solveFrom(task, start)) ?? solveFrom(task) ?? { solution: nothing('none') }
      const told = { ...solution, ...(ended ? { ended } : {}), solveMs: performance.now() - startedMs }
      return { solution: told, ...(ended ? { ended } : {}) }
    },
  }
}

/** A gap of a thousandth is asked of plans; what a size is read from has to be nearer to the optimum. */
const gapInside = 5e-5

/** By the interior point method, when the model is linear and it converges to the asked gap. */
function solveInside(model: LinearModel, { relativeGap = 1e-4 }: SolverOptions, stopped?: () => boolean) {
  if (model.integrality.includes(1)) return undefined
  const solution = solveInteriorPoint(model, {
    relativeGap: Math.min(relativeGap, gapInside),
    ...(stopped ? { stopped } : {}),
  })
  if (!solution) return undefined
  return solution.objective - solution.bound <= relativeGap * Math.max(1, Math.abs(solution.objective))
    ? solution
    : undefined
}

interface Task {
  readonly highs: Highs
  readonly model: LinearModel
  readonly relativeGap: number
  readonly timeLimitMs: number
  readonly stopAt?: readonly number[]
  readonly stopped: (() => boolean) | undefined
}

/** Relative distance of objective and dual bound up to which an optimum counts as proven. */
const provenGap = 1e-6

/**
 * A linear program is run once. With integers: the relaxation gives a bound; if it is whole it is the answer; else the
 * commitment of the start is priced as a linear program, and when that lies within the asked gap of the bound it is the
 * answer. Then cuts raise the bound and a search looks for good integers, and only when that leaves a gap comes branch and
 * bound, with the cuts and from what was found.
 *
 * @returns nothing when the start led the simplex method astray: to no optimum, or to one that its duals do not prove
 */
function solveFrom(task: Task, start?: SolveStart): Solved | undefined {
  const { highs, model, relativeGap } = task
  const linear = openModel(task, relaxed(model))
  const { pass, stoppedAt } = createCheckpoints(task)
  try {
    if (start) begin(linear, start.relaxation)
    const relaxation = runLinear(task, linear, model, pass)
    if (start && !isProven(relaxation) && !wasCutShort(highs, linear)) return undefined
    const basis = relaxation.status === 'optimal' ? basisNow(linear) : undefined
    const done = (solution: Solution, commitment?: SolveBasis): Solved => ({
      solution: {
        ...solution,
        ...(start ? { startedFrom: start } : {}),
        ...(stoppedAt.length > 0 ? { stoppedAt } : {}),
      },
      ...(basis && solution.columnValues.length > 0
        ? {
            ended: {
              relaxation: basis,
              integers: integersOf(model, solution.columnValues),
              ...(commitment ? { commitment } : {}),
            },
          }
        : {}),
    })
    if (!model.integrality.includes(1) || relaxation.status !== 'optimal') return done(relaxation)
    if (isWhole(model, relaxation.columnValues)) return done(relaxation)
    const isWithin = (objective: number, bound: number): boolean =>
      objective - bound <= relativeGap * Math.max(1e-9, Math.abs(objective))
    const price = (values: Float64Array): Solution => runLinear(task, linear, pinned(model, values), pass)
    let known: Solution | undefined
    if (start) {
      if (start.commitment) begin(linear, start.commitment)
      const priced = price(spread(model, start.integers))
      if (priced.status === 'optimal') known = priced
      if (known && isWithin(known.objective, relaxation.bound)) {
        return done({ ...known, bound: relaxation.bound }, basisNow(linear))
      }
    }
    const { bound, tightened, ...closed } = tightenAndSearch(task, { relaxation, basis, price, known, isWithin }, pass)
    let { best } = closed
    if (!best) {
      const rounded = price(roundedUp(model, relaxation.columnValues))
      if (rounded.status === 'optimal') best = rounded
    }
    if (best && isWithin(best.objective, bound)) {
      // Once more, for its basis and its duals; a vertex as good may have other duals.
      const again = price(best.columnValues)
      return again.status === 'optimal' && isWithin(again.objective, bound)
        ? done({ ...again, bound }, basisNow(linear))
        : done({ ...best, bound })
    }
    const near = best !== undefined && best.objective - bound <= nearGap * Math.abs(best.objective)
    const mixed = runMixed({ ...task, model: tightened }, { begun: best?.columnValues, near }, pass)
    if (mixed.status === 'none' && best) return done({ ...best, status: 'feasible', bound })
    if (mixed.status !== 'optimal' && mixed.status !== 'feasible') return done(mixed)
    // The duals of the commitment found: of the linear program with its integers pinned.
    const settled = runLinear(task, linear, pinned(model, mixed.columnValues), task.stopped)
    const proven = Math.max(bound, mixed.bound)
    if (settled.status !== 'optimal') return done({ ...mixed, bound: proven })
    // On wild numbers branch and bound can claim a bound that its own commitment, priced exactly, disproves.
    if (settled.objective < mixed.bound - provenGap * Math.max(1, Math.abs(settled.objective))) {
      const status = isWithin(settled.objective, bound) ? 'optimal' : 'feasible'
      return done({ ...settled, status, bound }, basisNow(linear))
    }
    // One that the clock ends in its first relaxation has no bound of its own.
    const status = isWithin(settled.objective, proven) ? 'optimal' : mixed.status
    return done({ ...settled, status, bound: proven }, basisNow(linear))
  } finally {
    linear.dispose()
  }
}

interface Closing {
  readonly relaxation: Solution
  readonly basis: SolveBasis | undefined
  price(values: Float64Array): Solution
  readonly known: Solution | undefined
  isWithin(objective: number, bound: number): boolean
}

/** In a second solver of the relaxation, so that the first, whose duals are told, knows nothing of cuts. */
function tightenAndSearch(
  task: Task,
  { relaxation, basis, price, known, isWithin }: Closing,
  pass: () => boolean,
): Closed {
  const { model } = task
  const tight = openModel(task, relaxed(model))
  try {
    if (basis) begin(tight, basis)
    const relax = (other: LinearModel): Solution => runLinear(task, tight, other, pass)
    // Its own optimum: of several, the one that this solver stands at.
    const own = relax(model)
    if (own.status !== 'optimal') return { best: known, bound: relaxation.bound, tightened: model }
    return closeGap({
      model,
      relaxation: own.bound < relaxation.bound ? { ...own, bound: relaxation.bound } : own,
      tight,
      relax,
      price,
      known,
      within: isWithin,
    })
  } finally {
    tight.dispose()
  }
}

/**
 * A model with the solver's own time limit as guard, for work between two checkpoints that does not end. What it ends
 * cannot be repeated, so it stands far behind the limit at which checkpoints end a run.
 */
function openModel({ highs, timeLimitMs, stopAt }: Task, model: LinearModel): HighsModel {
  const solver = createModel(highs, model)
  if (!stopAt) solver.options.set({ time_limit: (2 * timeLimitMs) / 1000 })
  return solver
}

/** From a known basis: primal simplex where it is feasible (new prices), dual simplex where it is not (new limits). */
function begin(solver: HighsModel, basis: SolveBasis): void {
  solver.setBasis(readBasis(basis))
  solver.options.set({ simplex_strategy: chooseSimplex, simplex_dual_edge_weight_strategy: devex })
}

/** Of the options `simplex_strategy` and `simplex_dual_edge_weight_strategy`: exact steepest-edge weights of a given basis cost more than they save. */
const chooseSimplex = 0
const devex = 1

const basisNow = (solver: HighsModel): SolveBasis | undefined =>
  Number(solver.info.get('basis_validity')) === 1 ? writeBasis(solver.getBasis()) : undefined

const isProven = ({ status, objective, bound }: Solution): boolean =>
  status === 'optimal' && objective - bound <= provenGap * Math.max(1, Math.abs(objective))

const isWhole = (model: LinearModel, values: Float64Array): boolean => {
  for (let j = 0; j < model.columnCount; j += 1) {
    if (model.integrality[j] === 1 && Math.abs(values[j]! - Math.round(values[j]!)) > 1e-7) return false
  }
  return true
}

/** The integers at the ends of a column's bounds. */
const least = ({ columnLower }: LinearModel, j: number): number => Math.ceil(columnLower[j]! - 1e-9)
const most = ({ columnUpper }: LinearModel, j: number): number => Math.floor(columnUpper[j]! + 1e-9)

/** Whether some integer column has no integer within its bounds, which the linear programs below would not see. */
const lacksInteger = (model: LinearModel): boolean =>
  model.integrality.some((flag, j) => flag === 1 && least(model, j) > most(model, j))

const roundedUp = (model: LinearModel, values: Float64Array): Float64Array =>
  values.map((value, j) => (model.integrality[j] === 1 ? Math.ceil(value - 1e-7) : value))

/** The model in which every integer stands where `values` has it, or at the nearest integer within its bounds. */
function pinned(model: LinearModel, values: Float64Array): LinearModel {
  const columnLower = model.columnLower.slice()
  const columnUpper = model.columnUpper.slice()
  for (let j = 0; j < model.columnCount; j += 1) {
    if (model.integrality[j] !== 1) continue
    const whole = Math.min(most(model, j), Math.max(least(model, j), Math.round(values[j]!)))
    columnLower[j] = whole
    columnUpper[j] = whole
  }
  return withoutCuts({ ...model, columnLower, columnUpper })
}

/** The model with its cuts made free. */
function withoutCuts(model: LinearModel): LinearModel {
  if (!model.cutRows?.length) return model
  const rowLower = model.rowLower.slice()
  const rowUpper = model.rowUpper.slice()
  for (const { first, count } of model.cutRows) {
    rowLower.fill(Number.NEGATIVE_INFINITY, first, first + count)
    rowUpper.fill(Number.POSITIVE_INFINITY, first, first + count)
  }
  return { ...model, rowLower, rowUpper }
}

/** Runs the linear model with the column bounds and the cuts of `model`, from wherever its last run ended. */
function runLinear(task: Task, solver: HighsModel, model: LinearModel, stop: (() => boolean) | undefined): Solution {
  solver.changeColsBounds({ kind: 'range', from: 0, to: model.columnCount - 1 }, model.columnLower, model.columnUpper)
  for (const { first, count } of model.cutRows ?? []) {
    if (count === 0) continue
    const [from, to] = [first, first + count - 1]
    solver.changeRowsBounds(
      { kind: 'range', from, to },
      model.rowLower.subarray(from, to + 1),
      model.rowUpper.subarray(from, to + 1),
    )
  }
  const status = run(task.highs, solver, stop)
  if (status === 'failed') return solveInteriorPoint(model) ?? nothing('none')
  if (status !== 'optimal') return nothing(status === 'feasible' ? 'none' : status)
  const { colValue, rowDual, colDual } = solver.getSolution()
  const rowDuals = Float64Array.from(rowDual)
  return {
    status,
    objective: solver.getObjectiveValue(),
    bound: dualBound(model, rowDuals),
    columnValues: finite(Float64Array.from(colValue)),
    rowDuals,
    columnDuals: Float64Array.from(colDual),
    solveMs: 0,
  }
}

/** Relative distance of a first solution from the bound up to which better ones are not what takes long, but the proof. */
const nearGap = 0.05

/** Options of branch and bound that only has to prove: no search of its own, few trial branchings, no presolve that hides the start. */
const provesOnly = {
  presolve: 'off',
  mip_pscost_minreliable: 2,
  mip_heuristic_effort: 0,
  mip_heuristic_run_feasibility_jump: false,
  mip_heuristic_run_rins: false,
  mip_heuristic_run_rens: false,
  mip_heuristic_run_root_reduced_cost: false,
} as const

interface Begun {
  readonly begun: Float64Array | undefined
  readonly near: boolean
}

/** Runs branch and bound, from a solution where there is one. */
function runMixed(task: Task, { begun, near }: Begun, stop: () => boolean): Solution {
  const { model, relativeGap } = task
  const solver = openModel(task, model)
  try {
    solver.options.set({ mip_rel_gap: relativeGap, ...(near ? provesOnly : {}) })
    if (begun) solver.setSolution({ colValue: begun })
    const status = run(task.highs, solver, stop)
    if (status === 'failed') return nothing('none')
    if (status !== 'optimal' && status !== 'feasible') return nothing(status)
    return {
      status,
      objective: solver.getObjectiveValue(),
      bound: Number(solver.info.get('mip_dual_bound')),
      columnValues: finite(Float64Array.from(solver.getSolution().colValue)),
      rowDuals: new Float64Array(model.rowCount),
      columnDuals: new Float64Array(model.columnCount),
      solveMs: 0,
    }
  } finally {
    solver.dispose()
  }
}

const nothing = (status: SolveStatus): Solution => ({
  status,
  objective: Number.NaN,
  bound: Number.NEGATIVE_INFINITY,
  columnValues: new Float64Array(),
  rowDuals: new Float64Array(),
  columnDuals: new Float64Array(),
  solveMs: 0,
})

function finite(values: Float64Array): Float64Array {
  if (values.every(Number.isFinite)) return values
  throw new NotFinite()
}
