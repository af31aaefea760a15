import Type from 'typebox'
import { type BalanceRow, balancesOf, computeBalance, qualityNames } from '../../kernel/index.ts'
import { maxRangeValues } from '../../store/index.ts'
import { serverErrors } from '../errors.ts'
import { orNull } from '../now.ts'
import { bucketEdges, bucketPattern, readWidth } from '../query/bucket-edges.ts'
import { isKnown, tagOf } from '../query/entity-tags.ts'
import { bucketColumns } from '../query/read-buckets.ts'
import { readSpan, spanQuery } from '../query/read-moment.ts'
import { defineRoute, type Route } from '../route.ts'
import type { ServerParts } from '../server-parts.ts'
import { siteParams } from './sites.ts'

const FlowSchema = Type.Object({
  ref: Type.String(),
  unit: Type.String(),
  accuracyClass: Type.Optional(Type.Number({ description: 'Of the meter, ± percent of the reading' })),
})

const declared = {
  id: Type.String(),
  title: Type.String(),
  unit: Type.String({ description: 'Of all sums' }),
  toleranceShare: Type.Optional(Type.Number({ description: 'Share of what comes in that may stay unexplained' })),
}
const BalanceSchema = Type.Object({
  ...declared,
  in: Type.Array(FlowSchema),
  out: Type.Array(FlowSchema),
})

const number = Type.Union([Type.Number(), Type.Null()])
const numbers = (description: string) => Type.Array(number, { description })
const verdict = Type.Enum(['unknown', 'explained', 'tolerated', 'unexplained', 'not-judged'], {
  description:
    '`unknown`: an input is missing; `explained`: within the accuracy of the meters; `tolerated`: within the tolerance; `unexplained`: within neither; `not-judged`: the site states neither',
})

const ResultSchema = Type.Object({
  ...declared,
  timestampsMs: Type.Array(Type.Number(), { description: 'Start of each bucket' }),
  in: numbers('What came in; null where an input is missing'),
  out: numbers('What went out'),
  remainder: numbers('in − out'),
  remainderShare: numbers('Remainder by what came in'),
  uncertainty: numbers('± limits of the remainder from the classes of the meters'),
  verdicts: Type.Array(verdict),
  quality: Type.Array(Type.String(), { description: 'Worst of the inputs' }),
  missing: Type.Array(Type.Array(Type.String()), { description: 'Inputs without a value' }),
  missingBuckets: Type.Record(Type.String(), Type.Integer(), { description: 'Buckets that each input was missing in' }),
  completeBuckets: Type.Integer(),
  total: Type.Object(
    { in: number, out: number, remainder: number, remainderShare: number, uncertainty: number, verdict },
    { description: 'Means over the complete buckets' },
  ),
})

const rowOf = ({ verdict: judged, ...row }: BalanceRow) => ({
  in: orNull(row.in),
  out: orNull(row.out),
  remainder: orNull(row.remainder),
  remainderShare: orNull(row.remainderShare),
  uncertainty: orNull(row.uncertainty),
  verdict: judged,
})

const list = (values: Float64Array): readonly (number | null)[] => Array.from(values, orNull)

export const balanceRoutes = ({ sites, store, clock }: ServerParts): readonly Route[] => [
  defineRoute({
    method: 'GET',
    url: '/api/v1/sites/:id/balances',
    operationId: 'listBalances',
    access: 'read',
    site: 'path.id',
    tag: 'Points',
    summary: 'The balances of a site: points whose sums should be equal',
    params: siteParams,
    responses: {
      200: { description: 'Balances', schema: Type.Object({ balances: Type.Array(BalanceSchema) }) },
      304: { description: 'The same as before' },
    },
    problems: [404],
    example: {
      params: { id: 'quarry-microgrid' },
      answer: {
        balances: [
          {
            id: 'electricity',
            title: 'Electricity of the quarry',
            unit: 'kW',
            toleranceShare: 0.01,
            in: [
              { ref: 'pv.powerKw', unit: 'kW' },
              { ref: 'battery.powerKw', unit: 'kW' },
              { ref: 'genset-a.powerKw', unit: 'kW' },
              { ref: 'genset-b.powerKw', unit: 'kW' },
            ],
            out: [{ ref: 'quarry.useKw', unit: 'kW' }],
          },
        ],
      },
    },
    handle: ({ params: { id }, request, reply }) => {
      const answer = { balances: balancesOf(sites.get(id).site) }
      return isKnown(request, reply, tagOf(JSON.stringify(answer))) ? reply.send() : answer
    },
  }),
  defineRoute({
    method: 'GET',
    url: '/api/v1/sites/:id/balances/:balance',
    operationId: 'readBalance',
    access: 'read',
    site: 'path.id',
    tag: 'Points',
    summary: 'A balance over time, with what it leaves unexplained',
    description:
      'Bucket by bucket from the means of its points, and the rise of counters. A flow below zero counts on the other side. A bucket with a missing input has no sums: nothing is taken as zero.',
    params: Type.Object({ ...siteParams.properties, balance: Type.String() }),
    query: Type.Object({
      ...spanQuery,
      bucket: Type.Optional(
        Type.String({
          pattern: bucketPattern,
          description: '`15m`, `1h`, `1d` (of the site’s zone), `1mo`. Default `1h`',
        }),
      ),
    }),
    responses: { 200: { description: 'The balance', schema: ResultSchema } },
    problems: [404, 422],
    example: {
      params: { id: 'quarry-microgrid', balance: 'electricity' },
      query: { from: '2026-07-06T03:00:00Z', to: '2026-07-06T04:00:00Z', bucket: '1h' },
      answer: {
        id: 'electricity',
        title: 'Electricity of the quarry',
        unit: 'kW',
        toleranceShare: 0.01,
        timestampsMs: [1783306800000],
        in: [null],
        out: [null],
        remainder: [null],
        remainderShare: [null],
        uncertainty: [null],
        verdicts: ['unknown'],
        quality: ['missing'],
        missing: [['battery.powerKw', 'genset-a.powerKw', 'genset-b.powerKw', 'quarry.useKw']],
        missingBuckets: { 'battery.powerKw': 1, 'genset-a.powerKw': 1, 'genset-b.powerKw': 1, 'quarry.useKw': 1 },
        completeBuckets: 0,
        total: { in: null, out: null, remainder: null, remainderShare: null, uncertainty: null, verdict: 'unknown' },
      },
    },
    handle: async ({ params: { id, balance: wanted }, query: { from, to, bucket = '1h' } }) => {
      const { site } = sites.get(id)
      const all = balancesOf(site)
      const balance = all.find((one) => one.id === wanted)
      if (!balance) {
        throw serverErrors.unknownBalance({
          detail: 'The site has no such balance',
          place: { path: 'path.balance' },
          found: wanted,
          expected: all.map((one) => one.id).join(', ') || 'the site declares none',
        })
      }
      const points = [...new Set([...balance.in, ...balance.out].map(({ ref }) => ref))]
      const span = readSpan(
        { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) },
        clock.now(),
      )
      // A balance has eight columns beside its points, and may name a thousand of these.
      const computed = sites.computed(site)
      const edgesMs = bucketEdges(readWidth(bucket), span, site.zone, Math.min(10_000, maxRangeValues / points.length))
      const { timestampsMs, columns } = await bucketColumns(store, computed, { site: id, points, edgesMs })
      const result = computeBalance(balance, columns, timestampsMs.length)
      const { title, unit, toleranceShare } = balance
      return {
        id: balance.id,
        title,
        unit,
        ...(toleranceShare === undefined ? {} : { toleranceShare }),
        timestampsMs: [...timestampsMs],
        in: list(result.in),
        out: list(result.out),
        remainder: list(result.remainder),
        remainderShare: list(result.remainderShare),
        uncertainty: list(result.uncertainty),
        verdicts: result.verdicts,
        quality: Array.from(result.quality, (code) => qualityNames[code] ?? 'suspect'),
        missing: result.missing,
        missingBuckets: result.missingBuckets,
        completeBuckets: result.completeBuckets,
        total: rowOf(result.total),
      }
    },
  }),
]
