import type { LinearModel, SolverPort } from '../../../src/kernel/index.ts'
import { solveOrRefuse } from '../solve-certified.ts'
import type { BatteryColumns } from './battery-part.ts'
import type { Formulation, GridColumns } from './grid-part.ts'

/** A row `lower ≤ Σ coefficient · column ≤ upper` that every schedule satisfies. */
export interface Cut {
  readonly terms: readonly (readonly [column: number, coefficient: number])[]
  readonly lower: number
  readonly upper: number
}

/**
 * Rows that every schedule satisfies and the relaxation does not: they follow from the balance of a step in each state
 * of its binaries, and save most of branch and bound.
 *
 * A step that exports takes nothing from the grid, so export and the charge of what may not charge from the grid come
 * from the surplus and from what may discharge to the grid; a step that imports likewise. A battery with a least
 * charge that is on needs what its charge exceeds the surplus by, and off it needs nothing.
 *
 * Where a limit is zero the excess of one side may flow through to the other, and none of this holds.
 */
export function evccCuts(
  { request, steps }: Formulation,
  grid: GridColumns,
  batteries: readonly BatteryColumns[],
): readonly Cut[] {
  if (request.maxImportW === 0 || request.maxExportW === 0) return []
  const imports = [grid.imported, ...(grid.importExcess < 0 ? [] : [grid.importExcess])]
  const exports = [grid.exported, ...(grid.exportExcess < 0 ? [] : [grid.exportExcess])]
  const of = (keep: (index: number) => boolean): BatteryColumns[] => batteries.filter((_, i) => keep(i))
  const fromGrid = of((i) => request.batteries[i]!.chargeFromGrid).map(({ charge }) => charge)
  const fromSun = of((i) => !request.batteries[i]!.chargeFromGrid).map(({ charge }) => charge)
  const toGrid = of((i) => request.batteries[i]!.dischargeToGrid).map(({ discharge }) => discharge)
  const toLoad = of((i) => !request.batteries[i]!.dischargeToGrid).map(({ discharge }) => discharge)
  const cuts: Cut[] = []
  for (let t = 0; t < steps; t += 1) {
    const surplus = (request.solarWh[t]! - request.loadWh[t]!) / 1000
    const sum = (firsts: readonly number[], sign: number) => firsts.map((first) => [first + t, sign] as const)
    const direction = [[grid.direction + t, -surplus]] as const
    cuts.push(
      {
        terms: [...sum(exports, 1), ...sum(fromSun, 1), ...sum(toGrid, -1), ...direction],
        lower: Number.NEGATIVE_INFINITY,
        upper: 0,
      },
      {
        terms: [...sum(imports, 1), ...sum(toLoad, 1), ...sum(fromGrid, -1), ...direction],
        lower: Number.NEGATIVE_INFINITY,
        upper: -surplus,
      },
    )
    for (const { charge, on } of surplus > 0 ? batteries : []) {
      if (on < 0) continue
      // import + Σ discharge ≥ charge − surplus · on
      const discharges = batteries.map(({ discharge }) => [discharge + t, 1] as const)
      cuts.push({
        terms: [...sum(imports, 1), ...discharges, [charge + t, -1], [on + t, surplus]],
        lower: 0,
        upper: Number.POSITIVE_INFINITY,
      })
    }
  }
  return cuts
}

/** Amount by which a point violates a cut, kWh. */
const violation = ({ terms, lower, upper }: Cut, values: Float64Array): number => {
  let activity = 0
  for (const [column, coefficient] of terms) activity += coefficient * values[column]!
  return Math.max(lower - activity, activity - upper)
}

const rounds = 6
/** A cut is added when the relaxation violates it by more than this, kWh. */
const worthwhile = 1e-5

export interface Tightened {
  readonly model: LinearModel
  /** Objective of the last relaxation solved; NaN when it has no optimum. */
  readonly relaxedObjective: number
}

/**
 * The model with those cuts that its relaxation violates, found by solving it again and again. Cuts that are satisfied
 * anyway would only make the linear programs larger.
 */
export async function tighten(solver: SolverPort, model: LinearModel, cuts: readonly Cut[]): Promise<Tightened> {
  let tightened = model
  let left = cuts
  let relaxedObjective = Number.NaN
  for (let round = 0; round < rounds; round += 1) {
    const relaxed = { ...tightened, integrality: new Uint8Array(model.columnCount) }
    const { status, columnValues, objective } = await solveOrRefuse(solver, relaxed)
    if (status !== 'optimal') return { model, relaxedObjective: Number.NaN }
    relaxedObjective = objective
    const violated = left.filter((cut) => violation(cut, columnValues) > worthwhile)
    if (violated.length === 0) break
    left = left.filter((cut) => !violated.includes(cut))
    tightened = appendRows(tightened, violated)
  }
  return { model: tightened, relaxedObjective }
}

function appendRows(model: LinearModel, cuts: readonly Cut[]): LinearModel {
  const terms = cuts.flatMap(({ terms }) => terms)
  const nonzeros = model.coefficient.length
  const extend = <T extends Float64Array | Int32Array>(array: T, more: readonly number[]): T => {
    const wider = new (array.constructor as new (length: number) => T)(array.length + more.length)
    wider.set(array as never)
    wider.set(more, array.length)
    return wider
  }
  let end = nonzeros
  const starts = cuts.map(({ terms: { length } }) => {
    end += length
    return end
  })
  return {
    ...model,
    rowCount: model.rowCount + cuts.length,
    rowLower: extend(
      model.rowLower,
      cuts.map(({ lower }) => lower),
    ),
    rowUpper: extend(
      model.rowUpper,
      cuts.map(({ upper }) => upper),
    ),
    rowStart: extend(model.rowStart, starts),
    columnIndex: extend(
      model.columnIndex,
      terms.map(([column]) => column),
    ),
    coefficient: extend(
      model.coefficient,
      terms.map(([, coefficient]) => coefficient),
    ),
  }
}
