import Type from 'typebox'
import {
  chainStart,
  commandErrors,
  plansIn,
  quarterOf,
  replayQuarter,
  type SetpointRule,
  verifyChain,
} from '../../commands/index.ts'
import { parseInstant } from '../../kernel/index.ts'
import type { Caller } from '../caller.ts'
import { readOutputs } from '../commands/followed-plan.ts'
import {
  ChainSchema,
  CommandsSchema,
  HoldSchema,
  LogLineSchema,
  OverrideSchema,
  ReplaySchema,
} from '../commands/shapes.ts'
import { cursorQuery, linkNext, nextSchema, readCursor, writeCursor } from '../query/pages.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { siteParams } from './sites.ts'

const tag = 'Commands'
const params = Type.Object({ ...siteParams.properties, ref: Type.String({ description: '`<asset>.<point>`' }) })
const reason = Type.String({
  minLength: 1,
  maxLength: 500,
  pattern: '\\S',
  description: 'Why, for whoever reads the log',
})
const maxPage = 500
const longestOverrideMs = 31 * 86_400_000

const whoOf = ({ principal }: Caller): string => principal.user ?? principal.id ?? principal.kind

export const commandRoutes = ({ commands, sites, evidence, clock }: ServerParts): readonly Route[] => {
  const ruleOf = (site: string, ref: string): SetpointRule => {
    sites.get(site)
    const rules = commands.rules(site)?.setpoints ?? []
    const rule = rules.find((one) => one.ref === ref)
    if (rule) return rule
    throw commandErrors.unknownSetpoint({
      detail: 'The site does not command this point',
      place: { path: 'path.ref' },
      found: ref,
      expected: rules.map((one) => one.ref).join(', ') || 'a site file with the section commands',
    })
  }
  /** What was asked for holds from the next turn on, whether or not it can be made now. */
  const soon = async (site: string): Promise<void> => commands.turn(site).catch(() => undefined)
  const example = { params: { id: 'yard' } }
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/commands',
      operationId: 'getCommands',
      access: 'read',
      site: 'path.id',
      tag,
      summary: 'What the machines of a site are told, and why',
      params: siteParams,
      responses: { 200: { description: 'Every commanded setpoint', schema: CommandsSchema } },
      problems: [404],
      example: {
        params: { id: 'quarry-microgrid' },
        answer: {
          ...{ site: 'quarry-microgrid', running: false, decidedMs: null, mode: null, sinceMs: null },
          ...{ causes: [], plan: null, hold: null, setpoints: [] },
        },
      },
      handle: async ({ params: { id } }) => {
        sites.get(id)
        return commands.view(id)
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/commands/log',
      operationId: 'readCommandLog',
      access: 'read',
      site: 'path.id',
      tag,
      summary: 'The log of commands, oldest first, each page checked against the chain of its hashes',
      params: siteParams,
      query: Type.Object({
        from: Type.Optional(
          Type.String({
            maxLength: 40,
            description: 'Lines from this moment on, ISO 8601 (local to the site when without offset); before any page',
          }),
        ),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: maxPage, description: 'Default 100' })),
        cursor: cursorQuery,
      }),
      responses: {
        200: {
          description: 'Lines, and whether they are whole',
          schema: Type.Object({ lines: Type.Array(LogLineSchema), chain: ChainSchema, next: nextSchema }),
        },
      },
      problems: [404, 422],
      example: {
        params: { id: 'quarry-microgrid' },
        answer: { lines: [], chain: { ok: true, lines: 0, raced: 0, head: chainStart, faults: [] } },
      },
      handle: async ({ params: { id }, query: { from, limit = 100, cursor }, request, reply }) => {
        const { zone } = sites.get(id).site
        const log = commands.log(id)
        const first = from === undefined ? 1 : await log.numberAt(parseInstant(from, zone))
        const after =
          cursor === undefined ? first - 1 : Math.max(0, Math.trunc(Number(readCursor(cursor, ['number'])[0])))
        const [before] = after > 0 ? await log.page({ after: after - 1, limit: 1 }) : []
        const found = await log.page({ after, limit: limit + 1 })
        const page = found.slice(0, limit)
        const head = before ? { sequence: before.number, sha256: before.content.sha256 } : chainStart
        const lines = page.map(({ content }) => content)
        const next = found.length > limit ? writeCursor([page.at(-1)!.number]) : undefined
        linkNext(request, reply, next)
        return { lines, chain: verifyChain(lines, head), ...(next === undefined ? {} : { next }) }
      },
    }),
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/commands/replay',
      operationId: 'replayCommands',
      access: 'replay',
      site: 'path.id',
      tag,
      summary: 'Decide a quarter of an hour again, from its log and the evidence of its plans alone',
      params: siteParams,
      query: Type.Object({
        at: Type.String({
          maxLength: 40,
          description: 'A moment in the quarter, ISO 8601 (local to the site when without offset)',
        }),
      }),
      responses: { 200: { description: 'What was decided again, and where it differs', schema: ReplaySchema } },
      problems: [404, 409, 422, 500],
      example: { ...example, query: { at: '2026-07-06T12:00' } },
      handle: async ({ params: { id }, query: { at } }) => {
        const { zone } = sites.get(id).site
        const fromMs = quarterOf(parseInstant(at, zone))
        const lines = await commands.log(id).linesOf(fromMs)
        const plans = await readOutputs(evidence, plansIn(lines.map(({ body }) => body)))
        return replayQuarter(fromMs, lines, plans)
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/sites/:id/commands/:ref/override',
      operationId: 'overrideCommand',
      access: 'operate',
      site: 'path.id',
      tag,
      summary: 'Set a setpoint by hand until a moment',
      description:
        'It takes the place of the plan, within the limits of the setpoint and by its ramp; interlocks win over it.',
      params,
      body: Type.Object({
        value: Type.Number({ description: 'In the unit of the setpoint' }),
        reason,
        until: Type.String({
          maxLength: 40,
          description: 'ISO 8601 (local to the site when without offset); 31 days ahead at most',
        }),
      }),
      responses: { 200: { description: 'As it holds', schema: OverrideSchema } },
      problems: [403, 404, 422],
      example: {
        params: { id: 'yard', ref: 'battery.targetKw' },
        body: { value: -50, reason: 'Capacity test', until: '2026-07-06T18:00' },
      },
      handle: async ({ params: { id, ref }, body: { value, reason: own, until }, caller }) => {
        caller.about(`setpoint ${ref}`)
        const { least, most, unit } = ruleOf(id, ref)
        const refuse = (field: string, detail: string, found: unknown, expected: string) =>
          commandErrors.badOverride({ detail, place: { path: `body.${field}` }, found, expected })
        if (value < least || value > most) {
          throw refuse('value', 'It lies outside the limits of the setpoint', value, `${least} to ${most} ${unit}`)
        }
        const fromMs = clock.now()
        const untilMs = parseInstant(until, sites.get(id).site.zone)
        if (untilMs <= fromMs || untilMs > fromMs + longestOverrideMs) {
          throw refuse('until', 'It ends in the past, or too late', until, 'a moment to come, 31 days ahead at most')
        }
        const override = { ref, value, reason: own, by: whoOf(caller), fromMs, untilMs }
        await commands.orders.override(id, override)
        await soon(id)
        return override
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/v1/sites/:id/commands/:ref/override',
      operationId: 'endOverride',
      access: 'operate',
      site: 'path.id',
      tag,
      summary: 'Follow the plan again before an override ends',
      params,
      responses: { 204: { description: 'It is gone' } },
      problems: [403, 404],
      example: { params: { id: 'yard', ref: 'battery.targetKw' } },
      handle: async ({ params: { id, ref }, reply, caller }) => {
        caller.about(`setpoint ${ref}`)
        ruleOf(id, ref)
        await commands.orders.endOverride(id, ref)
        await soon(id)
        return reply.code(204).send()
      },
    }),
    defineRoute({
      method: 'POST',
      url: '/api/v1/sites/:id/commands/hold',
      operationId: 'holdCommands',
      access: 'operate',
      site: 'path.id',
      tag,
      summary: 'Send every setpoint to its safe schedule until that is released',
      params: siteParams,
      body: Type.Object({ reason }),
      responses: { 200: { description: 'As it holds', schema: HoldSchema } },
      problems: [403, 404, 422],
      example: { params: { id: 'quarry-microgrid' }, body: { reason: 'Work at the switchgear' } },
      handle: async ({ params: { id }, body, caller }) => {
        sites.get(id)
        caller.about('all setpoints')
        const hold = { reason: body.reason, by: whoOf(caller), sinceMs: clock.now() }
        await commands.orders.hold(id, hold)
        await soon(id)
        return hold
      },
    }),
    defineRoute({
      method: 'DELETE',
      url: '/api/v1/sites/:id/commands/hold',
      operationId: 'releaseCommands',
      access: 'operate',
      site: 'path.id',
      tag,
      summary: 'Follow the plan again',
      params: siteParams,
      responses: { 204: { description: 'Commands go on' } },
      problems: [403, 404],
      example: { params: { id: 'quarry-microgrid' } },
      handle: async ({ params: { id }, reply, caller }) => {
        sites.get(id)
        caller.about('all setpoints')
        await commands.orders.release(id)
        await soon(id)
        return reply.code(204).send()
      },
    }),
  ]
}
