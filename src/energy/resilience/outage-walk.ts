import type { UnitStates } from './units.ts'

/** A battery as an outage sees it. */
export interface OutageBattery {
  /** Between the least and the most state of charge. */
  readonly usableKwh: number
  readonly chargeKw: number
  readonly dischargeKw: number
  readonly chargeEfficiency: number
  readonly dischargeEfficiency: number
}

export interface OutageSetup {
  readonly units: UnitStates
  /** Absent: none, or it is not available. */
  readonly battery?: OutageBattery
  /** Critical load less production, one value a step; what lies beyond the last is taken from the first again. */
  readonly netLoadKw: Float64Array
  readonly stepHours: number
  /** Bins of stored energy, 2 or more. */
  readonly bins: number
}

export interface OutageStart {
  /** Step in which the outage begins. */
  readonly step: number
  /** Stored above the least state of charge. */
  readonly storedKwh: number
}

/** Walks outages through one setup. Not for two at once: it keeps its arrays. */
export interface OutageWalk {
  /** Fills `into` with the probability that all critical load is served up to and with each step. */
  survival(start: OutageStart, into: Float64Array): void
  /** Fills `into` with the expected energy that is not served in each step, kWh, when what can be served is, to the end. */
  unserved(start: OutageStart, into: Float64Array): void
}

/** Energy that is short by less than this part of the need is rounding. */
const tolerance = 1e-9

/**
 * The Markov chain over working sets and stored energy of REopt's backup reliability (`backup_reliability.jl`): in each step
 * sets fail first; then those left carry the load at up to their power, the battery gives what is short and takes what is over.
 *
 * Bins hold probability and with it the mean of the energy of all that fell into them, so that a step which moves less than a
 * bin is not lost, as it is where energy is rounded to bins; a single course of events is followed exactly. A state's bins are a
 * strip from `low` to `high`, which is short while few courses are possible.
 */
export function createOutageWalk({ units, battery, netLoadKw, stepHours, bins }: OutageSetup): OutageWalk {
  const { count: states, powerKw, initial, stay, changeFrom, changeTo, changeShare } = units
  const usableKwh = battery?.usableKwh ?? 0
  const width = usableKwh > 0 ? bins : 1
  const perKwh = usableKwh > 0 ? (bins - 1) / usableKwh : 0
  const chargeKw = battery?.chargeKw ?? 0
  const dischargeKw = battery?.dischargeKw ?? 0
  const storedPerKw = stepHours * (battery?.chargeEfficiency ?? 1)
  const drawnPerKw = stepHours / (battery?.dischargeEfficiency ?? 1)
  const mass = new Float64Array(states * width)
  /** Probability times stored energy. */
  const moment = new Float64Array(states * width)
  const low = new Int32Array(states)
  const high = new Int32Array(states).fill(-1)

  function begin(storedKwh: number): void {
    const bin = Math.round(storedKwh * perKwh)
    for (let state = 0; state < states; state += 1) {
      const base = state * width
      mass.fill(0, base + low[state]!, base + high[state]! + 1)
      moment.fill(0, base + low[state]!, base + high[state]! + 1)
      const share = initial[state]!
      low[state] = bin
      high[state] = share > 0 ? bin : bin - 1
      mass[base + bin] = share
      moment[base + bin] = share * storedKwh
    }
  }

  /** Sets fail. States are taken from the lowest, which only lose to those already done. */
  function fail(): void {
    for (let state = 1; state < states; state += 1) {
      const first = low[state]!
      const last = high[state]!
      if (first > last) continue
      const base = state * width
      for (let change = changeFrom[state]!; change < changeFrom[state + 1]!; change += 1) {
        const to = changeTo[change]!
        const share = changeShare[change]!
        const shift = (to - state) * width
        for (let at = base + first; at <= base + last; at += 1) {
          mass[at + shift]! += share * mass[at]!
          moment[at + shift]! += share * moment[at]!
        }
        if (low[to]! > high[to]!) {
          low[to] = first
          high[to] = last
        } else {
          if (first < low[to]!) low[to] = first
          if (last > high[to]!) high[to] = last
        }
      }
      const share = stay[state]!
      for (let at = base + first; at <= base + last; at += 1) {
        mass[at]! *= share
        moment[at]! *= share
      }
    }
  }

  /** What is over charges the battery: bins from the highest, none is met twice. Returns the probability of the state. */
  function charge(state: number, surplusKw: number): number {
    const base = state * width
    const gainKwh = Math.min(surplusKw, chargeKw) * storedPerKw
    const first = low[state]!
    const last = high[state]!
    let alive = 0
    let lowest = last
    let highest = first
    for (let bin = last; bin >= first; bin -= 1) {
      const share = mass[base + bin]!
      if (share === 0) continue
      alive += share
      const stored = Math.min(usableKwh, moment[base + bin]! / share + gainKwh)
      const next = (stored * perKwh + 0.5) | 0
      mass[base + bin] = 0
      moment[base + bin] = 0
      mass[base + next]! += share
      moment[base + next]! += share * stored
      if (next < lowest) lowest = next
      if (next > highest) highest = next
    }
    // A bin may fall below its first by rounding of its mean; the strip covers all that was met.
    low[state] = alive > 0 ? Math.min(lowest, highest) : first
    high[state] = alive > 0 ? highest : first - 1
    return alive
  }

  /**
   * The battery gives what is short: bins from the lowest. Where it cannot, the course ends, or the rest goes unserved.
   * Returns the probability of the state that is served, or the expected energy that is not.
   */
  function discharge(state: number, shortKw: number, ends: boolean): number {
    const base = state * width
    const first = low[state]!
    const last = high[state]!
    const enoughKw = shortKw * (1 - tolerance)
    const drawnKwh = shortKw * drawnPerKw
    let served = 0
    let unservedKwh = 0
    let lowest = width
    let highest = -1
    for (let bin = first; bin <= last; bin += 1) {
      const share = mass[base + bin]!
      if (share === 0) continue
      const stored = moment[base + bin]! / share
      const given = Math.min(dischargeKw, stored / drawnPerKw)
      mass[base + bin] = 0
      moment[base + bin] = 0
      if (given >= enoughKw) served += share
      else if (ends) continue
      else unservedKwh += share * (shortKw - given) * stepHours
      const left = Math.max(0, stored - Math.min(drawnKwh, given * drawnPerKw))
      const next = (left * perKwh + 0.5) | 0
      mass[base + next]! += share
      moment[base + next]! += share * left
      if (next < lowest) lowest = next
      if (next > highest) highest = next
    }
    low[state] = highest < 0 ? first : lowest
    high[state] = highest < 0 ? first - 1 : highest
    return ends ? served : unservedKwh
  }

  return {
    survival({ step, storedKwh }, into) {
      begin(storedKwh)
      for (let hour = 0; hour < into.length; hour += 1) {
        fail()
        const loadKw = netLoadKw[(step + hour) % netLoadKw.length]!
        let alive = 0
        for (let state = 0; state < states; state += 1) {
          if (low[state]! > high[state]!) continue
          const overKw = powerKw[state]! - loadKw
          alive += overKw >= -tolerance ? charge(state, Math.max(0, overKw)) : discharge(state, -overKw, true)
        }
        into[hour] = Math.min(1, alive)
        if (alive > 0) continue
        into.fill(0, hour)
        return
      }
    },
    unserved({ step, storedKwh }, into) {
      begin(storedKwh)
      for (let hour = 0; hour < into.length; hour += 1) {
        fail()
        const loadKw = netLoadKw[(step + hour) % netLoadKw.length]!
        let unservedKwh = 0
        for (let state = 0; state < states; state += 1) {
          if (low[state]! > high[state]!) continue
          const overKw = powerKw[state]! - loadKw
          if (overKw >= -tolerance) charge(state, Math.max(0, overKw))
          else unservedKwh += discharge(state, -overKw, false)
        }
        into[hour] = unservedKwh
      }
    },
  }
}
