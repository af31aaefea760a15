import type { LinearModel, Solution, SolveBasis, SolverPort, SolveStart } from '../../kernel/index.ts'
import { type NamedModel, sameSteps, shiftStart } from '../../solve/index.ts'
import { energyErrors } from '../errors.ts'
import type { Frame } from '../frame.ts'
import { formulatePark, type ParkModel, type PreparedAsset } from '../park-model.ts'
import type { ParkSolution } from '../solve-park.ts'

/** A park as it was planned: what every component sees, and what it knows of its asset. */
export interface Situation {
  readonly frame: Frame
  readonly assets: readonly PreparedAsset[]
}

/** The linear program of a plan in which every machine stays on or off as planned: what prices can be told of. */
export interface FixedPlan extends Situation {
  readonly park: ParkModel
  readonly named: NamedModel
  /** Its integers pinned, what a store or connection does not do barred. */
  readonly model: LinearModel
  readonly solution: Solution
  /** Cost of one unit of a column less what the rows pay for it. */
  readonly reducedCosts: Float64Array
  readonly basis: SolveBasis | undefined
  /** The same decisions on and off in a park with other numbers. */
  pin(other: Situation): { readonly park: ParkModel; readonly named: NamedModel; readonly model: LinearModel }
  /** Solves such a model from where this one ended. */
  solve(model: LinearModel): Promise<Solution>
}

/**
 * Fixes the decisions of a plan and solves what is left, a linear program, from where the plan ended.
 *
 * @throws `energy.no-plan` when it has no optimum
 */
export async function fixPlan(
  situation: Situation,
  solved: ParkSolution,
  ports: { readonly solver: SolverPort; readonly signal?: AbortSignal },
): Promise<FixedPlan> {
  const barred = barredColumns(solved, formulatePark(situation.frame, situation.assets))
  const pin = (other: Situation) => {
    const park = formulatePark(other.frame, other.assets)
    const named = park.builder.build()
    return { park, named, model: pinned(named.model, solved, barred) }
  }
  const { park, named, model } = pin(situation)
  const solve = async (wanted: LinearModel, start?: SolveStart): Promise<Solution> => {
    const { signal, solver } = ports
    return solver.solve(wanted, { ...(signal ? { signal } : {}), ...(start ? { start } : {}) })
  }
  const solution = await solve(model, startOf(situation, solved, named))
  if (solution.status !== 'optimal') {
    throw energyErrors.noPlan({
      detail: `The plan with its machines held on and off has no optimum: the solver ended with “${solution.status}”`,
      found: solution.status,
    })
  }
  const basis = solution.ended?.relaxation
  const next: SolveStart | undefined = basis && { relaxation: basis, integers: [] }
  return {
    ...situation,
    park,
    named,
    model,
    solution,
    reducedCosts: reducedCostsOf(model, solution.rowDuals),
    basis,
    pin,
    solve: (wanted) => solve(wanted, next),
  }
}

/** Columns of the other side, in steps where a binary says that only one of two may be positive. */
export function barredColumns(
  { model, solution, rounds }: ParkSolution,
  { exclusives }: ParkModel,
): ReadonlySet<number> {
  const byColumn = new Map(exclusives.map((exclusive) => [exclusive.a[0]!, exclusive]))
  const barred = new Set<number>()
  for (const { name, first: row } of rounds.at(-1)?.layout.rows ?? []) {
    if (name !== 'exclusive.a') continue
    const exclusive = byColumn.get(model.columnIndex[model.rowStart[row]!]!)
    const side = model.columnIndex[model.rowStart[row + 1]! - 1]!
    if (!exclusive) continue
    for (const column of solution.columnValues[side]! > 0.5 ? exclusive.b : exclusive.a) barred.add(column)
  }
  return barred
}

/** The model with its integers at the values of the plan, as a linear program. */
function pinned(model: LinearModel, { solution }: ParkSolution, barred: ReadonlySet<number>): LinearModel {
  const columnLower = model.columnLower.slice()
  const columnUpper = model.columnUpper.slice()
  for (let j = 0; j < model.columnCount; j += 1) {
    if (model.integrality[j] === 1) {
      const whole = Math.round(solution.columnValues[j]!) + 0
      columnLower[j] = whole
      columnUpper[j] = whole
    } else if (barred.has(j)) {
      columnUpper[j] = Math.max(0, columnLower[j]!)
    }
  }
  return { ...model, columnLower, columnUpper, integrality: new Uint8Array(model.columnCount) }
}

/** Where the plan ended, without the rows and columns of its exclusives. */
function startOf({ frame }: Situation, { rounds }: ParkSolution, { layout }: NamedModel): SolveStart | undefined {
  const last = rounds.at(-1)
  if (!last?.ended) return undefined
  const { relaxation, commitment = relaxation, integers } = last.ended
  const shift = { before: last.layout, after: { ...layout, integers: [] }, ...sameSteps(frame.grid.count) }
  return { ...shiftStart({ relaxation: commitment, integers }, shift), integers: [] }
}

/** Cost of one unit of every column less what the rows pay for it. */
export function reducedCostsOf(model: LinearModel, rowDuals: Float64Array): Float64Array {
  const reduced = model.cost.slice()
  for (let i = 0; i < model.rowCount; i += 1) {
    const dual = rowDuals[i]!
    if (dual === 0) continue
    for (let at = model.rowStart[i]!; at < model.rowStart[i + 1]!; at += 1) {
      reduced[model.columnIndex[at]!]! -= dual * model.coefficient[at]!
    }
  }
  return reduced
}
