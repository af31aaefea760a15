import { type AskParts, ask, type ObjectValues } from './ask-device.ts'
import type { BacnetStack } from './load-library.ts'
import type { ObjectId } from './object-id.ts'
import type { PropertyValue } from './read-state.ts'

/** Numbers of our subscriptions begin here, so that they are told from those of others at the same address. */
const firstProcess = 4700

/** Asks a device to send changes of an object. @returns false where it cannot: the object is polled then */
export async function subscribe(
  parts: AskParts,
  number: number,
  object: ObjectId,
  lifetimeMs: number,
): Promise<boolean> {
  const seconds = Math.max(2, Math.round(lifetimeMs / 1000))
  const told = await ask(parts, () =>
    parts.stack.subscribeCov(parts.device, { ...object }, firstProcess + number, false, false, seconds),
  )
  return told.kind === 'told'
}

interface Notice {
  readonly payload: {
    readonly subscriberProcessId: number
    readonly monitoredObjectId: ObjectId
    readonly values: readonly { readonly property: { readonly id: number }; readonly value: readonly PropertyValue[] }[]
  }
}

/** Hears changes that devices send. @returns what ends it */
export function hearChanges(
  stack: BacnetStack,
  heard: (object: ObjectId, values: ObjectValues, number: number) => void,
): () => void {
  const hear = (notice: unknown): void => {
    const { subscriberProcessId, monitoredObjectId, values } = (notice as Notice).payload
    const told = new Map(values.map(({ property, value }) => [property.id, value]))
    heard(monitoredObjectId, told, subscriberProcessId - firstProcess)
  }
  stack.on('covNotifyUnconfirmed', hear)
  return () => stack.off('covNotifyUnconfirmed', hear)
}
