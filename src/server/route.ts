import type { IncomingMessage } from 'node:http'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TObject, TSchema } from 'typebox'
import type { WebSocket } from 'ws'
import '@fastify/websocket'
import type { Access } from './access.ts'
import type { Caller } from './caller.ts'
import { checkInput } from './check-input.ts'
import { serverErrors } from './errors.ts'
import type { Guard } from './guard.ts'
import { holderOf } from './holder.ts'
import type { IngestEntry, IngestGate } from './ingest/ingest-gate.ts'
import { readBody } from './ingest/read-body.ts'

export interface RouteResponse {
  readonly description: string
  readonly schema?: TSchema
  /** Default `application/json`. */
  readonly mediaType?: string
}

export interface RouteCall<Params, Query, Body> {
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  /** Who asks. */
  readonly caller: Caller
}

/** A WebSocket at the address of a route. */
export interface RouteSocket {
  /** Before it is opened. @throws what the request is refused with */
  admit(call: { readonly request: FastifyRequest; readonly caller: Caller }): void
  /** @param call.caller the caller as it was seen last: {@link Caller.again} looks again */
  open(call: { readonly socket: WebSocket; readonly caller: () => Caller }): void
}

/** One request as a document shows it, and what comes back. */
export interface RouteExample {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  /** Status of the answer. Default: the first that the route declares. */
  readonly status?: number
  /** The answer; absent where it is too large to be read. */
  readonly answer?: unknown
}

type StaticOr<S, Otherwise> = S extends TSchema ? Static<S> : Otherwise

/** One endpoint, declared once: the server guards and validates by it and the OpenAPI document describes it. */
export type Route<
  Params extends TObject | undefined = TObject | undefined,
  Query extends TObject | undefined = TObject | undefined,
  Body extends TSchema | undefined = TSchema | undefined,
> = Access & RouteParts<Params, Query, Body>

interface RouteParts<
  Params extends TObject | undefined,
  Query extends TObject | undefined,
  Body extends TSchema | undefined,
> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** With `:name` parameters. */
  readonly url: string
  readonly operationId: string
  readonly tag: string
  readonly summary: string
  readonly description?: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** A body that is described here and checked by whoever reads it. */
  readonly documentedBody?: TSchema
  /** Bytes of a body that is handed over as it came, whatever its media type; absent: JSON. */
  readonly rawBody?: number
  /** What becomes of a request that asks for a WebSocket. */
  readonly socket?: RouteSocket
  /** Requests and answers that documents show; a test sends the ones and compares the others. */
  readonly example?: RouteExample
  /** Request headers worth telling. */
  readonly headers?: Readonly<Record<string, string>>
  readonly responses: Readonly<Record<number, RouteResponse>>
  /** Codes of the problems that a caller may meet here. */
  readonly problems?: readonly number[]
  handle(call: RouteCall<StaticOr<Params, undefined>, StaticOr<Query, undefined>, StaticOr<Body, unknown>>): unknown
}

/** Keeps the schema types inside `handle` while erasing them where routes are listed. */
export function defineRoute<
  Params extends TObject | undefined = undefined,
  Query extends TObject | undefined = undefined,
  Body extends TSchema | undefined = undefined,
>(route: Route<Params, Query, Body>): Route {
  return route as unknown as Route
}

/**
 * The guard comes first: before the body is read, and before anything is said of what is wrong with the request.
 *
 * @param gate counts the bodies of routes that take them raw
 */
export function addRoute(app: FastifyInstance, route: Route, guard: Guard, gate: IngestGate): void {
  const { rawBody } = route
  if (rawBody === undefined) {
    addGuarded(app, route, guard)
    return
  }
  // A context of its own, in which a body of any media type stays bytes.
  app.register(async (own) => {
    const entries = new WeakMap<FastifyRequest, IngestEntry>()
    const handled = new WeakSet<FastifyRequest>()
    own.removeAllContentTypeParsers()
    own.addContentTypeParser('*', (request: FastifyRequest, payload: IncomingMessage) =>
      readBody(payload, { mostBytes: rawBody, toldBytes: toldBytesOf(request), entry: entries.get(request)! }),
    )
    // Before the body is read.
    own.addHook('preParsing', async (request) => {
      const told = toldBytesOf(request)
      const bytes = told === undefined ? undefined : Math.min(told, rawBody)
      entries.set(request, gate.enter(holderOf(guard.callerOf(request)), bytes))
    })
    // A client that goes away does not take its bytes along: they are here until they are stored.
    const leave = async (request: FastifyRequest): Promise<void> => {
      if (!handled.has(request)) entries.get(request)?.leave()
    }
    own.addHook('onResponse', leave)
    own.addHook('onRequestAbort', leave)
    const handle: Route['handle'] = async (call) => {
      handled.add(call.request)
      try {
        return await route.handle(call)
      } finally {
        entries.get(call.request)?.leave()
      }
    }
    addGuarded(own, { ...route, handle }, guard)
  })
}

/** Bytes of a body as its head tells; undefined where it does not. */
function toldBytesOf({ headers }: FastifyRequest): number | undefined {
  if (headers['transfer-encoding'] !== undefined) return undefined
  const told = Number(headers['content-length'] ?? 0)
  return Number.isFinite(told) ? told : undefined
}

function addGuarded(app: FastifyInstance, route: Route, guard: Guard): void {
  const { socket } = route
  app.route({
    method: route.method,
    url: route.url,
    onRequest: (request, reply) => {
      // Nothing that needs a credential stays in a cache; what may stay says so itself.
      if (route.access !== 'public') reply.header('cache-control', 'no-store')
      return guard.admit(route, request)
    },
    ...(socket
      ? {
          preHandler: async (request: FastifyRequest) => {
            if (request.ws) socket.admit({ request, caller: guard.callerOf(request) })
          },
          wsHandler: (opened: WebSocket, request: FastifyRequest) =>
            socket.open({ socket: opened, caller: () => guard.callerOf(request) }),
        }
      : {}),
    handler: async (request, reply) => {
      await guard.admitBody(route, request)
      try {
        const answer = await route.handle({
          params: route.params && checkInput(route.params, request.params, 'path'),
          query: route.query && checkInput(route.query, request.query, 'query'),
          body: route.body ? checkInput(route.body, request.body ?? {}, 'body') : request.body,
          request,
          reply,
          caller: guard.callerOf(request),
        } as never)
        await guard.note(route, request)
        return answer
      } catch (error) {
        await guard.note(route, request, error)
        throw error
      }
    },
  })
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Refuses what no route of an address answers by name, and tells in `Allow` what would be right (RFC 9110, 15.5.6). */
export function refuseOtherMethods(app: FastifyInstance, routes: readonly Pick<Route, 'method' | 'url'>[]): void {
  for (const [url, own] of Map.groupBy(routes, (route) => route.url)) {
    const allowed: readonly string[] = own.flatMap(({ method }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))
    const refuse = async (request: FastifyRequest, reply: FastifyReply): Promise<never> => {
      reply.header('allow', allowed.join(', '))
      throw serverErrors.methodNotAllowed({
        detail: 'Nothing at this address answers this method',
        found: request.method,
        expected: allowed.join(', '),
      })
    }
    app.route({
      method: methods.filter((method) => !allowed.includes(method)),
      url,
      onRequest: refuse,
      handler: refuse,
    })
  }
}
