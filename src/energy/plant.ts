import type { Asset, Site } from '../kernel/index.ts'
import { type Carrier, mainBus } from './bus.ts'
import { isBranch } from './components/branch.ts'
import type { Conditions, Surroundings } from './components/component.ts'
import { type AnyComponent, componentOf } from './components/index.ts'
import { busOf } from './park-model.ts'
import type { Limits } from './schema/index.ts'

/** What the surroundings offer or ask of each asset now, and what the plan wants; kW by asset id. */
export interface PlantConditions {
  readonly timestampMs: number
  readonly stepHours: number
  readonly offeredKw: ReadonlyMap<string, number>
  /** + supplies the bus, − draws. */
  readonly setpointKw: ReadonlyMap<string, number>
  /** How an asset that is many shares its set point, kW by part, by asset id. */
  readonly partsKw?: ReadonlyMap<string, Readonly<Record<string, number>>>
  /** What `Component.surroundings` tells, by asset id; needed for kinds that have it. */
  readonly surroundings?: ReadonlyMap<string, Surroundings>
}

/** A park as physics: assets with state, stepped together; on every bus those that can follow keep the balance. */
export interface Plant {
  /** Steps all assets; returns `<asset>.<point>` values. */
  step(conditions: PlantConditions): ReadonlyMap<string, number>
  /** What each asset would give its electricity bus in a step, kW by id, without doing it. */
  foresee(conditions: PlantConditions): ReadonlyMap<string, number>
  /** Power that could not be balanced on the main electricity bus in the last step, kW: + surplus, − deficit. */
  readonly imbalanceKw: number
  /** The same on any bus; 0 where there is none. */
  imbalanceOn(carrier: Carrier, bus?: string): number
  /** Of every bus that was not in balance after the last step. */
  readonly imbalances: readonly { readonly carrier: Carrier; readonly bus: string; readonly powerKw: number }[]
  /** What an asset gave its electricity bus in the last step, kW: + supplied, − drew. */
  givenKw(assetId: string): number
  /** State of an asset after the last step, as its component keeps it. */
  stateOf(assetId: string): unknown
  /** The states of all assets, by id: plain data, with which a plant can be made again. */
  readonly states: ReadonlyMap<string, unknown>
}

interface Member {
  readonly asset: Asset
  readonly component: AnyComponent
  /** Its electricity bus, and the names of its points, made once: a year has millions of steps of a member. */
  readonly busKey: string
  readonly pointKeys: Map<string, string>
  /** Whether it keeps the balance of some bus before all others, and so has no set point of its own. */
  leads: boolean
  state: unknown
  /** kW by bus in the step that runs. */
  given: Map<string, number>
}

/** Imbalance below this, kW, is rounding. */
const dustKw = 1e-9

/** Bus of an asset that a carrier of its is tied to. */
function busOfCarrier(asset: Asset, carrier: Carrier): string {
  if (carrier === 'electricity') return busOf(asset)
  const named = asset[`${carrier}Bus`]
  return typeof named === 'string' ? named : mainBus
}

const carrierOf = (key: string): Carrier => key.slice(0, key.indexOf('/')) as Carrier

/** The connection as the site's limits leave it. */
function limited(asset: Asset, { importKw, exportKw }: Limits): Asset {
  if (asset.kind !== 'grid') return asset
  return {
    ...asset,
    importLimitKw: Math.min(asset.importLimitKw as number, importKw ?? Number.POSITIVE_INFINITY),
    exportLimitKw: Math.min(asset.exportLimitKw as number, exportKw ?? Number.POSITIVE_INFINITY),
  }
}

/**
 * @param states of an earlier plant of the same site; absent: as the site file says
 */
export function createPlant(site: Site, states?: ReadonlyMap<string, unknown>): Plant {
  const limits = (site.sections.limits ?? {}) as Limits
  const members: Member[] = site.assets.flatMap((given) => {
    const component = componentOf(given.kind)
    if (!component) return []
    const asset = limited(given, limits)
    const state = states?.has(asset.id) ? states.get(asset.id) : component.initialState(asset)
    return [
      {
        asset,
        component,
        busKey: `electricity/${busOf(asset)}`,
        pointKeys: new Map(),
        leads: false,
        state,
        given: new Map(),
      },
    ]
  })
  const byId = new Map(members.map((member) => [member.asset.id, member]))
  const rows = balancersOf(members)
  const yielding = yieldersOf(members)
  let netKw = new Map<string, number>()

  const step = (conditions: PlantConditions): ReadonlyMap<string, number> => {
    netKw = new Map()
    const before = members.map(({ state }) => state)
    const points = new Map<string, number>()
    /** Steps a member from where it stood before the step; a second time replaces the first. */
    const advance = (index: number, setpointKw: number | undefined, setpointOn?: Carrier): void => {
      const member = members[index]!
      const { asset, component, busKey, pointKeys } = member
      for (const [key, powerKw] of member.given) netKw.set(key, (netKw.get(key) ?? 0) - powerKw)
      const surroundings = conditions.surroundings?.get(asset.id)
      const partsKw = conditions.partsKw?.get(asset.id)
      const told: { -readonly [field in keyof Conditions]: Conditions[field] } = {
        timestampMs: conditions.timestampMs,
        stepHours: conditions.stepHours,
        offeredKw: conditions.offeredKw.get(asset.id) ?? 0,
      }
      // A set point that is no number is none.
      if (setpointKw !== undefined && !Number.isNaN(setpointKw)) told.setpointKw = setpointKw
      if (setpointOn !== undefined) told.setpointOn = setpointOn
      if (partsKw !== undefined) told.partsKw = partsKw
      if (surroundings !== undefined) told.surroundings = surroundings
      const next = component.simulate(asset, before[index], told)
      member.state = next.state
      member.given = new Map()
      member.given.set(busKey, next.busKw)
      if (next.otherKw) {
        for (const [carrier, powerKw] of Object.entries(next.otherKw)) {
          member.given.set(`${carrier}/${busOfCarrier(asset, carrier as Carrier)}`, powerKw)
        }
      }
      if (next.farKw !== undefined && isBranch(asset)) member.given.set(`electricity/${asset.from}`, next.farKw)
      for (const [key, powerKw] of member.given) netKw.set(key, (netKw.get(key) ?? 0) + powerKw)
      for (const point in next.points) {
        let key = pointKeys.get(point)
        if (key === undefined) {
          key = `${asset.id}.${point}`
          pointKeys.set(point, key)
        }
        points.set(key, next.points[point]!)
      }
    }
    const settle = (
      key: string,
      indices: readonly number[],
      allowed: (givenKw: number, missingKw: number) => boolean,
    ) => {
      for (const index of indices) {
        const missingKw = -(netKw.get(key) ?? 0)
        if (Math.abs(missingKw) <= dustKw) return
        const givenKw = members[index]!.given.get(key) ?? 0
        if (allowed(givenKw, missingKw)) advance(index, givenKw + missingKw, carrierOf(key))
      }
    }
    members.forEach((member, index) => {
      member.given = new Map()
      advance(index, member.leads ? 0 : conditions.setpointKw.get(member.asset.id))
    })
    for (const { key, indices } of rows) settle(key, indices, () => true)
    // What is still too much is held back at its source; what is still missing is left out, loads last.
    for (const { key, indices } of yielding) {
      settle(key, indices, (givenKw, missingKw) => (missingKw < 0 ? givenKw > dustKw : givenKw < -dustKw))
    }
    return points
  }

  return {
    step,
    foresee(conditions) {
      const kept = members.map(({ state, given }) => ({ state, given }))
      const net = netKw
      step(conditions)
      const powerKw = new Map(members.map(({ asset, busKey, given }) => [asset.id, given.get(busKey) ?? 0]))
      for (const [index, member] of members.entries()) Object.assign(member, kept[index])
      netKw = net
      return powerKw
    },
    get imbalanceKw() {
      return netKw.get(`electricity/${mainBus}`) ?? 0
    },
    imbalanceOn: (carrier, bus = mainBus) => netKw.get(`${carrier}/${bus}`) ?? 0,
    get imbalances() {
      return [...netKw].flatMap(([key, powerKw]) => {
        const carrier = carrierOf(key)
        return Math.abs(powerKw) <= dustKw ? [] : [{ carrier, bus: key.slice(carrier.length + 1), powerKw }]
      })
    },
    givenKw(assetId) {
      const member = byId.get(assetId)
      return member?.given.get(member.busKey) ?? 0
    },
    stateOf: (assetId) => byId.get(assetId)?.state,
    get states() {
      return new Map(members.map(({ asset, state }) => [asset.id, state]))
    },
  }
}

interface Row {
  readonly key: string
  /** Of members, the first to be asked first. */
  readonly indices: readonly number[]
}

/** Those that can keep the balance of each bus; heat and hydrogen first, for what keeps their balance may draw electricity. */
function balancersOf(members: readonly Member[]): Row[] {
  const rows = new Map<string, number[]>()
  members.forEach(({ asset, component }, index) => {
    for (const carrier of Object.keys(component.balances ?? {}) as Carrier[]) {
      const key = `${carrier}/${busOfCarrier(asset, carrier)}`
      rows.set(key, [...(rows.get(key) ?? []), index])
    }
  })
  const sorted = [...rows].map(([key, indices]): Row => {
    const rank = (index: number): number => members[index]!.component.balances?.[carrierOf(key)] ?? 0
    return { key, indices: indices.sort((a, b) => rank(a) - rank(b)) }
  })
  for (const { indices } of sorted) members[indices[0]!]!.leads = true
  const place = farthestFirst(members)
  return sorted.sort((a, b) => place(a.key) - place(b.key))
}

/** Heat and hydrogen before electricity; of electricity, buses that lines bring power to before those that it comes from. */
function farthestFirst(members: readonly Member[]): (key: string) => number {
  const feeders = new Map(members.flatMap(({ asset }) => (isBranch(asset) ? [[asset.to, asset.from] as const] : [])))
  return (key) => {
    if (carrierOf(key) !== 'electricity') return Number.MIN_SAFE_INTEGER
    let hops = 0
    // Lines in a loop have no farthest bus; the count ends somewhere.
    for (let bus = feeders.get(key.slice('electricity/'.length)); bus !== undefined && hops < feeders.size; hops += 1) {
      bus = feeders.get(bus)
    }
    return -hops
  }
}

/** Those on each electricity bus that give way when nothing balances it: sources, then what is charged, then loads. */
function yieldersOf(members: readonly Member[]): Row[] {
  const rows = new Map<string, number[]>()
  members.forEach(({ asset, component }, index) => {
    if (component.balances?.electricity !== undefined) return
    const key = `electricity/${busOf(asset)}`
    rows.set(key, [...(rows.get(key) ?? []), index])
  })
  const rank = (index: number): number => {
    const { component } = members[index]!
    return component.kind === 'load' ? 2 : component.draws ? 1 : 0
  }
  return [...rows].map(([key, indices]) => ({ key, indices: indices.sort((a, b) => rank(a) - rank(b)) }))
}
