import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { chargingOf } from '../../gateway/index.ts'
import type { Caller } from '../caller.ts'
import { chargingAnswer } from '../charging/charging-answer.ts'
import { chargingSessions, type SessionPlace, sessionsCsv } from '../charging/charging-sessions.ts'
import { ChargingSchema, OrderSchema, SessionSchema } from '../charging/charging-shapes.ts'
import { shownCard } from '../charging/shown-card.ts'
import { resetStation, startSession, stopSession, unlockConnector } from '../charging/station-orders.ts'
import { serverErrors } from '../errors.ts'
import { chooseMediaType } from '../query/media-choice.ts'
import { cursorQuery, linkNext, nextSchema, readCursor, writeCursor } from '../query/pages.ts'
import { readSpan, spanQuery } from '../query/read-moment.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { siteParams } from './sites.ts'

const tag = 'Charging'
const stationParams = Type.Object({ ...siteParams.properties, station: Type.String({ maxLength: 48 }) })
const reason = Type.String({
  minLength: 1,
  maxLength: 120,
  pattern: '\\S',
  description: 'Why; stands in the audit log',
})
const evse = Type.Integer({ minimum: 1, maximum: 1000, description: 'EVSE; OCPP 1.6: connector' })
const whileCharging = Type.Optional(Type.Boolean({ description: 'Also while it charges. Default false' }))
const orderProblems = [403, 404, 409, 422, 503, 504]
const orderResponses = { 200: { description: 'The station agreed', schema: OrderSchema } }
const example = (body: object) => ({ params: { id: 'yard', station: 'CP-1' }, body })
const sessionForms = ['application/json', 'text/csv']

/** Charging as it is, sessions with their bills, and what an operator may ask of a station. */
export const chargingRoutes = ({ charging, commands, field, sites, clock }: ServerParts): readonly Route[] => {
  const cardOf =
    (caller: Caller, site: string) =>
    (card: string): string =>
      shownCard(site, card, caller.may('operate', site))
  const parts = (site: string, station: string, why: string, caller: Caller) => {
    sites.get(site)
    caller.about(`station ${station}: ${why}`)
    return { site, stationId: station, field }
  }
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/charging',
      operationId: 'getCharging',
      access: 'read',
      site: 'path.id',
      tag,
      summary: 'Charging at a site: stations, sessions that run, what each is given and why',
      params: siteParams,
      responses: { 200: { description: 'As it is now', schema: ChargingSchema } },
      problems: [404],
      example: {
        params: { id: 'quarry-microgrid' },
        answer: {
          ...{ site: 'quarry-microgrid', mode: null, meter: null, limitKw: null, chargersKw: null },
          ...{ circuits: [], doors: [], stations: [] },
        },
      },
      handle: async ({ params: { id: site }, caller }) => {
        sites.get(site)
        return chargingAnswer({ site, field, view: charging.view(site), cardOf: cardOf(caller, site) })
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/charging/sessions',
      operationId: 'listChargingSessions',
      access: 'read',
      site: 'path.id',
      tag,
      summary: 'Sessions that began in a span, oldest first, each with its bill',
      description:
        'A bill follows the tariff that the section `roaming` gives the charger. `text/csv`, by `Accept`, has a line for each session; the next page is then told by `Link` with rel="next".',
      params: siteParams,
      query: Type.Object({
        ...spanQuery,
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 100' })),
        cursor: cursorQuery,
      }),
      headers: { accept: `One of ${sessionForms.join(', ')}` },
      responses: {
        200: {
          description: 'A page of sessions',
          schema: Type.Object({ sessions: Type.Array(SessionSchema), next: nextSchema }),
        },
      },
      problems: [404, 406, 422],
      example: {
        params: { id: 'quarry-microgrid' },
        query: { from: '2026-07-01T00:00:00+08:00', to: '2026-08-01T00:00:00+08:00' },
        answer: { sessions: [] },
      },
      handle: async ({ params: { id }, query: { from, to, limit = 100, cursor }, caller, request, reply }) => {
        const { site } = sites.get(id)
        const form = formOf(request)
        const asked = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
        const { sessions, next } = chargingSessions({
          ...{ site, field, limit, ...readSpan(asked, clock.now()), cardOf: cardOf(caller, id) },
          after: cursor === undefined ? undefined : (readCursor(cursor, ['number', 'string']) as SessionPlace),
        })
        const place = next && writeCursor(next)
        linkNext(request, reply, place)
        if (form === 'text/csv') return reply.type('text/csv; charset=utf-8').send(sessionsCsv(sessions))
        return { sessions, ...(place === undefined ? {} : { next: place }) }
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/sites/:id/charging/stations/:station/start',
      operationId: 'startCharging',
      access: 'operate',
      site: 'path.id',
      tag,
      summary: 'Start a session for a card',
      description:
        'The session itself comes with the word of the station. Refused where the EVSE charges or is out of order, the card may not charge, the site is held, or an interlock holds its chargers at nothing.',
      params: stationParams,
      body: Type.Object({ evse, card: Type.String({ minLength: 1, maxLength: 36 }), reason }),
      responses: orderResponses,
      problems: orderProblems,
      example: example({ evse: 1, card: '04A1B2', reason: 'The reader is broken' }),
      handle: async ({ params: { id, station }, body, caller }) => {
        const asked = parts(id, station, body.reason, caller)
        const { site } = sites.get(id)
        const chargers = chargingOf(site)?.asset
        return startSession(asked, body, await commands.view(id), (asset) =>
          [asset, chargers].filter((one) => one !== undefined),
        )
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/sites/:id/charging/stations/:station/stop',
      operationId: 'stopCharging',
      access: 'operate',
      site: 'path.id',
      tag,
      summary: 'Stop a session that runs',
      params: stationParams,
      body: Type.Object({
        session: Type.String({ maxLength: 128, description: 'Its id: `<station>/<transaction>`' }),
        reason,
      }),
      responses: orderResponses,
      problems: orderProblems,
      example: example({ session: 'CP-1/17', reason: 'Work at the cable' }),
      handle: async ({ params: { id, station }, body, caller }) =>
        stopSession(parts(id, station, body.reason, caller), body.session),
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/sites/:id/charging/stations/:station/unlock',
      operationId: 'unlockCharging',
      access: 'operate',
      site: 'path.id',
      tag,
      summary: 'Unlock the plug of a connector',
      params: stationParams,
      body: Type.Object({
        ...{ evse, whileCharging, reason },
        connector: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, description: 'Of the EVSE. Default 1' })),
      }),
      responses: orderResponses,
      problems: orderProblems,
      example: example({ evse: 1, reason: 'The plug is stuck' }),
      handle: async ({ params: { id, station }, body, caller }) =>
        unlockConnector(parts(id, station, body.reason, caller), {
          ...{ evse: body.evse, connector: body.connector ?? 1, whileCharging: body.whileCharging ?? false },
        }),
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/sites/:id/charging/stations/:station/reset',
      operationId: 'resetStation',
      access: 'operate',
      site: 'path.id',
      tag,
      summary: 'Restart a station',
      params: stationParams,
      body: Type.Object({
        how: Type.Enum(['soft', 'hard'], { description: '`soft`: when nothing charges; `hard`: at once' }),
        ...{ whileCharging, reason },
      }),
      responses: orderResponses,
      problems: orderProblems,
      example: example({ how: 'soft', reason: 'It does not answer its display' }),
      handle: async ({ params: { id, station }, body, caller }) =>
        resetStation(parts(id, station, body.reason, caller), {
          ...{ how: body.how, whileCharging: body.whileCharging ?? false },
        }),
    }),
  ]
}

/** @throws `server.not-acceptable` */
function formOf({ headers: { accept } }: FastifyRequest): string {
  const form = chooseMediaType(accept)
  if (sessionForms.includes(form)) return form
  throw serverErrors.notAcceptable({
    detail: 'Sessions are not told in this form',
    found: form,
    expected: sessionForms.join(', '),
  })
}
