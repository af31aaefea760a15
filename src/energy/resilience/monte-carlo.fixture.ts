import type { OutageBattery, OutageStart } from './outage-walk.ts'
import type { GeneratorKind } from './units.ts'

export interface Trial {
  readonly kinds: readonly GeneratorKind[]
  readonly battery?: OutageBattery
  readonly netLoadKw: readonly number[]
  readonly stepHours: number
  readonly start: OutageStart
  readonly steps: number
}

/** Plays outages set by set and kWh by kWh: mean survival up to each step, and mean energy not served in each. */
export function playOutages(
  { kinds, battery, netLoadKw, stepHours, start, steps }: Trial,
  games: number,
  random: () => number,
): { survival: number[]; unservedKwh: number[] } {
  const survival = new Array<number>(steps).fill(0)
  const unservedKwh = new Array<number>(steps).fill(0)
  for (let game = 0; game < games; game += 1) {
    const sets = kinds.flatMap((kind) =>
      Array.from({ length: kind.count }, () => ({
        kind,
        works: random() < kind.availability && random() >= kind.failureToStart,
      })),
    )
    let stored = battery ? start.storedKwh : 0
    let served = true
    for (let step = 0; step < steps; step += 1) {
      for (const set of sets) if (set.works && random() < stepHours / set.kind.meanHoursToFailure) set.works = false
      const power = sets.reduce((sum, { kind, works }) => sum + (works ? kind.powerKw : 0), 0)
      const over = power - netLoadKw[(start.step + step) % netLoadKw.length]!
      if (over >= -1e-9) {
        const gain = battery ? Math.min(Math.max(0, over), battery.chargeKw) * stepHours * battery.chargeEfficiency : 0
        stored = Math.min(battery?.usableKwh ?? 0, stored + gain)
      } else {
        const most = battery ? Math.min(battery.dischargeKw, (stored * battery.dischargeEfficiency) / stepHours) : 0
        const given = Math.min(-over, most)
        if (battery) stored = Math.max(0, stored - (given * stepHours) / battery.dischargeEfficiency)
        if (given < -over * (1 - 1e-9)) {
          served = false
          unservedKwh[step]! += ((-over - given) * stepHours) / games
        }
      }
      if (served) survival[step]! += 1 / games
    }
  }
  return { survival, unservedKwh }
}
