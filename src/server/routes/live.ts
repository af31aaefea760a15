import { createEventStream } from '../event-stream.ts'
import { readNow } from '../now.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { siteParams } from './sites.ts'

/** Proxies cut connections that are silent for a minute. */
const heartbeatMs = 15_000

export const liveRoutes = (parts: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/sites/:id/live',
    operationId: 'watchNow',
    access: 'read',
    site: 'path.id',
    tag: 'Sites',
    summary: 'Newest values as they come',
    description:
      'Server-sent events named `now`, each with the body of `GET /api/v1/sites/{id}/now`. A reader that is slow is sent the newest only.',
    params: siteParams,
    responses: { 200: { description: 'A stream without end', mediaType: 'text/event-stream' } },
    problems: [404],
    handle: async ({ params: { id }, reply, caller }) => {
      parts.sites.get(id)
      const first = await readNow(parts, id)
      const { raw } = reply
      reply.hijack()
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      })
      const stream = createEventStream(raw)
      stream.send('now', first)
      const unsubscribe = parts.hub.subscribe(id, (now) => stream.send('now', now))
      const heartbeat = setInterval(() => {
        stream.comment('still here')
        // A session that ended, a token that expired: the stream ends with it.
        caller.again().catch(end)
      }, heartbeatMs)
      const end = (): void => {
        clearInterval(heartbeat)
        unsubscribe()
        parts.stopping.removeEventListener('abort', end)
        raw.end()
      }
      raw.once('close', end)
      parts.stopping.addEventListener('abort', end)
      if (parts.stopping.aborted) end()
    },
  }),
]
