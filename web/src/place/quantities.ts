import type { Site, SiteAsset } from '../api/types.ts'
import type { LookUp } from '../park/flow.ts'
import { carrierPoint, levelOf } from '../ui/carriers.ts'
import { outletsOf } from './bays.ts'

/** What the things of a place can be coloured by. */
export const quantities = ['kind', 'power', 'soc', 'load-factor', 'carbon', 'temperature'] as const
export type Quantity = (typeof quantities)[number]
export type Measured = Exclude<Quantity, 'kind'>

export const unitOf: Readonly<Record<Measured, string>> = {
  power: 'kW',
  soc: '1',
  'load-factor': '1',
  carbon: 'kgCO2e/h',
  temperature: '°C',
}

const numberOf = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? value : undefined

const sharesOf: Readonly<Record<string, (fields: SiteAsset['fields'], supplies: boolean) => unknown>> = {
  pv: ({ capacityKwp }) => capacityKwp,
  wind: ({ ratedKw }) => ratedKw,
  hydro: ({ ratedKw }) => ratedKw,
  'hydro-reservoir': ({ ratedKw, turbineKw }) => ratedKw ?? turbineKw,
  genset: ({ ratedKw }) => ratedKw,
  chp: ({ ratedKw }) => ratedKw,
  battery: ({ maxChargeKw, maxDischargeKw }, supplies) => (supplies ? maxDischargeKw : maxChargeKw),
  grid: ({ importLimitKw, exportLimitKw }, supplies) => (supplies ? importLimitKw : exportLimitKw),
  'ev-charging': ({ feederLimitKw }) => feederLimitKw,
  'heat-pump': ({ maxPowerKw, ratedKw }) => maxPowerKw ?? ratedKw,
  electrolyser: ({ ratedKw }) => ratedKw,
  'fuel-cell': ({ ratedKw }) => ratedKw,
}

const temperaturePoints: readonly string[] = ['airC', 'meanC', 'temperatureC']
const temperaturePoint = (asset: SiteAsset) => asset.points.find(({ id }) => temperaturePoints.includes(id))

/** What an asset gives the park, kW of its main carrier: negative where it takes. */
export function powerOf({ id, kind }: SiteAsset, lookUp: LookUp): number | undefined {
  const point = carrierPoint(kind, 'electricity') ?? carrierPoint(kind, 'heat') ?? carrierPoint(kind, 'hydrogen')
  const heat = carrierPoint(kind, 'heat')
  const own = point && lookUp(`${id}.${point.point}`)
  if (point && own !== undefined) return own * point.sign + 0
  const other = point?.optional && heat ? lookUp(`${id}.${heat.point}`) : undefined
  return other === undefined || !heat ? undefined : other * heat.sign + 0
}

/** How full a store is, 0 to 1. */
export function socOf({ id, kind, fields }: SiteAsset, lookUp: LookUp): number | undefined {
  const soc = lookUp(`${id}.soc`)
  if (soc !== undefined) return soc
  const level = levelOf(kind)
  const value = level && lookUp(`${id}.${level.point}`)
  const most = numberOf(fields.capacityKg) ?? numberOf(fields.capacityKwh)
  return value === undefined || most === undefined || most <= 0 ? undefined : value / most
}

/** Share of what a machine could that it does, 0 to 1 and a little more. */
export function loadFactorOf(asset: SiteAsset, lookUp: LookUp): number | undefined {
  const powerKw = powerOf(asset, lookUp)
  if (powerKw === undefined) return undefined
  const most = numberOf(sharesOf[asset.kind]?.(asset.fields, powerKw > 0))
  return most === undefined || most <= 0 ? undefined : Math.abs(powerKw) / most
}

interface Fuel {
  readonly kgCo2ePerUnit?: number
  readonly perKwh?: number
  readonly perHourRunning?: number
}

/** What comes of import and of fuel, kg CO₂e/h; undefined of what has neither. */
export function carbonOf({ id, kind, fields }: SiteAsset, lookUp: LookUp): number | undefined {
  const powerKw = lookUp(`${id}.powerKw`)
  if (powerKw === undefined) return undefined
  if (kind === 'grid') {
    const intensity = lookUp(`${id}.carbonIntensity`)
    return intensity === undefined ? undefined : Math.max(0, powerKw) * intensity
  }
  if (kind !== 'genset') return undefined
  const { kgCo2ePerUnit, perKwh = 0, perHourRunning = 0 } = (fields.fuel ?? {}) as Fuel
  if (kgCo2ePerUnit === undefined) return undefined
  return powerKw > 0.5 ? (powerKw * perKwh + perHourRunning) * kgCo2ePerUnit : 0
}

export function quantityOf(quantity: Measured, asset: SiteAsset, lookUp: LookUp): number | undefined {
  switch (quantity) {
    case 'power':
      return powerOf(asset, lookUp)
    case 'soc':
      return socOf(asset, lookUp)
    case 'load-factor':
      return loadFactorOf(asset, lookUp)
    case 'carbon':
      return carbonOf(asset, lookUp)
    case 'temperature': {
      const point = temperaturePoint(asset)
      return point && lookUp(point.ref)
    }
  }
}

/** What a site has anything of. */
export function quantitiesOf({ assets }: Pick<Site, 'assets'>): readonly Quantity[] {
  const has: Readonly<Record<Measured, (asset: SiteAsset) => boolean>> = {
    power: ({ kind }) => carrierPoint(kind, 'electricity') !== undefined || carrierPoint(kind, 'heat') !== undefined,
    soc: ({ kind, points }) => points.some(({ id }) => id === 'soc') || levelOf(kind) !== undefined,
    'load-factor': ({ kind }) => kind in sharesOf,
    carbon: ({ kind }) => kind === 'grid' || kind === 'genset',
    temperature: (asset) => temperaturePoint(asset) !== undefined,
  }
  return quantities.filter((quantity) => quantity === 'kind' || assets.some(has[quantity]))
}

/** Points that the place reads beside those that every page of a park does. */
export const placeRefs = (site: Site): readonly string[] =>
  site.assets.flatMap((asset) => {
    const temperature = temperaturePoint(asset)
    return [
      ...(temperature ? [temperature.ref] : []),
      ...outletsOf(site, asset.id).map((outlet) => `${outlet}.powerKw`),
    ]
  })

export interface Scale {
  readonly least: number
  readonly most: number
  /** Colours lead from the middle to both sides. */
  readonly signed: boolean
}

/** 1, 2 or 5 times a power of ten that is not below. */
export function roundUp(value: number): number {
  if (value <= 0) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5].find((digit) => digit * power >= value * (1 - 1e-9)) ?? 10) * power
}

/** From where to where the colours of a quantity reach. */
export function scaleOf(quantity: Measured, values: readonly (number | undefined)[]): Scale {
  const known = values.filter((value) => value !== undefined)
  if (quantity === 'soc' || quantity === 'load-factor') return { least: 0, most: 1, signed: false }
  if (quantity === 'power') {
    const most = roundUp(Math.max(1, ...known.map(Math.abs)))
    return { least: -most, most, signed: true }
  }
  if (quantity === 'carbon') return { least: 0, most: roundUp(Math.max(1, ...known)), signed: false }
  const [least, most] = [Math.min(10, ...known), Math.max(30, ...known)]
  return { least: Math.floor(least / 5) * 5, most: Math.ceil(most / 5) * 5, signed: false }
}

/** Where a value stands on its scale, 0 to 1. */
export const shareOn = ({ least, most }: Scale, value: number): number =>
  Math.min(1, Math.max(0, (value - least) / (most - least)))
