import highsModule from 'highs'
import type { LinearModel, SolveStatus } from '../kernel/index.ts'

// The package's types are read as CommonJS, its code is an ES module whose default is the loader itself.
export const loadHighs: typeof highsModule.default = highsModule as unknown as typeof highsModule.default
export type Highs = Awaited<ReturnType<typeof loadHighs>>
export type HighsModel = ReturnType<Highs['createModel']>

export const relaxed = (model: LinearModel): LinearModel => ({
  ...model,
  integrality: new Uint8Array(model.columnCount),
})

/** A new model in the solver's memory, silent. Whoever asks for it disposes it. */
export function createModel(highs: Highs, model: LinearModel): HighsModel {
  const { variableType } = highs.constants
  const solver = highs.createModel({
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
    ...(model.integrality.includes(1)
      ? {
          integrality: Array.from(model.integrality, (flag) =>
            flag === 1 ? variableType.integer : variableType.continuous,
          ),
        }
      : {}),
  } as Parameters<Highs['createModel']>[0])
  solver.options.set({ output_flag: false })
  return solver
}

/** Runs to the end, or until `stop`, asked again and again, says so; tells how it ended; `failed`: the solver gave up with an error. */
export function run(highs: Highs, solver: HighsModel, stop: (() => boolean) | undefined): SolveStatus | 'failed' {
  const { callbackType } = highs.constants
  const interrupt = (event: { interrupt(): void }): void => {
    if (stop?.()) event.interrupt()
  }
  const callbacks = {
    [callbackType.mipInterrupt]: interrupt,
    [callbackType.simplexInterrupt]: interrupt,
    [callbackType.ipmInterrupt]: interrupt,
  } as never
  solver.zeroAllClocks()
  let ended: unknown
  try {
    ended = solver.run(callbacks).modelStatus
  } catch {
    // On some models the solver gives up with an error from where it began; most of them it solves from the beginning.
    solver.clearSolver()
    try {
      ended = solver.run(callbacks).modelStatus
    } catch {
      return 'failed'
    }
  }
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
      return Number(solver.info.get('primal_solution_status')) === 2 ? 'feasible' : 'none'
  }
}

/** Whether the last run was ended by its time limit or from outside. */
export function wasCutShort(highs: Highs, solver: HighsModel): boolean {
  const { modelStatus } = highs.constants
  const status = solver.getModelStatus()
  return status === modelStatus.timeLimit || status === modelStatus.interrupted
}
