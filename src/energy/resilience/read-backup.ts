import type { Asset, DataPort } from '../../kernel/index.ts'
import { componentOf } from '../components/index.ts'
import { energyErrors } from '../errors.ts'
import type { Frame } from '../frame.ts'
import { readWhole } from '../read-power.ts'
import type { BatteryAsset, GensetAsset, GensetReliance, LoadAsset, ResilienceInput } from '../schema/index.ts'
import type { OutageBattery } from './outage-walk.ts'
import type { GeneratorKind } from './units.ts'

type Of<A> = Asset & A

/** A generating set of the site with what is said of its reliability. */
export interface BackupGenset {
  readonly asset: Of<GensetAsset>
  readonly reliance: GensetReliance
}

/** What a site has for an outage, on the hours of a grid. */
export interface Backup {
  readonly criticalKw: Float64Array
  readonly loads: readonly { readonly asset: Asset; readonly share: number }[]
  readonly productionKw: Float64Array
  readonly gensets: readonly BackupGenset[]
  readonly kinds: readonly GeneratorKind[]
  readonly batteries: readonly Of<BatteryAsset>[]
  /** All batteries as one; absent: there is nothing stored in an outage. */
  readonly battery?: OutageBattery
  /** Above the least state of charge, of all batteries, at the start of each hour; NaN: not known. */
  readonly storedKwh: Float64Array
  /** Batteries whose state of charge was taken from the site file. */
  readonly socStated: readonly Asset[]
  /** Assets that draw power and are not looked at. */
  readonly leftOut: readonly Asset[]
}

const sources: ReadonlySet<string> = new Set(['pv', 'wind', 'hydro'])
const drawing: ReadonlySet<string> = new Set(['ev-charging', 'heat-pump', 'electrolyser'])
/** What REopt assumes of diesel sets (`backup_reliability.jl`, defaults); the schema tells it to users. */
const usualReliance: GensetReliance = {
  count: 1,
  availability: 0.995,
  failureToStart: 0.0094,
  meanHoursToFailure: 1100,
}

/**
 * Reads loads, production, sets and batteries.
 *
 * @throws `energy.bad-outage` for assets that are no load, set or battery of the site, and where nothing is critical
 */
export async function readBackup(frame: Frame, input: ResilienceInput, data: DataPort): Promise<Backup> {
  const { assets } = frame.site
  const ofKind = <A>(kind: string): Of<A>[] => assets.filter((asset) => asset.kind === kind) as Of<A>[]
  refuseStrangers('critical', 'load', input.critical, assets)
  refuseStrangers('gensets', 'genset', input.gensets, assets)
  refuseStrangers('soc', 'battery', input.soc, assets)
  const { count } = frame.grid

  const loads = ofKind<LoadAsset>('load').map((asset) => ({
    asset,
    share: input.critical[asset.id] ?? input.criticalShare,
  }))
  const criticalKw = new Float64Array(count)
  for (const { asset, share } of loads) {
    if (share === 0) continue
    const path = `assets.${asset.id}.demand`
    const wanted = { source: asset.demand, unit: 'kW', path, what: `The demand of ${asset.title}` }
    addTo(criticalKw, await readWhole(frame, data, wanted), share)
  }
  if (!criticalKw.some((value) => value > 0)) {
    throw energyErrors.badOutage({
      detail: 'Nothing of the site must be served in an outage',
      place: { file: frame.site.source.file, path: 'assets' },
      found: loads.map(({ asset, share }) => `${asset.id}: ${share}`),
      expected: 'a load with a critical share above 0',
    })
  }

  const productionKw = new Float64Array(count)
  for (const asset of assets.filter(({ kind }) => sources.has(kind))) {
    const prepared = await componentOf(asset.kind)!.prepare(asset, frame, data)
    addTo(productionKw, (prepared as { readonly availableKw: Float64Array }).availableKw, 1)
  }

  const gensets = ofKind<GensetAsset>('genset').map((asset) => ({
    asset,
    reliance: { ...usualReliance, ...input.gensets[asset.id] },
  }))
  const batteries = ofKind<BatteryAsset>('battery')
  const battery = asOne(batteries)
  return {
    criticalKw,
    loads: loads.filter(({ share }) => share > 0),
    productionKw,
    gensets,
    kinds: kindsOf(gensets),
    batteries,
    ...(battery ? { battery } : {}),
    storedKwh: await readStored(frame, batteries, input, data),
    socStated: batteries.filter(({ id }) => input.soc[id] === undefined),
    leftOut: assets.filter(({ kind }) => drawing.has(kind)),
  }
}

const addTo = (total: Float64Array, values: Float64Array, share: number): void =>
  values.forEach((value, k) => {
    total[k]! += share * value
  })

function refuseStrangers(
  field: string,
  kind: string,
  named: Readonly<Record<string, unknown>>,
  assets: readonly Asset[],
) {
  const known = assets.filter((asset) => asset.kind === kind).map(({ id }) => id)
  const stranger = Object.keys(named).find((id) => !known.includes(id))
  if (stranger === undefined) return
  throw energyErrors.badOutage({
    detail: `The site has no asset of kind ${kind} with this id`,
    place: { path: `${field}.${stranger}` },
    found: stranger,
    expected: known.length > 0 ? known.join(', ') : `nothing: the site has no ${kind}`,
  })
}

/** Sets of one size and reliability count as one kind, which keeps the chain short. */
function kindsOf(gensets: readonly BackupGenset[]): GeneratorKind[] {
  const kinds = new Map<string, GeneratorKind>()
  for (const { asset, reliance } of gensets) {
    const { count, ...chances } = reliance
    const kind = { powerKw: asset.ratedKw / count, ...chances }
    const key = JSON.stringify([kind.powerKw, kind.availability, kind.failureToStart, kind.meanHoursToFailure])
    kinds.set(key, { ...kind, count: count + (kinds.get(key)?.count ?? 0) })
  }
  return [...kinds.values()]
}

const usableOf = (asset: BatteryAsset): number => Math.max(0, asset.maxSoc - asset.minSoc) * asset.capacityKwh

/** Batteries side by side as one: energies and powers add up, efficiencies are means by usable energy. */
function asOne(batteries: readonly Of<BatteryAsset>[]): OutageBattery | undefined {
  const sum = (of: (asset: BatteryAsset) => number): number => batteries.reduce((total, asset) => total + of(asset), 0)
  const usableKwh = sum(usableOf)
  if (!(usableKwh > 0)) return undefined
  return {
    usableKwh,
    chargeKw: sum(({ maxChargeKw }) => maxChargeKw),
    dischargeKw: sum(({ maxDischargeKw }) => maxDischargeKw),
    chargeEfficiency: sum((asset) => usableOf(asset) * asset.chargeEfficiency) / usableKwh,
    dischargeEfficiency: sum((asset) => usableOf(asset) * asset.dischargeEfficiency) / usableKwh,
  }
}

async function readStored(
  frame: Frame,
  batteries: readonly Of<BatteryAsset>[],
  { soc }: ResilienceInput,
  data: DataPort,
): Promise<Float64Array> {
  const { site, grid } = frame
  const total = new Float64Array(grid.count)
  for (const asset of batteries) {
    const source = soc[asset.id] ?? asset.initialSoc
    const { values } = await data.series(site, { source, grid, unit: '1', path: `soc.${asset.id}` })
    const wrong = values.findIndex((value) => value < 0 || value > 1)
    if (wrong >= 0) {
      throw energyErrors.badOutage({
        detail: `The state of charge of ${asset.title} cannot be`,
        place: { path: `soc.${asset.id}` },
        found: values[wrong],
        expected: 'from 0 to 1',
      })
    }
    const stored = values.map((value) =>
      Math.min(usableOf(asset), Math.max(0, value - asset.minSoc) * asset.capacityKwh),
    )
    addTo(total, stored, 1)
  }
  return total
}
