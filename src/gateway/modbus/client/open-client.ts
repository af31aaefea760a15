import type { Duplex } from 'node:stream'
import { MangroveError, parseDuration } from '../../../kernel/index.ts'
import { gatewayErrors } from '../../errors.ts'
import type { FieldClient, FieldGateway, FieldPorts, FieldWrite, LinkState } from '../../field-protocol.ts'
import { backOffMs } from '../../link/back-off.ts'
import { createOutbox } from '../../link/outbox.ts'
import { resolveDevices } from '../devices/resolve-device.ts'
import { modbusErrors } from '../errors.ts'
import type { ModbusSettings } from '../settings.ts'
import { rtuFraming, tcpFraming } from '../wire/framing.ts'
import { createLink, type ModbusLink } from '../wire/link.ts'
import { openSerial } from '../wire/open-serial.ts'
import { openSocket } from '../wire/open-stream.ts'
import type { ModbusFigures } from './figures.ts'
import { createPolling } from './polling.ts'
import { createUnit, gapsOf, pointsOf } from './unit.ts'

const firstWaitMs = 500
const leastConnectMs = 3000

export interface ModbusClient extends FieldClient {
  figures(): ModbusFigures
  write(ref: string, value: number): Promise<FieldWrite>
  writes(ref: string): boolean
}

/**
 * A link to the devices behind one address: reads them in turn, writes setpoints between two turns, and connects again by itself.
 *
 * @throws what is wrong with the settings
 */
export function openModbus(gateway: FieldGateway<ModbusSettings>, ports: FieldPorts): ModbusClient {
  const { settings } = gateway
  const { devices, problems } = resolveDevices(gateway)
  if (problems.length > 0) throw new MangroveError(problems.map((one) => modbusErrors.badRegister.problem(one)))
  const timeoutMs = parseDuration(settings.timeout ?? '1s')
  const longestWaitMs = parseDuration(settings.longestWait ?? '1m')
  const framing = (settings.transport ?? 'tcp') === 'tcp' ? tcpFraming : rtuFraming
  const silenceMs = Math.max(settings.pause === undefined ? 0 : parseDuration(settings.pause), lineSilenceMs(settings))
  const units = devices.map(createUnit)
  const written = new Set(
    devices.flatMap(({ registers, sunspec }) => [
      ...registers.filter(({ write }) => write !== undefined).map(({ ref }) => ref),
      ...sunspec.filter(({ spec }) => spec.write !== undefined).map(({ ref }) => ref),
    ]),
  )
  const outbox = createOutbox(ports, 'Modbus')
  const stopping = new AbortController()
  const now = (): number => ports.clock.now()

  let state: LinkState = 'connecting'
  let sinceMs = now()
  let [connects, failures] = [0, 0]
  let lastProblem: string | undefined
  let last = { requests: 0, frames: 0, malformed: 0, late: 0, heardMs: undefined as number | undefined }
  let link: ModbusLink | undefined

  const become = (next: LinkState): void => {
    if (next !== state) [state, sinceMs] = [next, now()]
  }
  const fail = (error: unknown, message: string): void => {
    failures += 1
    lastProblem = error instanceof Error ? error.message : String(error)
    ports.report(error, message)
  }
  const polling = createPolling({
    ...{ units, outbox, timeoutMs, longestWaitMs, ports, fail, signal: stopping.signal },
    retries: settings.retries ?? 1,
  })

  const tellGaps = (): void => {
    for (const unit of units) outbox.push(gapsOf(unit, pointsOf(unit), now()))
  }

  const running = (async (): Promise<void> => {
    for (let inVain = 0; !stopping.signal.aborted; ) {
      become('connecting')
      try {
        const stream = await openStream(settings, Math.max(leastConnectMs, timeoutMs), stopping.signal)
        const opened = createLink(stream, framing, now, silenceMs)
        const before = last
        connects += 1
        link = opened
        become('connected')
        await polling.run(opened)
        opened.close()
        const problem = await opened.closed
        link = undefined
        last = sumOf(before, opened.counts())
        if (stopping.signal.aborted) break
        const spoke = opened.counts().heardMs !== undefined
        fail(
          problem ?? gatewayErrors.noLink({ detail: 'The connection is gone', found: gateway.id }),
          `The link ${gateway.id} broke; it is opened again`,
        )
        inVain = spoke ? 1 : inVain + 1
        if (!spoke) tellGaps()
      } catch (error) {
        if (stopping.signal.aborted) break
        inVain += 1
        fail(error, `The link ${gateway.id} cannot be opened; it is tried again`)
        tellGaps()
      }
      become('waiting')
      await polling.pause(backOffMs(inVain, firstWaitMs, longestWaitMs, ports.random))
    }
    become('stopped')
  })()

  return {
    figures: () => {
      const { requests, malformed, late, heardMs } = link ? sumOf(last, link.counts()) : last
      return {
        ...{ state, sinceMs, lastHeardMs: heardMs, lastProblem, connects, failures, readings: outbox.taken },
        ...{ requests, malformed, late, units: polling.figures() },
      }
    },
    write: (ref, value) => polling.write(ref, value),
    writes: (ref) => written.has(ref),
    async stop() {
      stopping.abort()
      link?.close()
      await running
      await outbox.close()
    },
  }
}

/** Silence that tells frames apart on a serial line: 3.5 characters of 11 bits, 1.75 ms at least (Serial Line V1.02, 2.5.1.1). */
const lineSilenceMs = ({ transport, baudRate = 9600 }: ModbusSettings): number =>
  transport === 'serial' ? Math.max(1.75, (3.5 * 11 * 1000) / baudRate) : 0

const sumOf = (a: ReturnType<ModbusLink['counts']>, b: ReturnType<ModbusLink['counts']>) => ({
  requests: a.requests + b.requests,
  frames: a.frames + b.frames,
  malformed: a.malformed + b.malformed,
  late: a.late + b.late,
  heardMs: b.heardMs ?? a.heardMs,
})

function openStream(settings: ModbusSettings, timeoutMs: number, signal: AbortSignal): Promise<Duplex> {
  if (settings.transport !== 'serial') return openSocket(settings.host ?? '', settings.port ?? 502, timeoutMs, signal)
  const { path = '', baudRate = 9600, parity = 'none', stopBits = 1 } = settings
  return openSerial({ path, baudRate, parity, stopBits: stopBits === 2 ? 2 : 1 })
}
