import { energyErrors } from '../errors.ts'

/** Generating sets of one kind. */
export interface GeneratorKind {
  readonly count: number
  /** Of one set. */
  readonly powerKw: number
  /** Chance that a set is not under repair or maintenance when the outage begins. */
  readonly availability: number
  /** Chance that a set which is available does not start. */
  readonly failureToStart: number
  /** Running hours between failures; none is repaired within an outage. */
  readonly meanHoursToFailure: number
}

/**
 * How many sets of each kind work: one state for each combination, the first kind counting fastest. A state only changes into
 * states with a lower index.
 */
export interface UnitStates {
  readonly count: number
  /** All working sets together. */
  readonly powerKw: Float64Array
  /** Probability of each state when the outage begins. */
  readonly initial: Float64Array
  /** Probability that a state lasts for a step. */
  readonly stay: Float64Array
  /** Changes `changeFrom[s] … changeFrom[s + 1] − 1` lead away from state `s`. */
  readonly changeFrom: Int32Array
  readonly changeTo: Int32Array
  readonly changeShare: Float64Array
}

const mostStates = 256

/**
 * The Markov chain of the sets, as in REopt's backup reliability (`src/outagesim/backup_reliability.jl`; Marqusee, Ericson &
 * Jenket 2021): in each step every working set fails with the chance step / mean time to failure, also in the first.
 *
 * @throws `energy.bad-outage` for sets that cannot be, or more combinations than can be followed
 */
export function unitStates(kinds: readonly GeneratorKind[], stepHours: number): UnitStates {
  for (const kind of kinds) refuseKind(kind, stepHours)
  const count = kinds.reduce((product, kind) => product * (kind.count + 1), 1)
  if (count > mostStates) {
    throw energyErrors.badOutage({
      detail: 'There are too many combinations of working sets',
      found: count,
      expected: `at most ${mostStates}; count equal sets together`,
    })
  }
  const working = Array.from({ length: count }, (_, state) => countsOf(kinds, state))
  const chance = (from: readonly number[], to: readonly number[], works: (kind: GeneratorKind) => number): number =>
    kinds.reduce((product, kind, index) => product * binomial(from[index]!, to[index]!, works(kind)), 1)
  const all = working[count - 1]!
  const lasts = ({ meanHoursToFailure }: GeneratorKind): number => 1 - stepHours / meanHoursToFailure
  const starts = ({ availability, failureToStart }: GeneratorKind): number => availability * (1 - failureToStart)
  const changes = working.map((from, state) =>
    working
      .slice(0, state)
      .map((to, index) => ({ to: index, share: chance(from, to, lasts) }))
      .filter(({ share }) => share > 0),
  )
  const changeFrom = new Int32Array(count + 1)
  changes.forEach((own, state) => {
    changeFrom[state + 1] = changeFrom[state]! + own.length
  })
  return {
    count,
    powerKw: Float64Array.from(working, (own) =>
      kinds.reduce((sum, kind, index) => sum + own[index]! * kind.powerKw, 0),
    ),
    initial: Float64Array.from(working, (own) => chance(all, own, starts)),
    stay: Float64Array.from(working, (own) => chance(own, own, lasts)),
    changeFrom,
    changeTo: Int32Array.from(changes.flat(), ({ to }) => to),
    changeShare: Float64Array.from(changes.flat(), ({ share }) => share),
  }
}

function refuseKind(kind: GeneratorKind, stepHours: number): void {
  const { count, powerKw, availability, failureToStart, meanHoursToFailure } = kind
  const isShare = (value: number): boolean => value >= 0 && value <= 1
  const fits =
    Number.isInteger(count) &&
    count >= 0 &&
    powerKw >= 0 &&
    isShare(availability) &&
    isShare(failureToStart) &&
    meanHoursToFailure >= stepHours
  if (fits) return
  throw energyErrors.badOutage({
    detail: 'A generating set is described wrongly',
    found: kind,
    expected: `a whole count, power of 0 kW or more, chances from 0 to 1, and at least ${stepHours} h between failures`,
  })
}

/** Working sets of each kind in a state. */
function countsOf(kinds: readonly GeneratorKind[], state: number): number[] {
  let rest = state
  return kinds.map(({ count }) => {
    const own = rest % (count + 1)
    rest = Math.floor(rest / (count + 1))
    return own
  })
}

/** Chance that `left` of `all` work when each does with chance `works`. */
function binomial(all: number, left: number, works: number): number {
  if (left > all) return 0
  let ways = 1
  for (let k = 1; k <= left; k += 1) ways *= (all - left + k) / k
  return ways * works ** left * (1 - works) ** (all - left)
}
