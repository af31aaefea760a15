import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Principal } from '../accounts/principal.ts'
import { forbidden } from '../caller.ts'
import { serverErrors } from '../errors.ts'
import { isLoopback } from '../loopback.ts'
import { type MetricsFormat, metricsFormatOf, metricsMediaType } from '../metrics/exposition.ts'
import { defineRoute, type Route } from '../route.ts'

export interface MetricsRouteParts {
  text(format: MetricsFormat): Promise<string>
  /** Whoever asks from this machine itself needs no credential. */
  readonly open: boolean
}

/** Whether a principal may know how the server as a whole fares. */
export const monitorsAll = ({ access }: Principal): boolean =>
  access.some(
    ({ organisation, sites, permissions }) =>
      organisation === '*' && sites === '*' && (permissions.includes('monitor') || permissions.includes('administer')),
  )

const declared = {
  method: 'GET',
  url: '/metrics',
  operationId: 'getMetrics',
  tag: 'Server',
  summary: 'Figures of the server for Prometheus',
  description:
    'Text of Prometheus 0.0.4, or OpenMetrics 1.0.0 where Accept asks for it. Needs the permission `monitor` on the whole platform: a token for the scraper.',
  responses: { 200: { description: 'Figures', mediaType: 'text/plain' } },
} as const

export const metricsRoutes = ({ text, open }: MetricsRouteParts): readonly Route[] => [
  open
    ? defineRoute({
        ...declared,
        access: 'public',
        problems: [403],
        handle: ({ request, reply }) => {
          demandNear(request)
          return answer(text, request, reply)
        },
      })
    : defineRoute({
        ...declared,
        access: 'monitor',
        site: 'handler',
        problems: [401, 403],
        handle: ({ request, reply, caller }) => {
          if (!monitorsAll(caller.principal)) throw forbidden('monitor')
          return answer(text, request, reply)
        },
      }),
]

async function answer(text: MetricsRouteParts['text'], request: FastifyRequest, reply: FastifyReply): Promise<string> {
  const format = metricsFormatOf(request.headers.accept)
  const told = await text(format)
  reply.type(metricsMediaType[format]).header('vary', 'accept')
  return told
}

/** What a proxy on this machine passes on comes from loopback too, but says so. */
const passedOn = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'] as const

function demandNear({ socket, headers }: FastifyRequest): void {
  if (isLoopback(socket.remoteAddress ?? '') && passedOn.every((name) => headers[name] === undefined)) return
  throw serverErrors.metricsRefused({
    detail: 'Figures without a credential are for this machine alone',
    expected: 'a token with the permission `monitor`, on a server without MANGROVE_METRICS=open',
  })
}
