import { createServer, type Socket } from 'node:net'
import { MangroveError, type Random } from '../../../kernel/index.ts'
import type { FieldGateway, FieldTwin, TwinPorts } from '../../field-protocol.ts'
import { type Device, resolveDevices } from '../devices/resolve-device.ts'
import { modbusErrors } from '../errors.ts'
import type { ModbusSettings } from '../settings.ts'
import { type Frame, rtuFraming, tcpFraming } from '../wire/framing.ts'
import { answerRequest } from './answer-request.ts'
import { createTwinUnit } from './twin-unit.ts'

export interface ModbusTwin extends FieldTwin {
  readonly port: number
  figures(): { readonly requests: number; readonly malformed: number; readonly connections: number }
}

/** Copies of an answer that a burst sends. */
const burst = 20

/**
 * The devices of a gateway as a Modbus TCP server on loopback. Faults: `silent` answers nothing, `stuck` answers
 * what it did before, `counter-reset` lets energy begin at 0, `duplicate` and `burst` send an answer again, `garbage` sends what
 * is none. `clock-jump` changes nothing, for these devices tell no time.
 */
export async function startModbusTwin(gateway: FieldGateway<ModbusSettings>, ports: TwinPorts): Promise<ModbusTwin> {
  const { devices, problems } = resolveDevices(gateway)
  if (problems.length > 0) throw new MangroveError(problems.map((one) => modbusErrors.badRegister.problem(one)))
  const units = new Map(oneAUnit(devices).map((device) => [device.unitId, createTwinUnit(device, ports)]))
  const framing = gateway.settings.transport === 'rtu-over-tcp' ? rtuFraming : tcpFraming
  const sockets = new Set<Socket>()
  let [requests, malformed] = [0, 0]

  const respond = (socket: Socket, { transaction = 0, unitId, pdu }: Frame): void => {
    requests += 1
    const faults = ports.faults()
    if (faults.includes('silent')) return
    const answer = framing.encode(transaction, unitId, answerRequest(units.get(unitId), pdu))
    if (faults.includes('garbage')) socket.write(garbage(answer, ports.random))
    else if (faults.includes('burst')) for (let copy = 0; copy < burst; copy += 1) socket.write(answer)
    else if (faults.includes('duplicate')) socket.write(Buffer.concat([answer, answer]))
    else socket.write(answer)
  }

  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket)
    const framer = framing.framer('requests')
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
    socket.on('data', (bytes) => {
      const { frames, broken } = framer.push(bytes)
      for (const frame of frames) respond(socket, frame)
      if (!broken) return
      malformed += 1
      if (framing.name === 'tcp') socket.destroy()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(ports.listenPort ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as { readonly port: number }
  return {
    port,
    settings: { transport: framing.name === 'rtu' ? 'rtu-over-tcp' : 'tcp', host: '127.0.0.1', port },
    figures: () => ({ requests, malformed, connections: sockets.size }),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Two devices of the settings may be one unit: an inverter that has the meter's models too. */
const oneAUnit = (devices: readonly Device[]): readonly Device[] =>
  [...Map.groupBy(devices, ({ unitId }) => unitId).values()].map((same) => ({
    ...same[0]!,
    registers: same.flatMap(({ registers }) => registers),
    sunspec: same.flatMap(({ sunspec }) => sunspec),
  }))

/** What comes before the values: number, protocol, length, unit, function, count. A bit that flips in a value nobody can see. */
const headBytes = 9

/** What a broken device may send in the place of an answer: noise, another number, another length, half of it. */
function garbage(answer: Buffer, random: Random): Buffer {
  const broken = Buffer.from(answer)
  const byte = (): number => Math.floor(random.next() * 256)
  switch (Math.floor(random.next() * 5)) {
    case 0:
      return Buffer.from(Array.from({ length: 1 + byte() }, byte))
    case 1:
      broken[0]! ^= 0x55
      return broken
    case 2:
      broken[5]! = byte()
      return broken
    case 3:
      return broken.subarray(0, Math.max(1, broken.length >> 1))
    default:
      broken[Math.floor(random.next() * Math.min(headBytes, broken.length))]! ^= 1 + (byte() & 0x7f)
      return broken
  }
}
