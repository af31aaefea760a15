import type { Asset, Site } from '../kernel/index.ts'
import { type AnyComponent, componentOf } from './components/index.ts'

/** What the surroundings offer or ask of each asset now, and what the plan wants; kW by asset id. */
export interface PlantConditions {
  readonly timestampMs: number
  readonly stepHours: number
  readonly offeredKw: ReadonlyMap<string, number>
  /** + supplies the bus, − draws. */
  readonly setpointKw: ReadonlyMap<string, number>
}

/** A park as physics: assets with state, stepped together, balanced by the grid or, islanded, by what can follow. */
export interface Plant {
  /** Steps all assets; returns `<asset>.<point>` values. */
  step(conditions: PlantConditions): ReadonlyMap<string, number>
  /** Power that could not be balanced in the last step, kW: + surplus, − deficit. */
  readonly imbalanceKw: number
}

interface Member {
  readonly asset: Asset
  readonly component: AnyComponent
  state: unknown
}

/** Order in which members take up what the others leave over. */
const balancers = ['grid', 'battery', 'genset']

export function createPlant(site: Site): Plant {
  const members: Member[] = site.assets.flatMap((asset) => {
    const component = componentOf(asset.kind)
    return component ? [{ asset, component, state: component.initialState(asset) }] : []
  })
  const balancer = balancers.map((kind) => members.find((member) => member.asset.kind === kind)).find(Boolean)
  let imbalanceKw = 0
  return {
    get imbalanceKw() {
      return imbalanceKw
    },
    step(conditions) {
      const points = new Map<string, number>()
      let netKw = 0
      const advance = (member: Member, setpointKw: number | undefined): void => {
        const { asset, component } = member
        const next = component.simulate(asset, member.state, {
          timestampMs: conditions.timestampMs,
          stepHours: conditions.stepHours,
          offeredKw: conditions.offeredKw.get(asset.id) ?? 0,
          ...(setpointKw === undefined ? {} : { setpointKw }),
        })
        member.state = next.state
        netKw += next.busKw
        for (const [point, value] of Object.entries(next.points)) points.set(`${asset.id}.${point}`, value)
      }
      for (const member of members) {
        if (member !== balancer) advance(member, conditions.setpointKw.get(member.asset.id))
      }
      if (balancer) advance(balancer, -netKw)
      imbalanceKw = netKw
      return points
    },
  }
}
