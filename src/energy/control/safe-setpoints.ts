import type { Asset, Site } from '../../kernel/index.ts'
import { componentOf } from '../components/index.ts'
import type { Plant, PlantConditions } from '../plant.ts'

/** A set point that no machine was to be given. */
export interface Correction {
  readonly asset: string
  /** What was asked for, kW; NaN where that was no number. */
  readonly wantedKw: number
  /** What it is told instead, kW; absent: nothing, so that it does what it would alone. */
  readonly givenKw?: number
}

export interface SafeSetpoints {
  /** kW by asset id, + supplies the bus, − draws. */
  readonly setpointKw: ReadonlyMap<string, number>
  readonly corrections: readonly Correction[]
}

/** kW by which a machine may differ from its set point without being told another: rounding. */
const dustKw = 1e-6

type Moment = Omit<PlantConditions, 'setpointKw'>

/** What a machine makes of a set point, on the bus that it speaks of; NaN where its physics gives no number. */
function takenKw(asset: Asset, plant: Plant, moment: Moment, setpointKw: number): number {
  const component = componentOf(asset.kind)
  if (!component || Number.isNaN(setpointKw)) return Number.NaN
  const surroundings = moment.surroundings?.get(asset.id)
  const on = component.setpointOn?.(asset) ?? 'electricity'
  const { busKw, otherKw } = component.simulate(asset, plant.stateOf(asset.id), {
    timestampMs: moment.timestampMs,
    stepHours: moment.stepHours,
    offeredKw: moment.offeredKw.get(asset.id) ?? 0,
    // Infinite is as much as it can.
    setpointKw: Math.max(-largestKw, Math.min(largestKw, setpointKw)),
    ...(surroundings ? { surroundings } : {}),
  })
  return on === 'electricity' ? busKw : (otherKw?.[on] ?? 0)
}

const largestKw = 1e9

/**
 * The last gate before a command leaves: whoever made the set points, what passes here each machine can do from where it
 * stands. The measure is the machine's own physics, the same that simulates it: a set point passes when the machine takes it
 * as it is, else the machine is told what it would make of it. Set points of what is not there, and those that are no
 * number, are dropped. Connections and whatever else leads a bus have none.
 */
export function safeSetpoints(
  site: Site,
  plant: Plant,
  moment: Moment,
  wantedKw: ReadonlyMap<string, number>,
): SafeSetpoints {
  const setpointKw = new Map<string, number>()
  const corrections: Correction[] = []
  const byId = new Map(site.assets.map((asset) => [asset.id, asset]))
  for (const [id, wanted] of wantedKw) {
    const asset = byId.get(id)
    const given = asset ? takenKw(asset, plant, moment, wanted) : Number.NaN
    if (Number.isFinite(given)) {
      setpointKw.set(id, given)
      if (!(Math.abs(given - wanted) <= dustKw)) corrections.push({ asset: id, wantedKw: wanted, givenKw: given })
    } else corrections.push({ asset: id, wantedKw: wanted })
  }
  return { setpointKw, corrections }
}

/** Set points that a machine would not take as they are, in words; what {@link safeSetpoints} returns has none. */
export function setpointBreaches(
  site: Site,
  plant: Plant,
  moment: Moment,
  setpointKw: ReadonlyMap<string, number>,
): readonly string[] {
  return [...setpointKw].flatMap(([id, powerKw]) => {
    const asset = site.assets.find((candidate) => candidate.id === id)
    if (!asset) return [`${id}: is not there`]
    const taken = takenKw(asset, plant, moment, powerKw)
    if (Math.abs(taken - powerKw) <= dustKw * Math.max(1, Math.abs(powerKw) * 1e-3)) return []
    return [`${id}: is told ${powerKw} kW and would make ${taken} kW of it`]
  })
}
