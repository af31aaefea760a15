import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { serverErrors } from './errors.ts'
import type { Route } from './route.ts'

export interface AdmissionLimits {
  /** Requests that are being answered; more are refused. */
  readonly open: number
  /** Bytes of JSON bodies of these. */
  readonly bytes: number
  /** Live streams. */
  readonly streams: number
}

export const usualAdmission: AdmissionLimits = { open: 1000, bytes: 64 * 1024 * 1024, streams: 12_000 }

export interface AdmissionFigures {
  readonly open: number
  readonly maxOpen: number
  readonly bytes: number
  readonly streams: number
  readonly refused: Readonly<Record<'busy' | 'stopping', number>>
}

/** Lets as many requests in as the server can hold, and none when it stops. */
export interface Admission {
  /** Turns away what comes from now on, with 503. */
  drain(): void
  /** Settles when all open requests are answered, or after so long. @returns how many are left */
  idle(patienceMs: number): Promise<number>
  figures(): AdmissionFigures
}

/** What of a route matters here. */
type Declared = Pick<Route, 'method' | 'url' | 'rawBody' | 'responses'>

/** @param routes tell streams, which stay, and bodies that another gate counts */
export function addAdmission(
  app: FastifyInstance,
  routes: readonly Declared[],
  limits: AdmissionLimits = usualAdmission,
): Admission {
  const streaming = new Set(routes.filter(isStream).map(({ url }) => url))
  const raw = new Set(
    routes.filter(({ rawBody }) => rawBody !== undefined).map(({ method, url }) => `${method} ${url}`),
  )
  const refused = { busy: 0, stopping: 0 }
  const inside = new WeakMap<FastifyRequest, { readonly stream: boolean; bytes: number }>()
  const waiting = new Set<() => void>()
  let open = 0
  let streams = 0
  let bytes = 0
  let draining = false

  const leave = (request: FastifyRequest): void => {
    const entry = inside.get(request)
    if (!entry) return
    inside.delete(request)
    bytes -= entry.bytes
    if (entry.stream) streams -= 1
    else open -= 1
    if (open === 0) for (const settle of [...waiting]) settle()
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
    inside.set(request, { stream, bytes: 0 })
    if (stream) streams += 1
    else open += 1
    reply.raw.once('close', () => leave(request))
  }
  const weigh = (request: FastifyRequest): void => {
    const entry = inside.get(request)
    if (!entry || raw.has(`${request.method} ${request.routeOptions.url}`)) return
    const told = Number(request.headers['content-length'] ?? 0)
    const chunked = request.headers['transfer-encoding'] !== undefined
    const weight = chunked ? request.routeOptions.bodyLimit : Math.min(told || 0, request.routeOptions.bodyLimit)
    if (bytes > 0 && bytes + weight > limits.bytes) {
      refused.busy += 1
      throw serverErrors.overloaded({
        detail: 'Too much is being read; send it again later',
        expected: `at most ${limits.bytes} bytes at a time`,
      })
    }
    entry.bytes = weight
    bytes += weight
  }
  app.addHook('onRequest', async (request, reply) => enter(request, reply))
  app.addHook('preParsing', async (request) => weigh(request))
  app.addHook('onResponse', async (request) => leave(request))
  app.addHook('onRequestAbort', async (request) => leave(request))
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
    figures: () => ({ open, maxOpen: limits.open, bytes, streams, refused: { ...refused } }),
  }
}

const isStream = ({ responses }: Declared): boolean =>
  101 in responses || Object.values(responses).some(({ mediaType }) => mediaType === 'text/event-stream')
