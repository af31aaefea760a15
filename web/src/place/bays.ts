import type { Site, SiteAsset } from '../api/types.ts'
import type { LookUp } from '../park/flow.ts'

interface Station {
  readonly evses?: readonly { readonly asset?: string }[]
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The outlets of the stations behind an asset of charging, by the name their points begin with, in the order of the file. */
export function outletsOf(site: Pick<Site, 'sections'>, assetId: string): readonly string[] {
  const { charging, gateways } = site.sections
  if (!isObject(charging) || charging.asset !== assetId || !isObject(gateways)) return []
  const gateway = gateways[String(charging.gateway)]
  const stations = isObject(gateway) && Array.isArray(gateway.stations) ? (gateway.stations as readonly Station[]) : []
  return stations.flatMap(({ evses = [] }) => evses.flatMap(({ asset }) => (asset === undefined ? [] : [asset])))
}

interface Session {
  readonly arrival: string
  readonly departure: string
}

const sessionsOf = ({ fields }: Pick<SiteAsset, 'fields'>): readonly Session[] =>
  Array.isArray(fields.sessions)
    ? fields.sessions.filter(
        (session): session is Session =>
          isObject(session) && typeof session.arrival === 'string' && typeof session.departure === 'string',
      )
    : []

/** Places to park where the site file does not say: one an outlet, else one a session. */
export const baysOf = (site: Pick<Site, 'sections'>, asset: SiteAsset): number =>
  Math.max(2, outletsOf(site, asset.id).length || Math.min(60, sessionsOf(asset).length) || 8)

/** A place to park: empty, with a vehicle, or with one that charges. */
export type Bay = 'empty' | 'there' | 'charges'

interface BaysAsked {
  readonly bays: number
  readonly asset: SiteAsset
  readonly outlets: readonly string[]
  readonly lookUp: LookUp
  /** Local time of day, `HH:MM`. */
  readonly localTime: string
}

/** Below this an outlet rests, kW. */
const restingKw = 0.1

const isThere = ({ arrival, departure }: Session, time: string): boolean =>
  arrival <= departure ? arrival <= time && time < departure : arrival <= time || time < departure

/**
 * What stands at the chargers at a moment: by the meters of the outlets where they are known, else by the sessions that the site file
 * lists, of which some charge while the asset draws power.
 */
export function vehiclesAt({ bays, asset, outlets, lookUp, localTime }: BaysAsked): readonly Bay[] {
  const metered = outlets.map((outlet) => lookUp(`${outlet}.powerKw`))
  const sessions = sessionsOf(asset).filter((session) => isThere(session, localTime))
  if (metered.some((powerKw) => powerKw !== undefined)) {
    return Array.from({ length: bays }, (_, bay) => ((metered[bay] ?? 0) > restingKw ? 'charges' : 'empty'))
  }
  const charges = (lookUp(`${asset.id}.powerKw`) ?? 0) > restingKw
  return Array.from({ length: bays }, (_, bay) => (bay >= sessions.length ? 'empty' : charges ? 'charges' : 'there'))
}
