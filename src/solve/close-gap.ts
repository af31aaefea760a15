import type { LinearModel, Solution } from '../kernel/index.ts'
import { createTightener } from './cuts/index.ts'
import type { HighsModel } from './highs-model.ts'
import { createIntegerSearch } from './integer-search.ts'

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

const rows: Step = { raise: 'rows' }
const tableau: Step = { raise: 'tableau' }
const dive = (upFrom: number): Step => ({ dive: upFrom })
/** Dives with unlike thresholds end in unlike schedules; what none of them finds, a climb from the best of them may. */
const fromNothing: readonly Step[] = [
  ...[rows, dive(0.5), dive(0.4), 'climb' as const],
  ...[tableau, dive(0.5), 'climb' as const, dive(0.6), 'climb' as const],
  ...[tableau, dive(0.4), 'climb' as const],
]
const fromKnown: readonly Step[] = [
  ...[rows, tableau, dive(0.5), 'climb' as const, dive(0.4), 'climb' as const],
  ...[tableau, dive(0.6), 'climb' as const],
]

/** Relative distance by which a priced schedule may lie below a bound: rounding. */
const provenGap = 1e-6

/** Raises the bound with cuts and looks for better integers, by turns, until the gap is closed or neither goes on. */
export function closeGap({ model, relaxation, tight, relax, price, known, within }: Closing): Closed {
  let best = known
  let bound = relaxation.bound
  const tightener = createTightener({
    model,
    solver: tight,
    relaxation,
    run: relax,
    enough: (reached) => best !== undefined && within(best.objective, reached),
  })
  const search = createIntegerSearch({
    model,
    relax: ({ columnLower, columnUpper }) => relax({ ...tightener.now.model, columnLower, columnUpper }),
    price,
    within: (objective) => within(objective, bound),
  })
  if (known) search?.take(known)
  /** From where no climb has begun yet. */
  let foot = known
  for (const step of known ? fromKnown : fromNothing) {
    if (step === 'climb') {
      if (foot) search?.climb(foot)
      foot = undefined
    } else if ('raise' in step) {
      tightener.raise(step.raise)
      bound = Math.max(bound, tightener.now.relaxation.bound)
    } else {
      const found = search?.dive(tightener.now.relaxation, step.dive)
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
