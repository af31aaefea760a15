import { gatewaysOf, type TwinFault } from '../../gateway/index.ts'
import type { Clock, Random, Site } from '../../kernel/index.ts'
import type { Field } from '../field/create-field.ts'
import type { SiteBook } from '../site-book.ts'

/** The simulated devices of a site, and the gateways that read them as they would read real ones. */
export interface Twins {
  /** What the devices say from now on, by point. */
  show(values: ReadonlyMap<string, number>): void
  /** Faults of a gateway's device from now on; none: it is sound. */
  fault(gateway: string, faults: readonly TwinFault[]): void
  /** Gateways with a simulated device. */
  readonly gateways: readonly string[]
  stop(): Promise<void>
}

/**
 * Starts the twin of each gateway whose protocol has one, on loopback, and opens the gateways on them. Gateways of other protocols
 * stay closed: a simulation asks no real device.
 *
 * @param write a client wrote a setpoint
 */
export async function startTwins(
  site: Site,
  parts: { readonly clock: Clock; readonly field: Field; readonly sites: Pick<SiteBook, 'points'> },
  random: Random,
  write: (ref: string, value: number) => void,
): Promise<Twins> {
  let values: ReadonlyMap<string, number> = new Map()
  const faults = new Map<string, readonly TwinFault[]>()
  const units = parts.sites.points(site)
  const started = await Promise.all(
    gatewaysOf(site).map(async (entry) => {
      const protocol = parts.field.protocols.find(({ name }) => name === entry.protocol)
      const gateway = { id: entry.id, site, settings: entry, unitOf: (ref: string) => units.get(ref)?.unit }
      const twin = await protocol?.twin?.(gateway, {
        ...{ clock: parts.clock, random, write },
        read: (ref) => values.get(ref),
        faults: () => faults.get(entry.id) ?? [],
      })
      return twin ? [{ id: entry.id, twin }] : []
    }),
  )
  const twins = started.flat()
  parts.field.openTwins(site, Object.fromEntries(twins.map(({ id, twin }) => [id, twin.settings])))
  return {
    show(next) {
      values = next
    },
    fault: (gateway, next) => void faults.set(gateway, next),
    gateways: twins.map(({ id }) => id),
    async stop() {
      await Promise.all(twins.map(({ twin }) => twin.stop()))
    },
  }
}
