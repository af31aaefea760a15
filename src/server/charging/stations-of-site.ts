import type { OcppClient } from '../../gateway/index.ts'
import type { FieldLink } from '../field/create-field.ts'

/** The central system of a gateway whose door is open. */
export type StationSystem = NonNullable<OcppClient['system']>

interface Links {
  links(): readonly FieldLink[]
}

/** Gateways of charging stations of a site whose doors are open, by the id of the gateway. */
export const systemsOf = (field: Links, site: string): ReadonlyMap<string, StationSystem> =>
  new Map(
    field.links().flatMap((link) => {
      if (link.site !== site || link.protocol !== 'ocpp') return []
      const { system } = link.client as OcppClient
      return system ? [[link.id, system] as const] : []
    }),
  )

export interface SiteStationsFigures {
  readonly site: string
  readonly stations: number
  readonly connected: number
  /** Transactions that were ever told of, those that ended, and what all of them took. */
  readonly started: number
  readonly ended: number
  readonly energyKwh: number
  /** Connections that were not let in since the start, and those of them that were not heard after too many wrong passwords. */
  readonly refused: number
  readonly unheard: number
}

/** Undefined where the site has no door for stations that is open. */
export function stationsFigures(field: Links, site: string): SiteStationsFigures | undefined {
  const systems = [...systemsOf(field, site).values()]
  if (systems.length === 0) return undefined
  const sum = (of: (system: StationSystem) => number): number => systems.reduce((total, one) => total + of(one), 0)
  return {
    site,
    stations: sum(({ stations }) => stations.length),
    connected: sum((system) => system.figures().connected),
    started: sum(({ book }) => book.tally().started),
    ended: sum(({ book }) => book.tally().ended),
    energyKwh: sum(({ book }) => book.tally().energyKwh),
    refused: sum((system) => system.figures().refusedConnects),
    unheard: sum((system) => system.figures().unheardConnects),
  }
}
