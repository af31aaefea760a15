import type { Site } from '../api/types.ts'
import { readNumber } from './read-number.ts'
import { perDollar, roundly } from './sizable.ts'
import type { Wrong } from './sizing-form.ts'
import { sunOfLatitude, temperatureOfLatitude } from './sun-of-latitude.ts'
import { type PriceName, proposedPrice, usualFactor } from './usual-prices.ts'

/** When a village uses its energy: shares of the day's energy, hour by hour. */
export const dayShapes = {
  homes: [2, 2, 2, 2, 2, 3, 4, 4, 3, 3, 3, 3, 3, 3, 3, 3, 4, 6, 9, 10, 10, 8, 5, 3],
  mixed: [2, 2, 2, 2, 2, 3, 4, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 5, 7, 7, 7, 5, 4, 3],
  workshop: [1, 1, 1, 1, 1, 1, 2, 5, 9, 10, 10, 9, 6, 9, 10, 10, 8, 4, 2, 2, 2, 1, 1, 1],
  steady: new Array<number>(24).fill(1),
} as const satisfies Readonly<Record<string, readonly number[]>>
export type DayShape = keyof typeof dayShapes
export const dayShapeNames = Object.keys(dayShapes) as readonly DayShape[]

export const gridKinds = ['none', 'weak', 'good'] as const
export type GridKind = (typeof gridKinds)[number]

/** The six answers, as they were typed. */
export interface Village {
  readonly latitude: string
  readonly longitude: string
  readonly dayKwh: string
  readonly shape: DayShape
  readonly grid: GridKind
  readonly budget: string
  /** Hours that the battery alone has to bridge at the mean load. */
  readonly outageHours: string
  readonly currency: string
  /** Units of the currency for a US dollar: what machines cost is known in dollars. */
  readonly dollar: string
  /** What machines cost here, times the world mean. */
  readonly factor: string
  /** Those that were typed, in the currency. */
  readonly prices: Readonly<Partial<Record<PriceName, string>>>
}
/** An answer that is a text of its own. */
export type VillageText = Exclude<keyof Village, 'prices' | 'shape' | 'grid'>

/** A price as it was typed, or as it follows from the rate. */
export const priceText = (village: Village, name: PriceName): string =>
  village.prices[name] ?? proposedPrice(name, village)

/** What a village answers first: the place and currency of the site; prices follow their sources. */
export function villageOf(site: Site): Village {
  return {
    ...{ latitude: String(site.location.latitude), longitude: String(site.location.longitude) },
    ...{ dayKwh: '200', shape: 'homes', grid: 'none', budget: '', outageHours: '0', currency: site.currency },
    ...{ dollar: rateOf(site.currency), factor: String(usualFactor), prices: {} },
  }
}

/** Another currency has another rate; prices that were typed in the old one are gone. */
export const inCurrency = (village: Village, currency: string): Village => ({
  ...village,
  ...{ currency, dollar: rateOf(currency), prices: {} },
})

const rateOf = (currency: string): string => String(perDollar[currency] ?? '')

/** Machines and uses of a village, by their ids. */
export type VillageAsset = 'village-pv' | 'village-battery' | 'village-load' | 'village-genset' | 'village-grid'

/** A weak grid carries this share of the highest load. */
const weakShare = 0.5
const dieselKgCo2ePerL = 2.68

/** What the answers ask of `energy.size`, or what is wrong with them. */
export function readVillage(
  site: Site,
  village: Village,
  titleOf: (asset: VillageAsset) => string,
): { readonly input: Readonly<Record<string, unknown>>; readonly wrong: Readonly<Record<string, Wrong>> } {
  const wrong: Record<string, Wrong> = {}
  const read = (field: VillageText | PriceName, least: number, most: number): number => {
    const value = readNumber(field in village ? village[field as VillageText] : priceText(village, field as PriceName))
    if (Number.isNaN(value)) wrong[field] = { code: 'number' }
    else if (value < least) wrong[field] = { code: 'least', values: { least } }
    else if (value > most) wrong[field] = { code: 'most', values: { most } }
    return value
  }
  const latitude = read('latitude', -66, 66)
  const longitude = read('longitude', -180, 180)
  const dayKwh = read('dayKwh', 1, 1e6)
  const outageHours = read('outageHours', 0, 72)
  read('dollar', 1e-6, 1e9)
  read('factor', 0.1, 10)
  const price = (name: PriceName): number => read(name, 0, 1e9)
  const dieselPrice = village.grid === 'none' ? price('dieselPrice') : 0
  const gridPrice = village.grid === 'none' ? 0 : price('gridPrice')
  const mostCapex = village.budget.trim() === '' ? undefined : read('budget', 0, 1e15)
  if (!/^[A-Z]{3}$/.test(village.currency)) wrong.currency = { code: 'currency' }
  const shape = dayShapes[village.shape]
  const whole = shape.reduce<number>((sum, value) => sum + value, 0)
  const demand = shape.map((value) => Math.round((value / whole) * dayKwh * 1000) / 1000)
  const peakKw = Math.max(...demand)
  const largestKwp = roundly(Math.max(5, dayKwh))
  const largestKwh = roundly(Math.max(10, 3 * dayKwh))
  const reserveKwh = Math.min(largestKwh, Math.ceil((outageHours * dayKwh) / 24 / 0.8))
  const asset = (id: VillageAsset, kind: string, fields: Readonly<Record<string, unknown>>) => ({
    ...{ kind, title: titleOf(id) },
    ...fields,
  })
  const assets = {
    ...Object.fromEntries(site.assets.map(({ id }) => [id, null])),
    'village-pv': asset('village-pv', 'pv', {
      capacityKwp: 10,
      tiltDeg: Math.max(10, Math.round(Math.abs(latitude))),
      azimuthDeg: latitude < 0 ? 0 : 180,
    }),
    'village-battery': asset('village-battery', 'battery', {
      capacityKwh: 20,
      maxChargeKw: 10,
      maxDischargeKw: 10,
      wear: { replacementCostPerKwh: 0 },
    }),
    'village-load': asset('village-load', 'load', { demand }),
    ...(village.grid === 'none'
      ? {
          'village-genset': asset('village-genset', 'genset', {
            ratedKw: roundly(1.2 * peakKw),
            fuel: { unit: 'L', pricePerUnit: dieselPrice, kgCo2ePerUnit: dieselKgCo2ePerL, perKwh: 0.3 },
          }),
        }
      : {
          'village-grid': asset('village-grid', 'grid', {
            importLimitKw: roundly((village.grid === 'weak' ? weakShare : 2) * peakKw),
            exportLimitKw: 0,
          }),
        }),
  }
  return {
    wrong,
    input: {
      ...{ site: site.id, preview: true, backtest: 'none', pareto: 3 },
      changes: {
        ...Object.fromEntries(Object.keys(site.sections).map((name) => [name, null])),
        location: { latitude, longitude, altitudeM: 0 },
        currency: village.currency,
        weather: {
          file: null,
          synthetic: {
            seed: 1,
            monthly: {
              ghiKwhPerM2Day: sunOfLatitude(latitude),
              temperatureC: temperatureOfLatitude(latitude),
              windSpeedMPerS: new Array<number>(12).fill(3),
            },
          },
        },
        assets,
        tariff: {
          ...cleared(site.sections.tariff),
          import: { ...cleared(member(site.sections.tariff, 'import')), feePerKwh: gridPrice },
          carbonIntensity: village.grid === 'none' ? 0 : 0.5,
        },
        investment: {
          ...cleared(site.sections.investment),
          ...{ years: 20, discountRate: 0.08 },
          ...(mostCapex === undefined ? {} : { mostCapex }),
          options: [
            option('village-pv', 'capacityKwp', { max: largestKwp, capex: price('pvPrice'), lifetimeYears: 25 }),
            option('village-battery', 'capacityKwh', {
              ...{ min: reserveKwh, max: largestKwh, capex: price('batteryPrice'), lifetimeYears: 12 },
            }),
            option('village-battery', 'powerKw', {
              max: roundly(3 * peakKw),
              capex: price('powerPrice'),
              lifetimeYears: 12,
            }),
          ],
        },
      },
    },
  }
}

const option = (
  of: string,
  size: string,
  { min = 0, max, capex, lifetimeYears }: { min?: number; max: number; capex: number; lifetimeYears: number },
) => ({
  ...{ asset: of, size, min, max, existing: 0, capexPerUnit: capex },
  ...{ opexPerUnitYear: roundly(capex * 0.02), lifetimeYears, subsidyShare: 0 },
})

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined

/** A patch that takes every member of a section away. */
const cleared = (section: unknown): Readonly<Record<string, null>> =>
  typeof section === 'object' && section !== null && !Array.isArray(section)
    ? Object.fromEntries(Object.keys(section).map((name) => [name, null]))
    : {}
