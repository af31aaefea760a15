import type { Site, SiteAsset } from '../api/types.ts'

/** A size of a kind of machine that can be decided. */
export interface Sizable {
  readonly size: string
  readonly unit: string
  /** Field of the asset that says what stands. */
  readonly field: string
}

const one = (size: string, unit: string, field = size): readonly Sizable[] => [{ size, unit, field }]

/** What of a kind may be decided; a test holds the list against the machines of `src/energy/components`. */
export const sizableOf: Readonly<Record<string, readonly Sizable[]>> = {
  pv: one('capacityKwp', 'kW'),
  wind: one('ratedKw', 'kW'),
  battery: [...one('capacityKwh', 'kWh'), ...one('powerKw', 'kW', 'maxDischargeKw')],
  genset: one('ratedKw', 'kW'),
  chp: one('ratedKw', 'kW'),
  boiler: one('ratedKw', 'kW'),
  'heat-pump': one('ratedKw', 'kW'),
  electrolyser: one('ratedKw', 'kW'),
  'fuel-cell': one('ratedKw', 'kW'),
  'thermal-store': [...one('capacityKwh', 'kWh'), ...one('powerKw', 'kW', 'maxDischargeKw')],
  'hydrogen-store': one('capacityKg', 'kg'),
}

/** Where a price comes from that the console proposes. */
export type PriceSource = 'site' | 'irena' | 'assumed'

interface UsualPrice {
  readonly capexUsd: number
  /** Upkeep a year as a share of the capex. */
  readonly opexShare: number
  readonly lifetimeYears: number
  readonly source: PriceSource
}

/**
 * What a unit costs where the site says nothing, US dollars. `irena`: IRENA, Renewable Power Generation Costs in 2023, world
 * means of total installed cost (PV 758 USD/kW, onshore wind 1 160 USD/kW, battery storage 273 USD/kWh with its power). All
 * others, and the upkeep, are assumptions to be replaced by an offer.
 */
export const usualPrices = {
  'pv.capacityKwp': { capexUsd: 758, opexShare: 0.015, lifetimeYears: 25, source: 'irena' },
  'wind.ratedKw': { capexUsd: 1160, opexShare: 0.03, lifetimeYears: 25, source: 'irena' },
  'battery.capacityKwh': { capexUsd: 273, opexShare: 0.015, lifetimeYears: 15, source: 'irena' },
  'battery.powerKw': { capexUsd: 60, opexShare: 0.01, lifetimeYears: 15, source: 'assumed' },
  'genset.ratedKw': { capexUsd: 450, opexShare: 0.02, lifetimeYears: 15, source: 'assumed' },
  'chp.ratedKw': { capexUsd: 1500, opexShare: 0.03, lifetimeYears: 15, source: 'assumed' },
  'boiler.ratedKw': { capexUsd: 100, opexShare: 0.02, lifetimeYears: 20, source: 'assumed' },
  'heat-pump.ratedKw': { capexUsd: 700, opexShare: 0.02, lifetimeYears: 20, source: 'assumed' },
  'electrolyser.ratedKw': { capexUsd: 1500, opexShare: 0.03, lifetimeYears: 15, source: 'assumed' },
  'fuel-cell.ratedKw': { capexUsd: 1800, opexShare: 0.03, lifetimeYears: 10, source: 'assumed' },
  'thermal-store.capacityKwh': { capexUsd: 30, opexShare: 0.01, lifetimeYears: 25, source: 'assumed' },
  'thermal-store.powerKw': { capexUsd: 10, opexShare: 0.01, lifetimeYears: 25, source: 'assumed' },
  'hydrogen-store.capacityKg': { capexUsd: 700, opexShare: 0.01, lifetimeYears: 25, source: 'assumed' },
} as const satisfies Readonly<Record<string, UsualPrice>>
const usualPriceOf: Readonly<Record<string, UsualPrice>> = usualPrices

/** Units of a currency for one US dollar, rounded, as of 2024: a first guess that the reader corrects. */
export const perDollar: Readonly<Record<string, number>> = {
  ...{ USD: 1, EUR: 0.92, GBP: 0.79, CNY: 7.2, INR: 84, JPY: 150, KES: 130, NGN: 1500, ZAR: 18, TZS: 2600, UGX: 3700 },
  ...{ ETB: 115, GHS: 15, XOF: 605, XAF: 605, MAD: 10, EGP: 48, IDR: 15800, PHP: 57, VND: 25000, BRL: 5.4, MXN: 18 },
  ...{
    COP: 4100,
    PEN: 3.8,
    CLP: 930,
    ARS: 950,
    BOB: 6.9,
    AUD: 1.5,
    CAD: 1.36,
    CHF: 0.88,
    SEK: 10.5,
    NPR: 134,
    BDT: 118,
  },
}

/** One size of one asset that the form offers. */
export interface Candidate {
  readonly id: string
  readonly asset: SiteAsset
  readonly sizable: Sizable
  /** What stands already, as the site's section `investment` says; without one, what the asset says. */
  readonly standing: number
  /** Whether the site's section names it. */
  readonly named: boolean
  readonly min: number
  readonly max: number
  readonly capexPerUnit: number | undefined
  readonly opexPerUnitYear: number
  readonly lifetimeYears: number
  readonly subsidyShare: number
  readonly source: PriceSource
}

type Json = Readonly<Record<string, unknown>>
export const optionsOf = (site: Site): readonly Json[] => {
  const { options } = (site.sections.investment ?? {}) as { readonly options?: readonly Json[] }
  return options ?? []
}

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)
/** Two digits that count: 3 287 → 3 300. */
export const roundly = (value: number): number => (value === 0 ? 0 : Number(value.toPrecision(2)))

/** Everything of a site whose size can be decided, what the site file names first. */
export function candidatesOf(site: Site): readonly Candidate[] {
  const known = optionsOf(site)
  const rate = perDollar[site.currency]
  const found = site.assets.flatMap((asset) =>
    (sizableOf[asset.kind] ?? []).map((sizable): Candidate => {
      const option = known.find((one) => one.asset === asset.id && one.size === sizable.size)
      const usual = usualPriceOf[`${asset.kind}.${sizable.size}`]
      const stated = numberOf(asset.fields[sizable.field]) ?? 0
      const capex = usual && rate !== undefined ? roundly(usual.capexUsd * rate) : undefined
      const standing = numberOf(option?.existing) ?? (option ? 0 : stated)
      return {
        id: `${asset.id}.${sizable.size}`,
        asset,
        sizable,
        standing,
        named: option !== undefined,
        min: numberOf(option?.min) ?? 0,
        max: numberOf(option?.max) ?? roundly(Math.max(100, 3 * stated)),
        capexPerUnit: numberOf(option?.capexPerUnit) ?? capex,
        opexPerUnitYear: numberOf(option?.opexPerUnitYear) ?? roundly((capex ?? 0) * (usual?.opexShare ?? 0)),
        lifetimeYears: numberOf(option?.lifetimeYears) ?? usual?.lifetimeYears ?? 20,
        subsidyShare: numberOf(option?.subsidyShare) ?? 0,
        source: option ? 'site' : (usual?.source ?? 'assumed'),
      }
    }),
  )
  return found.toSorted((a, b) => Number(b.named) - Number(a.named))
}
