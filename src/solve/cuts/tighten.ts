import type { LinearModel, Solution } from '../../kernel/index.ts'
import type { HighsModel } from '../highs-model.ts'
import { withRows } from '../more-rows.ts'
import { addCuts, createCutPool, separate } from './cut-rounds.ts'
import { type Cut, rowOf } from './rounding.ts'
import { createSeparator } from './separator.ts'

export interface Tightening {
  readonly model: LinearModel
  /** Stands at the optimum of the relaxation; gets the cuts. */
  readonly solver: HighsModel
  readonly relaxation: Solution
  /** Runs the solver with the bounds of a model, cuts and all. */
  run(model: LinearModel): Solution
  /** Whether a bound is good enough. */
  enough(bound: number): boolean
}

export interface Tightened {
  /** The model with the cuts as rows after its own. */
  readonly model: LinearModel
  readonly relaxation: Solution
}

export interface Tightener {
  readonly now: Tightened
  /** Adds cuts round by round while the bound rises; of single rows and short sums, or of the simplex tableau too. */
  raise(from: 'rows' | 'tableau'): void
}

const mostRounds = 5
/** A round goes on to the next when it raised the bound by this share of all that the rounds raised it. */
const leastShare = 0.05
/** …and by this share of the objective. */
const leastRise = 2e-5

/** Cuts for the relaxation; see `separator.ts`. */
export function createTightener({ model, solver, relaxation, run, enough }: Tightening): Tightener {
  const pool = createCutPool(model)
  const separator = createSeparator(model, pool)
  let now: Tightened = { model, relaxation }
  let ended = false
  let raised = false
  return {
    get now() {
      return now
    },
    raise(from) {
      // Where a dive has left the solver there is nothing to cut off.
      if (raised && !ended && run(now.model).status !== 'optimal') ended = true
      raised = true
      const before = now.relaxation.bound
      for (let round = 0; round < mostRounds && !ended && !enough(now.relaxation.bound); round += 1) {
        const cuts = separate(model, solver, separator, from === 'tableau')
        if (cuts.length === 0) return
        addCuts(model, pool, solver, cuts)
        const wider = withCuts(model, pool.cuts)
        const solution = run(wider)
        ended = solution.status !== 'optimal'
        if (ended) return
        const rise = solution.bound - now.relaxation.bound
        now = { model: wider, relaxation: solution }
        const share = leastShare * (solution.bound - before)
        if (rise < Math.max(share, leastRise * Math.abs(solution.objective))) return
      }
    },
  }
}

/** The cuts as rows of the model. */
const withCuts = (model: LinearModel, cuts: readonly Cut[]): LinearModel => ({
  ...withRows(model, cuts.map(rowOf)),
  cutRows: [...(model.cutRows ?? []), { first: model.rowCount, count: cuts.length }],
})
