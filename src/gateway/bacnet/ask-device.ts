import type { BacnetStack } from './load-library.ts'
import { type ObjectId, property, sameObject } from './object-id.ts'
import type { PropertyValue } from './read-state.ts'

/** Where a device is: its address, and behind a router its network and its address there. */
export interface DeviceAddress {
  readonly address: string
  readonly net?: number
  readonly adr?: number[]
}

/** What a device said of properties of objects; a property that it has not is left out. */
export type ObjectValues = ReadonlyMap<number, readonly PropertyValue[]>

export type Told<Value> =
  | { readonly kind: 'told'; readonly value: Value }
  /** Nothing came, or nothing that can be understood. */
  | { readonly kind: 'silent'; readonly why: string; readonly malformed: boolean }
  /** The device will not or cannot. */
  | { readonly kind: 'refused'; readonly why: string }

export interface AskParts {
  readonly stack: BacnetStack
  readonly device: DeviceAddress
  readonly retries: number
  /** After it, nothing is asked again. */
  readonly signal?: AbortSignal
}

/** BACnetErrorClass and BACnetErrorCode that are met (ASHRAE 135-2020, clause 18 and 21). */
const errorWords: Readonly<Record<string, string>> = {
  '1-31': 'it has no such object',
  '2-32': 'the object has no such property',
  '2-40': 'write access denied',
  '2-37': 'the value is out of range',
  '2-9': 'the value has the wrong type',
  '5-45': 'it cannot send changes of this object',
  '3-18': 'it has no room for another subscription',
}

/** The device's own words. */
function wordsOf(message: string): string {
  const [, errorClass, code] = /Class:(\d+) - Code:(\d+)/.exec(message) ?? []
  if (code === undefined) return message.slice(0, 200)
  const words = errorWords[`${errorClass}-${code}`]
  return `${words === undefined ? '' : `${words}, `}error class ${errorClass}, code ${code}`
}

/** Asks once and again; only what a silent device is asked is asked again. */
export async function ask<Value>(
  { retries, signal }: Pick<AskParts, 'retries' | 'signal'>,
  request: () => Promise<Value>,
): Promise<Told<Value>> {
  let last: Told<Value> = { kind: 'silent', why: 'no answer', malformed: false }
  for (let tries = 0; tries <= retries && !signal?.aborted; tries += 1) {
    try {
      return { kind: 'told', value: await request() }
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      if (message.startsWith('Bacnet')) return { kind: 'refused', why: wordsOf(message) }
      const isSilent = message === 'ERR_TIMEOUT'
      last = {
        kind: 'silent',
        why: isSilent ? 'no answer in time' : 'the answer cannot be understood',
        malformed: !isSilent,
      }
    }
  }
  return last
}

/**
 * Reads properties of several objects in one request. The values come in the order of the objects; an object that the answer leaves out
 * has none.
 */
export async function readObjects(
  parts: AskParts,
  wanted: readonly { readonly object: ObjectId; readonly properties: readonly number[] }[],
): Promise<Told<readonly ObjectValues[]>> {
  const specification = wanted.map(({ object, properties }) => ({
    objectId: { type: object.type, instance: object.instance },
    properties: properties.map((id) => ({ id, index: 0xffff_ffff })),
  }))
  const told = await ask(parts, () => parts.stack.readPropertyMultiple(parts.device, specification))
  if (told.kind !== 'told') return told
  const { values } = told.value
  return {
    kind: 'told',
    value: wanted.map(({ object }, index) => {
      const own = values[index]
      const found =
        own && sameObject(own.objectId, object) ? own : values.find(({ objectId }) => sameObject(objectId, object))
      const entries = (found?.values ?? []) as unknown as readonly { id: number; value: unknown }[]
      return new Map(entries.flatMap(({ id, value }) => (hasValue(value) ? [[id, value] as const] : [])))
    }),
  }
}

/** An error of one property comes as a value of its own kind. */
function hasValue(value: unknown): value is readonly PropertyValue[] {
  if (!Array.isArray(value) || value.length === 0) return false
  const [first] = value as readonly { readonly type?: unknown; readonly value?: unknown }[]
  return typeof first?.type === 'number' && first.type <= 12
}

/** Reads properties of one object, each in a request of its own: what every device can. */
export async function readOneByOne(
  parts: AskParts,
  object: ObjectId,
  properties: readonly number[],
): Promise<Told<ObjectValues>> {
  const found = new Map<number, readonly PropertyValue[]>()
  for (const id of properties) {
    const told = await ask(parts, () => parts.stack.readProperty(parts.device, { ...object }, id))
    if (told.kind === 'told') found.set(id, told.value.values as readonly PropertyValue[])
    // A property that every device has; the others may be absent.
    else if (told.kind === 'silent' || id === property.presentValue) return told
  }
  return { kind: 'told', value: found }
}
