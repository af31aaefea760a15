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
  readonly highs: HighsModel
  readonly model: LinearModel
  lastValues: Float64Array
}

/** Kept models; each holds a few megabytes of the solver's memory. */
const keptSessions = 6

export async function createHighsSolver(): Promise<HighsSolver> {
  const highs = await loadHighs()
  const sessions = new Map<string, Session>()
  const drop = (key: string): void => {
    sessions.get(key)?.highs.dispose()
    sessions.delete(key)
  }
  return {
    solve(model, options, stopped) {
      const key = options.sessionKey
      const kept = key === undefined ? undefined : sessions.get(key)
      const warm = kept !== undefined && sameMatrix(kept.model, model)
      if (key !== undefined && kept && !warm) drop(key)
      const session: Session =
        warm && kept
          ? { highs: kept.highs, model, lastValues: kept.lastValues }
          : { highs: highs.createModel(modelData(highs, model)), model, lastValues: new Float64Array() }
      try {
        if (warm && kept) changeValues(session.highs, kept.model, model)
        const solution = run(highs, session, options, stopped)
        session.lastValues = solution.columnValues
        if (key === undefined) session.highs.dispose()
        else {
          sessions.delete(key)
          sessions.set(key, session)
          const oldest = sessions.size > keptSessions ? sessions.keys().next().value : undefined
          if (oldest !== undefined) drop(oldest)
        }
        return solution
      } catch (cause) {
        if (key !== undefined) sessions.delete(key)
        session.highs.dispose()
        throw cause
      }
    },
    dispose() {
      for (const key of [...sessions.keys()]) drop(key)
    },
  }
}

/** Same shape, same coefficients, same integers: only costs and bounds may differ. */
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
    same(a.coefficient, b.coefficient) &&
    same(a.integrality, b.integrality)
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

function run(highs: Highs, session: Session, options: SolveOptions, stopped?: () => boolean): Solution {
  const { highs: solver, model } = session
  const started = performance.now()
  const isMip = model.integrality.includes(1)
  solver.zeroAllClocks()
  solver.options.set({
    output_flag: false,
    mip_rel_gap: options.relativeGap ?? 1e-4,
    time_limit: (options.timeLimitMs ?? 60_000) / 1000,
  })
  const start =
    options.start ?? (isMip && session.lastValues.length === model.columnCount ? session.lastValues : undefined)
  if (start && isMip) solver.setSolution({ colValue: start })
  const { callbackType, modelStatus } = highs.constants
  const interrupt = (event: { interrupt(): void }): void => {
    if (stopped?.()) event.interrupt()
  }
  const { modelStatus: ended } = stopped
    ? solver.run({
        [callbackType.mipInterrupt]: interrupt,
        [callbackType.simplexInterrupt]: interrupt,
        [callbackType.ipmInterrupt]: interrupt,
      } as never)
    : solver.run()
  const columnValues = Float64Array.from(solver.getSolution().colValue ?? [])
  const hasValues = columnValues.length === model.columnCount && Number(solver.info.get('primal_solution_status')) === 2
  const status: SolveStatus =
    ended === modelStatus.optimal
      ? 'optimal'
      : ended === modelStatus.infeasible
        ? 'infeasible'
        : ended === modelStatus.unbounded || ended === modelStatus.unboundedOrInfeasible
          ? 'unbounded'
          : hasValues
            ? 'feasible'
            : 'none'
  const empty = new Float64Array()
  if (status !== 'optimal' && status !== 'feasible') {
    return {
      status,
      objective: Number.NaN,
      bound: Number.NEGATIVE_INFINITY,
      columnValues: empty,
      rowDuals: empty,
      columnDuals: empty,
      solveMs: performance.now() - started,
    }
  }
  if (!columnValues.every(Number.isFinite)) {
    throw solveErrors.notFinite({ detail: 'The solver returned a value that is not a number' })
  }
  const objective = solver.getObjectiveValue()
  const duals = isMip ? fixedDuals(highs, model, columnValues) : solver.getSolution()
  const rowDuals = Float64Array.from(duals.rowDual ?? [])
  return {
    status,
    objective,
    bound: isMip ? Number(solver.info.get('mip_dual_bound')) : dualBound(model, rowDuals),
    columnValues,
    rowDuals,
    columnDuals: Float64Array.from(duals.colDual ?? []),
    solveMs: performance.now() - started,
  }
}

/** Duals of the linear program that is left when the integers stand where the solution has them. */
function fixedDuals(
  highs: Highs,
  model: LinearModel,
  columnValues: Float64Array,
): { readonly rowDual?: ArrayLike<number>; readonly colDual?: ArrayLike<number> } {
  const columnLower = model.columnLower.slice()
  const columnUpper = model.columnUpper.slice()
  for (let j = 0; j < model.columnCount; j += 1) {
    if (model.integrality[j] !== 1) continue
    columnLower[j] = Math.round(columnValues[j]!)
    columnUpper[j] = columnLower[j]!
  }
  const integrality = new Uint8Array(model.columnCount)
  const fixed = highs.createModel(modelData(highs, { ...model, columnLower, columnUpper, integrality }))
  try {
    fixed.options.set({ output_flag: false })
    fixed.run()
    const solution = fixed.getSolution()
    return { rowDual: Float64Array.from(solution.rowDual ?? []), colDual: Float64Array.from(solution.colDual ?? []) }
  } finally {
    fixed.dispose()
  }
}
