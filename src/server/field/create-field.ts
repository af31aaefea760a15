import {
  type FieldClient,
  type FieldProtocol,
  gatewaysOf,
  type LinkFigures,
  type Spool,
  type SpoolFigures,
} from '../../gateway/index.ts'
import type { Clock, Random, SectionEntry, Site } from '../../kernel/index.ts'
import type { Arrivals } from '../arrivals.ts'
import type { SiteBook } from '../site-book.ts'
import { createKeptReadings, type KeptFigures } from './keep-readings.ts'

/** A link to a device or broker that runs. */
export interface FieldLink {
  readonly site: string
  readonly id: string
  readonly title: string
  readonly protocol: string
  readonly client: FieldClient
}

/** The links of all sites to their devices. */
export interface Field {
  /** Opens the gateways of a site; settings that are given stand above those of its file (a simulated device is elsewhere). */
  open(site: Site, settings?: Readonly<Record<string, Readonly<Record<string, unknown>>>>): void
  links(): readonly FieldLink[]
  figures(): FieldFigures
  /** Closes the links, then settles when what they said is on the disk. */
  stop(): Promise<void>
}

export interface FieldFigures {
  readonly links: readonly (Omit<FieldLink, 'client' | 'title'> & LinkFigures)[]
  readonly readings: KeptFigures
  readonly spool: SpoolFigures
}

export interface FieldParts {
  // biome-ignore lint/suspicious/noExplicitAny: each protocol reads its own settings by its schema
  readonly protocols: readonly FieldProtocol<any>[]
  readonly sites: Pick<SiteBook, 'points'>
  readonly arrivals: Pick<Arrivals, 'keep'>
  readonly spool: Spool
  readonly clock: Clock
  readonly random: Random
  report(error: unknown, message: string): void
}

export function createField({ protocols, sites, arrivals, spool, clock, random, report }: FieldParts): Field {
  const kept = createKeptReadings({ arrivals, spool, report })
  const links: FieldLink[] = []
  const openOne = (site: Site, entry: SectionEntry, own: Readonly<Record<string, unknown>>): void => {
    const protocol = protocols.find(({ name }) => name === entry.protocol)
    // The site file was read with the protocols of the house.
    if (!protocol) throw new Error(`no protocol ${String(entry.protocol)}`)
    const gateway = {
      id: entry.id,
      site,
      settings: { ...entry, ...own },
      unitOf: (ref: string) => sites.points(site).get(ref)?.unit,
    }
    const client = protocol.open(gateway, {
      ...{ clock, random },
      take: (readings) => kept.keep(site.id, entry.id, readings),
      report: (error, message) => report(error, `gateway ${entry.id} of ${site.id}: ${message}`),
    })
    links.push({ site: site.id, id: entry.id, title: entry.title, protocol: protocol.name, client })
  }
  return {
    open(site, settings = {}) {
      for (const entry of gatewaysOf(site)) openOne(site, entry, settings[entry.id] ?? {})
    },
    links: () => links,
    figures: () => ({
      links: links.map(({ site, id, protocol, client }) => ({ site, id, protocol, ...client.figures() })),
      readings: kept.figures(),
      spool: spool.figures(),
    }),
    async stop() {
      await Promise.all(links.map(({ client }) => client.stop()))
      await kept.stop()
    },
  }
}
