import { setTimeout as sleep } from 'node:timers/promises'
import { chargingOf } from '../../gateway/index.ts'
import type { SiteBook } from '../site-book.ts'
import type { SiteChargingView } from './charger-view.ts'
import { noteRefusals, type RefusalParts } from './note-refusals.ts'
import {
  type ChargingFigures,
  createSiteCharging,
  rulesOf,
  type SiteCharging,
  type SiteChargingParts,
} from './site-charging.ts'
import { type SiteStationsFigures, stationsFigures } from './stations-of-site.ts'

/** Charging at one site. */
export interface StationsFigures extends SiteStationsFigures {
  /** Undefined where nothing is shared. */
  readonly sharing: ChargingFigures | undefined
}

/** Shares the power of sites among their chargers. */
export interface Charging {
  /** Begins to share; whoever listens starts it. */
  start(): void
  /** Of a site that shares. */
  figures(site: string): ChargingFigures | undefined
  /** Of a site that shares, as the last turn left it. */
  view(site: string): SiteChargingView | undefined
  /** Of all sites with charging stations. */
  allFigures(): readonly StationsFigures[]
  stop(): Promise<void>
}

export interface ChargingParts extends Omit<SiteChargingParts, 'site' | 'unitOf' | 'links' | 'monotonicMs'> {
  readonly sites: Pick<SiteBook, 'all' | 'get' | 'points'>
  readonly field: { links(): ReturnType<SiteChargingParts['links']> }
  /** Absent on a server without accounts: there is no audit log. */
  readonly accounts?: RefusalParts['accounts'] | undefined
  monotonicMs?(): number
  /** Between two turns. */
  readonly turnMs?: number
}

export function createCharging(parts: ChargingParts): Charging {
  const { sites, field, store, arrivals, clock, report, turnMs = 1000 } = parts
  const { monotonicMs = () => performance.now() } = parts
  const stopping = new AbortController()
  const running = new Map<string, SiteCharging>()
  const loops: Promise<void>[] = []
  let watching: { stop(): void } | undefined
  const live = async (id: string, site: SiteCharging): Promise<void> => {
    let inARow = 0
    while (!stopping.signal.aborted) {
      const beganMs = monotonicMs()
      try {
        await site.turn()
        inARow = 0
      } catch (error) {
        inARow += 1
        if (Number.isInteger(Math.log2(inARow)))
          report(error, `chargers of ${id} were told nothing, ${inARow} turns in a row`)
      }
      const waitMs = Math.max(turnMs / 10, turnMs - (monotonicMs() - beganMs))
      await sleep(waitMs, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
    }
  }
  return {
    start() {
      if (loops.length > 0) return
      if (parts.accounts) watching = noteRefusals({ field, accounts: parts.accounts, report })
      for (const { site } of sites.all()) {
        const unitOf = (ref: string): string | undefined => sites.points(site).get(ref)?.unit
        const rules = chargingOf(site) && rulesOf(site, unitOf)
        if (!rules) continue
        const own = createSiteCharging(rules, {
          site: () => sites.get(site.id).site,
          unitOf: (now, ref) => sites.points(now).get(ref)?.unit,
          links: () => field.links(),
          ...{ store, arrivals, clock, monotonicMs, report },
        })
        running.set(site.id, own)
        loops.push(live(site.id, own))
      }
    },
    figures: (site) => running.get(site)?.figures(),
    view: (site) => running.get(site)?.view(),
    allFigures: () =>
      sites.all().flatMap(({ site: { id } }) => {
        const figures = stationsFigures(field, id)
        return figures ? [{ ...figures, sharing: running.get(id)?.figures() }] : []
      }),
    async stop() {
      stopping.abort()
      watching?.stop()
      await Promise.all(loops)
      await Promise.all([...running.values()].map((site) => site.stop()))
    },
  }
}
