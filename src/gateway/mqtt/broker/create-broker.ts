import { createServer as createTcpServer, type Server, type Socket } from 'node:net'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { createServer as createTlsServer } from 'node:tls'
import type { Aedes, AuthenticateError, Client, PublishPacket } from 'aedes'
import type { Clock } from '../../../kernel/index.ts'
import type { ObservationBatch } from '../../../store/index.ts'
import { gatewayErrors } from '../../errors.ts'
import type { Taken } from '../figures.ts'
import { createSeldomReport } from '../seldom-report.ts'
import { readTopicTemplate } from '../topic-template.ts'
import { type BrokerFigures, type CutReason, cutReasons } from './figures.ts'
import { createKeptMessages } from './kept-messages.ts'
import { createPacketBound } from './packet-bound.ts'
import { type BrokerSettings, usualBrokerLimits } from './settings.ts'
import { createStorings } from './storings.ts'
import { type SiteAccess, type TopicAccess, topicAccess } from './topic-access.ts'

/** Who signed in. */
export interface BrokerCaller {
  /** One for all connections of a credential. */
  readonly key: string
  /** Source of what it writes and names no other. */
  readonly source: string
  readonly sites: readonly SiteAccess[]
  /** Stores what may be stored; on the disk when it returns. Throws where it has to be tried again. */
  take(batch: ObservationBatch): Promise<Taken>
  /** The same caller by the rules of now; undefined where it is none any more. */
  again(): Promise<BrokerCaller | undefined>
}

export interface BrokerParts {
  readonly settings: BrokerSettings
  readonly clock: Clock
  /** Undefined: whoever it is does not come in. */
  identify(user: string | undefined, password: string | undefined, from: string): Promise<BrokerCaller | undefined>
  report(error: unknown, message: string): void
}

export interface MqttBroker {
  /** `mqtt://127.0.0.1:1883` */
  readonly url: string
  figures(): BrokerFigures
  /** Lets nobody in any more, acknowledges what is being stored, and ends every connection. */
  stop(): Promise<void>
}

interface Session {
  /** The credential is none any more. */
  ended?: boolean
  caller: BrokerCaller
  access: TopicAccess
}

const signInMs = 10_000
const checkAgainMs = 60_000
/** A connection without a keepalive is asked by the system whether it still stands. */
const silentMs = 60_000
const mostTopics = 50_000
/** What a message takes while it waits, beside its payload. */
const besideBytes = 512

/**
 * A broker of MQTT 3.1.1 whose clients are the devices of the accounts. What they publish under the topics of their sites is
 * stored, and acknowledged after the commit (PUBACK, PUBREC); whoever may hear it hears it then. It keeps no sessions: what nobody hears
 * is in the store, and a client that was gone subscribes again. Retained messages are kept while the broker lives, a bounded number
 * of small ones, and none of observations.
 *
 * @throws `gateway.bad-settings` where it cannot listen
 */
export async function createMqttBroker({ settings, clock, identify, report }: BrokerParts): Promise<MqttBroker> {
  const limits = { ...usualBrokerLimits, ...settings.limits }
  const templates = settings.topics.map(readTopicTemplate)
  const seldom = createSeldomReport(report)
  const storings = createStorings({ templates, site: settings.site ?? '', clock, report: seldom })
  const kept = createKeptMessages()
  const sessions = new Map<Client, Session>()
  /** Of connections that are gone, too: their wills come then. */
  const known = new WeakMap<object, Session>()
  const perCaller = new Map<string, number>()
  const wills = new WeakMap<Client, string>()
  const listeners = new Set<Client>()
  const sockets = new Set<Socket>()
  const cut = Object.fromEntries(cutReasons.map((reason) => [reason, 0])) as Record<CutReason, number>
  const counted = { connects: 0, messages: 0 }
  let waitingBytes = 0
  let stopping = false

  const readingTopics = new Map<string, boolean>()
  /** Devices publish under the same topics again and again. */
  const isReading = (topic: string): boolean => {
    const found = readingTopics.get(topic)
    if (found !== undefined) return found
    if (readingTopics.size >= mostTopics) readingTopics.clear()
    const reading = templates.some((template) => template.match(topic) !== undefined)
    readingTopics.set(topic, reading)
    return reading
  }
  const accessOf = ({ sites }: BrokerCaller): TopicAccess => topicAccess(sites, templates, settings.site ?? '')
  const count = (reason: CutReason): void => {
    cut[reason] += 1
  }
  const refusal = (reason: CutReason, returnCode = 5): AuthenticateError => {
    cut[reason] += 1
    return Object.assign(new Error(reason), { returnCode })
  }
  const cutOff = (client: Client, reason: CutReason): void => {
    cut[reason] += 1
    client.conn.destroy()
  }
  const leave = (client: Client): void => {
    listeners.delete(client)
    const session = sessions.get(client)
    if (!session || !sessions.delete(client)) return
    const { key } = session.caller
    const left = (perCaller.get(key) ?? 1) - 1
    if (left > 0) perCaller.set(key, left)
    else {
      perCaller.delete(key)
      void storings.end(key)
    }
  }

  // Loaded here: most servers have no broker inside.
  const { Aedes } = await import('aedes')
  const aedes: Aedes = await Aedes.createBroker({
    ...{ connectTimeout: signInMs, drainTimeout: signInMs, maxClientsIdLength: 200 },
    preConnect(client, packet, callback) {
      const { protocolVersion, clientId, clean, will } = packet as typeof packet & { protocolVersion: number }
      if (protocolVersion !== 4 && protocolVersion !== 3) {
        cut['wrong-version'] += 1
        // CONNACK of MQTT 5 with 0x84, unsupported protocol version: it tries again with 3.1.1.
        endWith(client, Buffer.of(0x20, 3, 0, 0x84, 0))
        return callback(null, false)
      }
      if (!clientId && !clean) {
        endWith(client, Buffer.of(0x20, 2, 0, 2))
        return callback(null, false)
      }
      // No session outlives its connection (3.2.2.2: the client is told that none is present).
      packet.clean = true
      if (will) wills.set(client, will.topic)
      callback(null, true)
    },
    authenticate(client, user, password, callback) {
      const signIn = async (): Promise<AuthenticateError | null> => {
        if (stopping || sessions.size >= limits.connections) return refusal('too-many', 3)
        const from = (client.conn as Socket).remoteAddress ?? ''
        const caller = await identify(user, password?.toString('utf8'), from)
        if (!caller) return refusal('not-signed-in', 4)
        const connections = perCaller.get(caller.key) ?? 0
        if (connections >= limits.connectionsEach) return refusal('too-many', 3)
        const access = accessOf(caller)
        const will = wills.get(client)
        if (will !== undefined && !access.mayPublish(will)) return refusal('not-allowed')
        if ((client.conn as Socket).destroyed) return refusal('broken', 3)
        perCaller.set(caller.key, connections + 1)
        const session = { caller, access }
        sessions.set(client, session)
        known.set(client, session)
        // A client of the same name is put out (3.1.4-2): only one of the same credential may do that.
        Object.assign(client, { id: `${caller.key} ${client.id}` })
        client.conn.once('close', () => leave(client))
        counted.connects += 1
        return null
      }
      signIn().then(
        (error) => callback(error, error === null),
        (error: unknown) => {
          seldom(error, 'who connects to the broker could not be found out')
          callback(refusal('broken', 3), false)
        },
      )
    },
    authorizePublish(client, packet, callback) {
      const session = client ? known.get(client) : undefined
      if (!client || !session || session.ended) return callback(new Error('not-signed-in'))
      counted.messages += 1
      const { topic } = packet
      if (!session.access.mayPublish(topic)) {
        cut['not-allowed'] += 1
        return callback(new Error('not-allowed'))
      }
      if (!isReading(topic)) {
        if (packet.retain && !kept.admit(session.caller.key, topic, packet.payload.length)) packet.retain = false
        return callback(null)
      }
      const payload = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
      const bytes = payload.length + besideBytes
      if (waitingBytes + bytes > limits.waitingBytes) {
        cut.overloaded += 1
        return callback(new Error('overloaded'))
      }
      packet.retain = false
      waitingBytes += bytes
      store(session, packet, payload, () => {
        waitingBytes -= bytes
        const gone = client.conn.destroyed
        callback(null)
        return !gone
      })
    },
    authorizeSubscribe(client, subscription, callback) {
      const session = sessions.get(client)
      if (!session?.access.maySubscribe(subscription.topic)) return callback(null, null)
      listeners.add(client)
      callback(null, subscription)
    },
    authorizeForward(client, packet) {
      const { writableLength, destroyed } = client.conn
      if (destroyed) return null
      if (writableLength <= limits.readerBytes) return packet
      cutOff(client, 'slow-reader')
      return null
    },
  })
  const store = ({ caller }: Session, packet: PublishPacket, payload: Buffer, acknowledge: () => boolean): void => {
    const { topic, retain } = packet
    storings.of(caller.key, caller.source, (batch) => caller.take(batch)).add({ topic, payload, retain, acknowledge })
  }
  // Nobody listens most of the time: what is stored then goes no further.
  const publish = aedes.publish.bind(aedes) as (packet: PublishPacket, ...rest: unknown[]) => void
  aedes.publish = (packet: PublishPacket, ...rest: unknown[]): void => {
    const done = rest.at(-1)
    if (listeners.size > 0 || packet.retain || packet.topic.startsWith('$SYS') || typeof done !== 'function') {
      publish(packet, ...rest)
    } else done(null)
  }
  const broken = (_client: Client, { message }: Error): void => {
    if (!(cutReasons as readonly string[]).includes(message)) cut.broken += 1
  }
  aedes.on('clientError', broken)
  aedes.on('connectionError', broken)

  const onSocket = (socket: Socket): void => {
    if (
      stopping ||
      sockets.size >= limits.connections + limits.strangers ||
      sockets.size - sessions.size > limits.strangers
    ) {
      cut['too-many'] += 1
      socket.destroy()
      return
    }
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.setKeepAlive(true, silentMs)
    socket.setNoDelay(true)
    boundPackets(socket, limits.packetBytes, () => count('too-large'))
    aedes.handle(socket)
  }
  // A chunk is what is read of a connection at once, and as much may wait for a reader.
  const options = { highWaterMark: limits.readerBytes }
  const server: Server = settings.tls
    ? createTlsServer(
        { ...options, cert: settings.tls.certificate, key: settings.tls.key, handshakeTimeout: signInMs },
        onSocket,
      )
    : createTcpServer(options, onSocket)
  server.on('tlsClientError', () => count('broken'))
  const port = await listen(server, settings).catch(async (error: unknown) => {
    await closeAedes(aedes)
    throw error
  })
  const host = settings.host.includes(':') ? `[${settings.host}]` : settings.host

  const checkAgain = async (): Promise<void> => {
    for (const [client, session] of [...sessions]) {
      const now = await session.caller.again()
      if (!now) {
        session.ended = true
        cutOff(client, 'credential-ended')
      } else Object.assign(session, { caller: now, access: accessOf(now) })
    }
  }
  const checking = setInterval(
    () => void checkAgain().catch((error: unknown) => seldom(error, 'credentials could not be checked again')),
    checkAgainMs,
  ).unref()

  return {
    url: `${settings.tls ? 'mqtts' : 'mqtt'}://${host}:${port}`,
    figures: () => ({
      ...{ connections: sessions.size, maxConnections: limits.connections, strangers: sockets.size - sessions.size },
      ...counted,
      ...storings.figures(),
      ...{ inFlight: storings.inHand(), waitingBytes, maxWaitingBytes: limits.waitingBytes },
      ...{ kept: kept.count(), cut: { ...cut } },
    }),
    async stop() {
      stopping = true
      clearInterval(checking)
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      await storings.stop()
      // Acknowledgements of the last commit go out.
      await nextTurn()
      await nextTurn()
      await closeAedes(aedes)
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function endWith(client: Client, connack: Buffer): void {
  client.conn.write(connack)
  ;(client.conn as Socket).destroySoon()
}

const closeAedes = (aedes: Aedes): Promise<void> => new Promise((resolve) => aedes.close(() => resolve()))

/** Looks at what the broker reads before it does. */
function boundPackets(socket: Socket, maxBytes: number, tooLarge: () => void): void {
  const bound = createPacketBound(maxBytes, 65_536)
  const read = socket.read.bind(socket)
  socket.read = (size?: number) => {
    const chunk = read(size) as Buffer | null
    if (chunk === null || bound.admit(chunk)) return chunk
    tooLarge()
    socket.destroy()
    return null
  }
}

function listen(server: Server, { host, port }: BrokerSettings): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        gatewayErrors.badSettings(
          {
            detail: 'The broker cannot listen there',
            found: `${host}:${port}`,
            expected: 'a free port of this machine',
          },
          { cause },
        ),
      ),
    )
    server.listen(port, host, () => resolve((server.address() as { port: number }).port))
  })
}
