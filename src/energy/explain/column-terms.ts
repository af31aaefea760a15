import type { Carrier } from '../bus.ts'
import type { Frame } from '../frame.ts'
import { formulatePark } from '../park-model.ts'
import type { PriceTerm, WishName } from '../schema/index.ts'
import type { FixedPlan } from './fixed-plan.ts'

/** What a column is to people. */
export interface ColumnTerm {
  /** What its cost stands for. */
  readonly term: PriceTerm
  /** Id of the asset it belongs to; the site where it belongs to none. */
  readonly asset: string
  /** Step it acts in; −1: the whole horizon. */
  readonly step: number
  /** Of a shortfall: the wish that gives way. */
  readonly wish?: WishName | 'must-run'
  /** Part of its cost that is the price of carbon. */
  readonly carbonCost: number
  /** Name of its block, for people who know the model: `battery.band0.dischargeKw`. */
  readonly name: string
}

/** What a column gives a bus in a step. */
export interface BusColumn {
  readonly column: number
  readonly carrier: Carrier
  readonly bus: string
  /** kW on the bus of one unit; + supplies, − draws. */
  readonly factor: number
}

export interface ColumnTerms {
  readonly of: readonly ColumnTerm[]
  /** Columns that act on buses in each step. */
  readonly onBuses: readonly (readonly BusColumn[])[]
  /** Step of every row, told by its columns; −1: more than one step. */
  readonly stepOfRow: Int32Array
}

const wishNames = ['serve-load', 'ev-energy', 'comfort', 'finish-shift', 'reserve', 'peak-import', 'must-run'] as const

/**
 * Says what each column of a plan's model stands for. Names tell the asset and the kind of money; what is carbon and what is
 * the price of a missed wish is found by writing the model anew with another price of either and looking what changes.
 */
export function termsOf(plan: FixedPlan): ColumnTerms {
  const { frame, assets, park, named, model } = plan
  const { count } = frame.grid
  const costWith = (changed: Partial<Frame>): Float64Array => {
    const { builder } = formulatePark({ ...frame, ...changed }, assets)
    return builder.build().model.cost
  }
  const { penaltyPerKwh, tariff } = frame
  const withoutCarbon =
    tariff.carbonPricePerKg === 0 ? model.cost : costWith({ tariff: { ...tariff, carbonPricePerKg: 0 } })
  const dearer = costWith({ penaltyPerKwh: (wish) => penaltyPerKwh(wish) + 1 })
  const ranked = costWith({ penaltyPerKwh: (wish) => penaltyPerKwh(wish) + wishNames.indexOf(wish) + 1 })

  const steps = new Int32Array(model.columnCount).fill(-1)
  const onBuses: BusColumn[][] = Array.from({ length: count }, () => [])
  for (const { uses } of park.parts) {
    for (const { carrier, bus, first, from, to, factor } of uses) {
      for (let k = from; k < to; k += 1) {
        steps[first + k - from] = k
        onBuses[k]!.push({ column: first + k - from, carrier, bus, factor })
      }
    }
  }
  for (const { surplus } of park.buses) for (let k = 0; surplus >= 0 && k < count; k += 1) steps[surplus + k] = k
  const kinds = new Map(assets.map(({ asset }) => [asset.id, asset.kind]))
  const of: ColumnTerm[] = []
  named.layout.columns.forEach(({ name, first }, index) => {
    const end = named.layout.columns[index + 1]?.first ?? model.columnCount
    const asset = ownerOf(name, kinds) ?? frame.site.id
    for (let j = first; j < end; j += 1) {
      const tilt = dearer[j]! - model.cost[j]!
      const rank = tilt === 0 ? -1 : Math.round((ranked[j]! - model.cost[j]!) / tilt) - 1
      const wish = wishNames[rank]
      const step = steps[j]! >= 0 || end - first !== count ? steps[j]! : j - first
      const term = wish === undefined || /storedKwh$/.test(name) ? termOf(name, kinds.get(asset)) : 'missed-wish'
      const carbonCost = term === 'import-price' || term === 'fuel' ? model.cost[j]! - withoutCarbon[j]! : 0
      of.push({ term, asset, step, carbonCost, name, ...(wish === undefined ? {} : { wish }) })
    }
  })
  return { of, onBuses, stepOfRow: rowSteps(plan, of) }
}

function rowSteps({ model }: FixedPlan, terms: readonly ColumnTerm[]): Int32Array {
  const stepOfRow = new Int32Array(model.rowCount).fill(-1)
  for (let i = 0; i < model.rowCount; i += 1) {
    let last = -1
    let whole = false
    for (let at = model.rowStart[i]!; at < model.rowStart[i + 1]!; at += 1) {
      const { step } = terms[model.columnIndex[at]!]!
      if (last >= 0 && step >= 0 && Math.abs(step - last) > 1) whole = true
      last = Math.max(last, step)
    }
    stepOfRow[i] = whole ? -1 : last
  }
  return stepOfRow
}

/** The asset whose id the name begins with; the longest where ids begin alike. */
function ownerOf(name: string, kinds: ReadonlyMap<string, string>): string | undefined {
  let owner: string | undefined
  for (const id of kinds.keys()) {
    if (name.startsWith(`${id}.`) && id.length > (owner?.length ?? -1)) owner = id
  }
  return owner
}

const gridTerms: readonly (readonly [RegExp, PriceTerm])[] = [
  [/\.importKw$/, 'import-price'],
  [/\.exportKw$/, 'export-price'],
  [/\.tierKwh\./, 'price-block'],
  [/\.(surplusKwh|hasSurplus)\./, 'net-metering'],
  [/\.(peakKw|billedKw)\./, 'demand-charge'],
]

const otherTerms: readonly (readonly [RegExp, PriceTerm])[] = [
  [/storedKwh$/, 'stored-energy'],
  [/\.(dischargeKw|chargeKw|drawKw|fillKw|givenKw)$/, 'wear'],
  [/\.(start|stop)$/, 'start'],
  [/\.curtailedKw$/, 'load-left-out'],
  [/\.(up|down)Kw$/, 'reserve-price'],
]

const fuelKinds: ReadonlySet<string> = new Set(['genset', 'chp', 'boiler'])

function termOf(name: string, kind: string | undefined): PriceTerm {
  if (name.startsWith('peakAboveFloor')) return 'demand-charge'
  const found = (kind === 'grid' ? gridTerms : otherTerms).find(([pattern]) => pattern.test(name))?.[1]
  return found ?? (kind !== undefined && fuelKinds.has(kind) ? 'fuel' : 'running')
}
