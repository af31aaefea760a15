import type { Run, Site } from '../api/types.ts'

/** What a reader changes to see another plan; absent: as published. */
export interface WhatIf {
  readonly importLimitKw?: number
  readonly carbonPricePerKg?: number
  /** Price of a time-of-use period by its name, currency per kWh. */
  readonly periodPrices?: Readonly<Record<string, number>>
  /** Times every price of a period that is not changed by itself. */
  readonly priceFactor?: number
  /** Added to every imported kWh. */
  readonly feePerKwh?: number
  /** State of charge that batteries keep for outages, 0 to 1. */
  readonly reserveSoc?: number
}

export interface Period {
  readonly name: string
  readonly pricePerKwh: number
}

/** The prices and limits a reader may change, as the site has them. */
export interface Handles {
  /** The limit that binds: of the connection or of the site; absent without a grid. */
  readonly importLimitKw: number | undefined
  /** What the connection itself allows. */
  readonly connectionKw: number
  readonly peakSoFarKw: number | undefined
  /** What a kW of the month's peak costs, of all demand charges that count any hour; absent without one. */
  readonly demandPricePerKw: number | undefined
  /** State of charge that is kept; absent without a battery. */
  readonly reserveSoc: number | undefined
  /** What is added to the price of a period beside the fee. */
  readonly surchargePerKwh: number
  readonly carbonPricePerKg: number
  readonly feePerKwh: number
  /** Distinct periods in the order of the file. */
  readonly periods: readonly Period[]
}

type Json = Readonly<Record<string, unknown>>
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const member = (value: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((at, name) => (isObject(at) ? at[name] : undefined), value)
const numberAt = (value: unknown, ...path: readonly string[]): number | undefined => {
  const found = member(value, ...path)
  return typeof found === 'number' ? found : undefined
}

const periodsOf = (site: Site): readonly Period[] => {
  const found = member(site.sections, 'tariff', 'import', 'timeOfUse', 'periods')
  return Array.isArray(found) ? (found as readonly Period[]) : []
}

export function handlesOf(site: Site): Handles {
  const connections = site.assets
    .filter(({ kind }) => kind === 'grid')
    .map(({ fields }) => numberAt(fields, 'importLimitKw') ?? 0)
  const connectionKw = connections.reduce((sum, limit) => sum + limit, 0)
  const siteKw = numberAt(site.sections, 'limits', 'importKw')
  const demand = member(site.sections, 'tariff', 'demand')
  const charges: readonly unknown[] = Array.isArray(demand) ? demand : []
  const peaks = charges.map((charge) => numberAt(charge, 'peakSoFarKw') ?? 0)
  const surcharges = member(site.sections, 'tariff', 'surcharges')
  const sum = (list: readonly unknown[], name: string): number =>
    list.reduce<number>((total, entry) => total + (numberAt(entry, name) ?? 0), 0)
  const seen = new Set<string>()
  return {
    importLimitKw: connections.length > 0 ? Math.min(connectionKw, siteKw ?? Number.POSITIVE_INFINITY) : undefined,
    connectionKw,
    peakSoFarKw: peaks.length > 0 ? Math.max(...peaks) : undefined,
    demandPricePerKw: charges.length > 0 ? sum(charges, 'pricePerKwMonth') : undefined,
    reserveSoc: site.assets.some(({ kind }) => kind === 'battery')
      ? (numberAt(site.sections, 'wishes', 'reserveSoc') ?? 0)
      : undefined,
    surchargePerKwh: sum(Array.isArray(surcharges) ? surcharges : [], 'pricePerKwh'),
    carbonPricePerKg: numberAt(site.sections, 'tariff', 'carbonPricePerKg') ?? 0,
    feePerKwh: numberAt(site.sections, 'tariff', 'import', 'feePerKwh') ?? 0,
    periods: periodsOf(site)
      .filter(({ name }) => !seen.has(name) && seen.add(name))
      .map(({ name, pricePerKwh }) => ({ name, pricePerKwh })),
  }
}

export const isUnchanged = ({ periodPrices = {}, ...rest }: WhatIf): boolean =>
  Object.values(rest).every((value) => value === undefined) && Object.keys(periodPrices).length === 0

/** The price of a period as the reader wishes it. */
export const wishedPrice = ({ name, pricePerKwh }: Period, { periodPrices = {}, priceFactor = 1 }: WhatIf): number =>
  periodPrices[name] ?? Number((pricePerKwh * priceFactor).toFixed(6))

/** The change of the site document (JSON Merge Patch, RFC 7396) that the reader's wishes amount to. */
export function changesOf(site: Site, whatIf: WhatIf): Json {
  const { importLimitKw, carbonPricePerKg, periodPrices = {}, priceFactor, feePerKwh, reserveSoc } = whatIf
  const periods = periodsOf(site).map((period) => ({ ...period, pricePerKwh: wishedPrice(period, whatIf) }))
  const asPublished = Object.keys(periodPrices).length === 0 && priceFactor === undefined
  const imported = {
    ...(feePerKwh === undefined ? {} : { feePerKwh }),
    ...(asPublished ? {} : { timeOfUse: { periods } }),
  }
  const tariff = {
    ...(carbonPricePerKg === undefined ? {} : { carbonPricePerKg }),
    ...(Object.keys(imported).length === 0 ? {} : { import: imported }),
  }
  return {
    ...(importLimitKw === undefined ? {} : { limits: { importKw: importLimitKw } }),
    ...(reserveSoc === undefined ? {} : { wishes: { reserveSoc } }),
    ...(Object.keys(tariff).length === 0 ? {} : { tariff }),
  }
}

/** Merges two changes; where both change the same, the second wins. */
export function mergeChanges(first: unknown, second: unknown): unknown {
  if (!isObject(first) || !isObject(second)) return second === undefined ? first : second
  const merged: Record<string, unknown> = { ...first }
  for (const [name, value] of Object.entries(second)) merged[name] = mergeChanges(first[name], value)
  return merged
}

/** The input of the published run with the reader's changes, from the same start. */
export const whatIfInput = (site: Site, run: Run, start: string, whatIf: WhatIf): Json => ({
  ...run.input,
  site: site.id,
  at: start,
  changes: mergeChanges(run.input.changes, changesOf(site, whatIf)),
})
