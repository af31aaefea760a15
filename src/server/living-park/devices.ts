import { type AnyFieldProtocol, gatewaysOf, type TwinFault, type TwinPorts } from '../../gateway/index.ts'
import type { Clock, Random, Site } from '../../kernel/index.ts'

/** The simulated devices of a site: each gateway's, as its protocol plays them. */
export interface Devices {
  /** What they say from now on, by point. */
  show(values: ReadonlyMap<string, number>): void
  /** Faults of a gateway's device from now on; none: it is sound. */
  fault(gateway: string, faults: readonly TwinFault[]): void
  faultsOf(gateway: string): readonly TwinFault[]
  /** Where each can be reached: settings of its gateway that its clients take, by the id of the gateway. */
  readonly settings: Readonly<Record<string, Readonly<Record<string, unknown>>>>
  /** Gateways with a simulated device, in the order of the site file. */
  readonly gateways: readonly string[]
  stop(): Promise<void>
}

export interface DevicesParts extends Pick<TwinPorts, 'vehicles'> {
  readonly protocols: readonly AnyFieldProtocol[]
  readonly clock: Clock
  readonly random: Random
  unitOf(ref: string): string | undefined
  /** A client wrote a setpoint. */
  write(ref: string, value: number): void
  /** For clients in other processes: the port of the first device; the others follow it. Absent: free ports. */
  readonly portBase?: number
}

/** Starts the twin of each gateway whose protocol has one, on loopback. @throws where a port is taken; none runs then */
export async function startDevices(site: Site, parts: DevicesParts): Promise<Devices> {
  const { clock, random, unitOf, write, vehicles, portBase } = parts
  let values: ReadonlyMap<string, number> = new Map()
  const faults = new Map<string, readonly TwinFault[]>()
  const faultsOf = (gateway: string): readonly TwinFault[] => faults.get(gateway) ?? []
  const starting = gatewaysOf(site).flatMap((entry) => {
    const protocol = parts.protocols.find(({ name }) => name === entry.protocol)
    return protocol?.twin ? [{ entry, twin: protocol.twin }] : []
  })
  const started = await Promise.allSettled(
    starting.map(async ({ entry, twin }, index) => ({
      id: entry.id,
      twin: await twin(
        { id: entry.id, site, settings: entry, unitOf },
        {
          ...{ clock, random, write },
          read: (ref) => values.get(ref),
          faults: () => faultsOf(entry.id),
          ...(vehicles ? { vehicles } : {}),
          ...(portBase === undefined ? {} : { listenPort: portBase + index }),
        },
      ),
    })),
  )
  const twins = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  const stop = async (): Promise<void> => {
    await Promise.all(twins.map(({ twin }) => twin.stop()))
  }
  const failed = started.find((one) => one.status === 'rejected')
  if (failed) {
    await stop()
    throw failed.reason
  }
  return {
    show(next) {
      values = next
    },
    fault: (gateway, next) => void faults.set(gateway, next),
    faultsOf,
    settings: Object.fromEntries(twins.map(({ id, twin }) => [id, twin.settings])),
    gateways: twins.map(({ id }) => id),
    stop,
  }
}
