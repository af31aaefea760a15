import Type from 'typebox'
import { storeErrors } from '../../store/index.ts'
import { forecastQuality, leadHours, oldestMs } from '../forecast-quality/forecast-quality.ts'
import { createPlanForecasts } from '../forecast-quality/foreseen-by-plans.ts'
import { foreseenByRuns } from '../forecast-quality/foreseen-by-runs.ts'
import { qualityAnswer } from '../forecast-quality/quality-answer.ts'
import { ForecastQualitySchema } from '../forecast-quality/quality-shapes.ts'
import { readSpan, spanQuery } from '../query/read-moment.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { siteParams } from './sites.ts'

const mostDays = 31
const dayMs = 86_400_000

/** How good forecasts were. */
export const forecastQualityRoutes = ({ sites, store, evidence, clock }: ServerParts): readonly Route[] => {
  const plans = createPlanForecasts(store)
  return [
    defineRoute({
      method: 'GET',
      url: '/api/v1/sites/:id/forecast-quality',
      operationId: 'readForecastQuality',
      access: 'read',
      site: 'path.id',
      tag: 'Sites',
      summary: 'How good the forecasts were that the plans of a site used',
      description:
        'Every quarter of an hour of the span is held against the newest forecast that was made at least 1, 3, 6, 12, 18 or 24 hours before it. What is asked of loads, what sun, wind and water offer, and prices are judged; what a plan decides is not. Figures with too few pairs are null. Plans are kept for a week.',
      params: siteParams,
      query: Type.Object({
        ...spanQuery,
        of: Type.Optional(
          Type.Enum(['plans', 'forecasts'], {
            description: 'Of published plans, or of runs of `energy.forecast`, which have bands. Default `plans`',
          }),
        ),
        ref: Type.Optional(
          Type.String({ maxLength: 200, description: 'Quantity to compare step by step: `factory.demandKw`' }),
        ),
        lead: Type.Optional(
          Type.String({
            pattern: `^(${leadHours.join('|')})$`,
            description: `Hours ahead of what is compared: ${leadHours.join(', ')}. Default 1`,
          }),
        ),
      }),
      responses: { 200: { description: 'By quantity and lead', schema: ForecastQualitySchema } },
      problems: [404, 422],
      example: {
        params: { id: 'quarry-microgrid' },
        query: { from: '2026-07-01T00:00:00+08:00', to: '2026-07-01T01:00:00+08:00' },
        answer: {
          ...{ site: 'quarry-microgrid', fromMs: 1782835200000, toMs: 1782838800000, stepMinutes: 15, of: 'plans' },
          ...{ made: 0, leastPairs: 16, quantities: [], compared: null },
        },
      },
      handle: async ({ params: { id }, query: { from, to, of = 'plans', ref, lead = '1' } }) => {
        const { site } = sites.get(id)
        const asked = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
        const { fromMs, toMs } = readSpan(asked, clock.now())
        if (!(toMs > fromMs) || toMs - fromMs > mostDays * dayMs) {
          throw storeErrors.badRange({
            detail: 'The span cannot be judged',
            ...{ found: `${fromMs} to ${toMs}`, expected: `a start before its end, at most ${mostDays} days` },
          })
        }
        const foreseen =
          of === 'plans'
            ? await plans.read(id, fromMs - oldestMs)
            : await foreseenByRuns({ runs: store.runs, evidence }, id, { fromMs: fromMs - oldestMs, toMs })
        const leadAsked = leadHours.find((hours) => String(hours) === lead) ?? 1
        const quality = await forecastQuality(
          { store, computed: sites.computed(site) },
          { site, fromMs, toMs: Math.min(toMs, clock.now()), quantities: foreseen, ref, lead: leadAsked },
        )
        return qualityAnswer({
          ...{ site: id, of, foreseen, quality },
          compared: ref === undefined ? undefined : { ref, leadHours: leadAsked },
        })
      },
    }),
  ]
}
