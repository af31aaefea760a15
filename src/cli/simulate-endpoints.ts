import { readFileSync } from 'node:fs'
import { parseDocument } from 'yaml'
import { gatewaysOf } from '../gateway/index.ts'
import type { Site } from '../kernel/index.ts'

/** A simulated device, and where it is. */
export interface Endpoint {
  readonly gateway: string
  readonly protocol: string
  /** `127.0.0.1:15020`, or an address of its protocol. */
  readonly address: string
  readonly standsFor: string
  /** What stands in the site file of a client instead. */
  readonly settings: Readonly<Record<string, unknown>>
}

export function endpointsOf(
  site: Site,
  settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): readonly Endpoint[] {
  return gatewaysOf(site).flatMap((entry): readonly Endpoint[] => {
    const own = settings[entry.id]
    if (!own) return []
    const inside = names(entry.devices) ?? names(entry.stations)
    const standsFor = inside === undefined ? entry.title : `${entry.title}: ${inside}`
    return [
      {
        gateway: entry.id,
        protocol: String(entry.protocol),
        address: addressOf(entry.protocol, own),
        standsFor,
        settings: own,
      },
    ]
  })
}

function addressOf(protocol: unknown, own: Readonly<Record<string, unknown>>): string {
  const host = `${String(own.host ?? '127.0.0.1')}:${String(own.port ?? '')}`
  if (protocol === 'ocpp') return `calls ws://${host}`
  return String(own.url ?? own.folder ?? host)
}

function names(of: unknown): string | undefined {
  if (Array.isArray(of)) return of.map((one: { readonly id?: unknown }) => String(one.id)).join(', ')
  return typeof of === 'object' && of !== null ? Object.keys(of).join(', ') : undefined
}

/** The site file with the addresses of its simulated devices; all else stays as it is, comments too. */
export function siteWithEndpoints(site: Site, endpoints: readonly Endpoint[]): string {
  const document = parseDocument(readFileSync(site.source.file, 'utf8'))
  for (const { gateway, settings } of endpoints) {
    for (const [field, value] of Object.entries(settings)) document.setIn(['gateways', gateway, field], value)
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}
