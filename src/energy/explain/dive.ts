import type { LinearModel, Solution, SolverPort, SolveStart } from '../../kernel/index.ts'
import { certify, type NamedModel } from '../../solve/index.ts'
import type { Exclusive } from '../components/component.ts'
import { energyErrors } from '../errors.ts'
import type { ParkModel } from '../park-model.ts'
import type { ParkSolution } from '../solve-park.ts'

export interface DiveOptions {
  readonly solver: SolverPort
  readonly signal?: AbortSignal
  readonly relativeGap: number
  readonly timeLimitMs: number
  /** Names the solves of this park among those of a run, so that its evidence tells them apart. */
  readonly sessionKey: string
  /** Where the first solve begins. */
  readonly start?: SolveStart
  /** Columns that are barred from the first, by name: what an earlier plan did not do in steps where it had to choose. */
  readonly barred: ReadonlySet<string>
}

/** kW below which doing both at once is solver dust. */
const dustKw = 1e-4

const sum = (columns: readonly number[], values: Float64Array): number =>
  columns.reduce((total, column) => total + values[column]!, 0)

/**
 * Solves a park fast: where its relaxation does two things at once that exclude each other (charging and discharging,
 * importing and exporting), the smaller one is barred and the model is solved again, until none is left. The relaxation's
 * bound says how far from the best that can be; unlike {@link solvePark} nothing is searched to close the gap.
 *
 * @throws `energy.no-plan` when the solver finds none
 */
export async function divePark(park: ParkModel, options: DiveOptions): Promise<ParkSolution> {
  const named = park.builder.build()
  const relaxation = await solveBarred(named.model, new Set(), {
    ...options,
    ...(options.start ? { start: options.start } : {}),
  })
  const fresh = await follow(park, named, { options, relaxation, barred: new Set() })
  let best = fresh
  if (options.barred.size > 0) {
    const barred = new Set(
      Array.from({ length: named.model.columnCount }, (_, j) => j).filter((j) =>
        options.barred.has(named.columnName(j)),
      ),
    )
    const kept = await follow(park, named, { options, relaxation, barred })
    if (kept.objective < best.objective) best = kept
  }
  const solution: Solution = { ...best, bound: relaxation.bound }
  const certificate = certify(named.model, solution)
  return {
    solution,
    model: named.model,
    certificate: {
      ...certificate,
      boundGap: (solution.objective - relaxation.bound) / Math.max(1, Math.abs(solution.objective)),
    },
    exclusiveSteps: 0,
    rounds: [{ layout: named.layout, ...(best.ended ? { ended: best.ended } : {}) }],
    solveMs: best.solveMs,
  }
}

interface Following {
  readonly options: DiveOptions
  readonly relaxation: Solution
  readonly barred: Set<number>
}

/** Bars the smaller of two sides wherever both are done, until none is left. */
async function follow(
  { exclusives }: ParkModel,
  { model }: NamedModel,
  { options, relaxation, barred }: Following,
): Promise<Solution> {
  const start = relaxation.ended ?? options.start
  const again = { ...options, ...(start ? { start } : {}) }
  let solution = barred.size === 0 ? relaxation : await solveBarred(model, barred, again)
  for (;;) {
    const { columnValues } = solution
    const found = exclusives.filter(({ a, b }) => Math.min(sum(a, columnValues), sum(b, columnValues)) > dustKw)
    if (found.length === 0) return solution
    for (const exclusive of found) for (const column of smaller(exclusive, columnValues)) barred.add(column)
    solution = await solveBarred(model, barred, again)
  }
}

const smaller = ({ a, b }: Exclusive, values: Float64Array): readonly number[] =>
  sum(a, values) < sum(b, values) ? a : b

async function solveBarred(model: LinearModel, barred: ReadonlySet<number>, options: DiveOptions): Promise<Solution> {
  const { solver, signal, relativeGap, timeLimitMs, sessionKey, start } = options
  const columnUpper = model.columnUpper.slice()
  for (const column of barred) columnUpper[column] = Math.max(0, model.columnLower[column]!)
  const settings = { relativeGap, timeLimitMs, sessionKey, ...(start ? { start } : {}), ...(signal ? { signal } : {}) }
  const solution = await solver.solve({ ...model, columnUpper }, settings)
  if (solution.status === 'optimal' || solution.status === 'feasible') return solution
  throw energyErrors.noPlan({
    detail: `The solver ended a variant with “${solution.status}”`,
    found: solution.status,
    expected: 'a plan',
  })
}
