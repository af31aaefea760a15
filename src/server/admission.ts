import type { Socket } from 'node:net'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import { serverErrors } from './errors.ts'
import { createFairShare, type FairShare, type Holder } from './fair-share.ts'
import type { Route } from './route.ts'

export interface AdmissionLimits {
  /** Requests that are being answered; more are refused. */
  readonly open: number
  /** Bytes of JSON bodies of these. */
  readonly bytes: number
  /** Live streams. */
  readonly streams: number
  /** Connections, those among them on which nothing is asked; the next one is closed at once. Default 20 000. */
  readonly connections?: number
}

export const usualAdmission: AdmissionLimits = { open: 1000, bytes: 64 * 1024 * 1024, streams: 12_000 }
const usualConnections = 20_000

export interface AdmissionFigures {
  readonly open: number
  readonly maxOpen: number
  readonly bytes: number
  readonly maxBytes: number
  /** Who has a request inside. */
  readonly holders: number
  readonly streams: number
  readonly maxStreams: number
  readonly connections: number
  readonly maxConnections: number
  /** Connections closed because there were too many. */
  readonly connectionsRefused: number
  /** Requests turned away: the server was full, the caller's share was, or the server was about to stop. */
  readonly refused: Readonly<Record<'busy' | 'share' | 'stopping', number>>
}

/** Lets as many requests in as the server can hold, and none when it stops. */
export interface Admission {
  /** Turns away what comes from now on, with 503. */
  drain(): void
  /** Settles when all open requests are answered, or after so long. @returns how many are left */
  idle(patienceMs: number): Promise<number>
  figures(): AdmissionFigures
}

export interface AdmissionOptions {
  /** Whose share a request counts in; asked when the guard has seen the request. Default: that of the address. */
  readonly holderOf?: (request: FastifyRequest) => Holder
  readonly limits?: AdmissionLimits
}

/** What of a route matters here. */
type Declared = Pick<Route, 'method' | 'url' | 'rawBody' | 'responses'>

/** A request inside, and what it takes. */
interface Entry {
  readonly stream: boolean
  holder: Holder | undefined
  bytes: number
  /** A handler works for it, though its client may have gone away. */
  handling: boolean
  /** It was answered, or its client has gone away. */
  ended: boolean
}

/**
 * Counts requests before they are known, against what the server can hold, and once they are known, before their body is read,
 * against the share of who asks ({@link createFairShare}). A request whose client goes away is inside until its work is done.
 *
 * @param routes tell streams, which stay, and bodies that another gate counts
 */
export function addAdmission(
  app: FastifyInstance,
  routes: readonly Declared[],
  { holderOf = ofAddress, limits = usualAdmission }: AdmissionOptions = {},
): Admission {
  const streaming = new Set(routes.filter(isStream).map(({ url }) => url))
  const raw = new Set(
    routes.filter(({ rawBody }) => rawBody !== undefined).map(({ method, url }) => `${method} ${url}`),
  )
  const connections = boundConnections(app, limits.connections ?? usualConnections)
  const refused = { busy: 0, share: 0, stopping: 0 }
  const inside = new WeakMap<FastifyRequest, Entry>()
  const waiting = new Set<() => void>()
  const requests = createFairShare(limits.open)
  const bodies = createFairShare(limits.bytes)
  let open = 0
  let streams = 0
  let draining = false

  const leave = (request: FastifyRequest): void => {
    const entry = inside.get(request)
    if (!entry?.ended || entry.handling) return
    inside.delete(request)
    if (entry.holder) {
      requests.take(entry.holder, -1)
      bodies.take(entry.holder, -entry.bytes)
    }
    if (entry.stream) streams -= 1
    else open -= 1
    if (open === 0) for (const settle of [...waiting]) settle()
  }
  const end = (request: FastifyRequest): void => {
    const entry = inside.get(request)
    if (entry) entry.ended = true
    leave(request)
  }
  const enter = (request: FastifyRequest, reply: FastifyReply): void => {
    const stream = streaming.has(request.routeOptions.url ?? '')
    if (draining) {
      refused.stopping += 1
      reply.header('connection', 'close')
      throw serverErrors.stopping({ detail: 'The server is stopping; ask again when it is back' })
    }
    if (stream ? streams >= limits.streams : open >= limits.open) {
      refused.busy += 1
      throw serverErrors.overloaded({
        detail: stream ? 'Too many live streams are open' : 'Too many requests are open; send it again later',
        expected: `at most ${stream ? limits.streams : limits.open} at a time`,
      })
    }
    inside.set(request, { stream, holder: undefined, bytes: 0, handling: false, ended: false })
    if (stream) streams += 1
    else open += 1
    reply.raw.once('close', () => end(request))
  }
  const demand = (shares: FairShare, holder: Holder, more: number, detail: string, unit: string): void => {
    if (shares.fits(holder, more)) return
    refused.share += 1
    throw serverErrors.overloaded({
      detail: `${detail}; send it again later`,
      found: shares.held(holder) + more,
      expected: `at most ${shares.share(holder)} ${unit} of this caller now, of ${shares.figures().most} of all`,
    })
  }
  const weigh = (request: FastifyRequest): void => {
    const entry = inside.get(request)
    if (!entry || entry.stream || entry.ended) return
    const holder = holderOf(request)
    demand(requests, holder, 1, 'Too many requests of this caller are open', 'requests')
    const bytes = raw.has(`${request.method} ${request.routeOptions.url}`) ? 0 : weightOf(request)
    if (bytes > 0) demand(bodies, holder, bytes, 'Too much of this caller is being read', 'bytes')
    requests.take(holder, 1)
    bodies.take(holder, bytes)
    Object.assign(entry, { holder, bytes })
  }
  const handle = (inner: RouteHandlerMethod): RouteHandlerMethod =>
    async function (request, reply) {
      const entry = inside.get(request)
      if (entry) entry.handling = true
      try {
        return await inner.call(this, request, reply)
      } finally {
        if (entry) entry.handling = false
        leave(request)
      }
    }
  app.addHook('onRoute', (options) => {
    options.handler = handle(options.handler)
  })
  app.addHook('onRequest', async (request, reply) => enter(request, reply))
  app.addHook('preParsing', async (request) => weigh(request))
  app.addHook('onResponse', async (request) => end(request))
  app.addHook('onRequestAbort', async (request) => end(request))
  app.addHook('onSend', async (_request, reply) => {
    if (draining && !reply.raw.headersSent) reply.header('connection', 'close')
  })

  return {
    drain() {
      draining = true
    },
    async idle(patienceMs) {
      if (open === 0) return 0
      const settled = Promise.withResolvers<void>()
      const timer = setTimeout(settled.resolve, patienceMs)
      waiting.add(settled.resolve)
      await settled.promise
      waiting.delete(settled.resolve)
      clearTimeout(timer)
      return open
    },
    figures: () => ({
      ...{ open, maxOpen: limits.open, streams, maxStreams: limits.streams, holders: requests.figures().holders },
      ...{ bytes: bodies.figures().held, maxBytes: limits.bytes, ...connections(), refused: { ...refused } },
    }),
  }
}

const ofAddress = ({ ip }: FastifyRequest): Holder => [`address ${ip}`]

const isStream = ({ responses }: Declared): boolean =>
  101 in responses || Object.values(responses).some(({ mediaType }) => mediaType === 'text/event-stream')

/** Bytes that a body takes: one that tells no length as much as it may. */
function weightOf({ headers, routeOptions: { bodyLimit } }: FastifyRequest): number {
  if (headers['transfer-encoding'] !== undefined) return bodyLimit
  return Math.min(Number(headers['content-length'] ?? 0) || 0, bodyLimit)
}

type ConnectionFigures = Pick<AdmissionFigures, 'connections' | 'maxConnections' | 'connectionsRefused'>

/** Closes connections above so many, by the server's own means. */
function boundConnections({ server }: FastifyInstance, maxConnections: number): () => ConnectionFigures {
  let connections = 0
  let connectionsRefused = 0
  server.maxConnections = maxConnections
  server.on('connection', (socket: Socket) => {
    connections += 1
    socket.once('close', () => {
      connections -= 1
    })
  })
  server.on('drop', () => {
    connectionsRefused += 1
  })
  return () => ({ connections, maxConnections, connectionsRefused })
}
