import type { LinearModel, Solution, SolverPort, SolveStart } from '../kernel/index.ts'
import { type Certificate, certify, dualBound, type ModelLayout } from '../solve/index.ts'
import type { Exclusive } from './components/component.ts'
import { energyErrors } from './errors.ts'
import type { ParkModel } from './park-model.ts'

export interface SolveParkOptions {
  readonly solver: SolverPort
  readonly signal?: AbortSignal
  /** Solves with the same key warm-start each other. */
  readonly sessionKey: string
  readonly relativeGap: number
  /** Of each round. Where it ended one is part of a run's evidence, so that the plan replays all the same. */
  readonly timeLimitMs: number
  /** Of all rounds together, ms; absent: each has its {@link timeLimitMs}. */
  readonly budgetMs?: number
  readonly method?: 'simplex' | 'interior-point'
  /** Where each round begins; absent: where the last one with its session key ended. */
  startOf?(round: number, layout: ModelLayout): SolveStart | undefined
}

/** Where a round ended. */
export interface EndedRound {
  readonly layout: ModelLayout
  readonly ended?: SolveStart
}

export interface ParkSolution {
  readonly solution: Solution
  readonly model: LinearModel
  readonly certificate: Certificate
  /** Binaries that the relaxation made necessary. */
  readonly exclusiveSteps: number
  readonly rounds: readonly EndedRound[]
  /** Time of the solver in all rounds. */
  readonly solveMs: number
}

/** A round is given at least this, ms: less would end it before its first checkpoint. */
const leastMs = 50

/** kW below which doing both at once is solver dust. */
const dustKw = 1e-4

const sumOf = (columns: readonly number[], values: Float64Array): number =>
  columns.reduce((total, column) => total + values[column]!, 0)

const violated = ({ a, b }: Exclusive, values: Float64Array): boolean =>
  Math.min(sumOf(a, values), sumOf(b, values)) > dustKw

/** Adds one binary that lets either side be positive, not both. */
function forbidBoth(park: ParkModel, exclusive: Exclusive): void {
  const { builder } = park
  const side = builder.addColumns('exclusive', 1, { lower: 0, upper: 1, integer: true })
  builder.beginRow('exclusive.a', Number.NEGATIVE_INFINITY, 0)
  for (const column of exclusive.a) builder.term(column, 1)
  builder.term(side, -exclusive.aMax)
  builder.endRow()
  builder.beginRow('exclusive.b', Number.NEGATIVE_INFINITY, exclusive.bMax)
  for (const column of exclusive.b) builder.term(column, 1)
  builder.term(side, exclusive.bMax)
  builder.endRow()
}

/**
 * Solves a park with as few binaries as its relaxation needs: charge/discharge and import/export get one only in steps
 * where the optimum does both (negative prices, export above import). Three rounds settle nearly all days; what is
 * still violated then gets its binary in every step.
 */
export async function solvePark(park: ParkModel, options: SolveParkOptions): Promise<ParkSolution> {
  const pending = new Set(park.exclusives)
  let exclusiveSteps = 0
  let solveMs = 0
  const rounds: EndedRound[] = []
  const cutRows = park.writeCuts?.() ?? []
  let last: Round | undefined
  for (let round = 0; ; round += 1) {
    const { model: written, layout, columnName } = park.builder.build()
    const model = { ...written, cutRows }
    if (round === 0) refuseBeyondScale(model, columnName)
    const start = options.startOf?.(round, layout)
    const left = options.budgetMs === undefined ? Number.POSITIVE_INFINITY : options.budgetMs - solveMs
    const timeLimitMs = Math.max(leastMs, Math.min(options.timeLimitMs, left))
    const session = { sessionKey: `${options.sessionKey}:${round}`, ...(start ? { start } : {}) }
    const solution =
      last && left <= leastMs
        ? undefined
        : await solveOnce(model, park, { ...options, timeLimitMs }, session, last !== undefined)
    if (!solution) {
      const settled = await settleSides(last!, options)
      solveMs += settled.solveMs
      const { model: settledModel } = last!
      return {
        solution: settled,
        model: settledModel,
        certificate: certify(settledModel, settled),
        exclusiveSteps,
        rounds,
        solveMs,
      }
    }
    solveMs += solution.solveMs
    rounds.push({ layout, ...(solution.ended ? { ended: solution.ended } : {}) })
    const found = [...pending].filter((exclusive) => violated(exclusive, solution.columnValues))
    if (found.length === 0) {
      return { solution, model, certificate: certify(model, solution), exclusiveSteps, rounds, solveMs }
    }
    last = { model, solution, exclusives: [...pending] }
    for (const exclusive of round < 3 ? found : pending) {
      forbidBoth(park, exclusive)
      pending.delete(exclusive)
      exclusiveSteps += 1
    }
  }
}

/** A round whose plan does contrary things at once in some steps. */
interface Round {
  readonly model: LinearModel
  readonly solution: Solution
  /** Pairs that the model does not keep apart. */
  readonly exclusives: readonly Exclusive[]
}

/**
 * A plan when the time is over: the integers of the last round as they are, each pair of contrary things on the side that it
 * did more of, the rest a linear program. The bound of that round holds for it, for less was forbidden there.
 *
 * @throws `energy.no-plan`
 */
async function settleSides(
  { model, solution: before, exclusives }: Round,
  { solver, signal, sessionKey }: SolveParkOptions,
): Promise<Solution> {
  const columnLower = model.columnLower.slice()
  const columnUpper = model.columnUpper.slice()
  for (let j = 0; j < model.columnCount; j += 1) {
    if (model.integrality[j] !== 1) continue
    columnLower[j] = Math.round(before.columnValues[j]!)
    columnUpper[j] = columnLower[j]!
  }
  const did = (columns: readonly number[]): number => sumOf(columns, before.columnValues)
  for (const { a, b } of exclusives) {
    for (const j of did(a) >= did(b) ? b : a) columnUpper[j] = Math.max(0, columnLower[j]!)
  }
  const integrality = new Uint8Array(model.columnCount)
  const solution = await solver.solve(
    { ...model, columnLower, columnUpper, integrality },
    { timeLimitMs: settleMs, sessionKey: `${sessionKey}:settled`, ...(signal ? { signal } : {}) },
  )
  if (solution.status === 'optimal') {
    return { ...solution, status: 'feasible', bound: Math.max(before.bound, dualBound(model, solution.rowDuals)) }
  }
  throw energyErrors.noPlan({ detail: 'The last plan could not be settled in time', found: solution.status })
}

/** For the linear program that settles a plan whose time is over, ms; it takes a few hundredths of that. */
const settleMs = 5000

/** Beyond this a solver in double precision mistakes differences that matter for rounding. */
const largest = 1e12

/** @throws `energy.beyond-scale` for a price or size that no site has */
function refuseBeyondScale({ cost, columnUpper }: LinearModel, columnName: (column: number) => string): void {
  const column = cost.findIndex(
    (value, j) => !(Math.abs(value) <= largest) || (Number.isFinite(columnUpper[j]) && columnUpper[j]! > largest),
  )
  if (column < 0) return
  throw energyErrors.beyondScale({
    detail: `A number of the site is too large to plan with; it stands behind ${columnName(column)}`,
    found: Math.abs(cost[column]!) <= largest ? columnUpper[column] : cost[column],
    expected: `prices times sizes below ${largest}`,
  })
}

async function solveOnce(
  model: LinearModel,
  park: ParkModel,
  options: SolveParkOptions,
  session: { readonly sessionKey: string; readonly start?: SolveStart },
  mayFail: boolean,
): Promise<Solution | undefined> {
  const { solver, signal, relativeGap, timeLimitMs, method } = options
  const settings = {
    relativeGap,
    timeLimitMs,
    ...session,
    ...(method ? { method } : {}),
    ...(signal ? { signal } : {}),
  }
  const solution = await solver.solve(model, settings)
  if (solution.status === 'optimal' || (solution.status === 'feasible' && Number.isFinite(solution.bound)))
    return solution
  // A solver that was ended before it had a bound: any duals prove one, those of the plan it has too.
  if (solution.status === 'feasible') return { ...solution, bound: dualBound(model, solution.rowDuals) }
  if (solution.status === 'none') {
    if (mayFail) return undefined
    const rescued = await solveCommitted(model, park, options)
    if (rescued) return { ...rescued, status: 'feasible' }
  }
  throw energyErrors.noPlan({
    detail:
      solution.status === 'none'
        ? `The solver found no plan within ${(timeLimitMs / 1000).toFixed(2)} s: a shorter horizon or a longer step makes the model smaller`
        : `The solver ended with “${solution.status}”; the model is elastic, so the site’s limits contradict each other`,
    found: solution.status,
  })
}

/** The plan that is out whatever happens: all integers at their upper bound (machines on), the rest a linear program. */
async function solveCommitted(
  model: LinearModel,
  park: ParkModel,
  { solver, signal, sessionKey, budgetMs }: SolveParkOptions,
): Promise<Solution | undefined> {
  const columnLower = model.columnLower.slice()
  for (const { first, count } of park.integers) {
    for (let j = first; j < first + count; j += 1) columnLower[j] = model.columnUpper[j]!
  }
  const integrality = model.integrality.slice()
  for (const { first, count } of park.integers) integrality.fill(0, first, first + count)
  const solution = await solver.solve(
    { ...model, columnLower, integrality },
    {
      timeLimitMs: Math.min(5000, budgetMs ?? 5000),
      sessionKey: `${sessionKey}:committed`,
      ...(signal ? { signal } : {}),
    },
  )
  if (solution.status !== 'optimal') return undefined
  // Any duals prove a bound of the whole model, those of the commitment too.
  return { ...solution, bound: dualBound(model, solution.rowDuals) }
}
