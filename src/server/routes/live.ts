import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { serverErrors } from '../errors.ts'
import { createEventStream, openEventStream } from '../event-stream.ts'
import type { Now, NowValue, NowValues } from '../live-hub.ts'
import { createLiveSockets, whoOf } from '../live-socket/live-sockets.ts'
import { maxWatchedPoints } from '../live-socket/messages.ts'
import { readNow } from '../now.ts'
import { readPointList } from '../query/point-list.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { siteParams } from './sites.ts'

/** Proxies cut connections that are silent for a minute. */
const heartbeatMs = 15_000

const query = Type.Object({
  changes: Type.Optional(
    Type.Enum(['0', '1'], {
      description: '`1`: after the first picture only what changed is sent, as events named `changes`',
    }),
  ),
  points: Type.Optional(Type.String({ description: '`<asset>.<point>`, several parted by commas; default: all' })),
})

/** @param publicUrl where browsers reach the server, where that is not what they name as Host */
export const liveRoutes = (parts: ServerParts, publicUrl?: string): readonly Route[] => {
  const gate = parts.streams
  const sockets = createLiveSockets(parts)
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/live',
      operationId: 'watchNow',
      access: 'read',
      site: 'path.id',
      tag: 'Live',
      summary: 'Newest values of a site as they come',
      description:
        'Server-sent events named `now`, each with the body of `GET /api/v1/sites/{id}/now`; with `changes=1` the first only, then events named `changes` of the same shape with the points that changed. A reader that is slow is sent the newest only.',
      params: siteParams,
      query,
      responses: { 200: { description: 'A stream without end', mediaType: 'text/event-stream' } },
      problems: [404, 422, 429],
      handle: async ({ params: { id }, query: { changes, points }, reply, caller }) => {
        const { site } = parts.sites.get(id)
        const only =
          points === undefined ? undefined : new Set(readPointList(points, parts.sites.points(site), maxWatchedPoints))
        const leave = gate.enter(whoOf(caller))
        const { raw } = reply
        const stream = createEventStream(raw, parts.liveCounts.leftOut)
        // What changes while the first picture is read is told after it.
        let early: Map<string, NowValue> | undefined = new Map()
        const tell = (changed: NowValues): void => {
          const own = only ? new Map([...changed].filter(([ref]) => only.has(ref))) : changed
          if (early) for (const [ref, value] of own) early.set(ref, value)
          else if (own.size > 0) stream.change(own)
        }
        const unsubscribe =
          changes === '1'
            ? parts.hub.watch(id, tell)
            : parts.hub.subscribe(id, (now) => {
                if (!early) stream.send('now', chosen(now, only))
              })
        let heartbeat: NodeJS.Timeout | undefined
        const end = (): void => {
          clearInterval(heartbeat)
          unsubscribe()
          leave()
          parts.stopping.removeEventListener('abort', end)
          raw.end()
        }
        const first = await readNow(parts, id, only && [...only]).catch((error: unknown) => {
          unsubscribe()
          leave()
          throw error
        })
        openEventStream(reply)
        stream.send('now', chosen(first, only))
        const meanwhile = new Map([...early].filter(([ref, value]) => isNewer(value, first.points[ref])))
        early = undefined
        if (meanwhile.size > 0) stream.change(meanwhile)
        heartbeat = setInterval(() => {
          stream.comment('still here')
          // A session that ended, a token that expired: the stream ends with it.
          caller.again().catch(end)
        }, heartbeatMs)
        raw.once('close', end)
        parts.stopping.addEventListener('abort', end)
        if (parts.stopping.aborted || raw.destroyed) end()
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/live',
      operationId: 'openLive',
      access: 'read',
      site: 'any',
      tag: 'Live',
      summary: 'A WebSocket for the newest values of many points of any sites',
      description: [
        `The client sends \`{"type":"subscribe","site":…,"points":[…]}\` (without points: all of the site) and \`{"type":"unsubscribe",…}\`, for up to ${maxWatchedPoints} points a connection; an \`id\` comes back with the answer.`,
        'The server sends `subscribed` and `unsubscribed` with the number of points that are watched; `snapshot` messages with the newest values, the last of them with `complete: true`; then `changes` of the same shape as in `GET /api/v1/sites/{id}/now`; `error` with the fields of a problem for a message that cannot be used; `ended` for a site that may not be read any more.',
        'With `"topic":"alarms"` the alarms of a site are watched instead: `alarms` messages with `alarms` of the shape of `GET /api/v1/alarms` and `number`, that of the entry of the log; the first with `complete: true` has all that are not normal, those after it what changed.',
        'A reader that is slow is sent the newest value of each point, and the newest state of each alarm; older ones are left out. Connections that do not answer a ping are dropped.',
      ].join('\n\n'),
      headers: { origin: 'Of a page: that of this server' },
      responses: { 101: { description: 'The connection is a WebSocket now (RFC 6455)' } },
      problems: [403, 426, 429],
      socket: {
        admit: ({ request, caller }) => {
          refuseForeignPage(request, publicUrl)
          gate.check(whoOf(caller))
        },
        open: ({ socket, caller }) => sockets.open(socket, caller),
      },
      handle: ({ reply }) => {
        reply.header('upgrade', 'websocket').header('connection', 'upgrade')
        throw serverErrors.upgradeNeeded({
          detail: 'Newest values of many points are told over a WebSocket',
          expected: 'Upgrade: websocket, or GET /api/v1/sites/{id}/live for server-sent events',
        })
      },
    }),
  ]
}

const chosen = (now: Now, only: ReadonlySet<string> | undefined): Now =>
  only ? { ...now, points: Object.fromEntries(Object.entries(now.points).filter(([ref]) => only.has(ref))) } : now

const isNewer = (value: NowValue, than: NowValue | undefined): boolean => value.timestampMs > (than?.timestampMs ?? 0)

/** Browsers send cookies with WebSockets of any page, and always say which page it was. */
function refuseForeignPage({ headers }: FastifyRequest, publicUrl: string | undefined): void {
  const { origin, host } = headers
  const fetchSite = headers['sec-fetch-site']
  const page = origin === undefined ? undefined : hostOf(origin)
  const own = [host?.toLowerCase(), publicUrl && hostOf(publicUrl)]
  const foreign = fetchSite !== undefined && fetchSite !== 'same-origin' && fetchSite !== 'none'
  if (!foreign && (origin === undefined || (page !== undefined && own.includes(page)))) return
  throw serverErrors.originRefused({
    detail: 'A page of another site may not listen here',
    found: origin ?? `Sec-Fetch-Site: ${String(fetchSite)}`,
  })
}

const hostOf = (url: string): string | undefined => (URL.canParse(url) ? new URL(url).host : undefined)
