import type { Site } from '../../kernel/index.ts'
import { componentOf } from '../components/index.ts'
import type { Frame } from '../frame.ts'
import type { Plant, PlantConditions } from '../plant.ts'
import type { BatteryAsset, GensetAsset } from '../schema/index.ts'
import type { Setpoints } from './roll-out.ts'

/** The numbers of a rule, to be tuned on data; see `tune-rule.ts`. */
export interface RuleSettings {
  /** Import above which batteries give, and up to which they are filled from the grid, kW. */
  readonly peakKw: number
  /** At or below this price batteries are filled from the grid; per kWh, in the currency of the site. */
  readonly lowPrice: number
  /** At or above this price batteries cover what the site imports. */
  readonly highPrice: number
}

/** Only what a battery can do without knowing anything: take surplus, and give it back when the site imports. */
export const selfConsumption: RuleSettings = {
  peakKw: Number.POSITIVE_INFINITY,
  lowPrice: Number.NEGATIVE_INFINITY,
  highPrice: Number.NEGATIVE_INFINITY,
}

/** State of charge below which gensets of an island start, and above which they may stop. */
const lowSoc = 0.25
const highSoc = 0.6

/**
 * What a site does that does not plan: self-consumption with a peak and a price threshold; on an island gensets follow the
 * net load when the battery cannot, and fill it while they run (load following with a dead band; Barley & Winn 1996, Solar
 * Energy 58(4–6), combine the same two). Vehicles charge on arrival, loads do not move.
 */
export function ruleSetpoints(site: Site, frame: Frame, settings: RuleSettings): Setpoints {
  const grid = site.assets.find(({ kind }) => kind === 'grid')
  const batteries = site.assets.filter(({ kind }) => kind === 'battery') as unknown as readonly (BatteryAsset & {
    id: string
  })[]
  const gensets = (
    site.assets.filter(({ kind }) => kind === 'genset') as unknown as (GensetAsset & { id: string })[]
  ).sort((a, b) => b.ratedKw - a.ratedKw)
  const still = new Map([...batteries, ...gensets].map(({ id }) => [id, 0]))
  const others = site.assets.filter(({ kind }) => kind !== 'battery' && kind !== 'genset' && kind !== 'grid')
  const { importPrice, exportPrice } = frame.tariff
  return (k, moment, plant) => {
    if (!grid) return { setpointKw: islandSetpoints(moment, plant, { batteries, gensets, others, still }) }
    if (batteries.length === 0) return { setpointKw: still }
    const netKw = plant.foresee({ ...moment, setpointKw: still }).get(grid.id) ?? 0
    const powerKw = batteryKw(netKw, { import: importPrice[k]!, export: exportPrice[k]! }, settings)
    if (powerKw === 0) return { setpointKw: still }
    const setpointKw = new Map(still)
    const sizes = batteries.map(({ maxChargeKw, maxDischargeKw }) => (powerKw > 0 ? maxDischargeKw : maxChargeKw))
    const sumKw = sizes.reduce((sum, size) => sum + size, 0)
    batteries.forEach(({ id }, index) => {
      setpointKw.set(id, sumKw > 0 ? (powerKw * sizes[index]!) / sumKw : 0)
    })
    return { setpointKw }
  }
}

/** As much as there is: the machine takes what it can. */
const allKw = 1e9

/** + discharging. What exported kWh earn decides whether a dear hour sells more than the site itself uses. */
function batteryKw(
  netKw: number,
  price: { readonly import: number; readonly export: number },
  { peakKw, lowPrice, highPrice }: RuleSettings,
): number {
  if (price.export >= highPrice && Number.isFinite(highPrice)) return allKw
  if (price.import >= highPrice && netKw > 0) return netKw
  if (netKw > peakKw) return netKw - peakKw
  if (netKw < 0) return netKw
  return price.import <= lowPrice ? -Math.max(0, Math.min(allKw, peakKw - netKw)) : 0
}

interface Island {
  readonly batteries: readonly (BatteryAsset & { readonly id: string })[]
  readonly gensets: readonly (GensetAsset & { readonly id: string })[]
  readonly others: Site['assets']
  readonly still: ReadonlyMap<string, number>
}

function islandSetpoints(
  moment: Omit<PlantConditions, 'setpointKw'>,
  plant: Plant,
  { batteries, gensets, others, still }: Island,
): ReadonlyMap<string, number> {
  const idle = plant.foresee({ ...moment, setpointKw: still })
  // What the machines would have to give: all that others want, less what sources offer.
  let needKw = 0
  for (const { id, kind } of others) {
    const draws = componentOf(kind)?.draws ?? false
    const offeredKw = moment.offeredKw.get(id) ?? 0
    needKw += draws ? Math.max(offeredKw, -(idle.get(id) ?? 0)) : -offeredKw
  }
  const socOf = (id: string): number => (plant.stateOf(id) as { soc?: number } | undefined)?.soc ?? 0
  const giveKw = batteries.reduce((sum, { id, maxDischargeKw, minSoc }) => {
    return socOf(id) > Math.max(minSoc, lowSoc) ? sum + maxDischargeKw : sum
  }, 0)
  const filled = batteries.every(({ id }) => socOf(id) >= highSoc)
  const running = gensets.some(({ id }) => ((plant.stateOf(id) as { onHours?: number }).onHours ?? 0) > 0)
  const setpointKw = new Map(still)
  if (!(needKw > giveKw || (running && !filled && needKw > 0))) return setpointKw
  let leftKw = needKw
  for (const { id, ratedKw, minLoad } of gensets) {
    if (leftKw <= 0) break
    const powerKw = Math.max(minLoad * ratedKw, Math.min(ratedKw, leftKw))
    setpointKw.set(id, powerKw)
    leftKw -= powerKw
  }
  return setpointKw
}
