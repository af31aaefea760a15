import { createServer, type Socket } from 'node:net'

/** A broker for tests that shares the messages of one group: MQTT 5, quality of service 1, nothing else. */
export interface SharedBroker {
  readonly url: string
  /** Gives a message to one of the group; to another one when that breaks before it acknowledges. */
  send(topic: string, payload: string): void
  /** Clients that are subscribed now. */
  members(): readonly string[]
  /** Messages that each client acknowledged. */
  acknowledged(): Readonly<Record<string, number>>
  /** Messages that nobody has acknowledged yet. */
  open(): number
  /** Most that one client had at a time. */
  mostInFlight(): number
  stop(): Promise<void>
}

interface Message {
  readonly topic: string
  readonly payload: string
  sent: boolean
}

interface Member {
  readonly socket: Socket
  id: string
  receiveMaximum: number
  filters: RegExp[]
  nextId: number
  readonly unacknowledged: Map<number, Message>
}

export async function startSharedBroker(): Promise<SharedBroker> {
  const members = new Set<Member>()
  const waiting: Message[] = []
  const acknowledged: Record<string, number> = {}
  let most = 0
  let turn = 0

  const dispatch = (): void => {
    const hasRoom = (): boolean =>
      [...members].some(({ unacknowledged, receiveMaximum }) => unacknowledged.size < receiveMaximum)
    for (let at = 0; at < waiting.length && hasRoom(); ) {
      const message = waiting[at]!
      const ready = [...members].filter(
        ({ filters, unacknowledged, receiveMaximum }) =>
          unacknowledged.size < receiveMaximum && filters.some((filter) => filter.test(message.topic)),
      )
      const member = ready[turn++ % Math.max(1, ready.length)]
      if (!member) {
        at += 1
        continue
      }
      waiting.splice(at, 1)
      const id = member.nextId
      member.nextId = (id % 65_535) + 1
      member.unacknowledged.set(id, message)
      most = Math.max(most, member.unacknowledged.size)
      member.socket.write(publishPacket(message, id))
      message.sent = true
    }
  }
  const hear = (member: Member, kind: number, body: Buffer): void => {
    const { socket } = member
    if (kind === 1) {
      readConnect(member, body)
      socket.write(Buffer.of(0x20, 3, 0, 0, 0))
    } else if (kind === 8) {
      const topics = readSubscribe(body)
      member.filters = topics.map(filterOf)
      members.add(member)
      socket.write(packet(0x90, Buffer.concat([body.subarray(0, 2), Buffer.of(0), Buffer.alloc(topics.length, 1)])))
      dispatch()
    } else if (kind === 4) {
      if (!member.unacknowledged.delete(body.readUInt16BE(0))) return
      acknowledged[member.id] = (acknowledged[member.id] ?? 0) + 1
      dispatch()
    } else if (kind === 12) socket.write(Buffer.of(0xd0, 0))
    else if (kind === 14) socket.end()
  }
  const leave = (member: Member): void => {
    if (!members.delete(member)) return
    waiting.unshift(...member.unacknowledged.values())
    member.unacknowledged.clear()
    dispatch()
  }

  const server = createServer((socket) => {
    const member: Member = {
      ...{ socket, id: '', receiveMaximum: 65_535, filters: [], nextId: 1, unacknowledged: new Map() },
    }
    let rest = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      rest = Buffer.concat([rest, chunk])
      for (let next = readPacket(rest); next; next = readPacket(rest)) {
        rest = rest.subarray(next.length)
        hear(member, next.kind, next.body)
      }
    })
    socket.on('error', () => undefined)
    socket.on('close', () => leave(member))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`,
    send(topic, payload) {
      waiting.push({ topic, payload, sent: false })
      dispatch()
    },
    members: () => [...members].map(({ id }) => id),
    acknowledged: () => acknowledged,
    open: () => waiting.length + [...members].reduce((sum, { unacknowledged }) => sum + unacknowledged.size, 0),
    mostInFlight: () => most,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const { socket } of members) socket.destroy()
      }),
  }
}

/** `$share/<group>/<filter>` as a pattern of topics. */
const filterOf = (topic: string): RegExp =>
  new RegExp(
    `^${topic
      .replace(/^\$share\/[^/]+\//, '')
      .replaceAll('+', '[^/]+')
      .replace('#', '.*')}$`,
  )

const text = (words: string): Buffer => {
  const bytes = Buffer.from(words)
  return Buffer.concat([Buffer.of(bytes.length >> 8, bytes.length & 0xff), bytes])
}

function packet(head: number, body: Buffer): Buffer {
  const length: number[] = []
  let left = body.length
  do {
    length.push((left & 0x7f) | (left > 0x7f ? 0x80 : 0))
    left >>= 7
  } while (left > 0)
  return Buffer.concat([Buffer.of(head, ...length), body])
}

const publishPacket = ({ topic, payload, sent }: Message, id: number): Buffer =>
  packet(sent ? 0x3a : 0x32, Buffer.concat([text(topic), Buffer.of(id >> 8, id & 0xff, 0), Buffer.from(payload)]))

function readPacket(
  bytes: Buffer,
): { readonly kind: number; readonly body: Buffer; readonly length: number } | undefined {
  let length = 0
  for (let at = 1; at < Math.min(5, bytes.length); at += 1) {
    length |= (bytes[at]! & 0x7f) << (7 * (at - 1))
    if (bytes[at]! & 0x80) continue
    const end = at + 1 + length
    return bytes.length < end ? undefined : { kind: bytes[0]! >> 4, body: bytes.subarray(at + 1, end), length: end }
  }
  return undefined
}

function readConnect(member: Member, body: Buffer): void {
  if (body[6] !== 5) throw new Error('this broker speaks MQTT 5')
  // Name, version, flags and keep alive; then properties, of which there are few.
  const length = body[10]!
  for (let at = 11; at < 11 + length; ) {
    const property = body[at]!
    if (property === 0x21) member.receiveMaximum = body.readUInt16BE(at + 1)
    at += property === 0x11 || property === 0x27 ? 5 : 3
  }
  const at = 11 + length
  member.id = body.toString('utf8', at + 2, at + 2 + body.readUInt16BE(at))
}

function readSubscribe(body: Buffer): readonly string[] {
  const topics: string[] = []
  for (let at = 3 + body[2]!; at < body.length; ) {
    const length = body.readUInt16BE(at)
    topics.push(body.toString('utf8', at + 2, at + 2 + length))
    at += 3 + length
  }
  return topics
}
