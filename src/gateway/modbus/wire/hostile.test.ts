import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, describe, expect, it } from 'vitest'
import { openModbus } from '../client/open-client.ts'
import { gatewayOf, keepReadings, openThings, playSite, until } from '../modbus.fixture.ts'
import { startModbusTwin } from '../twin/start-twin.ts'
import { crc16 } from './crc16.ts'
import { type Framing, rtuFraming, tcpFraming } from './framing.ts'
import { createLink } from './link.ts'
import { openSocket } from './open-stream.ts'
import { readIdentification, readRequest, readWords } from './pdu.ts'

const things = openThings()
afterEach(things.close)

const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((array) => Buffer.from(array))
const framings: readonly Framing[] = [tcpFraming, rtuFraming]

/** A device that answers each request with what it is told to. */
async function device(answer: (request: Buffer) => readonly Buffer[]) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('data', (request) => {
      for (const part of answer(request)) socket.write(part)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const stop = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return things.add({ port: (server.address() as { readonly port: number }).port, stop })
}

describe('frames', () => {
  it('have the CRC of the standard', () => {
    // Modbus over Serial Line V1.02 has no example; this one is of the RTU guide of Modicon (PI-MBUS-300): 02 07 gives 41 12.
    expect(crc16(Buffer.from([2, 7]))).toBe(0x1241)
    expect(rtuFraming.encode(0, 2, Buffer.from([7]))).toEqual(Buffer.from([2, 7, 0x41, 0x12]))
  })

  it('come out whole however the stream is cut', () => {
    const pdus = fc.array(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 1, max: 125 })), {
      minLength: 1,
      maxLength: 8,
    })
    fc.assert(
      fc.property(
        pdus,
        fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 }),
        fc.constantFrom(...framings),
        (drawn, cuts, framing) => {
          const sent = drawn.map(([unitId, count], index) => ({
            transaction: framing.name === 'tcp' ? index : undefined,
            ...{ unitId, pdu: Buffer.concat([Buffer.from([3, 2 * count]), Buffer.alloc(2 * count, index)]) },
          }))
          const stream = Buffer.concat(sent.map(({ unitId, pdu }, index) => framing.encode(index, unitId, pdu)))
          const framer = framing.framer('answers')
          const got: unknown[] = []
          for (let at = 0, cut = 0; at < stream.length; cut += 1) {
            const next = at + cuts[cut % cuts.length]!
            const part = framer.push(stream.subarray(at, next))
            expect(part.broken).toBe(false)
            got.push(...part.frames)
            at = next
          }
          expect(got).toEqual(sent)
        },
      ),
    )
  })

  it('of noise break nothing on either side', () => {
    fc.assert(
      fc.property(fc.array(bytes, { maxLength: 5 }), fc.constantFrom(...framings), (parts, framing) => {
        for (const side of ['answers', 'requests'] as const) {
          const framer = framing.framer(side)
          for (const part of parts)
            for (const { pdu } of framer.push(part).frames) expect(pdu.length).toBeGreaterThan(0)
        }
      }),
    )
    fc.assert(
      fc.property(bytes, (pdu) => {
        readIdentification(pdu)
        for (const table of ['holding', 'coil'] as const) {
          const words = readWords(pdu, table, 3)
          if (words) expect(words).toHaveLength(3)
        }
      }),
    )
  })
})

describe('a link', () => {
  const request = readRequest('holding', 0, 1)
  const good = (asked: Buffer, word: number): Buffer => {
    const answer = Buffer.from([0, 0, 0, 0, 0, 5, asked[6]!, 3, 2, word >> 8, word & 0xff])
    asked.copy(answer, 0, 0, 2)
    return answer
  }
  const spoilt = (change: (answer: Buffer) => void) => (asked: Buffer) => {
    const answer = good(asked, 7)
    change(answer)
    return [answer]
  }

  it.each([
    ['another transaction', spoilt((answer) => answer.writeUInt16BE(9999, 0)), 'timeout', 1],
    ['another protocol', spoilt((answer) => answer.writeUInt16BE(1, 2)), 'malformed', 1],
    ['a length of 0', spoilt((answer) => answer.writeUInt16BE(0, 4)), 'malformed', 1],
    ['a length beyond all', spoilt((answer) => answer.writeUInt16BE(60_000, 4)), 'malformed', 1],
    ['a length that is too long', spoilt((answer) => answer.writeUInt16BE(9, 4)), 'timeout', 0],
    ['another unit', spoilt((answer) => answer.writeUInt8(9, 6)), 'malformed', 1],
    ['another function', spoilt((answer) => answer.writeUInt8(4, 7)), 'malformed', 1],
    ['nothing', () => [], 'timeout', 0],
  ] as const)('takes no answer with %s', async (_, answer, kind, malformed) => {
    const { port } = await device(answer)
    const link = createLink(await openSocket('127.0.0.1', port, 1000), tcpFraming, () => 0)
    things.add({ stop: async () => link.close() })
    expect(await link.request(1, request, 100)).toEqual({ kind })
    expect(link.counts().malformed).toBe(malformed)
  })

  it('does not take an answer that is late for that of the next request', async () => {
    let held: Buffer | undefined
    const { port } = await device((asked) => {
      if (held) return [held, good(asked, 2)]
      held = good(asked, 1)
      return []
    })
    const link = createLink(await openSocket('127.0.0.1', port, 1000), tcpFraming, () => 0)
    things.add({ stop: async () => link.close() })
    expect(await link.request(1, request, 50)).toEqual({ kind: 'timeout' })
    const answer = await link.request(1, request, 1000)
    expect(answer.kind === 'answer' && readWords(answer.pdu, 'holding', 1)).toEqual(Uint16Array.of(2))
    expect(link.counts()).toMatchObject({ late: 1, malformed: 0 })
  })

  it('ends with the connection, for a request that is under way too', async () => {
    const { port, stop } = await device(() => [])
    const link = createLink(await openSocket('127.0.0.1', port, 1000), tcpFraming, () => 0)
    const answer = link.request(1, request, 5000)
    await sleep(20)
    void stop()
    expect(await answer).toEqual({ kind: 'closed' })
    expect(await link.request(1, request, 5000)).toEqual({ kind: 'closed' })
  })
})

describe.each(['tcp', 'rtu-over-tcp'] as const)('noise over %s', (transport) => {
  const gateway = gatewayOf(
    {
      ...{ transport, host: '127.0.0.1', period: '0.02s', timeout: '0.05s', longestWait: '0.05s' },
      devices: { one: { asset: 'a', registers: [{ point: 'x', address: 0, write: 'single' }] } },
    },
    { 'a.x': '1' },
  )

  it('hurts no twin: it goes on answering others, and counts what it does not understand', async () => {
    const twin = things.add(await startModbusTwin(gateway, playSite({ 'a.x': 5 })))
    const drawn = fc.sample(bytes, { numRuns: 60, seed: 5 })
    for (const noise of drawn) {
      const socket = connect(twin.port, '127.0.0.1')
      socket.on('error', () => undefined)
      socket.end(noise)
      await new Promise((resolve) => socket.once('close', resolve).resume())
    }
    // Whole frames with any request in them.
    const framing = transport === 'tcp' ? tcpFraming : rtuFraming
    const socket = await openSocket('127.0.0.1', twin.port, 1000)
    socket.resume()
    for (const noise of drawn) socket.write(framing.encode(1, 1, noise.subarray(0, 250)))
    await sleep(50)
    socket.destroy()
    const house = keepReadings()
    things.add(openModbus({ ...gateway, settings: { ...gateway.settings, ...twin.settings } }, house))
    await until(() => house.last('a.x') !== undefined, 'it answers')
    expect(twin.figures().malformed).toBeGreaterThan(10)
  })

  it('hurts no client: it reads no value out of it, counts it, and reads again after it', async () => {
    const noise = fc.sample(bytes, { numRuns: 200, seed: 9 })
    let index = 0
    const { port } = await device(() => [noise[index++ % noise.length]!])
    const house = keepReadings()
    const client = things.add(openModbus({ ...gateway, settings: { ...gateway.settings, port } }, house))
    await until(() => client.figures().malformed > 20, 'noise is counted', 20_000)
    expect(house.of('a.x').map(({ value }) => value)).toEqual([Number.NaN])
  })
})
