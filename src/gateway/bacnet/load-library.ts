import type BacnetClass from '@bacnet-js/client'
import type { BacnetTransport } from './transport.ts'

export type BacnetStack = InstanceType<(typeof BacnetClass)['default']>

/** Loads the library when the first gateway needs it, and sets it on a transport. */
export async function openStack(transport: BacnetTransport, timeoutMs: number): Promise<BacnetStack> {
  // A module of the older kind: some loaders give the class itself.
  const { default: told } = await import('@bacnet-js/client')
  const Stack = typeof told === 'function' ? (told as (typeof told)['default']) : told.default
  const stack = new Stack({ transport, apduTimeout: timeoutMs })
  stack.on('error', () => undefined)
  await transport.listening
  return stack
}
