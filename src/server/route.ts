import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Static, TObject, TSchema } from 'typebox'
import { checkInput } from './check-input.ts'
import { serverErrors } from './errors.ts'

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
}

type StaticOr<S, Otherwise> = S extends TSchema ? Static<S> : Otherwise

/** One endpoint, declared once: the server validates by it and the OpenAPI document describes it. */
export interface Route<
  Params extends TObject | undefined = TObject | undefined,
  Query extends TObject | undefined = TObject | undefined,
  Body extends TSchema | undefined = TSchema | undefined,
> {
  readonly method: 'GET' | 'POST' | 'DELETE'
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

export function addRoute(app: FastifyInstance, route: Route): void {
  app.route({
    method: route.method,
    url: route.url,
    handler: (request, reply) =>
      route.handle({
        params: route.params && checkInput(route.params, request.params, 'path'),
        query: route.query && checkInput(route.query, request.query, 'query'),
        body: route.body ? checkInput(route.body, request.body ?? {}, 'body') : request.body,
        request,
        reply,
      } as never),
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
