import { join } from 'node:path'
import {
  type AnyFieldProtocol,
  type FieldClient,
  type FieldReading,
  gatewaysOf,
  type LinkFigures,
  type Spool,
  type SpoolFigures,
} from '../../gateway/index.ts'
import {
  type Clock,
  conversion,
  parseUnit,
  quality,
  type Random,
  type SectionEntry,
  type Site,
  sameDimension,
} from '../../kernel/index.ts'
import type { Arrivals } from '../arrivals.ts'
import type { Lease } from '../nodes/lease.ts'
import type { SiteBook } from '../site-book.ts'
import { holdLink } from './hold-link.ts'
import { createKeptReadings, type KeptFigures } from './keep-readings.ts'

/** A link to a device or broker that runs. */
export interface FieldLink {
  readonly site: string
  readonly id: string
  readonly title: string
  readonly protocol: string
  readonly client: FieldClient
  /** Points that it has told since the start. */
  readonly told?: ReadonlySet<string>
  /** One of several nodes has it: what another told its stations before is not known here. */
  readonly shared?: boolean
}

/** The links of all sites to their devices. */
export interface Field {
  readonly protocols: readonly AnyFieldProtocol[]
  /** Opens the gateways of a site. */
  open(site: Site): void
  /** Opens those that have a simulated device, at its address; what it says is no better than `estimated`. */
  openTwins(site: Site, settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>): void
  /** Whether some gateway of the site has spoken for the point since the start. */
  speaksFor(site: string, ref: string): boolean
  links(): readonly FieldLink[]
  figures(): FieldFigures
  /** Closes the links, then settles when what they said is on the disk. */
  stop(): Promise<void>
}

export interface FieldFigures {
  readonly links: readonly (Omit<FieldLink, 'client' | 'title' | 'told'> & LinkFigures)[]
  readonly readings: KeptFigures
  readonly spool: SpoolFigures
}

export interface FieldParts {
  readonly protocols: readonly AnyFieldProtocol[]
  readonly sites: Pick<SiteBook, 'points'>
  readonly arrivals: Pick<Arrivals, 'keep'>
  readonly spool: Spool
  /** What protocols keep for themselves. */
  readonly folder: string
  readonly clock: Clock
  readonly random: Random
  /** Which of several nodes has what only one may have; absent: this node is alone. */
  lease?(name: string): Lease
  /** Between two looks at a lease, ms. */
  readonly leaseTurnMs?: number
  report(error: unknown, message: string): void
}

const usualLeaseTurnMs = 3000

export function createField(parts: FieldParts): Field {
  const { protocols, sites, arrivals, spool, folder, clock, random, report } = parts
  const { lease, leaseTurnMs: turnMs = usualLeaseTurnMs } = parts
  const kept = createKeptReadings({ arrivals, spool, report })
  const links: FieldLink[] = []
  const holds: (() => Promise<void>)[] = []
  const spoken = new Set<string>()
  const openOne = (site: Site, entry: SectionEntry, twin?: Readonly<Record<string, unknown>>): FieldLink => {
    const protocol = protocols.find(({ name }) => name === entry.protocol)
    // The site file was read with the protocols of the house.
    if (!protocol) throw new Error(`no protocol ${String(entry.protocol)}`)
    const gateway = {
      id: entry.id,
      site,
      settings: { ...entry, ...twin },
      unitOf: (ref: string) => sites.points(site).get(ref)?.unit,
    }
    const told = new Set<string>()
    const client = protocol.open(gateway, {
      ...{ clock, random, folder: join(folder, site.id, entry.id) },
      take(readings) {
        for (const { ref } of readings) {
          told.add(ref)
          spoken.add(`${site.id}/${ref}`)
        }
        const own = twin ? readings.map(asEstimated) : readings
        return kept.keep(
          site.id,
          entry.id,
          own.map((reading) => inUnit(reading, gateway.unitOf(reading.ref))),
        )
      },
      report: (error, message) => report(error, `gateway ${entry.id} of ${site.id}: ${message}`),
    })
    const shared = protocol.oneNode === true && lease !== undefined
    const link = { site: site.id, id: entry.id, title: entry.title, protocol: protocol.name, client, told, shared }
    links.push(link)
    return link
  }
  /** Stations that come to a node are told by this one while it holds the lease, so that no two share out the same power. */
  const openHeld = (site: Site, entry: SectionEntry, ofName: (name: string) => Lease): void => {
    let link: FieldLink | undefined
    holds.push(
      holdLink({
        lease: ofName(`gateway/${site.id}/${entry.id}`),
        turnMs,
        open() {
          link = openOne(site, entry)
        },
        async close() {
          const closed = link
          if (!closed) return
          links.splice(links.indexOf(closed), 1)
          await closed.client.stop()
        },
        report: (error) => report(error, `gateway ${entry.id} of ${site.id}: who has it`),
      }),
    )
  }
  return {
    protocols,
    open(site) {
      for (const entry of gatewaysOf(site)) {
        const isOneNodes = protocols.find(({ name }) => name === entry.protocol)?.oneNode === true
        if (isOneNodes && lease) openHeld(site, entry, lease)
        else openOne(site, entry)
      }
    },
    openTwins(site, settings) {
      for (const entry of gatewaysOf(site)) if (settings[entry.id]) openOne(site, entry, settings[entry.id])
    },
    speaksFor: (site, ref) => spoken.has(`${site}/${ref}`),
    links: () => links,
    figures: () => ({
      links: links.map(({ site, id, protocol, client }) => ({ site, id, protocol, ...client.figures() })),
      readings: kept.figures(),
      spool: spool.figures(),
    }),
    async stop() {
      await Promise.all([...holds.map((end) => end()), ...links.map(({ client }) => client.stop())])
      await kept.stop()
    },
  }
}

/** No simulated device passes as a real one. */
const asEstimated = (reading: FieldReading): FieldReading =>
  reading.quality === quality.good ? { ...reading, quality: quality.estimated } : reading

/** A unit that does not fit, and a point that the site has not, the store refuses by name. */
function inUnit(reading: FieldReading, unit: string | undefined): FieldReading {
  if (unit === undefined || unit === reading.unit) return reading
  if (!sameDimension(parseUnit(reading.unit).dimension, parseUnit(unit).dimension)) return reading
  const { scale, offset } = conversion(reading.unit, unit)
  return { ...reading, value: reading.value * scale + offset, unit }
}
