import type { FieldGateway, FieldTwin, TwinPorts } from '../field-protocol.ts'
import type { DeviceAddress } from './ask-device.ts'
import { type BacnetStack, openStack } from './load-library.ts'
import { deviceType, type ObjectId, property, sameObject, tagOf } from './object-id.ts'
import { type ObjectPoint, objectPoints } from './object-points.ts'
import { numberOf, type PropertyValue, tag } from './read-state.ts'
import type { BacnetSettings } from './settings.ts'
import { createTransport } from './transport.ts'
import { numberOfUnit } from './units.ts'

export interface BacnetTwin extends FieldTwin {
  readonly port: number
  readonly instance: number
  figures(): { readonly requests: number; readonly malformed: number }
}

const lookMs = 100
const burst = 20
const usualInstance = 1001
const vendor = 999
const error = {
  unknownObject: [1, 31],
  unknownProperty: [2, 32],
  writeAccessDenied: [2, 40],
  valueOutOfRange: [2, 37],
} as const
type ErrorPair = (typeof error)[keyof typeof error]
const service = { subscribeCov: 5, readProperty: 12, writeProperty: 15 } as const
const lowestPriority = 16

interface Subscription {
  readonly to: DeviceAddress
  readonly process: number
  readonly object: ObjectId
  readonly untilMs: number
  last: number | undefined
}

/**
 * A device on BACnet/IP on loopback, with the objects of a gateway. Faults: `silent`, `stuck`, `duplicate`, `burst`,
 * `garbage`; `counter-reset` lets energy begin at 0. `clock-jump` changes nothing, for these devices tell no time.
 */
export async function startBacnetTwin(gateway: FieldGateway<BacnetSettings>, ports: TwinPorts): Promise<BacnetTwin> {
  const { points } = objectPoints(gateway)
  const instance = gateway.settings.instance ?? usualInstance
  const transport = createTransport({
    ...{ port: ports.listenPort ?? 0, address: '127.0.0.1', broadcast: '127.0.0.1' },
    outgoing: (frame) => withFaults(frame, ports),
  })
  const stack = await openStack(transport, 1000)
  const port = await transport.listening
  const subscriptions: Subscription[] = []
  const slots = new Map<ObjectPoint, Map<number, number>>()
  const held = new Map<string, number | undefined>()
  const restarted = new Map<string, number>()
  let requests = 0

  const measured = ({ ref, unit }: ObjectPoint): number | undefined => {
    const faults = ports.faults()
    if (faults.includes('stuck') && held.has(ref)) return held.get(ref)
    const now = ports.read(ref)
    const isReset = faults.includes('counter-reset') && unit.endsWith('Wh')
    if (isReset && now !== undefined && !restarted.has(ref)) restarted.set(ref, now)
    const value = now === undefined || Number.isNaN(now) ? undefined : now - (restarted.get(ref) ?? 0)
    held.set(ref, value)
    return value
  }
  /** What the object goes by: the value of the highest priority, else what is measured. */
  const rawOf = (point: ObjectPoint): number | undefined => {
    const own = slots.get(point)
    const [first] = own ? [...own.keys()].sort((a, b) => a - b) : []
    if (first !== undefined) return own?.get(first)
    const value = measured(point)
    return value === undefined ? undefined : point.scaled.toRaw(value)
  }
  const presentValue = (point: ObjectPoint): PropertyValue => {
    const valueTag = tagOf(point.object)
    const raw = rawOf(point)
    if (valueTag === tag.real || valueTag === tag.double) return { type: valueTag, value: raw ?? Number.NaN }
    return { type: valueTag, value: Math.max(valueTag === tag.signed ? -(2 ** 31) : 0, Math.round(raw ?? 0)) }
  }
  const flags = (point: ObjectPoint): PropertyValue => ({
    type: tag.bits,
    value: { value: [rawOf(point) === undefined ? 2 : 0], bitsUsed: 4 },
  })
  const text = (value: string): PropertyValue => ({ type: 7, value })
  const objectId = ({ type, instance: number }: ObjectId): PropertyValue => ({
    type: 12,
    value: { type, instance: number },
  })

  const read = (object: ObjectId, id: number, index: number | undefined): readonly PropertyValue[] | ErrorPair => {
    if (object.type === deviceType && object.instance === instance) {
      const list = [{ type: deviceType, instance }, ...points.map((point) => point.object)]
      switch (id) {
        case property.objectName:
          return [text(gateway.id)]
        case property.vendorName:
          return [text('Mangrove')]
        case property.modelName:
          return [text('Twin')]
        case property.objectList:
          if (index === 0) return [{ type: tag.unsigned, value: list.length }]
          if (index === undefined || index === 0xffff_ffff) return list.map(objectId)
          return list[index - 1] ? [objectId(list[index - 1]!)] : error.unknownProperty
        default:
          return error.unknownProperty
      }
    }
    const point = points.find((one) => sameObject(one.object, object))
    if (!point) return error.unknownObject
    switch (id) {
      case property.presentValue:
        return [presentValue(point)]
      case property.statusFlags:
        return [flags(point)]
      case property.reliability:
        return [{ type: tag.enumerated, value: rawOf(point) === undefined ? 1 : 0 }]
      case property.units:
        return [{ type: tag.enumerated, value: numberOfUnit(point.use.unit ?? point.unit) }]
      case property.objectName:
        return [text(point.ref)]
      default:
        return error.unknownProperty
    }
  }
  const isError = (told: readonly PropertyValue[] | ErrorPair): told is ErrorPair => typeof told[0] === 'number'

  const write = (
    object: ObjectId,
    id: number,
    value: PropertyValue | undefined,
    told: number,
  ): ErrorPair | undefined => {
    const point = points.find((one) => sameObject(one.object, object))
    if (!point) return error.unknownObject
    if (id !== property.presentValue || point.use.write !== true || !value) return error.writeAccessDenied
    const own = slots.get(point) ?? new Map<number, number>()
    const priority = told >= 1 && told <= lowestPriority ? told : lowestPriority
    if (value.type === tag.null) own.delete(priority)
    else {
      const raw = numberOf(value)
      if (raw === undefined || !Number.isFinite(raw)) return error.valueOutOfRange
      const set = point.scaled.fromRaw(raw)
      if (!(set >= point.scaled.least && set <= point.scaled.most)) return error.valueOutOfRange
      own.set(priority, raw)
    }
    slots.set(point, own)
    const now = rawOf(point)
    if (own.size > 0 && now !== undefined) ports.write(point.ref, point.scaled.fromRaw(now))
    return undefined
  }

  /** Answers a request of a client. What it cannot be answered to, it is not. */
  const serve = (stackOf: BacnetStack): void => {
    type Asked<Payload> = { header?: { sender?: DeviceAddress }; invokeId?: number; payload: Payload }
    const each = <Payload>(
      name: string,
      answer: (to: DeviceAddress, invokeId: number, payload: Payload) => void,
    ): void => {
      stackOf.on(
        name as 'whoIs',
        ((asked: Asked<Payload>) => {
          requests += 1
          const to = asked.header?.sender
          if (to) answer({ address: to.address }, asked.invokeId ?? 0, asked.payload)
        }) as never,
      )
    }
    const refuse = (to: DeviceAddress, which: number, invokeId: number, [errorClass, code]: ErrorPair): void =>
      stackOf.errorResponse(to, which, invokeId, errorClass, code)

    each<{ lowLimit?: number; highLimit?: number }>('whoIs', (to, _, { lowLimit = 0, highLimit = Infinity }) => {
      if (instance >= lowLimit && instance <= highLimit) stackOf.iAmResponse(to, instance, 3, vendor)
    })
    each<{ objectId: ObjectId; property: { id: number; index: number } }>('readProperty', (to, invokeId, asked) => {
      const told = read(asked.objectId, asked.property.id, asked.property.index)
      if (isError(told)) refuse(to, service.readProperty, invokeId, told)
      else stackOf.readPropertyResponse(to, invokeId, asked.objectId, asked.property, told as never)
    })
    each<{ properties: { objectId: ObjectId; properties: { id: number; index: number }[] }[] }>(
      'readPropertyMultiple',
      (to, invokeId, { properties }) => {
        const values = properties.map(({ objectId: object, properties: wanted }) => ({
          objectId: object,
          values: wanted.map((one) => {
            const told = read(object, one.id, one.index)
            const [errorClass, errorCode] = told as ErrorPair
            return {
              property: one,
              value: isError(told) ? [{ type: 0, value: { type: 'BacnetError', errorClass, errorCode } }] : [...told],
            }
          }),
        }))
        stackOf.readPropertyMultipleResponse(to, invokeId, values as never)
      },
    )
    each<{
      objectId: ObjectId
      value: { property: { id: number }; value: PropertyValue[]; priority: number }
    }>('writeProperty', (to, invokeId, { objectId: object, value }) => {
      const refused = write(object, value.property.id, value.value[0], value.priority)
      if (refused) refuse(to, service.writeProperty, invokeId, refused)
      else stackOf.simpleAckResponse(to, service.writeProperty, invokeId)
    })
    each<{
      subscriberProcessId: number
      monitoredObjectId: ObjectId
      cancellationRequest: boolean
      lifetime?: number
    }>('subscribeCov', (to, invokeId, asked) => {
      const { subscriberProcessId: process, monitoredObjectId: object, cancellationRequest, lifetime = 0 } = asked
      const isSame = (one: Subscription): boolean =>
        one.process === process && one.to.address === to.address && sameObject(one.object, object)
      const at = subscriptions.findIndex(isSame)
      if (at >= 0) subscriptions.splice(at, 1)
      if (!points.some((one) => sameObject(one.object, object))) {
        refuse(to, service.subscribeCov, invokeId, error.unknownObject)
        return
      }
      const untilMs = lifetime === 0 ? Infinity : performance.now() + lifetime * 1000
      if (!cancellationRequest) subscriptions.push({ to, process, object, untilMs, last: undefined })
      stackOf.simpleAckResponse(to, service.subscribeCov, invokeId)
    })
  }
  serve(stack)

  const timer = setInterval(() => {
    for (const one of subscriptions) {
      const point = points.find(({ object }) => sameObject(object, one.object))
      const raw = point && (rawOf(point) ?? Number.NaN)
      if (!point || Object.is(raw, one.last) || performance.now() > one.untilMs) continue
      one.last = raw
      const remaining = Number.isFinite(one.untilMs)
        ? Math.max(0, Math.round((one.untilMs - performance.now()) / 1000))
        : 0
      stack.unconfirmedCOVNotification(one.to, one.process, instance, one.object, remaining, [
        { property: { id: property.presentValue }, value: [presentValue(point)] as never },
        { property: { id: property.statusFlags }, value: [flags(point)] as never },
      ])
    }
  }, lookMs)
  return {
    ...{ port, instance, settings: { host: '127.0.0.1', port, instance } },
    figures: () => ({ requests, malformed: transport.malformed }),
    async stop() {
      clearInterval(timer)
      stack.close()
      await transport.closed
    },
  }
}

function withFaults(frame: Buffer, { faults, random }: TwinPorts): readonly Buffer[] {
  const on = faults()
  if (on.includes('silent')) return []
  if (on.includes('burst')) return new Array<Buffer>(burst).fill(frame)
  if (on.includes('duplicate')) return [frame, frame]
  if (!on.includes('garbage')) return [frame]
  const broken = Buffer.from(frame)
  const byte = (): number => Math.floor(random.next() * 256)
  switch (Math.floor(random.next() * 4)) {
    case 0:
      return [Buffer.from(Array.from({ length: 1 + byte() }, byte))]
    case 1:
      broken[0]! ^= 0x55
      return [broken]
    case 2:
      return [broken.subarray(0, Math.max(1, broken.length >> 1))]
    default:
      broken[3]! ^= 1 + (byte() & 0x7f)
      return [broken]
  }
}
