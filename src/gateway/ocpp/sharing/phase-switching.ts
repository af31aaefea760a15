import type { PreparedSite } from './sharing-site.ts'

/** When chargers that can go over between all their phases and one. */
export interface PhasePace {
  /** The sun must be too little for all phases for so long before a charger goes over to one, s. */
  readonly phaseDownAfterS: number
  /** It must be enough for all of them for so long before it goes back, s. */
  readonly phaseUpAfterS: number
  /** More than the least current of all phases that it must be, amperes a phase. */
  readonly phaseMarginA: number
  /** Between two changes of one charger, s. Its contactors wear, and vehicles take a change for a fault when they come too often. */
  readonly phaseDwellS: number
}

export const usualPhasePace: PhasePace = { phaseDownAfterS: 60, phaseUpAfterS: 180, phaseMarginA: 1, phaseDwellS: 600 }

/** All phases; a number of 0 or more is that phase of the site alone. */
export const allPhases = -1
/** No change is under way. */
const settled = -2

/** By charger. */
export interface PhaseState {
  /** {@link allPhases}, or the phase of the site that it draws from alone. */
  readonly alone: Int8Array
  /** What it goes over to as soon as it draws nothing; {@link settled} else. */
  readonly next: Int8Array
  /** Since when the other way would suit better, ms; NaN: it does not. */
  readonly sinceMs: Float64Array
  /** When it went over last, ms. */
  readonly switchedMs: Float64Array
}

export const newPhaseState = ({ chargers }: PreparedSite, alone?: ArrayLike<number>): PhaseState => ({
  alone: Int8Array.from(chargers, (_, number) => alone?.[number] ?? allPhases),
  next: new Int8Array(chargers.length).fill(settled),
  sinceMs: new Float64Array(chargers.length).fill(Number.NaN),
  switchedMs: new Float64Array(chargers.length).fill(Number.NEGATIVE_INFINITY),
})

/** Whether a charger pauses because it is about to go over. */
export const isGoingOver = ({ next }: PhaseState, number: number): boolean => next[number] !== settled

/** The site as its chargers are connected now: who draws from one phase flows in the cells of that one alone. */
export function siteNow(site: PreparedSite, { alone }: PhaseState): PreparedSite {
  if (alone.every((phase) => phase === allPhases)) return site
  return {
    ...site,
    chargers: site.chargers.map((one, number) =>
      alone[number] === allPhases ? one : { ...one, phases: [alone[number]!] },
    ),
    cells: site.cells.map((own, number) =>
      alone[number] === allPhases ? own : own.filter((cell) => cell % 3 === alone[number]),
    ),
  }
}

/**
 * Lets those go over that draw nothing any more: neither by what they were granted lately, nor by what they were told.
 *
 * @param heldA amperes a phase that each may be drawing by the grants of late
 * @param toldA amperes a phase that each holds by what it has taken; absent: what it is granted is what it has
 */
export function goOver(
  state: PhaseState,
  { nowMs, heldA, toldA }: { nowMs: number; heldA: Float64Array; toldA: Float64Array | undefined },
): PhaseState {
  if (state.next.every((next) => next === settled)) return state
  const [alone, next, switchedMs] = [state.alone.slice(), state.next.slice(), state.switchedMs.slice()]
  for (const [number, target] of state.next.entries()) {
    if (target === settled || heldA[number]! > 0 || (toldA?.[number] ?? 0) > 0) continue
    alone[number] = target
    next[number] = settled
    switchedMs[number] = nowMs
  }
  return { ...state, alone, next, switchedMs }
}

export interface PhaseWish {
  readonly nowMs: number
  /** Numbers of the chargers with a vehicle, the first in the queue first. */
  readonly queue: readonly number[]
  /** 1: it must charge as fast as it can. */
  readonly must: Uint8Array
  /** Amperes, summed over its phases, that a plan gives each; 0: none. */
  readonly plannedA: Float64Array
  /** Amperes a phase that each takes at most. */
  readonly mostA: Float64Array
  /** What would be fed in without chargers: amperes, summed over the phases. */
  readonly surplusA: number
  /** Amperes that flow in each phase of the connection now, chargers among them. */
  flowA(): readonly number[]
  /** 1: it can be told which phase; absent: all can. */
  readonly choosesPhase: Uint8Array | undefined
}

/**
 * Which chargers go over next. On one phase a vehicle charges from 6 A in all, on three from 18 A (the least current of IEC 61851-1, table
 * A.8, in each): between the two it has the sun on one phase alone. Who must charge goes back to all phases. A charger goes over when the
 * other way has suited better for a while and it has been as it is for the dwell time, so that it changes at most
 * 3600 / `phaseDwellS` times an hour, and one more. One phase is the least loaded one that it may take.
 */
export function wishPhases(site: PreparedSite, state: PhaseState, wish: PhaseWish, pace: PhasePace): PhaseState {
  const { chargers } = site
  if (!chargers.some(({ onePhase }) => onePhase)) return state
  const { nowMs, queue, must, plannedA, mostA, surplusA, choosesPhase } = wish
  const flowA = [...wish.flowA()]
  const [next, sinceMs] = [state.next.slice(), new Float64Array(chargers.length).fill(Number.NaN)]
  let left = surplusA
  for (const number of queue) {
    const { minA, phases, onePhase } = chargers[number]!
    const fullA = minA * phases.length
    const isAlone = state.alone[number] !== allPhases
    const hasA = must[number] === 1 ? Number.POSITIVE_INFINITY : Math.max(plannedA[number]!, left)
    // The first of the queue takes the sun, on one phase too.
    const leastA = onePhase ? minA : fullA
    if (left >= leastA) left -= Math.min(left, mostA[number]! * (isAlone ? 1 : phases.length))
    if (!onePhase || next[number] !== settled) continue
    const wantsAll = hasA >= fullA + (isAlone ? pace.phaseMarginA * phases.length : 0)
    const wantsOne = !wantsAll && hasA >= minA
    if (isAlone ? !wantsAll : !wantsOne) continue
    const since = Number.isNaN(state.sinceMs[number]!) ? nowMs : state.sinceMs[number]!
    sinceMs[number] = since
    const afterS = must[number] === 1 ? 0 : isAlone ? pace.phaseUpAfterS : pace.phaseDownAfterS
    if (nowMs - since < afterS * 1000 || nowMs - state.switchedMs[number]! < pace.phaseDwellS * 1000) continue
    const may = choosesPhase && choosesPhase[number] !== 1 ? onePhase.slice(0, 1) : onePhase
    const target = isAlone
      ? allPhases
      : may.reduce((best, phase) => (flowA[phase]! < flowA[best]! - 1e-9 ? phase : best))
    if (target !== allPhases) flowA[target]! += minA
    next[number] = target
    sinceMs[number] = Number.NaN
  }
  return { ...state, next, sinceMs }
}
