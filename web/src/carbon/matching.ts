import type { Site, SiteAsset } from '../api/types.ts'

export interface Matching {
  readonly period: { readonly from: string; readonly to: string }
  readonly hourCount: number
  readonly leftOut: { readonly hours: number; readonly first: string | null }
  readonly score: {
    readonly hourly: number | null
    readonly yearly: number | null
    readonly hoursFullyMatched: number
  }
  readonly energy: Readonly<Record<MatchedPart | 'loadKwh' | 'matchedKwh' | 'exportKwh' | 'excessContractsKwh', number>>
  readonly emissions: {
    readonly unmatchedImportKg: number
    readonly yearlyMatchedKg: number
    readonly importKg: number
  }
  readonly heatMap: readonly {
    readonly month: string
    readonly shares: readonly (number | null)[]
    readonly all: number | null
  }[]
  readonly hours?: MatchedHours
  readonly warnings: readonly string[]
}

export type MatchedPart = 'onSiteKwh' | 'batteryKwh' | 'contractsKwh' | 'unmatchedKwh'
export const matchedParts: readonly MatchedPart[] = ['onSiteKwh', 'batteryKwh', 'contractsKwh', 'unmatchedKwh']

export interface MatchedHours {
  readonly startMs: number
  readonly stepMs: number
  readonly loadKwh: readonly (number | null)[]
  readonly matchedKwh: readonly (number | null)[]
  readonly excessKwh: readonly (number | null)[]
}

const cleanKinds = ['pv', 'wind', 'hydro', 'reservoir']
const useKinds = ['load', 'ev-charging', 'heat-pump', 'electrolyser']

const hasPower = ({ points }: SiteAsset): boolean => points.some(({ id }) => id === 'powerKw')

/** Uses and clean plants of a site that have a meter of power. */
export function meteredAssets({ assets }: Pick<Site, 'assets'>): {
  readonly uses: readonly SiteAsset[]
  readonly plants: readonly SiteAsset[]
  readonly battery: SiteAsset | undefined
} {
  const metered = assets.filter(hasPower)
  return {
    uses: metered.filter(({ kind }) => useKinds.includes(kind)),
    plants: metered.filter(({ kind }) => cleanKinds.includes(kind)),
    battery: metered.find(({ kind }) => kind === 'battery'),
  }
}

export interface MatchingChoice {
  readonly from: string
  /** First day after. */
  readonly to: string
  readonly region: string
  readonly uses: readonly string[]
  readonly plants: readonly string[]
  readonly battery: string | undefined
}

const observed = (asset: string) => ({ observation: `${asset}.powerKw` })

/** The input of `carbon.match-hours` for meters of a site; hours in which one tells nothing are left out. */
export function matchingInput(site: Site, { from, to, region, uses, plants, battery }: MatchingChoice): object {
  const [first = '', ...more] = uses
  const store = site.assets.find(({ id }) => id === battery)
  const efficiency = (name: string): number => {
    const told = store?.fields[name]
    return typeof told === 'number' && told > 0 && told <= 1 ? told : 0.95
  }
  return {
    ...{ site: site.id, period: { from, to }, gaps: 'leave-out', hours: true },
    load: observed(first),
    moreLoads: more.map((id) => ({ id, powerKw: observed(id) })),
    onSite: plants.map((id) => ({ id, powerKw: observed(id) })),
    ...(store === undefined
      ? {}
      : {
          battery: {
            powerKw: observed(store.id),
            chargeEfficiency: efficiency('chargeEfficiency'),
            dischargeEfficiency: efficiency('dischargeEfficiency'),
          },
        }),
    ...(region === '' ? { gridFactor: gridFactorOf(site) } : { region: region.toUpperCase() }),
  }
}

/** A carbon intensity that the tariff of the site tells; else none. */
function gridFactorOf({ sections }: Pick<Site, 'sections'>): unknown {
  const tariff = sections.tariff as { readonly carbonIntensity?: unknown } | undefined
  return tariff?.carbonIntensity
}

/** Whether the tariff of a site tells what a kilowatt-hour of its grid emits. */
export const tellsGridFactor = (site: Pick<Site, 'sections'>): boolean => gridFactorOf(site) !== undefined

/** Share that was matched, by day (rows) and hour of the day (columns); null where nothing is known. */
export interface DayMap {
  readonly days: readonly string[]
  readonly cells: readonly (readonly [hour: number, day: number, share: number])[]
}

/** A map of days by hours of the local day, from the first day of which something is known to the last. */
export function dayMap({ startMs, stepMs, loadKwh, matchedKwh }: MatchedHours, zone: string): DayMap {
  const format = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone: zone, hourCycle: 'h23' },
    ...{ year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit' },
  })
  const days = new Map<string, number>()
  const cells: (readonly [number, number, number])[] = []
  loadKwh.forEach((load, k) => {
    const parts = Object.fromEntries(format.formatToParts(startMs + k * stepMs).map(({ type, value }) => [type, value]))
    const day = `${parts.year}-${parts.month}-${parts.day}`
    const place = days.get(day) ?? days.size
    days.set(day, place)
    const matched = matchedKwh[k]
    if (load === null || load <= 0 || matched === null || matched === undefined) return
    cells.push([Number(parts.hour), place, matched / load])
  })
  const known = cells.map(([, day]) => day)
  const [first, last] = [Math.min(...known), Math.max(...known)]
  return {
    days: [...days.keys()].slice(first, last + 1),
    cells: cells.map(([hour, day, share]) => [hour, day - first, share] as const),
  }
}

/** What would lift the score, in the order in which it helps. */
export interface Lift {
  readonly kind: 'store' | 'contracts' | 'cover'
  readonly energyKwh: number
  /** Score when all of it were used, 0 to 1. */
  readonly score: number
}

/**
 * What stands between a score and all hours matched: clean energy that came when nobody needed it, and energy for hours that
 * have none. The first is what storing or shifting could use at most.
 */
export function liftsOf({ energy }: Pick<Matching, 'energy'>): readonly Lift[] {
  const { loadKwh, matchedKwh, unmatchedKwh, exportKwh, excessContractsKwh } = energy
  if (loadKwh <= 0 || unmatchedKwh <= 0) return []
  const score = (added: number): number => Math.min(1, (matchedKwh + added) / loadKwh)
  const store = Math.min(exportKwh, unmatchedKwh)
  const contracts = Math.min(excessContractsKwh, unmatchedKwh - store)
  const rest = unmatchedKwh - store - contracts
  return [
    ...(store > 0 ? [{ kind: 'store' as const, energyKwh: store, score: score(store) }] : []),
    ...(contracts > 0 ? [{ kind: 'contracts' as const, energyKwh: contracts, score: score(store + contracts) }] : []),
    ...(rest > 0 ? [{ kind: 'cover' as const, energyKwh: rest, score: 1 }] : []),
  ]
}

/** The hour of the day in which least is matched, and its share; undefined where nothing is known. */
export function darkestHour({
  heatMap,
}: Pick<Matching, 'heatMap'>): { readonly hour: number; readonly share: number } | undefined {
  const hours = Array.from({ length: 24 }, (_, hour) => {
    const told = heatMap.flatMap(({ shares }) => shares[hour] ?? [])
    return { hour, share: told.length === 0 ? Number.NaN : told.reduce((a, b) => a + b, 0) / told.length }
  }).filter(({ share }) => !Number.isNaN(share))
  return hours.toSorted((a, b) => a.share - b.share)[0]
}
