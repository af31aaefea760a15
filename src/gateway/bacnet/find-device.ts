import { lookup } from 'node:dns/promises'
import { gatewayErrors } from '../errors.ts'
import type { DeviceAddress } from './ask-device.ts'
import type { BacnetStack } from './load-library.ts'
import type { BacnetSettings } from './settings.ts'
import { usualPort } from './transport.ts'

/** A device that said who it is. */
export interface FoundAddress {
  readonly instance: number
  readonly vendor: number
  readonly device: DeviceAddress
}

/** `address:port` of a host. @throws `gateway.no-link` */
export async function addressOf(host: string, port: number): Promise<string> {
  try {
    const { address } = await lookup(host, 4)
    return `${address}:${port}`
  } catch (cause) {
    throw gatewayErrors.noLink({ detail: 'The address of the device is not known', found: host }, { cause })
  }
}

/**
 * Asks who is there, and calls back with each device that says so.
 *
 * @param to address of one device; undefined: all that a broadcast reaches
 * @returns what ends it
 */
export function whoIs(
  stack: BacnetStack,
  to: string | undefined,
  instance: number | undefined,
  found: (one: FoundAddress) => void,
): () => void {
  const hear = (content: { readonly header?: unknown; readonly payload: unknown }): void => {
    const { deviceId, vendorId } = content.payload as { readonly deviceId: number; readonly vendorId: number }
    const { sender } = (content.header ?? {}) as {
      readonly sender?: { address?: string; net?: number; adr?: number[] }
    }
    if (sender?.address === undefined || (instance !== undefined && deviceId !== instance)) return
    const { address, net, adr } = sender
    const device = { address, ...(net === undefined || adr === undefined ? {} : { net, adr: [...adr] }) }
    found({ instance: deviceId, vendor: vendorId, device })
  }
  stack.on('iAm', hear)
  const limits = instance === undefined ? {} : { lowLimit: instance, highLimit: instance }
  if (to === undefined) stack.whoIs(limits)
  else stack.whoIs({ address: to }, limits)
  return () => stack.off('iAm', hear)
}

/** Finds the device of the settings: by its host, else by its instance. @throws `gateway.no-link` */
export async function findDevice(
  settings: BacnetSettings,
  stack: BacnetStack,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<DeviceAddress> {
  const { host, port = usualPort, instance } = settings
  const to = host === undefined ? undefined : await addressOf(host, port)
  if (to !== undefined && instance === undefined) return { address: to }
  const answer = Promise.withResolvers<DeviceAddress | undefined>()
  const end = whoIs(stack, to, instance, ({ device }) => answer.resolve(device))
  const giveUp = (): void => answer.resolve(undefined)
  const timer = setTimeout(giveUp, timeoutMs)
  signal?.addEventListener('abort', giveUp)
  if (signal?.aborted) giveUp()
  const device = await answer.promise
  signal?.removeEventListener('abort', giveUp)
  clearTimeout(timer)
  end()
  if (device) return device
  throw gatewayErrors.noLink({
    detail: 'No device says that it is the one',
    found: to ?? 'broadcast',
    expected: `device ${instance}`,
  })
}
