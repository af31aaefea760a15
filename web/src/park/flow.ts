import type { SiteAsset } from '../api/types.ts'
import { carrierPoint } from '../ui/carriers.ts'
import { type Family, families, familyOf } from '../ui/families.ts'

/** Value of `<asset>.<point>` at the moment shown; undefined where it is not known. */
export type LookUp = (ref: string) => number | undefined

/** One thing that supplies the park bus or draws from it, kW, never negative. */
export interface FlowNode {
  readonly id: string
  readonly title: string
  readonly family: Family
  readonly powerKw: number | undefined
  /** What nature offers, where the asset tells it. */
  readonly availableKw?: number
}

/** A battery: + discharging into the bus, − charging from it. */
export interface FlowStorage {
  readonly id: string
  readonly title: string
  readonly powerKw: number | undefined
  /** State of charge, 0 to 1. */
  readonly soc: number | undefined
}

/** The park at one moment, as the picture shows it. */
export interface Flow {
  readonly supply: readonly FlowNode[]
  readonly use: readonly FlowNode[]
  readonly storage: readonly FlowStorage[]
}

/** Below this a machine rests, kW. */
export const restingKw = 0.5

/** Sorts the assets of a site to the two sides of the bus; what flows both ways stands on both. */
export function flowOf(assets: readonly SiteAsset[], lookUp: LookUp): Flow {
  const supply: FlowNode[] = []
  const use: FlowNode[] = []
  const storage: FlowStorage[] = []
  for (const { id, title, kind } of assets) {
    const family = familyOf(kind)
    const electricity = carrierPoint(kind, 'electricity')
    if (!family || !electricity) continue
    const powerKw = lookUp(`${id}.${electricity.point}`)
    const availableKw = lookUp(`${id}.availableKw`)
    const node = { id, title, family }
    const part = (sign: 1 | -1) => (powerKw === undefined ? undefined : Math.max(0, sign * powerKw))
    if (powerKw === undefined && electricity.optional) continue
    if (family === 'battery') storage.push({ id, title, powerKw, soc: lookUp(`${id}.soc`) })
    else if (family === 'grid') {
      supply.push({ ...node, powerKw: part(1) })
      use.push({ ...node, powerKw: part(-1) })
    } else {
      const [own, other] = electricity.sign > 0 ? [supply, use] : [use, supply]
      own.push({ ...node, powerKw: part(1), ...(availableKw === undefined ? {} : { availableKw }) })
      // A reservoir that pumps up, a vehicle that gives back.
      if (powerKw !== undefined && powerKw <= -restingKw) other.push({ ...node, powerKw: -powerKw })
    }
  }
  const order = ({ family }: FlowNode): number => (families as readonly Family[]).indexOf(family)
  // The grid last: what the site has of its own comes first on both sides.
  const sorted = (nodes: readonly FlowNode[]): readonly FlowNode[] =>
    nodes.toSorted((a, b) => Number(a.family === 'grid') - Number(b.family === 'grid') || order(a) - order(b))
  return { supply: sorted(supply), use: sorted(use), storage }
}

const sum = (nodes: readonly { readonly powerKw: number | undefined }[]): number =>
  nodes.reduce((total, { powerKw }) => total + Math.max(0, powerKw ?? 0), 0)

/** What flows into the bus, kW; discharging batteries count. */
export const suppliedKw = ({ supply, storage }: Flow): number => sum(supply) + sum(storage)

/** What the site itself uses, kW: without export and charging. */
export const usedKw = ({ use }: Flow): number => sum(use.filter(({ family }) => family !== 'grid'))

export interface Ribbon {
  readonly id: string
  readonly family: Family
  readonly widthPx: number
  /** Middle of the ribbon at its machine and at the bus, from the top. */
  readonly outerPx: number
  readonly busPx: number
}

export interface Ribbons {
  readonly supply: readonly Ribbon[]
  readonly use: readonly Ribbon[]
  /** Width of each battery's ribbon, by id. */
  readonly storagePx: ReadonlyMap<string, number>
  readonly busTopPx: number
  readonly busBottomPx: number
}

/** A ribbon that carries anything is at least this wide. */
const thinnestPx = 1.5

/**
 * Lays the ribbons out: one width for a kilowatt on both sides, no ribbon higher than its row, all ribbons of a side
 * stacked without gaps where they meet the bus.
 */
export function layRibbons(flow: Flow, rowPx: number): Ribbons {
  const heightPx = rowPx * Math.max(flow.supply.length, flow.use.length, 1)
  const largestKw = Math.max(
    1,
    ...[...flow.supply, ...flow.use, ...flow.storage].map(({ powerKw = 0 }) => Math.abs(powerKw)),
  )
  const widthOf = (powerKw = 0): number =>
    Math.abs(powerKw) < restingKw ? 0 : Math.max(thinnestPx, ((rowPx - 8) * Math.abs(powerKw)) / largestKw)
  const side = (nodes: readonly FlowNode[]): Ribbon[] => {
    const widths = nodes.map(({ powerKw }) => widthOf(powerKw))
    const offsetPx = (heightPx - rowPx * nodes.length) / 2
    let atPx = (heightPx - widths.reduce((total, width) => total + width, 0)) / 2
    return nodes.map(({ id, family }, index) => {
      const widthPx = widths[index] ?? 0
      const ribbon = { id, family, widthPx, outerPx: offsetPx + rowPx * (index + 0.5), busPx: atPx + widthPx / 2 }
      atPx += widthPx
      return ribbon
    })
  }
  const [supply, use] = [side(flow.supply), side(flow.use)]
  const storagePx = new Map(flow.storage.map(({ id, powerKw }) => [id, widthOf(powerKw)]))
  const edges = [...supply, ...use].filter(({ widthPx }) => widthPx > 0)
  return {
    supply,
    use,
    storagePx,
    busTopPx: Math.min(heightPx * 0.2, ...edges.map(({ busPx, widthPx }) => busPx - widthPx / 2)),
    busBottomPx: Math.max(heightPx * 0.8, ...edges.map(({ busPx, widthPx }) => busPx + widthPx / 2)),
  }
}
