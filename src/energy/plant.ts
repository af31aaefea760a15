import type { Asset, Site } from '../kernel/index.ts'
import { type Carrier, mainBus } from './bus.ts'
import { type AnyComponent, componentOf } from './components/index.ts'
import { busOf } from './park-model.ts'

/** What the surroundings offer or ask of each asset now, and what the plan wants; kW by asset id. */
export interface PlantConditions {
  readonly timestampMs: number
  readonly stepHours: number
  readonly offeredKw: ReadonlyMap<string, number>
  /** + supplies the bus, − draws. */
  readonly setpointKw: ReadonlyMap<string, number>
}

/** A park as physics: assets with state, stepped together; on every bus those that can follow keep the balance. */
export interface Plant {
  /** Steps all assets; returns `<asset>.<point>` values. */
  step(conditions: PlantConditions): ReadonlyMap<string, number>
  /** Power that could not be balanced on the main electricity bus in the last step, kW: + surplus, − deficit. */
  readonly imbalanceKw: number
  /** The same on any bus; 0 where there is none. */
  imbalanceOn(carrier: Carrier, bus?: string): number
  /** State of an asset after the last step, as its component keeps it. */
  stateOf(assetId: string): unknown
}

interface Member {
  readonly asset: Asset
  readonly component: AnyComponent
  state: unknown
}

/** Imbalance below this, kW, is rounding. */
const dustKw = 1e-9

/** Bus of an asset that a carrier of its is tied to. */
function busOfCarrier(asset: Asset, carrier: Carrier): string {
  if (carrier === 'electricity') return busOf(asset)
  const named = asset[`${carrier}Bus`]
  return typeof named === 'string' ? named : mainBus
}

export function createPlant(site: Site): Plant {
  const members: Member[] = site.assets.flatMap((asset) => {
    const component = componentOf(asset.kind)
    return component ? [{ asset, component, state: component.initialState(asset) }] : []
  })
  /** Those that can keep the balance of a bus, the first to be asked first. */
  const balancers = new Map<string, Member[]>()
  for (const member of members) {
    for (const carrier of Object.keys(member.component.balances ?? {}) as Carrier[]) {
      const key = `${carrier}/${busOfCarrier(member.asset, carrier)}`
      balancers.set(key, [...(balancers.get(key) ?? []), member])
    }
  }
  for (const [key, list] of balancers) {
    const rank = (member: Member): number => member.component.balances?.[key.split('/')[0] as Carrier] ?? 0
    list.sort((a, b) => rank(a) - rank(b))
  }
  let netKw = new Map<string, number>()
  return {
    get imbalanceKw() {
      return netKw.get(`electricity/${mainBus}`) ?? 0
    },
    imbalanceOn: (carrier, bus = mainBus) => netKw.get(`${carrier}/${bus}`) ?? 0,
    stateOf: (assetId) => members.find(({ asset }) => asset.id === assetId)?.state,
    step(conditions) {
      netKw = new Map()
      const before = new Map(members.map((member) => [member, member.state]))
      const given = new Map<Member, ReadonlyMap<string, number>>()
      const points = new Map<string, number>()
      /** Steps a member from where it stood before the step; a second time replaces the first. */
      const advance = (member: Member, setpointKw: number | undefined): void => {
        const { asset, component } = member
        for (const [key, powerKw] of given.get(member) ?? []) netKw.set(key, (netKw.get(key) ?? 0) - powerKw)
        const next = component.simulate(asset, before.get(member), {
          timestampMs: conditions.timestampMs,
          stepHours: conditions.stepHours,
          offeredKw: conditions.offeredKw.get(asset.id) ?? 0,
          ...(setpointKw === undefined ? {} : { setpointKw }),
        })
        member.state = next.state
        const gives = new Map([[`electricity/${busOf(asset)}`, next.busKw]])
        for (const [carrier, powerKw] of Object.entries(next.otherKw ?? {})) {
          gives.set(`${carrier}/${busOfCarrier(asset, carrier as Carrier)}`, powerKw)
        }
        given.set(member, gives)
        for (const [key, powerKw] of gives) netKw.set(key, (netKw.get(key) ?? 0) + powerKw)
        for (const [point, value] of Object.entries(next.points)) points.set(`${asset.id}.${point}`, value)
      }
      // The first of each row follows the rest and has no setpoint of its own.
      const leaders = new Set([...balancers.values()].map(([first]) => first))
      for (const member of members) {
        advance(member, leaders.has(member) ? 0 : conditions.setpointKw.get(member.asset.id))
      }
      // Heat and hydrogen first: what keeps their balance may draw electricity.
      const keys = [...balancers.keys()].sort((a, b) => Number(a.startsWith('elec')) - Number(b.startsWith('elec')))
      for (const key of keys) {
        for (const member of balancers.get(key)!) {
          const missingKw = -(netKw.get(key) ?? 0)
          if (Math.abs(missingKw) <= dustKw) break
          advance(member, (given.get(member)?.get(key) ?? 0) + missingKw)
        }
      }
      return points
    },
  }
}
