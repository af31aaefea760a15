import type { ModelBuilder } from '../../solve/index.ts'
import { perStep } from './component.ts'

/** What one of several equal machines did before the horizon. */
export interface RunState {
  /** Hours it has run; 0 = off. */
  readonly onHours: number
  /** Hours it has stood still; only looked at when it is off. */
  readonly offHours: number
}

export interface CommitmentOptions {
  readonly count: number
  /** Of each step. */
  readonly hours: Float64Array
  /** One a machine; equal machines are committed together. */
  readonly states: readonly RunState[]
  readonly minUpHours: number
  readonly minDownHours: number
  /** Cost of one machine being on for an hour. */
  readonly onCostPerHour: number
  readonly startCost: number
  readonly stopCost: number
}

/** First columns of how many are on, start and stop in each step. */
export interface Commitment {
  readonly on: number
  readonly start: number
  readonly stop: number
}

/** Hours below which two moments are one. */
const dustHours = 1e-9

/** Hours from the beginning of the plan to that of each step. */
function hoursBefore(hours: Float64Array): Float64Array {
  const before = new Float64Array(hours.length)
  for (let k = 1; k < hours.length; k += 1) before[k] = before[k - 1]! + hours[k - 1]!
  return before
}

/**
 * Unit commitment of equal machines, counted rather than named, so that no solution has a twin with two machines
 * exchanged: `on` how many run, `start` and `stop` how many change. Minimum up and down times are window sums (Rajan &
 * Takriti 2005, IBM RC23628), which are facets for one machine and exact for several (first started, first stopped).
 * What machines did before the horizon holds or bars some of them beside those that start or stop within it.
 */
export function formulateCommitment(model: ModelBuilder, id: string, options: CommitmentOptions): Commitment {
  const { count, hours, states, minUpHours, minDownHours, onCostPerHour, startCost, stopCost } = options
  const units = states.length
  const beginsAt = hoursBefore(hours)
  const onBefore = states.filter(({ onHours }) => onHours > 0).length
  const held = new Float64Array(count)
  const barred = new Float64Array(count)
  for (const { onHours, offHours } of states) {
    const staysHours = onHours > 0 ? minUpHours - onHours : minDownHours - offHours
    const stays = onHours > 0 ? held : barred
    for (let k = 0; k < count && beginsAt[k]! < staysHours - dustHours; k += 1) stays[k]! += 1
  }
  const on = model.addColumns(`${id}.on`, count, {
    lower: held,
    upper: barred.map((off) => units - off),
    cost: perStep(onCostPerHour, hours),
    integer: true,
  })
  const start = model.addColumns(`${id}.start`, count, { upper: units, cost: startCost })
  const stop = model.addColumns(`${id}.stop`, count, { upper: units, cost: stopCost })
  // Of the steps up to each, the first in which a machine must have changed for its least time to reach into it.
  let up = 0
  let down = 0
  for (let k = 0; k < count; k += 1) {
    while (up < k && beginsAt[up]! + minUpHours <= beginsAt[k]! + dustHours) up += 1
    while (down < k && beginsAt[down]! + minDownHours <= beginsAt[k]! + dustHours) down += 1
    const before = k === 0 ? onBefore : 0
    model.beginRow(`${id}.state`, before, before)
    model.term(on + k, 1)
    if (k > 0) model.term(on + k - 1, -1)
    model.term(start + k, -1)
    model.term(stop + k, 1)
    model.endRow()
    model.beginRow(`${id}.minUp`, Number.NEGATIVE_INFINITY, -held[k]!)
    for (let j = up; j <= k; j += 1) model.term(start + j, 1)
    model.term(on + k, -1)
    model.endRow()
    model.beginRow(`${id}.minDown`, Number.NEGATIVE_INFINITY, units - barred[k]!)
    for (let j = down; j <= k; j += 1) model.term(stop + j, 1)
    model.term(on + k, 1)
    model.endRow()
  }
  return { on, start, stop }
}

/** Rows that keep a power between its least and its most while machines are on, and at nothing while they are off. */
export function tieToCommitment(model: ModelBuilder, name: string, { power, on, count, leastKw, mostKw }: Tied): void {
  for (let k = 0; k < count; k += 1) {
    if (leastKw > 0) {
      model.beginRow(`${name}.minLoad`, 0, Number.POSITIVE_INFINITY)
      model.term(power + k, 1)
      model.term(on + k, -leastKw)
      model.endRow()
    }
    model.beginRow(`${name}.maxLoad`, Number.NEGATIVE_INFINITY, 0)
    model.term(power + k, 1)
    model.term(on + k, -mostKw)
    model.endRow()
  }
}

interface Tied {
  /** First column of the power. */
  readonly power: number
  readonly on: number
  readonly count: number
  /** Of one machine that is on, kW. */
  readonly leastKw: number
  readonly mostKw: number
}

/** How often machines started and stopped, and for how long they ran. */
export interface RunCounts {
  readonly starts: number
  readonly stops: number
  readonly runningHours: number
}

/** Counts from on/off states, one a step. */
export function countRuns(on: Float64Array, onBefore: number, hours: Float64Array): RunCounts {
  let starts = 0
  let stops = 0
  let runningHours = 0
  on.forEach((is, k) => {
    const was = k === 0 ? onBefore : on[k - 1]!
    starts += Math.max(0, is - was)
    stops += Math.max(0, was - is)
    runningHours += is * hours[k]!
  })
  return { starts, stops, runningHours }
}

/**
 * Which of several equal machines run in each step, given how many: who has run longest stops first, who has stood
 * longest starts first, so that minimum times hold for each when they hold for all.
 *
 * @param on how many are on, whole numbers, one a step
 * @returns for each machine 1 or 0 a step
 */
export function assignRuns(on: Float64Array, states: readonly RunState[], hours: Float64Array): Float64Array[] {
  const since = states.map(({ onHours, offHours }) => (onHours > 0 ? onHours : offHours))
  const running = states.map(({ onHours }) => onHours > 0)
  return on.reduce<Float64Array[]>(
    (each, wanted, k) => {
      let missing = wanted - running.filter(Boolean).length
      const longestFirst = states.map((_, index) => index).sort((a, b) => since[b]! - since[a]!)
      for (const index of longestFirst) {
        if (missing > 0 && !running[index]) {
          running[index] = true
          since[index] = 0
          missing -= 1
        } else if (missing < 0 && running[index]) {
          running[index] = false
          since[index] = 0
          missing += 1
        }
      }
      each.forEach((values, index) => {
        values[k] = running[index] ? 1 : 0
        since[index]! += hours[k]!
      })
      return each
    },
    states.map(() => new Float64Array(on.length)),
  )
}

/** Where a machine changes before its minimum up or down time is over; for checks of published plans. */
export function dwellBreaches(
  on: Float64Array,
  state: RunState,
  hours: Float64Array,
  { minUpHours, minDownHours }: { readonly minUpHours: number; readonly minDownHours: number },
): string[] {
  const breaches: string[] = []
  let is = state.onHours > 0 ? 1 : 0
  let sinceHours = is === 1 ? state.onHours : state.offHours
  on.forEach((value, k) => {
    if (value !== is) {
      const least = is === 1 ? minUpHours : minDownHours
      if (sinceHours < least - 1e-9) breaches.push(`changes in step ${k} after ${sinceHours} h instead of ${least} h`)
      is = value
      sinceHours = 0
    }
    sinceHours += hours[k]!
  })
  return breaches
}
