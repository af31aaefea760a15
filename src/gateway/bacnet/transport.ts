import { createSocket } from 'node:dgram'
import { EventEmitter } from 'node:events'

export interface TransportOptions {
  /** 0: any free one. */
  readonly port: number
  /** Address to listen at; default: all. */
  readonly address?: string
  readonly broadcast?: string
  /** Whether datagrams of this sender, `address:port`, matter. */
  accepts?(sender: string): boolean
  /** What goes out instead of a frame; default: the frame. */
  outgoing?(frame: Buffer): readonly Buffer[]
}

/** UDP for the library: one that counts what is no frame, and lives through what the library throws at. */
export interface BacnetTransport extends EventEmitter {
  open(): void
  send(buffer: Buffer, length: number, receiver: string | undefined): void
  close(): void
  getMaxPayload(): number
  getBroadcastAddress(): string
  /** Settles when it listens, with its port. */
  readonly listening: Promise<number>
  readonly closed: Promise<void>
  readonly malformed: number
}

export const usualPort = 47_808
const mostBytes = 1482
/** Functions of BVLC that are read: result, forwarded, distribute, unicast, broadcast (ASHRAE 135-2020, annex J.2). */
const functions: Readonly<Record<number, number>> = { 0: 4, 4: 10, 9: 4, 10: 4, 11: 4 }

/** Whether bytes may be a frame of BACnet/IP: type, function, the length that it tells, and version 1 of the network layer. */
export function isFrame(bytes: Buffer): boolean {
  if (bytes.length < 6 || bytes[0] !== 0x81 || bytes.readUInt16BE(2) !== bytes.length) return false
  const head = functions[bytes[1]!]
  return head !== undefined && (bytes[1] === 0 || (bytes.length > head + 2 && bytes[head] === 1))
}

export function createTransport(options: TransportOptions): BacnetTransport {
  const { port, address, broadcast = '255.255.255.255', accepts, outgoing = (frame) => [frame] } = options
  const socket = createSocket({ type: 'udp4', reuseAddr: port === usualPort && address === undefined })
  const listening = Promise.withResolvers<number>()
  const closed = Promise.withResolvers<void>()
  listening.promise.catch(() => undefined)
  let malformed = 0
  let isClosed = false
  const emitter = new EventEmitter()
  socket.on('message', (bytes, { address: from, port: fromPort }) => {
    const sender = `${from}:${fromPort}`
    if (accepts && !accepts(sender)) return
    if (!isFrame(bytes)) {
      malformed += 1
      return
    }
    try {
      emitter.emit('message', bytes, sender)
    } catch {
      malformed += 1
    }
  })
  socket.on('error', (error) => {
    listening.reject(error)
    // Without a listener it would be thrown at the process.
    if (emitter.listenerCount('error') > 0) emitter.emit('error', error)
  })
  socket.on('close', () => closed.resolve())
  const own = {
    open: () =>
      void socket.bind(port, address, () => {
        socket.setBroadcast(true)
        listening.resolve(socket.address().port)
      }),
    send(buffer: Buffer, length: number, receiver = broadcast) {
      const [host = '', to] = receiver.split(':')
      for (const frame of outgoing(Buffer.from(buffer.subarray(0, length)))) {
        if (!isClosed) socket.send(frame, Number(to ?? usualPort), host, () => undefined)
      }
    },
    close() {
      if (isClosed) return
      isClosed = true
      socket.close()
    },
    getMaxPayload: () => mostBytes,
    getBroadcastAddress: () => broadcast,
    ...{ listening: listening.promise, closed: closed.promise },
  }
  // A getter does not outlive being assigned.
  Object.defineProperty(emitter, 'malformed', { get: () => malformed })
  return Object.assign(emitter as EventEmitter & { readonly malformed: number }, own)
}
