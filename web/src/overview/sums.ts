import { dayOf, type SiteLine } from './site-line.ts'

/** A sum over sites, with how many of them it is of: what is not known is not counted as nothing. */
export interface Sum {
  readonly value: number | undefined
  readonly of: number
}

export interface Sums {
  readonly sites: number
  readonly useKw: Sum
  readonly ownKw: Sum
  readonly renewableShare: Sum
  readonly alarms: Sum
  /** By currency: money of different countries is not added. */
  readonly cost: readonly (Sum & { readonly currency: string; readonly sites: number })[]
  readonly carbonKg: Sum
}

function sumOf(values: readonly (number | undefined)[]): Sum {
  const known = values.filter((value) => value !== undefined)
  return { of: known.length, value: known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) }
}

/** Sums over the sites of the overview. */
export function sumLines(lines: readonly SiteLine[]): Sums {
  const hours = lines.filter(({ renewableKwh, sourcesKwh }) => renewableKwh !== undefined && sourcesKwh !== undefined)
  const sourcesKwh = hours.reduce((sum, line) => sum + (line.sourcesKwh ?? 0), 0)
  const renewableKwh = hours.reduce((sum, line) => sum + (line.renewableKwh ?? 0), 0)
  const currencies = [...new Set(lines.map(({ currency }) => currency))].sort()
  return {
    sites: lines.length,
    useKw: sumOf(lines.map(({ useKw }) => useKw)),
    ownKw: sumOf(lines.map(({ ownKw }) => ownKw)),
    renewableShare: { of: hours.length, value: sourcesKwh > 0 ? renewableKwh / sourcesKwh : undefined },
    alarms: sumOf(lines.map(({ alarms }) => alarms && Object.values(alarms).reduce((sum, count) => sum + count, 0))),
    cost: currencies.map((currency) => {
      const own = lines.filter((line) => line.currency === currency)
      return { currency, sites: own.length, ...sumOf(own.map(({ cost }) => dayOf(cost))) }
    }),
    carbonKg: sumOf(lines.map(({ carbonKg }) => dayOf(carbonKg))),
  }
}
