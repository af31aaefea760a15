import Type from 'typebox'
import { alarmKpis, alarmStates, KpisSchema, priorities } from '../../alarms/index.ts'
import { parseDuration } from '../../kernel/index.ts'
import { AlarmSchema, type AlarmView, alarmView } from '../alarms/alarm-view.ts'
import { actOnAlarm, type DeskAction, deskActions } from '../alarms/desk.ts'
import { readJournal, readPeriod } from '../alarms/read-journal.ts'
import type { Caller } from '../caller.ts'
import { serverErrors } from '../errors.ts'
import { createEventStream, openEventStream } from '../event-stream.ts'
import { whoOf } from '../live-socket/live-sockets.ts'
import { cursorQuery, linkNext, nextSchema, readCursor, writeCursor } from '../query/pages.ts'
import { readMoment, readSpan, spanQuery } from '../query/read-moment.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'

const heartbeatMs = 15_000
const siteQuery = Type.String({ minLength: 1, description: 'Id of a site' })
const listed = (names: readonly string[]): string => `^(${names.join('|')})(,(${names.join('|')}))*$`

const LineSchema = Type.Object(
  {
    number: Type.Integer({ description: 'Of the entry of the log; lines that were written together share it' }),
    alarm: Type.String(),
    kind: Type.String(),
    atMs: Type.Number({ description: 'When the server took it down' }),
    eventMs: Type.Union([Type.Number(), Type.Null()], { description: 'When it was so in the field' }),
    user: Type.Union([Type.String(), Type.Null()]),
    comment: Type.Union([Type.String(), Type.Null()]),
    details: Type.Record(Type.String(), Type.Unknown(), { description: 'What else the line says' }),
  },
  { title: 'AlarmLine' },
)

const actionWords: Readonly<Record<DeskAction, string>> = {
  acknowledge: 'Acknowledges an alarm',
  reset: 'Resets a latched alarm that was acknowledged and whose condition is away',
  shelve: 'Hides an alarm for a while',
  unshelve: 'Ends the shelving of an alarm',
  'out-of-service': 'Takes an alarm out of service until it is put back',
  'in-service': 'Puts an alarm back into service',
}
const camelCase = (action: string): string => action.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

/** Alarms after ISA-18.2: what stands, what operators do about it, the log and its figures. */
export const alarmRoutes = (parts: ServerParts): readonly Route[] => [
  listRoute(parts),
  ...deskActions.map((action) => actionRoute(parts, action)),
  journalRoute(parts),
  kpiRoute(parts),
  liveRoute(parts),
]

const listRoute = ({ alarms }: ServerParts): Route =>
  defineRoute({
    method: 'GET',
    url: '/api/v1/alarms',
    operationId: 'listAlarms',
    access: 'read',
    site: 'any',
    tag: 'Alarms',
    summary: 'Alarms that are not normal, of one site or of all, by site and id',
    query: Type.Object({
      site: Type.Optional(siteQuery),
      state: Type.Optional(
        Type.String({
          pattern: listed([...alarmStates, 'all']),
          description: `${alarmStates.join(', ')}, several parted by commas, or all. Default: all but normal`,
        }),
      ),
      priority: Type.Optional(
        Type.String({ pattern: listed(priorities), description: `${priorities.join(', ')}, several parted by commas` }),
      ),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Default 200' })),
      cursor: cursorQuery,
    }),
    responses: {
      200: { description: 'Alarms', schema: Type.Object({ alarms: Type.Array(AlarmSchema), next: nextSchema }) },
    },
    problems: [404, 422],
    example: { query: { site: 'quarry-microgrid' }, answer: { alarms: [] } },
    async handle({ query: { site, state, priority, limit = 200, cursor }, caller, request, reply }) {
      if (site !== undefined) caller.demand('read', site)
      const own = alarms
        .all()
        .filter((one) => (site === undefined || one.site.id === site) && caller.may('read', one.site.id))
      await Promise.all(own.map(({ log }) => log.catchUp()))
      const states = state?.split(',')
      const wantedPriorities = priority?.split(',')
      const isWanted = (view: AlarmView): boolean =>
        (states === undefined ? view.state !== 'normal' : states.includes('all') || states.includes(view.state)) &&
        (wantedPriorities?.includes(view.priority) ?? true)
      const after = cursor === undefined ? '' : String(readCursor(cursor, ['string'])[0])
      const found = own
        .flatMap(({ site: { id }, rules, log }) =>
          [...rules.values()].map((rule) => alarmView(id, rule, log.states().get(rule.id))),
        )
        .filter((view) => view.id > after && isWanted(view))
        .sort((a, b) => (a.id < b.id ? -1 : 1))
      const page = found.slice(0, limit)
      const next = found.length > limit ? writeCursor([page.at(-1)!.id]) : undefined
      linkNext(request, reply, next)
      return { alarms: page, ...(next === undefined ? {} : { next }) }
    },
  })

const comment = Type.Optional(Type.String({ minLength: 1, maxLength: 1000, description: 'Stands in the log' }))
const reason = Type.String({ minLength: 1, maxLength: 1000, description: 'Why; stands in the log' })
const span = Type.Optional(Type.String({ description: 'How long: 30m, 2h. Default: as long as the alarm allows' }))

function actionRoute({ alarms }: ServerParts, action: DeskAction): Route {
  const hides = action === 'shelve' || action === 'out-of-service'
  return defineRoute({
    method: 'POST',
    url: `/api/v1/alarms/:id/${action}`,
    operationId: `${camelCase(action)}Alarm`,
    access: 'operate',
    site: 'handler',
    tag: 'Alarms',
    summary: actionWords[action],
    params: Type.Object({ id: Type.String({ description: '`<site>:<alarm>`' }) }),
    body: Type.Object(
      { comment: hides ? reason : comment, ...(action === 'shelve' ? { for: span } : {}) },
      { additionalProperties: false },
    ),
    responses: { 200: { description: 'The alarm as it is now', schema: AlarmSchema } },
    problems: [403, 404, 409, 422],
    // Of an alarm that is normal there is nothing to acknowledge.
    ...(action === 'acknowledge' || action === 'reset' ? {} : { example: exampleOf(action) }),
    async handle({ params: { id }, body, caller }) {
      const [site, alarm] = placeOf(id)
      caller.demand('operate', site)
      caller.about(`alarm ${id}`, caller.ownerOf(site))
      const { comment: said, for: wanted } = body as { readonly comment?: string; readonly for?: string }
      return actOnAlarm(alarms, {
        ...{ site, alarm, action, user: userOf(caller) },
        ...(said === undefined ? {} : { comment: said }),
        ...(wanted === undefined ? {} : { forMs: parseDuration(wanted) }),
      })
    },
  })
}

const exampleOf = (action: DeskAction) => ({
  params: { id: 'quarry-microgrid:battery-low' },
  body: { comment: 'battery is being serviced', ...(action === 'shelve' ? { for: '30m' } : {}) },
})

function placeOf(id: string): readonly [site: string, alarm: string] {
  const colon = id.indexOf(':')
  if (colon > 0) return [id.slice(0, colon), id.slice(colon + 1)]
  throw serverErrors.unknownAlarm({ detail: 'This is no id of an alarm', found: id, expected: '<site>:<alarm>' })
}

const userOf = ({ principal }: Caller): string => principal.user ?? principal.id

const journalRoute = ({ alarms, sites }: ServerParts): Route =>
  defineRoute({
    method: 'GET',
    url: '/api/v1/alarms/journal',
    operationId: 'readAlarmJournal',
    access: 'read',
    site: 'query.site',
    tag: 'Alarms',
    summary: 'The log of the alarms of a site, newest first',
    description:
      'Every state is what this log comes to. A page ends with a whole entry: it may hold more lines than asked for. A line may stand twice where two servers wrote it; it counts once.',
    query: Type.Object({
      site: siteQuery,
      alarm: Type.Optional(Type.String({ description: 'Lines of one alarm' })),
      from: Type.Optional(
        Type.String({ description: 'Lines written since: ISO 8601 with offset, or milliseconds since 1970' }),
      ),
      to: Type.Optional(Type.String({ description: 'Exclusive' })),
      limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Lines, about. Default 200' })),
      cursor: cursorQuery,
    }),
    responses: {
      200: { description: 'Lines', schema: Type.Object({ lines: Type.Array(LineSchema), next: nextSchema }) },
    },
    problems: [404, 422],
    example: { query: { site: 'quarry-microgrid', limit: '50' } },
    async handle({ query: { site, alarm, from, to, limit = 200, cursor }, request, reply }) {
      sites.get(site)
      const own = alarms.of(site)
      if (!own) return { lines: [] }
      const before = cursor === undefined ? undefined : Number(readCursor(cursor, ['number'])[0])
      const { lines, nextBefore } = await readJournal(own.log, {
        limit,
        ...(alarm === undefined ? {} : { alarm }),
        ...(before === undefined ? {} : { before }),
        ...(from === undefined ? {} : { fromMs: readMoment(from, 'query.from') }),
        ...(to === undefined ? {} : { toMs: readMoment(to, 'query.to') }),
      })
      const next = nextBefore === undefined ? undefined : writeCursor([nextBefore])
      linkNext(request, reply, next)
      return { lines, ...(next === undefined ? {} : { next }) }
    },
  })

const kpiRoute = ({ alarms, sites }: ServerParts): Route =>
  defineRoute({
    method: 'GET',
    url: '/api/v1/alarms/kpis',
    operationId: 'readAlarmKpis',
    access: 'read',
    site: 'query.site',
    tag: 'Alarms',
    summary: 'How well operators can keep up: figures of EEMUA 191 and ISA-18.2 over a time, each beside its target',
    query: Type.Object({ site: siteQuery, ...spanQuery }),
    responses: {
      200: {
        description: 'Figures',
        schema: Type.Object({
          site: Type.String(),
          fromMs: Type.Number(),
          toMs: Type.Number(),
          operators: Type.Integer(),
          ...KpisSchema.properties,
        }),
      },
    },
    problems: [404, 422],
    example: { query: { site: 'quarry-microgrid', from: '2026-07-06T00:00:00Z', to: '2026-07-06T04:00:00Z' } },
    async handle({ query: { site, from, to } }) {
      sites.get(site)
      const span = readSpan(
        { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
        alarms.steady.now(),
      )
      if (!(span.toMs > span.fromMs)) {
        throw serverErrors.badInput({
          ...{ detail: 'The time ends before it begins', place: { path: 'query.to' }, found: to },
          expected: 'a moment after `from`',
        })
      }
      const own = alarms.of(site)
      const operators = own?.operators ?? 1
      const events = own ? await readPeriod(own.log, span.toMs) : []
      return { site, ...span, operators, ...alarmKpis(events, { ...span, operators }) }
    },
  })

const liveRoute = (parts: ServerParts): Route =>
  defineRoute({
    method: 'GET',
    url: '/api/v1/alarms/live',
    operationId: 'watchAlarms',
    access: 'read',
    site: 'query.site',
    tag: 'Alarms',
    summary: 'The alarms of a site as they change',
    description:
      'Server-sent events named `alarms` with `number`, that of the entry of the log, and `alarms` of the shape of `GET /api/v1/alarms`: first all that are not normal, then those that changed. A reader that is slow is sent the newest only: where `number` leaves one out, ask for the list.',
    query: Type.Object({ site: siteQuery }),
    responses: { 200: { description: 'A stream without end', mediaType: 'text/event-stream' } },
    problems: [404, 422, 429],
    example: { query: { site: 'quarry-microgrid' } },
    async handle({ query: { site }, reply, caller }) {
      parts.sites.get(site)
      const own = parts.alarms.of(site)
      const leave = parts.streams.enter(whoOf(caller))
      try {
        await own?.log.catchUp()
      } catch (error) {
        leave()
        throw error
      }
      const { raw } = reply
      const stream = createEventStream(raw, parts.liveCounts.leftOut)
      openEventStream(reply)
      const views = (ids: Iterable<string>): readonly AlarmView[] =>
        [...new Set(ids)].flatMap((id) => {
          const rule = own?.rules.get(id)
          return rule ? [alarmView(site, rule, own?.log.states().get(id))] : []
        })
      const first = views(own?.log.states().keys() ?? []).filter(({ state }) => state !== 'normal')
      stream.send('alarms', { number: own?.log.number() ?? 0, alarms: first })
      const stop = own?.log.follow(({ number, changes }) => {
        stream.send('alarms', { number, alarms: views(changes.map(({ event }) => event.alarm)) })
      })
      let heartbeat: NodeJS.Timeout | undefined
      const end = (): void => {
        clearInterval(heartbeat)
        stop?.()
        leave()
        parts.stopping.removeEventListener('abort', end)
        raw.end()
      }
      heartbeat = setInterval(() => {
        stream.comment('still here')
        caller.again().catch(end)
      }, heartbeatMs)
      raw.once('close', end)
      parts.stopping.addEventListener('abort', end)
      if (parts.stopping.aborted || raw.destroyed) end()
    },
  })
