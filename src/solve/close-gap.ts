import type { LinearModel, Solution } from '../kernel/index.ts'
import { createTightener } from './cuts/index.ts'
import type { HighsModel } from './highs-model.ts'
import { createIntegerSearch } from './integer-search.ts'
import { addRows } from './more-rows.ts'
import { createRunBranching, type RunBranching } from './run-branching.ts'
import { createRunChoices, freeRow } from './run-choices.ts'

export interface Closing {
  readonly model: LinearModel
  /** Of the linear relaxation. */
  readonly relaxation: Solution
  /** A solver of the relaxation, at its optimum; it gets the cuts. */
  readonly tight: HighsModel
  /** Runs {@link tight} with the bounds of a model. */
  relax(model: LinearModel): Solution
  /** Solves the linear program with these integers. */
  price(values: Float64Array): Solution
  /** A solution that is known. */
  readonly known: Solution | undefined
  /** Whether an objective lies within the asked gap of a bound. */
  within(objective: number, bound: number): boolean
}

export interface Closed {
  /** The best solution found; its integers are whole. */
  readonly best: Solution | undefined
  readonly bound: number
  /** The model with cuts as rows after its own. */
  readonly tightened: LinearModel
}

type Step =
  | { readonly raise: 'rows' | 'tableau' }
  /** Fractions from here are rounded up. */
  | { readonly dive: number }
  | 'climb'
  /** So often at the most, and only while nothing is known yet or half the gap would be within what is asked; no cuts after it. */
  | { readonly branch: number }

const rows: Step = { raise: 'rows' }
const tableau: Step = { raise: 'tableau' }
const branch = (times: number): Step => ({ branch: times })
const dive = (upFrom: number): Step => ({ dive: upFrom })
/**
 * Dives with unlike thresholds end in unlike schedules; what none of them finds, a climb from the best of them may. A few
 * branchings on stretches raise the bound more than many cuts, and dives from where the bound is least end better and sooner.
 */
const fromNothing: readonly Step[] = [
  ...[rows, branch(2), dive(0.4), branch(4), dive(0.5), branch(8), 'climb' as const],
  ...[dive(0.6), branch(8), 'climb' as const, branch(16), dive(0.4), 'climb' as const],
]
const fromKnown: readonly Step[] = [
  ...[rows, branch(6), dive(0.5), 'climb' as const, branch(8), dive(0.4), branch(16), dive(0.6), 'climb' as const],
]
/** Where the integers have no stretches to branch on. */
const fromNothingByCuts: readonly Step[] = [
  ...[rows, dive(0.5), dive(0.4), 'climb' as const],
  ...[tableau, dive(0.5), 'climb' as const, dive(0.6), 'climb' as const],
  ...[tableau, dive(0.4), 'climb' as const],
]
const fromKnownByCuts: readonly Step[] = [
  ...[rows, tableau, dive(0.5), 'climb' as const, dive(0.4), 'climb' as const],
  ...[tableau, dive(0.6), 'climb' as const],
]

/** Relative distance by which a priced schedule may lie below a bound: rounding. */
const provenGap = 1e-6

/** Raises the bound with cuts and looks for better integers, by turns, until the gap is closed or neither goes on. */
export function closeGap({ model, relaxation, tight, relax, price, known, within }: Closing): Closed {
  let best = known
  let bound = relaxation.bound
  const enough = (reached: number): boolean => best !== undefined && within(best.objective, reached)
  const tightener = createTightener({ model, solver: tight, relaxation, run: relax, enough })
  const search = createIntegerSearch({ model, relax, price, within: (objective) => within(objective, bound) })
  if (known) search?.take(known)
  const choose = createRunChoices(model)
  const steps = choose ? (known ? fromKnown : fromNothing) : known ? fromKnownByCuts : fromNothingByCuts
  let tree: RunBranching | undefined
  const place = () => tree?.least ?? tightener.now
  /** From where no climb has begun yet. */
  let foot = known
  for (const step of steps) {
    if (step === 'climb') {
      if (foot) search?.climb(foot)
      foot = undefined
    } else if ('branch' in step) {
      if (!choose || (best ? !within(best.objective, (best.objective + bound) / 2) : tree)) continue
      tree ??= createRunBranching({
        ...tightener.now,
        choose,
        addRow: (row) => addRows(tight, model.columnCount, [freeRow(row)]),
        relax,
        enough,
      })
      tree.branch(step.branch)
      const reached = Math.min(tree.bound, best?.objective ?? Number.POSITIVE_INFINITY)
      // Without end: no branch has a solution, which branch and bound will say.
      if (Number.isFinite(reached)) bound = Math.max(bound, reached)
    } else if ('raise' in step) {
      if (!tree) tightener.raise(step.raise)
      bound = Math.max(bound, tightener.now.relaxation.bound)
    } else {
      const found = search?.dive(place(), step.dive)
      if (found && (!foot || found.objective < foot.objective)) foot = found
    }
    best = search?.best ?? best
    // A schedule, priced exactly, below the bound: on wild numbers a cut went wrong, and none of them counts.
    if (best && best.objective < bound - provenGap * Math.max(1, Math.abs(best.objective))) {
      return { best, bound: relaxation.bound, tightened: model }
    }
    if (best && within(best.objective, bound)) break
  }
  return { best, bound, tightened: tightener.now.model }
}
