import { MangroveError, parseDuration } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { FieldClient, FieldGateway, FieldPorts, FieldWrite } from '../field-protocol.ts'
import { backOffMs } from '../link/back-off.ts'
import { createLinkRecord } from '../link/link-record.ts'
import { createOutlet } from '../link/outlet.ts'
import { rest } from '../link/rest.ts'
import { isScaled, type ScaledPoint, scaledPoint } from '../link/scaled-point.ts'
import type { AskParts, ObjectValues } from './ask-device.ts'
import { bacnetErrors } from './errors.ts'
import { addressOf, findDevice } from './find-device.ts'
import { openStack } from './load-library.ts'
import { hasUnits, property, sameObject } from './object-id.ts'
import { type ObjectPoint, objectPoints } from './object-points.ts'
import { type PolledPoint, type PollMode, pollObjects } from './poll-objects.ts'
import { isFaulty, type PropertyValue, readState } from './read-state.ts'
import type { BacnetSettings } from './settings.ts'
import { hearChanges, subscribe } from './subscribe.ts'
import { createTransport, usualPort } from './transport.ts'
import { noUnits, unitOfNumber } from './units.ts'
import { writeObject } from './write-object.ts'

const firstWaitMs = 1000
/** An object that a device did not have may come with another program of it. */
const seldomMs = 600_000
/** At the longest, so that a stop of the process is seen. */
const longestRestMs = 60_000

/**
 * A link to one device on BACnet/IP: its objects are polled, or sent by the device when they change. It is opened again by itself.
 *
 * @throws what is wrong with the settings
 */
export function openBacnet(gateway: FieldGateway<BacnetSettings>, ports: FieldPorts): FieldClient {
  const { id, settings, unitOf } = gateway
  const { points, problems } = objectPoints(gateway)
  if (problems.length > 0) throw new MangroveError(problems.map((one) => bacnetErrors.badObject.problem(one)))
  const timeoutMs = parseDuration(settings.timeout ?? '3s')
  const longestWaitMs = parseDuration(settings.longestWait ?? '1m')
  const lifetimeMs = parseDuration(settings.lifetime ?? '5m')
  const heartbeatMs = parseDuration(settings.period ?? '10s')
  const record = createLinkRecord(ports.clock)
  const outlet = createOutlet(ports, record, id)
  const stopping = new AbortController()
  const { signal } = stopping
  const now = (): number => ports.clock.now()
  const scaledOf = new Map<string, ScaledPoint>(points.map(({ ref, scaled }) => [ref, scaled]))
  const told = new Set<string>()
  let open: AskParts | undefined
  let countMalformed = (): void => undefined
  /** One request at a time: many controllers answer no two. */
  let line: Promise<unknown> = Promise.resolve()
  const inTurn = <Value>(request: () => Promise<Value>): Promise<Value> => {
    const mine = line.then(request)
    line = mine.catch(() => undefined)
    return mine
  }
  const reportOnce = ({ ref, text }: ObjectPoint, detail: string): void => {
    if (told.has(`${ref} ${detail}`)) return
    told.add(`${ref} ${detail}`)
    ports.report(bacnetErrors.badObject({ detail, found: text }), `${ref} of ${id} has no value`)
  }

  /** The unit that the device tells, where the settings say none. @returns whether values can be read with it */
  const learnUnit = (point: ObjectPoint, unit: PropertyValue | undefined): boolean => {
    const number = typeof unit?.value === 'number' ? unit.value : noUnits
    if (number === noUnits) return true
    const symbol = unitOfNumber(number)
    const scaled = symbol === undefined ? undefined : scaledPoint(point.ref, point.use, unitOf, symbol)
    if (scaled && isScaled(scaled)) {
      scaledOf.set(point.ref, scaled)
      return true
    }
    reportOnce(
      point,
      scaled
        ? `the device tells it in ${symbol}: ${scaled.detail}`
        : `the device tells it in unit ${number}, which is not known here; say \`unit\``,
    )
    return false
  }

  /** Whether the point can be read: its unit is known. */
  const unusable = new Set<string>()
  const hear = (point: ObjectPoint, values: ObjectValues): void => {
    const [presentValue] = values.get(property.presentValue) ?? []
    const [statusFlags] = values.get(property.statusFlags) ?? []
    const [reliability] = values.get(property.reliability) ?? []
    record.heard()
    const { raw, quality, malformed } = readState({ presentValue, statusFlags, reliability })
    if (malformed !== undefined) {
      record.malformed(1)
      reportOnce(point, malformed)
    }
    const value = unusable.has(point.ref) ? Number.NaN : scaledOf.get(point.ref)!.fromRaw(raw)
    outlet.put([{ ref: point.ref, unit: point.unit, timestampMs: now(), value, quality }])
  }

  /** Reads what is due and renews subscriptions. @throws `gateway.no-link` where the device is silent */
  const turn = async (parts: AskParts, due: readonly PolledPoint[], mode: PollMode): Promise<void> => {
    const polled = await inTurn(() => pollObjects(parts, due, mode))
    if (polled.kind !== 'told') {
      if (polled.kind === 'silent' && polled.malformed) record.malformed(1)
      throw gatewayErrors.noLink({ detail: 'The device is silent', found: polled.why })
    }
    record.become('connected')
    for (const outcome of polled.value) {
      const { one } = outcome
      const { point } = one
      if (outcome.kind === 'refused') {
        reportOnce(point, outcome.why)
        outlet.gaps([point], now())
        one.dueMs = performance.now() + Math.max(seldomMs, point.periodMs)
        continue
      }
      if (one.wantsUnit) {
        one.wantsUnit = false
        if (!learnUnit(point, outcome.values.get(property.units)?.[0])) unusable.add(point.ref)
      }
      hear(point, outcome.values)
      if (point.cov)
        one.subscribed = await inTurn(() => subscribe(parts, points.indexOf(point), point.object, lifetimeMs))
      const periodMs = one.subscribed ? lifetimeMs / 2 : point.periodMs
      // The second turn is somewhere in the period, so that many devices do not speak together.
      const chance = one.dueMs === 0 ? ports.random.next() : 1
      one.dueMs = performance.now() + chance * periodMs
    }
  }

  /** Reads until the device is silent. */
  const serve = async (parts: AskParts): Promise<void> => {
    const all = points.map((point): PolledPoint => {
      const wantsUnit = point.use.unit === undefined && hasUnits(point.object)
      return { point, dueMs: 0, wantsUnit, subscribed: false, refusesCov: false }
    })
    const mode: PollMode = { size: settings.objectsPerRead ?? 20, several: true }
    unusable.clear()
    let nap = new AbortController()
    const forget = hearChanges(parts.stack, (object, values, process) => {
      const one = all[process]
      if (!one || !sameObject(one.point.object, object)) return
      if (!isFaulty(values.get(property.statusFlags)?.[0])) {
        hear(one.point, values)
        return
      }
      // What is wrong with it, a change does not tell: it is read now.
      one.dueMs = 0
      nap.abort()
    })
    try {
      let aliveMs = 0
      while (!signal.aborted) {
        const nowMs = performance.now()
        let due = all.filter(({ dueMs }) => dueMs <= nowMs)
        // One that only sends its changes is asked whether it lives.
        if (due.length === 0 && nowMs >= aliveMs) due = all.filter(({ subscribed }) => subscribed).slice(0, 1)
        if (due.length > 0 && outlet.isFull) await Promise.race([outlet.room(), rest(longestRestMs, signal)])
        if (due.length > 0 && !signal.aborted && !outlet.isFull) {
          await turn(parts, due, mode)
          aliveMs = performance.now() + heartbeatMs
        }
        const nextMs = Math.min(...all.map(({ dueMs }) => dueMs), Math.max(aliveMs, performance.now() + 1))
        const napping = AbortSignal.any([signal, nap.signal])
        await rest(Math.min(Math.max(nextMs - performance.now(), 1), longestRestMs), napping)
        nap = new AbortController()
      }
    } finally {
      forget()
    }
  }

  /** One connection: from finding the device until it is silent, or we stop. */
  const connect = async (): Promise<void> => {
    const { host, port = usualPort, localPort, broadcast } = settings
    const only = host === undefined ? undefined : await addressOf(host, port)
    const transport = createTransport({
      port: localPort ?? (host === undefined ? usualPort : 0),
      ...(broadcast === undefined ? {} : { broadcast }),
      // What another device sends is none of this link; without a host, all are heard until one says that it is the one.
      accepts: (sender) => (open ?? only) === undefined || sender === (open?.device.address ?? only),
    })
    let before = 0
    const count = (): void => {
      record.malformed(transport.malformed - before)
      before = transport.malformed
    }
    countMalformed = count
    let close = (): void => transport.close()
    // A stop does not wait for an answer.
    const stopNow = (): void => close()
    signal.addEventListener('abort', stopNow)
    try {
      const stack = await openStack(transport, timeoutMs)
      close = () => stack.close()
      if (signal.aborted) return
      const device = await findDevice(settings, stack, timeoutMs, signal)
      const parts: AskParts = { stack, device, retries: settings.retries ?? 1, signal }
      open = parts
      await serve(parts)
    } finally {
      open = undefined
      signal.removeEventListener('abort', stopNow)
      count()
      close()
      await transport.closed
    }
  }

  const running = (async (): Promise<void> => {
    for (let inVain = 0; !signal.aborted; ) {
      record.become('connecting')
      try {
        await connect()
      } catch (error) {
        if (signal.aborted) break
        inVain = record.figures().state === 'connected' ? 1 : inVain + 1
        record.failed(error)
        ports.report(error, `The device ${id} is silent; it is asked again`)
        outlet.gaps(points, now())
      }
      if (signal.aborted) break
      record.become('waiting')
      await rest(backOffMs(inVain, firstWaitMs, longestWaitMs, ports.random), signal)
    }
    record.become('stopped')
  })()

  const write = async (ref: string, value: number): Promise<FieldWrite> => {
    const point = points.find((one) => one.ref === ref && one.use.write === true)
    const scaled = scaledOf.get(ref)
    if (!point || !scaled) {
      throw gatewayErrors.writeRefused({
        ...{ detail: 'No object of this gateway takes it', found: ref },
        expected: 'an object with `write: true`',
      })
    }
    const { least, most, unit } = scaled
    const isBack = point.use.relinquish !== undefined && value === point.use.relinquish
    if (unusable.has(ref) || (!isBack && !(value >= least && value <= most))) {
      throw gatewayErrors.writeRefused({
        ...{ detail: `${ref} must not be set so`, found: value },
        expected: unusable.has(ref) ? 'an object of a unit that is known' : `${least} to ${most} ${unit}`,
      })
    }
    const parts = open
    if (!parts || signal.aborted) {
      throw gatewayErrors.noLink({ detail: `${ref} was not written: there is no link to its device`, found: ref })
    }
    return inTurn(() => writeObject(point, scaled, value, { ...parts, nowMs: now }))
  }

  return {
    figures() {
      countMalformed()
      return record.figures()
    },
    // One that only reads says so.
    ...(points.some((point) => point.use.write === true)
      ? { write, writes: (ref) => points.some((point) => point.ref === ref && point.use.write === true) }
      : {}),
    async stop() {
      stopping.abort()
      await running
      await outlet.close()
    },
  }
}
