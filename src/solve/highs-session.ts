import highsModule from 'highs'
import type { LinearModel, Solution, SolveOptions, SolveStatus } from '../kernel/index.ts'
import { dualBound } from './certificate.ts'
import { solveErrors } from './errors.ts'

// The package's types are read as CommonJS, its code is an ES module whose default is the loader itself.
const loadHighs = highsModule as unknown as typeof highsModule.default
type Highs = Awaited<ReturnType<typeof loadHighs>>
type HighsModel = ReturnType<Highs['createModel']>

/** Solves models in this thread; keeps the last few keyed models in memory for warm starts. Blocks while it solves. */
export interface HighsSolver {
  solve(model: LinearModel, options: SolveOptions, stopped?: () => boolean): Solution
  /** Frees every kept model. */
  dispose(): void
}

interface Session {
  /** The model as given; absent until branch and bound is needed. */
  mixed: HighsModel | undefined
  /** The same without integrality: the relaxation, and with integer bounds pinned, the linear program of one commitment. */
  readonly linear: HighsModel
  /** What the two hold now. */
  model: LinearModel
  mixedModel: LinearModel | undefined
  lastValues: Float64Array
}

/** Kept models; each holds a few megabytes of the solver's memory. */
const keptSessions = 6

export async function createHighsSolver(): Promise<HighsSolver> {
  const highs = await loadHighs()
  const sessions = new Map<string, Session>()
  const free = (session: Session): void => {
    session.linear.dispose()
    session.mixed?.dispose()
  }
  const open = (model: LinearModel): Session => ({
    mixed: undefined,
    mixedModel: undefined,
    linear: highs.createModel(modelData(highs, relaxed(model))),
    model: relaxed(model),
    lastValues: new Float64Array(),
  })
  return {
    solve(model, options, stopped) {
      const key = options.sessionKey
      const kept = key === undefined ? undefined : sessions.get(key)
      const warm = kept !== undefined && sameMatrix(kept.model, model)
      if (key !== undefined) sessions.delete(key)
      if (kept && !warm) free(kept)
      const session = warm ? kept : open(model)
      try {
        const solution = solveInSession({ highs, session, model, options, stopped })
        if (solution.columnValues.length > 0) session.lastValues = solution.columnValues
        if (key === undefined) free(session)
        else {
          sessions.set(key, session)
          const oldest = sessions.size > keptSessions ? sessions.keys().next().value : undefined
          const dropped = oldest === undefined ? undefined : sessions.get(oldest)
          if (oldest !== undefined && dropped) {
            sessions.delete(oldest)
            free(dropped)
          }
        }
        return solution
      } catch (cause) {
        free(session)
        throw cause
      }
    },
    dispose() {
      for (const session of sessions.values()) free(session)
      sessions.clear()
    },
  }
}

const relaxed = (model: LinearModel): LinearModel => ({ ...model, integrality: new Uint8Array(model.columnCount) })

interface Task {
  readonly highs: Highs
  readonly session: Session
  readonly model: LinearModel
  readonly options: SolveOptions
  readonly stopped: (() => boolean) | undefined
}

/**
 * A linear program is run once. With integers: the relaxation gives a bound; if it is whole it is the answer; else the
 * commitment of the last solve, or the relaxation rounded up, is priced as a linear program, and when that lies within
 * the asked gap of the bound it is the answer. Only then comes branch and bound, started from the best so far.
 */
function solveInSession(task: Task): Solution {
  const { session, model, options } = task
  const startedMs = performance.now()
  const done = (solution: Solution): Solution => ({ ...solution, solveMs: performance.now() - startedMs })
  const relaxation = runLinear(task, relaxed(model))
  if (!model.integrality.includes(1) || relaxation.status !== 'optimal') return done(relaxation)
  if (isWhole(model, relaxation.columnValues)) return done(relaxation)
  const gap = options.relativeGap ?? 1e-4
  const within = (objective: number): boolean =>
    objective - relaxation.bound <= gap * Math.max(1e-9, Math.abs(objective))
  let best: Solution | undefined
  const candidates = [options.start, session.lastValues, roundedUp(model, relaxation.columnValues)]
  for (const candidate of candidates) {
    if (candidate?.length !== model.columnCount) continue
    const priced = runLinear(task, pinned(model, candidate))
    if (priced.status !== 'optimal') continue
    if (within(priced.objective)) return done({ ...priced, bound: relaxation.bound })
    if (!best || priced.objective < best.objective) best = priced
  }
  const mixed = runMixed(task, best?.columnValues)
  if (mixed.status !== 'optimal' && mixed.status !== 'feasible') return done(mixed)
  // The duals of the commitment found: of the linear program with its integers pinned.
  const settled = runLinear(task, pinned(model, mixed.columnValues))
  return done(settled.status === 'optimal' ? { ...settled, status: mixed.status, bound: mixed.bound } : mixed)
}

const isWhole = (model: LinearModel, values: Float64Array): boolean => {
  for (let j = 0; j < model.columnCount; j += 1) {
    if (model.integrality[j] === 1 && Math.abs(values[j]! - Math.round(values[j]!)) > 1e-7) return false
  }
  return true
}

const roundedUp = (model: LinearModel, values: Float64Array): Float64Array =>
  values.map((value, j) => (model.integrality[j] === 1 ? Math.ceil(value - 1e-7) : value))

/** The linear program in which every integer stands where `values` has it. */
function pinned(model: LinearModel, values: Float64Array): LinearModel {
  const columnLower = model.columnLower.slice()
  const columnUpper = model.columnUpper.slice()
  for (let j = 0; j < model.columnCount; j += 1) {
    if (model.integrality[j] !== 1) continue
    const whole = Math.min(columnUpper[j]!, Math.max(columnLower[j]!, Math.round(values[j]!)))
    columnLower[j] = whole
    columnUpper[j] = whole
  }
  return relaxed({ ...model, columnLower, columnUpper })
}

/** Same shape, same coefficients: only costs, bounds and integrality may differ. */
function sameMatrix(a: LinearModel, b: LinearModel): boolean {
  const same = (x: ArrayLike<number>, y: ArrayLike<number>): boolean => {
    if (x.length !== y.length) return false
    for (let k = 0; k < x.length; k += 1) if (x[k] !== y[k]) return false
    return true
  }
  return (
    a.columnCount === b.columnCount &&
    same(a.rowStart, b.rowStart) &&
    same(a.columnIndex, b.columnIndex) &&
    same(a.coefficient, b.coefficient)
  )
}

function modelData(highs: Highs, model: LinearModel): Parameters<Highs['createModel']>[0] {
  const { variableType } = highs.constants
  const integers = model.integrality.includes(1)
  return {
    numCols: model.columnCount,
    numRows: model.rowCount,
    offset: model.offset,
    colCost: model.cost,
    colLower: model.columnLower,
    colUpper: model.columnUpper,
    rowLower: model.rowLower,
    rowUpper: model.rowUpper,
    matrix: {
      format: 'csr',
      numRows: model.rowCount,
      numCols: model.columnCount,
      starts: model.rowStart,
      indices: model.columnIndex,
      values: model.coefficient,
    },
    ...(integers
      ? {
          integrality: Array.from(model.integrality, (flag) =>
            flag === 1 ? variableType.integer : variableType.continuous,
          ),
        }
      : {}),
  } as Parameters<Highs['createModel']>[0]
}

function changeValues(highs: HighsModel, before: LinearModel, after: LinearModel): void {
  const columns = { kind: 'range', from: 0, to: after.columnCount - 1 } as const
  const changed = (x: Float64Array, y: Float64Array): boolean => x.some((value, k) => value !== y[k])
  if (changed(before.cost, after.cost)) highs.changeColsCost(columns, after.cost)
  if (changed(before.columnLower, after.columnLower) || changed(before.columnUpper, after.columnUpper)) {
    highs.changeColsBounds(columns, after.columnLower, after.columnUpper)
  }
  if (changed(before.rowLower, after.rowLower) || changed(before.rowUpper, after.rowUpper)) {
    const rows = { kind: 'range', from: 0, to: after.rowCount - 1 } as const
    highs.changeRowsBounds(rows, after.rowLower, after.rowUpper)
  }
  if (before.offset !== after.offset) highs.changeObjectiveOffset(after.offset)
}

/** Runs the session's linear model with the costs and bounds of `model`, from its last basis. */
function runLinear({ highs, session, options, stopped }: Task, model: LinearModel): Solution {
  const solver = session.linear
  changeValues(solver, session.model, model)
  session.model = model
  solver.options.set({ output_flag: false, time_limit: (options.timeLimitMs ?? 60_000) / 1000 })
  const ended = run(highs, solver, stopped)
  const found = solver.getSolution()
  const columnValues = Float64Array.from(found.colValue ?? [])
  const status = statusOf(highs, ended, false)
  if (status !== 'optimal') return nothing(status)
  const rowDuals = Float64Array.from(found.rowDual ?? [])
  return {
    status,
    objective: solver.getObjectiveValue(),
    bound: dualBound(model, rowDuals),
    columnValues: finite(columnValues),
    rowDuals,
    columnDuals: Float64Array.from(found.colDual ?? []),
    solveMs: 0,
  }
}

/** Runs branch and bound, from a solution where there is one. */
function runMixed({ highs, session, model, options, stopped }: Task, start: Float64Array | undefined): Solution {
  const sameIntegers = session.mixedModel?.integrality.every((flag, j) => flag === model.integrality[j]) ?? false
  if (session.mixed && session.mixedModel && sameIntegers) changeValues(session.mixed, session.mixedModel, model)
  else {
    session.mixed?.dispose()
    session.mixed = highs.createModel(modelData(highs, model))
  }
  session.mixedModel = model
  const solver = session.mixed
  solver.options.set({
    output_flag: false,
    mip_rel_gap: options.relativeGap ?? 1e-4,
    time_limit: (options.timeLimitMs ?? 60_000) / 1000,
  })
  if (start) solver.setSolution({ colValue: start })
  const ended = run(highs, solver, stopped)
  const hasValues = Number(solver.info.get('primal_solution_status')) === 2
  const status = statusOf(highs, ended, hasValues)
  if (status !== 'optimal' && status !== 'feasible') return nothing(status)
  return {
    status,
    objective: solver.getObjectiveValue(),
    bound: Number(solver.info.get('mip_dual_bound')),
    columnValues: finite(Float64Array.from(solver.getSolution().colValue ?? [])),
    rowDuals: new Float64Array(model.rowCount),
    columnDuals: new Float64Array(model.columnCount),
    solveMs: 0,
  }
}

function run(highs: Highs, solver: HighsModel, stopped: (() => boolean) | undefined): number {
  solver.zeroAllClocks()
  if (!stopped) return solver.run().modelStatus
  const { callbackType } = highs.constants
  const interrupt = (event: { interrupt(): void }): void => {
    if (stopped()) event.interrupt()
  }
  return solver.run({
    [callbackType.mipInterrupt]: interrupt,
    [callbackType.simplexInterrupt]: interrupt,
    [callbackType.ipmInterrupt]: interrupt,
  } as never).modelStatus
}

function statusOf(highs: Highs, ended: number, hasValues: boolean): SolveStatus {
  const { modelStatus } = highs.constants
  switch (ended) {
    case modelStatus.optimal:
      return 'optimal'
    case modelStatus.infeasible:
      return 'infeasible'
    case modelStatus.unbounded:
    case modelStatus.unboundedOrInfeasible:
      return 'unbounded'
    default:
      return hasValues ? 'feasible' : 'none'
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
  throw solveErrors.notFinite({ detail: 'The solver returned a value that is not a number' })
}
