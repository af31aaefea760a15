import type { FoundPoint, FoundSource } from '../discover/propose-points.ts'
import { type AskParts, ask, type ObjectValues, readObjects, readOneByOne } from './ask-device.ts'
import { addressOf, type FoundAddress, whoIs } from './find-device.ts'
import { openStack } from './load-library.ts'
import { deviceType, hasUnits, type ObjectId, objectText, property, tagOf } from './object-id.ts'
import { numberOf } from './read-state.ts'
import { createTransport, usualPort } from './transport.ts'
import { noUnits, unitOfNumber } from './units.ts'

/** An object that holds a number. */
export interface FoundObject {
  /** `analog-input:1` */
  readonly object: string
  readonly name: string
  /** Of the house; undefined: it has none, or one that is not known. */
  readonly unit: string | undefined
  readonly isWritable: boolean
}

/** A device on BACnet/IP, and what it holds. */
export interface FoundBacnetDevice {
  readonly instance: number
  readonly address: string
  readonly name: string
  readonly maker: string
  readonly model: string
  readonly objects: readonly FoundObject[]
}

export interface BacnetSearch {
  /** Undefined: all that a broadcast reaches. */
  readonly host?: string
  readonly port?: number
  readonly broadcast?: string
  readonly timeoutMs?: number
  /** How long devices may take to say that they are there. */
  readonly listenMs: number
  readonly signal: AbortSignal
  heard(fraction: number, words: string): void
}

const mostObjects = 2000
const objectsAtOnce = 15
const outputs: ReadonlySet<number> = new Set([1, 4, 14])

/** Asks who is there, and each device for its objects. It only reads. @throws `gateway.no-link` */
export async function discoverBacnet(search: BacnetSearch): Promise<readonly FoundBacnetDevice[]> {
  const { host, port = usualPort, broadcast, timeoutMs = 2000, signal, heard } = search
  const to = host === undefined ? undefined : await addressOf(host, port)
  const transport = createTransport({
    port: to === undefined ? usualPort : 0,
    ...(broadcast === undefined ? {} : { broadcast }),
  })
  const stack = await openStack(transport, timeoutMs)
  try {
    const addresses = await askAround(to, search, (found) => whoIs(stack, to, undefined, found))
    const devices: FoundBacnetDevice[] = []
    for (const [index, one] of addresses.entries()) {
      if (signal.aborted) break
      heard((index + 0.5) / addresses.length, `device ${one.instance} at ${one.device.address}`)
      devices.push(await readDevice({ stack, device: one.device, retries: 1, signal }, one))
    }
    return devices
  } finally {
    stack.close()
    await transport.closed
  }
}

/** Who says that it is there: of one address the first, of a broadcast all. */
async function askAround(
  to: string | undefined,
  { listenMs, signal, heard }: BacnetSearch,
  begin: (found: (one: FoundAddress) => void) => () => void,
): Promise<readonly FoundAddress[]> {
  const found = new Map<number, FoundAddress>()
  const over = new AbortController()
  const end = begin((one) => {
    found.set(one.instance, one)
    heard(0, `device ${one.instance} is there`)
    if (to !== undefined) over.abort()
  })
  const either = AbortSignal.any([signal, over.signal])
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, listenMs)
    either.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
    if (either.aborted) resolve()
  })
  end()
  return [...found.values()].sort((a, b) => a.instance - b.instance)
}

async function readDevice(parts: AskParts, { instance, device }: FoundAddress): Promise<FoundBacnetDevice> {
  const self = { type: deviceType, instance }
  const texts = await readOneByOne(parts, self, [property.objectName, property.vendorName, property.modelName])
  const text = (id: number): string => {
    const value = texts.kind === 'told' ? texts.value.get(id)?.[0]?.value : undefined
    return typeof value === 'string' ? value : ''
  }
  const objects = await readObjectList(parts, self)
  return {
    ...{ instance, address: device.address, objects: await describe(parts, objects) },
    ...{ name: text(property.objectName), maker: text(property.vendorName), model: text(property.modelName) },
  }
}

/** The objects of a device that hold a number: the whole list, or one after the other where it is too long for an answer. */
async function readObjectList(parts: AskParts, self: ObjectId): Promise<readonly ObjectId[]> {
  const read = (arrayIndex?: number) =>
    ask(parts, () =>
      parts.stack.readProperty(
        parts.device,
        { ...self },
        property.objectList,
        arrayIndex === undefined ? {} : { arrayIndex },
      ),
    )
  const all = await read()
  const entries: unknown[] = []
  if (all.kind === 'told') entries.push(...all.value.values.map(({ value }) => value))
  else {
    const count = await read(0)
    const [first] = count.kind === 'told' ? count.value.values : []
    const many = first ? (numberOf(first) ?? 0) : 0
    for (let index = 1; index <= Math.min(many, mostObjects); index += 1) {
      const one = await read(index)
      if (one.kind === 'silent') break
      if (one.kind === 'told') entries.push(...one.value.values.map(({ value }) => value))
    }
  }
  const ids = entries.flatMap((entry) => {
    const { type, instance } = (entry ?? {}) as Partial<ObjectId>
    return typeof type === 'number' && typeof instance === 'number' ? [{ type, instance }] : []
  })
  return ids.filter((id) => objectText(id) !== undefined).slice(0, mostObjects)
}

async function describe(parts: AskParts, objects: readonly ObjectId[]): Promise<readonly FoundObject[]> {
  const found: FoundObject[] = []
  for (let from = 0; from < objects.length; from += objectsAtOnce) {
    const some = objects.slice(from, from + objectsAtOnce)
    const wanted = (object: ObjectId) => [property.objectName, ...(hasUnits(object) ? [property.units] : [])]
    const told = await readObjects(
      parts,
      some.map((object) => ({ object, properties: wanted(object) })),
    )
    for (const [index, object] of some.entries()) {
      let values: ObjectValues | undefined = told.kind === 'told' ? told.value[index] : undefined
      if (!values) {
        const single = await readOneByOne(parts, object, wanted(object))
        values = single.kind === 'told' ? single.value : new Map()
      }
      const name = values.get(property.objectName)?.[0]?.value
      const [told1] = values.get(property.units) ?? []
      const number = told1 ? (numberOf(told1) ?? noUnits) : noUnits
      found.push({
        ...{ object: objectText(object)!, name: typeof name === 'string' ? name : objectText(object)! },
        // A plain number: a switch, a mode, a count.
        unit: hasUnits(object) ? unitOfNumber(number) : '1',
        isWritable: outputs.has(object.type) && tagOf(object) > 0,
      })
    }
  }
  return found
}

/** One gateway for each device, found by its address and checked by its instance. */
export const bacnetSources = (devices: readonly FoundBacnetDevice[]): readonly FoundSource[] =>
  devices.map(({ instance, address, name, maker, model, objects }) => {
    const [host = '', port] = address.split(':')
    const title = [maker, model, name].filter(Boolean).join(' ')
    return {
      group: name || `device-${instance}`,
      gateway: `bacnet-${instance}`,
      settings: { protocol: 'bacnet', host, ...(port === String(usualPort) ? {} : { port: Number(port) }), instance },
      points: objects.map(
        ({ object, name: own, unit }): FoundPoint => ({
          ...{ name: own, title: `${title}, ${own}`, unit },
          // A number whose unit is not known here is taken as it stands.
          use: unit === undefined ? { object, unit: '1' } : object,
        }),
      ),
      remarks: [
        ...(objects.length === 0
          ? [`device ${instance}: ${title} answers, but holds no number that is read here`]
          : []),
        ...objects
          .filter(({ isWritable }) => isWritable)
          .map(({ object }) => `device ${instance}: ${object} takes setpoints, with \`write: true\` and bounds`),
      ],
    }
  })
