import type { FastifyInstance, FastifyRequest } from 'fastify'
import { MangroveError } from '../kernel/index.ts'
import type { Guard } from './guard.ts'
import type { Log } from './log.ts'
import type { Metrics } from './metrics/create-metrics.ts'
import { problemOf } from './problem.ts'
import { requestIdHeader } from './request-id.ts'
import type { Route } from './route.ts'

export interface Observers {
  readonly log: Log
  readonly metrics: Metrics
  readonly guard: Guard
  /** Told of each error that an answer came from. */
  failed(error: unknown): void
}

/** Asked every few seconds by machines: told at the level `debug`. */
const quiet: ReadonlySet<string> = new Set(['getHealth', 'getMetrics'])
/** What answers no operation of the document: files of the console, addresses of strangers. */
export const noOperation = 'other'

/** Names every request, counts it, and writes one line when it was answered; of what strangers send, nothing. */
export function observeRequests(app: FastifyInstance, routes: readonly Route[], observers: Observers): void {
  const { log, metrics, guard, failed } = observers
  const operations = new Map(routes.map(({ method, url, operationId }) => [`${method} ${url}`, operationId]))
  const operationOf = ({ method, routeOptions }: FastifyRequest): string =>
    operations.get(`${method === 'HEAD' ? 'GET' : method} ${routeOptions.url}`) ?? noOperation

  app.addHook('onRequest', async (request, reply) => {
    reply.header(requestIdHeader, request.id)
  })
  app.addHook('onResponse', async (request, reply) => {
    const operation = operationOf(request)
    const { statusCode } = reply
    metrics.answered(operation, statusCode, reply.elapsedTime / 1000)
    const level = statusCode >= 500 ? 'warn' : quiet.has(operation) || isFile(operation, statusCode) ? 'debug' : 'info'
    if (!log.writes(level)) return
    log[level]('request answered', {
      ...{ requestId: request.id, operation, method: request.method, status: statusCode },
      ...{ ms: Math.round(reply.elapsedTime * 10) / 10, from: request.ip, ...whoOf(guard, request) },
    })
  })
  app.addHook('onRequestAbort', async (request) => {
    const operation = operationOf(request)
    metrics.answered(operation, 499, 0)
    log.debug('request left', { requestId: request.id, operation, from: request.ip })
  })
  app.addHook('onError', async (request, _reply, error: Error & { statusCode?: number }) => {
    failed(error)
    const known = error instanceof MangroveError
    metrics.refused(operationOf(request), known ? error.code : problemOf(error, request.url).code)
    if ((known ? error.status : (error.statusCode ?? 500)) < 500) return
    const fields = { requestId: request.id, operation: operationOf(request) }
    // What is expected is told in a line; what is a defect, or has a cause, with where it came from.
    if (known && error.cause === undefined) log.warn('request refused', { ...fields, code: error.code })
    else log.error('request failed', { ...fields, error })
  })
}

const isFile = (operation: string, status: number): boolean => operation === noOperation && status < 400

/** Who asked, where a guard has let them in. */
function whoOf(guard: Guard, request: FastifyRequest): { readonly who?: string } {
  try {
    const { kind, id } = guard.callerOf(request).principal
    return kind === 'local' ? {} : { who: `${kind} ${id}` }
  } catch {
    return {}
  }
}
