import type { EvChargingAsset } from '../schema/index.ts'
import type { Stay } from './ev-stays.ts'

/** A vehicle that is there during a step. */
export interface Present {
  /** `<session>@<arrival>` */
  readonly key: string
  readonly maxKw: number
  readonly minKw: number
  readonly v2gKw: number
  /** To get within the horizon, and what it has got before. */
  readonly energyKwh: number
  readonly beforeKwh: number
  /** What it may give back of what it brought when the horizon began, kWh. */
  readonly givableKwh: number
  readonly departureMs: number
}

/** Energy that each vehicle which is there has got, kWh by `<session>@<arrival>`. */
export interface EvState {
  readonly chargedKwh: Readonly<Record<string, number>>
}

export const keyOf = ({ id, arrivalMs }: Stay): string => `${id}@${arrivalMs}`

const byStep = new WeakMap<readonly Stay[], readonly (readonly Stay[])[]>()

/** The stays of step `k`; a year has thousands, and looking through all of them in every step takes longer than all else. */
export function staysIn(stays: readonly Stay[], k: number): readonly Stay[] {
  let steps = byStep.get(stays)
  if (!steps) {
    const made: Stay[][] = []
    for (const stay of stays) {
      for (let step = stay.from; step < stay.to; step += 1) {
        const there = made[step] ?? []
        made[step] = there
        there.push(stay)
      }
    }
    byStep.set(stays, made)
    steps = made
  }
  return steps[k] ?? []
}

/** Who is there in step `k`, and what they can do in the part of it that they are there. */
export const presentIn = (stays: readonly Stay[], k: number): Present[] =>
  staysIn(stays, k).map((stay) => {
    const presence = stay.presence[k - stay.from]!
    const { minKw, energyKwh, beforeKwh, departureMs } = stay
    return {
      key: keyOf(stay),
      maxKw: stay.maxKw * presence,
      minKw: minKw * presence,
      v2gKw: stay.v2gKw * presence,
      energyKwh,
      beforeKwh,
      givableKwh: Math.max(0, (stay.startKwh ?? 0) - stay.floorKwh),
      departureMs,
    }
  })

/** Points of a plan or a simulation with the power of one vehicle: `powerKw.<session>`. */
export const partPrefix = 'powerKw.'

const pointNames = new Map<string, string>()
const mostNames = 20_000

/** The point of a vehicle's power, made once a stay. */
function pointOf(key: string): string {
  let name = pointNames.get(key)
  if (name === undefined) {
    if (pointNames.size > mostNames) pointNames.clear()
    name = `${partPrefix}${sessionOf(key)}`
    pointNames.set(key, name)
  }
  return name
}

const sessionOf = (key: string): string => key.slice(0, key.lastIndexOf('@'))

/** Energy of the stay in progress by session, as `chargedKwh` of the asset has it. */
export const bySession = ({ chargedKwh }: EvState): Record<string, number> =>
  Object.fromEntries(Object.entries(chargedKwh).map(([key, energyKwh]) => [sessionOf(key), energyKwh]))

/** The power of each vehicle as points, + drawn. */
export const partPoints = ({ ownKw }: Shared): Record<string, number> => {
  const points: Record<string, number> = {}
  for (const key in ownKw) {
    const point = pointOf(key)
    points[point] = (points[point] ?? 0) + ownKw[key]!
  }
  return points
}

/** Power a step when every vehicle charges as soon as it arrives, as fast as charger and feeder allow, kW. */
export function chargeOnArrival(asset: EvChargingAsset, stays: readonly Stay[], hours: Float64Array): Float64Array {
  const powerKw = new Float64Array(hours.length)
  let state: EvState = { chargedKwh: {} }
  for (let k = 0; k < hours.length; k += 1) {
    const next = share(state, { asset, present: presentIn(stays, k), timestampMs: 0, stepHours: hours[k]! })
    powerKw[k] = next.powerKw
    state = next.state
  }
  return powerKw
}

export interface Sharing {
  readonly asset: EvChargingAsset
  readonly present: readonly Present[]
  /** What all vehicles together are to draw, − give back; absent: each as much as it can, in the order of the site file. */
  readonly wantedKw?: number
  /** What each is to draw, by session, as far as it can; what that leaves is shared. */
  readonly partsKw?: Readonly<Record<string, number>>
  readonly timestampMs: number
  readonly stepHours: number
}

export interface Shared {
  readonly state: EvState
  /** + drawn, − given back. */
  readonly powerKw: number
  readonly ownKw: Readonly<Record<string, number>>
}

interface Lacking extends Present {
  /** Still to draw, kWh at the charger. */
  readonly drawKwh: number
  /** Time that would be left over if it charged at full power from now on, h. */
  readonly spareHours: number
  readonly leastKw: number
  readonly mostKw: number
}

/**
 * Shares a power among the vehicles that are there, within charger, feeder, need and stock: so that the least time to spare
 * after the step is as long as it can be, which is least laxity first (Dertouzos & Mok 1989) carried out continuously.
 */
export function share({ chargedKwh }: EvState, sharing: Sharing): Shared {
  const { asset, present, wantedKw, partsKw, timestampMs, stepHours } = sharing
  const got = ({ key, beforeKwh }: Present): number => chargedKwh[key] ?? beforeKwh
  const perHour = stepHours > 0 ? 1 / stepHours : 0
  const lacking = present.map((vehicle): Lacking => {
    const drawKwh = Math.max(0, vehicle.beforeKwh + vehicle.energyKwh - got(vehicle)) / asset.efficiency
    const spareHours = (vehicle.departureMs - timestampMs) / 3_600_000 - drawKwh / Math.max(vehicle.maxKw, 1e-9)
    const stockKwh = Math.max(0, vehicle.givableKwh + got(vehicle) - vehicle.beforeKwh) * asset.efficiency
    const gives = wantedKw !== undefined && wantedKw < 0
    // What is given back has to come in again, through both ways of the charger, while there is time.
    const timeKw = Math.max(0, spareHours - stepHours) * perHour * vehicle.maxKw * asset.efficiency * asset.efficiency
    // Field by field: a year of chargers copies hundreds of thousands.
    return {
      key: vehicle.key,
      maxKw: vehicle.maxKw,
      minKw: vehicle.minKw,
      v2gKw: vehicle.v2gKw,
      energyKwh: vehicle.energyKwh,
      beforeKwh: vehicle.beforeKwh,
      givableKwh: vehicle.givableKwh,
      departureMs: vehicle.departureMs,
      drawKwh,
      spareHours,
      leastKw: gives ? -Math.min(vehicle.v2gKw, stockKwh * perHour, timeKw) : 0,
      mostKw: gives ? 0 : Math.min(vehicle.maxKw, drawKwh * perHour),
    }
  })
  const roomKw = Math.max(-asset.feederLimitKw, Math.min(asset.feederLimitKw, wantedKw ?? Number.POSITIVE_INFINITY))
  const own =
    wantedKw === undefined ? inOrder(lacking, roomKw) : levelled(withParts(lacking, roomKw, partsKw), roomKw, stepHours)
  const next: Record<string, number> = {}
  const ownKw: Record<string, number> = {}
  let powerKw = 0
  lacking.forEach((vehicle, index) => {
    const power = own[index]!
    powerKw += power
    ownKw[vehicle.key] = power
    const intoKw = power >= 0 ? power * asset.efficiency : power / asset.efficiency
    next[vehicle.key] = got(vehicle) + intoKw * stepHours
  })
  return { powerKw, ownKw, state: { chargedKwh: next } }
}

/** Vehicles that are to draw at least their part of a plan; as they are, where all parts together do not fit. */
function withParts(
  lacking: readonly Lacking[],
  roomKw: number,
  partsKw: Readonly<Record<string, number>> | undefined,
): readonly Lacking[] {
  if (!partsKw || roomKw <= 0) return lacking
  const planned = lacking.map((vehicle) => ({
    ...vehicle,
    leastKw: Math.min(vehicle.mostKw, Math.max(vehicle.leastKw, partsKw[sessionOf(vehicle.key)] ?? 0)),
  }))
  const sumKw = planned.reduce((sum, { leastKw }) => sum + leastKw, 0)
  return sumKw <= roomKw + 1e-9 ? planned : lacking
}

/** Whether a vehicle would charge at less than it can, though it needs more than the rest of the step. */
const tooLittle = ({ minKw, mostKw }: Lacking, power: number): boolean =>
  power > 0 && power < Math.min(minKw, mostKw) - 1e-9

function inOrder(lacking: readonly Lacking[], roomKw: number): number[] {
  let left = roomKw
  return lacking.map((vehicle) => {
    const power = Math.max(0, Math.min(left, vehicle.mostKw))
    if (tooLittle(vehicle, power)) return 0
    left -= power
    return power
  })
}

/** Bisections of the level; 60 halve any span of hours to rounding. */
const bisections = 60

/** Time to spare after the step is `spareHours − step + own × step ÷ maxKw`: one level for all that can reach it. */
function levelled(lacking: readonly Lacking[], roomKw: number, stepHours: number): number[] {
  const out = new Set<number>()
  for (;;) {
    const at = (level: number): number[] =>
      lacking.map(({ spareHours, maxKw, leastKw, mostKw }, index) => {
        if (out.has(index)) return 0
        const wanted = stepHours > 0 ? ((level - spareHours + stepHours) * maxKw) / stepHours : 0
        return Math.min(mostKw, Math.max(leastKw, wanted))
      })
    const sum = (own: readonly number[]): number => own.reduce((total, power) => total + power, 0)
    const spare = lacking.map(({ spareHours }) => spareHours)
    let low = Math.min(0, ...spare) - 3 * stepHours - 1
    let high = Math.max(0, ...spare) + 3 * stepHours + 1
    // Enough for all, or nothing to give: at one of the ends.
    if (sum(at(high)) <= roomKw) low = high
    for (let step = 0; step < bisections && low < high; step += 1) {
      const middle = (low + high) / 2
      if (sum(at(middle)) <= roomKw) low = middle
      else high = middle
    }
    const own = at(low)
    const weakest = lacking.reduce(
      (found, vehicle, index) =>
        tooLittle(vehicle, own[index]!) && (found < 0 || vehicle.spareHours > lacking[found]!.spareHours)
          ? index
          : found,
      -1,
    )
    if (weakest < 0) return own
    out.add(weakest)
  }
}
