import type { SiteAsset } from '../api/types.ts'
import { flowOf, type LookUp, usedKw } from './flow.ts'

/** Rates of one moment: kW, currency an hour, kgCO2e an hour. */
export interface Rates {
  readonly useKw: number
  /** Own renewable production. */
  readonly renewableKw: number
  /** Own production and import: what the renewable share is a share of. */
  readonly sourcesKw: number
  readonly importKw: number
  readonly exportKw: number
  /** Import less income from export; undefined where a price is not known. */
  readonly costPerHour: number | undefined
  readonly carbonPerHour: number | undefined
}

const renewable: ReadonlySet<string> = new Set(['solar', 'wind', 'hydro'])

/** Rates of a moment; undefined where a power that counts is not known. */
export function ratesOf(assets: readonly SiteAsset[], lookUp: LookUp): Rates | undefined {
  const flow = flowOf(assets, lookUp)
  if ([...flow.supply, ...flow.use].some(({ powerKw }) => powerKw === undefined)) return undefined
  let rates: Rates = {
    useKw: usedKw(flow),
    renewableKw: 0,
    sourcesKw: 0,
    importKw: 0,
    exportKw: 0,
    costPerHour: 0,
    carbonPerHour: 0,
  }
  for (const { id, family, powerKw = 0 } of flow.supply) {
    const renewableKw = rates.renewableKw + (renewable.has(family) ? powerKw : 0)
    rates = { ...rates, renewableKw, sourcesKw: rates.sourcesKw + powerKw }
    if (family !== 'grid') continue
    const exportKw = flow.use.find((node) => node.family === 'grid' && node.id === id)?.powerKw ?? 0
    rates = {
      ...rates,
      importKw: rates.importKw + powerKw,
      exportKw: rates.exportKw + exportKw,
      costPerHour: plus(
        plus(rates.costPerHour, powerKw, lookUp(`${id}.importPrice`)),
        -exportKw,
        lookUp(`${id}.exportPrice`),
      ),
      carbonPerHour: plus(rates.carbonPerHour, powerKw, lookUp(`${id}.carbonIntensity`)),
    }
  }
  return rates
}

/** Adds `amount · factor`; nothing times an unknown price is still nothing. */
function plus(total: number | undefined, amount: number, factor: number | undefined): number | undefined {
  if (amount === 0) return total
  return total === undefined || factor === undefined ? undefined : total + amount * factor
}

export interface Sums {
  readonly useKwh: number
  readonly renewableShare: number | undefined
  readonly importKwh: number
  readonly exportKwh: number
  readonly cost: number | undefined
  readonly carbonKg: number | undefined
  /** Share of the time that is known. */
  readonly known: number
}

/** Adds up the known moments of a stretch of time; undefined when nothing is known. */
export function sumRates(rates: readonly (Rates | undefined)[], hoursEach: number): Sums | undefined {
  const known = rates.filter((rate) => rate !== undefined)
  if (known.length === 0) return undefined
  const total = (pick: (rate: Rates) => number): number => known.reduce((sum, rate) => sum + pick(rate) * hoursEach, 0)
  const totalOr = (pick: (rate: Rates) => number | undefined): number | undefined =>
    known.every((rate) => pick(rate) !== undefined) ? total((rate) => pick(rate) ?? 0) : undefined
  const sourcesKwh = total(({ sourcesKw }) => sourcesKw)
  return {
    useKwh: total(({ useKw }) => useKw),
    renewableShare: sourcesKwh > 0 ? total(({ renewableKw }) => renewableKw) / sourcesKwh : undefined,
    importKwh: total(({ importKw }) => importKw),
    exportKwh: total(({ exportKw }) => exportKw),
    cost: totalOr(({ costPerHour }) => costPerHour),
    carbonKg: totalOr(({ carbonPerHour }) => carbonPerHour),
    known: known.length / rates.length,
  }
}
