import Type from 'typebox'
import { serverErrors } from '../errors.ts'
import { readPublishedPlan } from '../published-plan.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { siteParams } from './sites.ts'

export const planRoutes = (parts: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/sites/:id/plan',
    operationId: 'getPlan',
    access: 'read',
    site: 'path.id',
    tag: 'Sites',
    summary: 'The plan that the site follows',
    params: siteParams,
    responses: {
      200: {
        description: 'The newest published plan',
        schema: Type.Intersect([
          parts.engines.get('energy.plan')?.output ?? Type.Unknown(),
          Type.Object({
            evidence: Type.String({ description: 'Id of the run that made it' }),
            publishedMs: Type.Number(),
          }),
        ]),
      },
    },
    problems: [404],
    handle: async ({ params: { id }, reply }) => {
      parts.sites.get(id)
      reply.header('cache-control', 'no-store')
      const plan = await readPublishedPlan(parts.store, id)
      if (!plan) throw serverErrors.noPlan({ detail: 'The first plan of this site is not published yet', found: id })
      return plan
    },
  }),
]
