import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A relay on loopback that keeps what passes, as a capture that analysers of networks read. */
export interface WireRecorder {
  readonly port: number
  /** So far; a file of `libpcap`. */
  capture(): Buffer
  stop(): Promise<void>
}

interface Segment {
  readonly toServer: boolean
  readonly connection: number
  readonly bytes: Buffer
  readonly timeMs: number
}

/** Relays connections to a port of loopback. */
export async function recordWire(target: number): Promise<WireRecorder> {
  const segments: Segment[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((client) => {
    const connection = connections++
    const upstream = connect(target, '127.0.0.1')
    for (const [from, to, toServer] of [
      [client, upstream, true],
      [upstream, client, false],
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => {
        segments.push({ toServer, connection, bytes, timeMs: Date.now() })
        to.write(bytes)
      })
      from.on('end', () => to.end())
      from.on('error', () => to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    capture: () => Buffer.concat([fileHeader, ...packetsOf(segments, target)]),
    async stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Little-endian, microseconds, packets of IP without a frame around (link type 101). */
const fileHeader = Buffer.from(Uint32Array.of(0xa1b2c3d4, 0x0004_0002, 0, 0, 262_144, 101).buffer)
const mostBytes = 60_000

function* packetsOf(segments: readonly Segment[], serverPort: number): Iterable<Buffer> {
  const sequences = new Map<string, number>()
  for (const { toServer, connection, bytes, timeMs } of segments) {
    const key = (server: boolean): string => `${connection} ${server}`
    for (let from = 0; from < bytes.length; from += mostBytes) {
      const part = bytes.subarray(from, from + mostBytes)
      const sequence = sequences.get(key(toServer)) ?? 1
      const acknowledged = sequences.get(key(!toServer)) ?? 1
      sequences.set(key(toServer), sequence + part.length)
      const clientPort = 40_000 + connection
      const ports = toServer ? [clientPort, serverPort] : [serverPort, clientPort]
      const packet = tcpPacket(ports as [number, number], { sequence, acknowledged }, part)
      const header = Uint32Array.of(
        Math.floor(timeMs / 1000),
        Math.floor(timeMs % 1000) * 1000,
        packet.length,
        packet.length,
      )
      yield Buffer.concat([Buffer.from(header.buffer), packet])
    }
  }
}

/** Both ends are 127.0.0.1; checksums are left out, which readers of captures do not mind. */
function tcpPacket(
  [from, to]: readonly [number, number],
  { sequence, acknowledged }: { readonly sequence: number; readonly acknowledged: number },
  bytes: Buffer,
): Buffer {
  const head = Buffer.alloc(40)
  head[0] = 0x45
  head.writeUInt16BE(head.length + bytes.length, 2)
  head[8] = 64
  head[9] = 6
  for (const at of [12, 16]) head.writeUInt32BE(0x7f000001, at)
  head.writeUInt16BE(from, 20)
  head.writeUInt16BE(to, 22)
  head.writeUInt32BE(sequence, 24)
  head.writeUInt32BE(acknowledged, 28)
  // Five words of header, PSH and ACK.
  head.writeUInt16BE(0x5018, 32)
  head.writeUInt16BE(65_535, 34)
  return Buffer.concat([head, bytes])
}
