import { type CommandRules, fallbackAt, type SetpointRule } from '../../commands/index.ts'

/** The machines of a commanded site: what they were told, and what they do when nobody tells them anything any more. */
export interface Machines {
  /** A setpoint came in over the wire, in the unit of its point. */
  take(ref: string, value: number, nowMs: number): void
  /** Set points by asset id, kW: + supplies the bus, − draws. */
  setpointKw(nowMs: number): Map<string, number>
  /** Setpoints as the machines hold them, by point and in its unit. */
  held(nowMs: number): ReadonlyMap<string, number>
}

interface Told {
  readonly value: number
  readonly atMs: number
}

/** A machine waits for so many repetitions of a setpoint before it believes that nobody commands it. */
const missedRepeats = 3

/**
 * Machines that do what they were told last. One that is told again and again (`repeat`) has a watchdog: when three repetitions did not
 * come it goes to its safe local schedule, the `fallback` of the site file. One without `repeat` holds what it was told. Before the
 * first word all of them follow the schedule.
 */
export function createMachines({ setpoints, zone }: Pick<CommandRules, 'setpoints' | 'zone'>): Machines {
  const told = new Map<string, Told>()
  const rules = new Map(setpoints.map((rule) => [rule.ref, rule]))
  const heldOf = (rule: SetpointRule, nowMs: number): number => {
    const last = told.get(rule.ref)
    const isLate = last && rule.repeatMs !== null && Math.abs(nowMs - last.atMs) > missedRepeats * rule.repeatMs
    return last && !isLate ? last.value : fallbackAt(rule, nowMs, zone)
  }
  return {
    take(ref, value, nowMs) {
      if (rules.has(ref) && Number.isFinite(value)) told.set(ref, { value, atMs: nowMs })
    },
    setpointKw(nowMs) {
      const wanted = new Map<string, number>()
      const stopped = new Set<string>()
      for (const rule of setpoints) {
        const value = heldOf(rule, nowMs)
        if (rule.power) wanted.set(rule.power.asset, value / rule.power.perKw)
        else if (rule.follows?.endsWith('.on') && value < 0.5) stopped.add(rule.follows.slice(0, -'.on'.length))
      }
      for (const asset of stopped) wanted.set(asset, 0)
      return wanted
    },
    held: (nowMs) => new Map(setpoints.map((rule) => [rule.ref, heldOf(rule, nowMs)])),
  }
}
