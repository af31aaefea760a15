import Type, { type Static } from 'typebox'
import { ActivitySchema, closed, day, InstrumentSchema, pick, region, text } from './activity-schema.ts'
import { fallbackNames } from './inventory/inventory-fields.ts'
import { TableRowSchema } from './inventory/table-schema.ts'
import { MeteredResultSchema, MeteredRowSchema } from './metered/schema.ts'
import { GpcSettingsSchema, LineSchema, ViewSchema, viewNames } from './views/schema.ts'

export type { Activity, Instrument } from './activity-schema.ts'

export const AccountInputSchema = Type.Object({
  site: Type.Optional(text('Site whose inventory it is: an id, or a file')),
  name: Type.Optional(text('Organisation or park; the name of the site when it is not said')),
  approach: Type.Optional(
    Type.Union([Type.Literal('operational'), Type.Literal('financial'), Type.Literal('equity')], {
      description: 'How the boundary was drawn; operational unless said',
    }),
  ),
  period: Type.Object({ from: day('First day'), to: day('First day after') }, closed),
  region: Type.Optional(region),
  gwpSet: Type.Optional(
    Type.Union(
      [Type.Literal('SAR'), Type.Literal('AR4'), Type.Literal('AR5'), Type.Literal('AR5-ccf'), Type.Literal('AR6')],
      { description: 'Pinned for the whole inventory; AR6 unless said' },
    ),
  ),
  fallback: Type.Optional(
    Type.Array(pick(fallbackNames, {}), {
      description:
        'What may stand in where a factor is missing; each use is told. earlier-year, grid-region and country unless said',
    }),
  ),
  activities: Type.Array(ActivitySchema, { default: [], description: 'Rows whose amount is stated' }),
  metered: Type.Array(MeteredRowSchema, { default: [], description: 'Rows whose amount is read from a meter' }),
  tables: Type.Array(TableRowSchema, { default: [], description: 'Rows that stand in a CSV file beside the site' }),
  activitiesFile: Type.Optional(
    text('File of the year beside the site; inventory-YEAR.yaml where neither it nor rows are given'),
  ),
  instruments: Type.Array(InstrumentSchema, { default: [], description: 'For scope 2 by market' }),
  factorSets: Type.Array(Type.Unknown(), {
    default: [],
    description: 'Own sets of factors, in the form of the shipped ones',
  }),
  views: Type.Optional(Type.Array(pick(viewNames, {}), { description: 'The same rows as standards sort them' })),
  gpc: Type.Optional(GpcSettingsSchema),
})
export type AccountInput = Static<typeof AccountInputSchema>

const decimal = (description: string) => Type.String({ description: `${description}; exact decimal text` })
const TotalSchema = Type.Object({
  scope: Type.Integer(),
  category: Type.Optional(Type.String()),
  method: Type.Optional(pick(['location', 'market'] as const, { description: 'Of scope 2' })),
  massKgCo2e: decimal('By the pinned set'),
  gasesKg: Type.Record(Type.String(), Type.String(), { description: 'Mass of each gas' }),
  biogenicKgCo2: Type.Optional(decimal('Memo item, in no total')),
  rows: Type.Integer(),
  halfWidthKg: Type.Number({ description: 'Half of the 95 % interval, of what has an uncertainty' }),
  uncertainShare: Type.Number({ description: 'Share of the total whose uncertainty is known' }),
  score: Type.Union([Type.Number(), Type.Null()], { description: 'Data quality weighted by emissions' }),
})
export type AccountTotal = Static<typeof TotalSchema>

export const AccountOutputSchema = Type.Object({
  name: Type.String(),
  approach: Type.String(),
  period: Type.Object({ from: Type.String(), to: Type.String() }),
  gwpSet: Type.String(),
  totals: Type.Array(TotalSchema),
  sums: Type.Object({
    scope1KgCo2e: decimal('Scope 1'),
    scope2LocationKgCo2e: decimal('Scope 2 by location'),
    scope2MarketKgCo2e: decimal('Scope 2 by market'),
    scope3KgCo2e: decimal('Scope 3'),
  }),
  energy: Type.Object({
    calorificTce: decimal('Electricity by its heat'),
    equivalentTce: Type.Union([decimal('Electricity by the coal that supplies it'), Type.Null()]),
    withoutCoefficientRows: Type.Integer({ description: 'Rows of energy that no coefficient of standard coal fits' }),
  }),
  factors: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    description: 'Pedigree of every factor that was used',
  }),
  warnings: Type.Array(Type.String(), { description: 'What stood in, what is second-hand, what is not counted' }),
  metered: Type.Array(MeteredResultSchema, { description: 'What meters told, and how much of it was estimated' }),
  outsidePeriodRows: Type.Integer({
    description: 'Rows of the file that lie wholly outside the period, and are not in it',
  }),
  lines: Type.Optional(Type.Array(LineSchema, { description: 'What the views sort: the same rows, by kind' })),
  views: Type.Optional(Type.Array(ViewSchema)),
})
export type AccountOutput = Static<typeof AccountOutputSchema>
