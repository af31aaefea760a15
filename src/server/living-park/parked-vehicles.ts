import {
  type EvState,
  type Plant,
  type Present,
  partPrefix,
  type Surroundings,
  vehiclesThere,
} from '../../energy/index.ts'
import { gatewaysOf, type TwinVehicle, type TwinVehicles } from '../../gateway/index.ts'
import type { Site } from '../../kernel/index.ts'

/** The vehicles at the chargers of a simulated site, between the physics, which moves them, and the chargers, which limit them. */
export interface ParkedVehicles extends TwinVehicles {
  /** Who is there now, and what each did in the last step. */
  seen(moment: SeenMoment): void
  /** What chargers allow: kW drawn by session, by asset. */
  partsKw(): ReadonlyMap<string, Readonly<Record<string, number>>>
}

export interface SeenMoment {
  readonly timestampMs: number
  readonly surroundings: ReadonlyMap<string, Surroundings>
  readonly plant: Pick<Plant, 'stateOf'>
  /** Of the last step. */
  readonly points: ReadonlyMap<string, number>
}

/** `<session>@<arrival>` in its two parts. */
function partsOf({ key }: Present): { readonly session: string; readonly arrivalMs: number } {
  const at = key.lastIndexOf('@')
  return { session: key.slice(0, at), arrivalMs: Number(key.slice(at + 1)) }
}

/** @param site its `ev-charging` assets have the vehicles; the card of each is named as its session */
export function createParkedVehicles(site: Site): ParkedVehicles {
  const assets = site.assets.filter(({ kind }) => kind === 'ev-charging')
  const limits = new Map<string, number>()
  let there: readonly TwinVehicle[] = []
  return {
    there: () => there,
    limit: (id, powerKw) => void limits.set(id, Math.max(0, powerKw)),
    seen({ timestampMs, surroundings, plant, points }) {
      there = assets.flatMap((asset) =>
        (surroundings.get(asset.id)?.[vehiclesThere] ?? []).flatMap((vehicle): readonly TwinVehicle[] => {
          const { session, arrivalMs } = partsOf(vehicle)
          if (timestampMs < arrivalMs || timestampMs >= vehicle.departureMs) return []
          const { chargedKwh } = plant.stateOf(asset.id) as EvState
          const gotKwh = chargedKwh[vehicle.key] ?? vehicle.beforeKwh
          const needKwh = Math.max(0, vehicle.beforeKwh + vehicle.energyKwh - gotKwh) / Number(asset.efficiency ?? 1)
          const powerKw = points.get(`${asset.id}.${partPrefix}${session}`) ?? 0
          return [{ asset: asset.id, id: session, maxKw: vehicle.maxKw, needKwh, powerKw }]
        }),
      )
      const ids = new Set(there.map(({ id }) => id))
      for (const id of limits.keys()) if (!ids.has(id)) limits.delete(id)
    },
    partsKw() {
      const byAsset = new Map<string, Record<string, number>>(assets.map(({ id }) => [id, {}]))
      for (const { asset, id, maxKw } of there) byAsset.get(asset)![id] = Math.min(maxKw, limits.get(id) ?? 0)
      return byAsset
    },
  }
}

/** Gateways of charging stations that the vehicles of a site charge at; none where it has no vehicles. */
export function chargersOf(site: Site): readonly string[] {
  if (!site.assets.some(({ kind }) => kind === 'ev-charging')) return []
  return gatewaysOf(site).flatMap(({ id, protocol }) => (protocol === 'ocpp' ? [id] : []))
}
