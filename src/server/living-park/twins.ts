import type { Clock, Random, Site } from '../../kernel/index.ts'
import type { Field } from '../field/create-field.ts'
import type { SiteBook } from '../site-book.ts'
import { type Devices, type DevicesParts, startDevices } from './devices.ts'

/** The simulated devices of a site, and the gateways that read them as they would read real ones. */
export type Twins = Devices

/**
 * Starts the simulated devices of a site and opens the gateways on them. Gateways of protocols without a twin stay closed: a
 * simulation asks no real device.
 */
export async function startTwins(
  site: Site,
  parts: { readonly clock: Clock; readonly field: Field; readonly sites: Pick<SiteBook, 'points'> },
  physics: Pick<DevicesParts, 'vehicles' | 'write'> & { readonly random: Random },
): Promise<Twins> {
  const { clock, field, sites } = parts
  const points = sites.points(site)
  const devices = await startDevices(site, {
    ...{ clock, protocols: field.protocols, ...physics },
    unitOf: (ref) => points.get(ref)?.unit,
  })
  field.openTwins(site, devices.settings)
  return devices
}
