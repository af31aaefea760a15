import type { Asset } from '../kernel/index.ts'
import { chargeLimitKw } from './components/battery-physics.ts'
import { staysOnGrid } from './components/ev-charging.ts'
import { hydroPowerKw } from './components/hydro.ts'
import type { SolvedPark } from './park.fixture.ts'
import type {
  BatteryAsset,
  EvChargingAsset,
  GensetAsset,
  GridAsset,
  HydroAsset,
  Limits,
  LoadAsset,
  PvAsset,
} from './schema/index.ts'

/** One asset of a plan. */
export interface AssetPlan {
  readonly asset: Asset
  readonly plan: SolvedPark
  readonly limits: Limits
  /** Values of one of its points, one a step. */
  values(point: string): Float64Array
}

/** kW, kWh: dust of the solver on powers and energies of hundreds. */
const tolerance = 1e-4
/** kWh of a shortfall that is too little to name. */
const unnamedKwh = 0.01
/** A battery of less holds nothing. */
const leastCapacityKwh = 1e-6

/** Steps in which `broken` holds, as one sentence. */
function steps(what: string, values: Float64Array, broken: (value: number, k: number) => boolean): string[] {
  const k = values.findIndex((value, index) => broken(value, index))
  return k < 0 ? [] : [`${what} in step ${k}: ${values[k]}`]
}

const outside = (low: number, high: number) => (value: number) =>
  !(value >= low - tolerance && value <= high + tolerance)

export function sourceBreaches({ asset, values }: AssetPlan): string[] {
  const powerKw = values('powerKw')
  const availableKw = values('availableKw')
  const { curtailable } = asset as unknown as PvAsset
  const rated = asset.kind === 'hydro' ? hydroPowerKw(asset as unknown as HydroAsset, 1e9) : Number.POSITIVE_INFINITY
  return [
    ...steps('gives more than there is, or less than nothing', powerKw, (power, k) =>
      outside(0, availableKw[k]!)(power),
    ),
    ...steps('gives more than its rating', powerKw, outside(0, rated)),
    ...(curtailable
      ? []
      : steps('is held back and cannot be', powerKw, (power, k) => Math.abs(power - availableKw[k]!) > tolerance)),
  ]
}

export function batteryBreaches({ asset, plan, values }: AssetPlan): string[] {
  const it = asset as unknown as BatteryAsset
  const hours = plan.frame.stepHours
  const powerKw = values('powerKw')
  const soc = values('soc')
  const floorSoc = Math.min(it.minSoc, it.initialSoc)
  const retention = (1 - it.selfDischargePerDay) ** (hours / 24)
  const expected = (k: number): number => {
    const before = k === 0 ? it.initialSoc : soc[k - 1]!
    const power = powerKw[k]!
    const storedKwh = power >= 0 ? (-power * hours) / it.dischargeEfficiency : -power * hours * it.chargeEfficiency
    return (floorSoc + retention * (before - floorSoc)) * it.capacityKwh + storedKwh
  }
  return [
    ...steps('passes its power', powerKw, outside(-it.maxChargeKw, it.maxDischargeKw)),
    ...(it.capacityKwh <= leastCapacityKwh
      ? steps('stores in nothing', powerKw, outside(0, 0))
      : [
          ...steps('leaves its band', soc, (value) => outside(floorSoc, Math.max(it.maxSoc, it.initialSoc))(value)),
          ...steps(
            'stores what it was not given',
            soc,
            (value, k) => Math.abs(value * it.capacityKwh - expected(k)) > 1e-3,
          ),
          ...steps('charges above its taper', powerKw, (power, k) => -power > chargeLimitKw(it, soc[k]!) + 1e-3),
        ]),
  ]
}

export function gensetBreaches({ asset, plan, values }: AssetPlan): string[] {
  const it = asset as unknown as GensetAsset
  const powerKw = values('powerKw')
  const on = values('on')
  const before = it.initiallyOnHours > 0 ? 1 : 0
  return [
    ...steps('is neither on nor off', on, (value) => value !== 0 && value !== 1),
    ...steps('gives power while it is off', powerKw, (power, k) => on[k] === 0 && outside(0, 0)(power)),
    ...steps(
      'leaves its load range',
      powerKw,
      (power, k) => on[k] === 1 && outside(it.minLoad * it.ratedKw, it.ratedKw)(power),
    ),
    ...dwellBreaches(on, before, plan.frame.stepHours, it),
  ]
}

/** Minimum up and down times of spells that begin inside the horizon and end there, or began before it. */
function dwellBreaches(on: Float64Array, before: number, hours: number, it: GensetAsset): string[] {
  const breaches: string[] = []
  let state = before
  let sinceHours = before === 1 ? it.initiallyOnHours : (it.initiallyOffHours ?? Number.POSITIVE_INFINITY)
  on.forEach((value, k) => {
    if (value !== state) {
      const least = state === 1 ? it.minUpHours : it.minDownHours
      if (sinceHours < least - 1e-9) breaches.push(`changes in step ${k} after ${sinceHours} h instead of ${least} h`)
      state = value
      sinceHours = 0
    }
    sinceHours += hours
  })
  return breaches
}

export function loadBreaches({ asset, plan, values }: AssetPlan): string[] {
  const it = asset as unknown as LoadAsset
  const powerKw = values('powerKw')
  const demandKw = values('demandKw')
  const peakKw = demandKw.reduce((most, value) => Math.max(most, value), 0)
  const raiseKw = (it.shiftable?.maxRaise ?? 0) * peakKw
  const hours = plan.frame.stepHours
  const leftOutKwh = demandKw.reduce((sum, demand, k) => sum + (demand - powerKw[k]!) * hours, 0)
  const chosenKwh = values('curtailedKw').reduce((sum, power) => sum + power * hours, 0)
  const named = plan.relaxed.filter((relaxed) => relaxed.asset === asset.id)
  const namedKwh = named.reduce((sum, { amount }) => sum + amount, 0)
  return [
    ...steps('draws less than nothing', powerKw, (power) => power < -tolerance),
    ...steps('draws more than it may', powerKw, (power, k) => power > demandKw[k]! + raiseKw + tolerance),
    // Every window and the unserved power may each leave out an amount too small to name.
    ...(Math.abs(leftOutKwh - chosenKwh - namedKwh) > unnamedKwh * (demandKw.length + 1)
      ? [`goes without ${leftOutKwh - chosenKwh} kWh and names ${namedKwh}`]
      : []),
  ]
}

export function evBreaches({ asset, plan, values }: AssetPlan): string[] {
  const it = asset as unknown as EvChargingAsset
  const powerKw = values('powerKw')
  const stays = staysOnGrid(it, plan.frame)
  const chargersKw = (k: number): number =>
    stays.reduce((sum, stay) => sum + (stay.presence[k - stay.from] ?? 0) * stay.maxKw, 0)
  const wantedKwh = stays.reduce((sum, { energyKwh }) => sum + energyKwh, 0)
  const givenKwh = powerKw.reduce((sum, power) => sum + power * plan.frame.stepHours * it.efficiency, 0)
  const namedKwh = plan.relaxed
    .filter((relaxed) => relaxed.asset === asset.id)
    .reduce((sum, { amount }) => sum + amount, 0)
  return [
    ...steps('passes its feeder', powerKw, outside(0, it.feederLimitKw)),
    ...steps('charges who is not there', powerKw, (power, k) => power > chargersKw(k) + tolerance),
    ...(Math.abs(wantedKwh - givenKwh - namedKwh) > unnamedKwh * (stays.length + 1)
      ? [`leaves ${wantedKwh - givenKwh} kWh uncharged and names ${namedKwh}`]
      : []),
  ]
}

export function gridBreaches({ asset, values, limits }: AssetPlan): string[] {
  const it = asset as unknown as GridAsset
  const importKw = Math.min(it.importLimitKw, limits.importKw ?? Number.POSITIVE_INFINITY)
  const exportKw = Math.min(it.exportLimitKw, limits.exportKw ?? Number.POSITIVE_INFINITY)
  return steps('passes its limits', values('powerKw'), outside(-exportKw, importKw))
}
