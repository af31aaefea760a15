import Type, { type Static } from 'typebox'
import { CategorySchema } from './category/index.ts'
import { NetworkSchema, PlaceSchema } from './distance/index.ts'
import { amount, closed, day, gwpSetField, id, one, region, relativeField, text } from './fields.ts'

/** Of which way the kilometres are, by ISO 14083:2023, 3.1.27. */
export const distanceKinds = ['shortest-feasible', 'great-circle', 'actual'] as const
export type DistanceKind = (typeof distanceKinds)[number]

const size = {
  massKg: amount('Freight with the packaging that its sender gave it'),
  teu: Type.Optional(amount('Twenty-foot equivalent units')),
  items: Type.Optional(amount('Pieces')),
}

export const ChainElementSchema = Type.Object(
  {
    id: id('Of the transport chain element'),
    category: id('Transport or hub operation category by which it is counted'),
    from: Type.Optional(id('Place')),
    to: Type.Optional(id('Place')),
    distance: Type.Optional(
      Type.Object(
        {
          kind: one(
            distanceKinds,
            'Which way; an actual one is told in km, the others are computed where they are not',
          ),
          km: Type.Optional(amount('Length')),
        },
        closed,
      ),
    ),
    massKg: Type.Optional(amount('Where it is another than that of the shipment')),
    teu: Type.Optional(amount('Where they are others than those of the shipment')),
    relative: Type.Optional(relativeField('the activity: mass and distance')),
  },
  closed,
)
export type ChainElement = Static<typeof ChainElementSchema>

export const allocationKeys = ['mass', 'teu', 'items'] as const

export const ChainInputSchema = Type.Object({
  shipment: Type.Object({ id: id('Of the shipment'), ...size }, { ...closed, description: 'What is moved' }),
  elements: Type.Array(ChainElementSchema, { minItems: 1, maxItems: 200, description: 'The chain, in its order' }),
  categories: Type.Array(CategorySchema, {
    minItems: 1,
    maxItems: 200,
    description: 'Intensities, and what they are from',
  }),
  boundary: Type.Union([Type.Literal('WTW'), Type.Literal('TTW')], {
    default: 'WTW',
    description: 'Well-to-wheel with the making of the energy (ISO 14083), or tank-to-wheel alone',
  }),
  gwpSet: gwpSetField('Pinned for the whole chain; factors by another are refused'),
  at: Type.Optional(day('Day whose factors are looked for')),
  region: Type.Optional(region('Where, unless a category says another')),
  fallback: Type.Array(
    one(['earlier-year', 'grid-region', 'country', 'anywhere'] as const, 'How far a look-up may go'),
    {
      default: ['earlier-year', 'grid-region', 'country'],
      description: 'What may stand in where a factor is missing; each use is told',
    },
  ),
  places: Type.Record(Type.String(), PlaceSchema, {
    default: {},
    description: 'Places by the names that elements use',
  }),
  network: Type.Optional(NetworkSchema),
  allocation: Type.Optional(
    Type.Object(
      {
        by: one(allocationKeys, 'What the shares are in proportion to'),
        consignments: Type.Array(
          Type.Object({ id: id('Of the consignment'), amount: amount('kg, TEU or pieces') }, closed),
          {
            minItems: 1,
            maxItems: 10_000,
          },
        ),
      },
      { ...closed, description: 'Gives the total to the consignments of the shipment, to the last digit' },
    ),
  ),
  exchange: Type.Boolean({ default: false, description: 'Add the shapes of iLEAP 1.0.0: ShipmentFootprint, TOC, HOC' }),
  factorSets: Type.Array(Type.Unknown(), {
    default: [],
    description: 'Own sets of factors, in the form of the shipped ones',
  }),
})
export type ChainInput = Static<typeof ChainInputSchema>

const decimal = (description: string) => Type.String({ description: `${description}; exact decimal text` })
const unknown = (description: string) => Type.Union([decimal(description), Type.Null()])
const parts = {
  ttwKgCo2e: unknown('Operation: tank-to-wheel'),
  wttKgCo2e: unknown('Making of the energy: well-to-tank'),
  wtwKgCo2e: unknown('Both'),
}

export const ChainOutputSchema = Type.Object({
  shipment: Type.String(),
  boundary: Type.String(),
  gwpSet: Type.String(),
  elements: Type.Array(
    Type.Object({
      id: Type.String(),
      category: Type.String(),
      kind: one(['transport', 'hub'] as const, 'What it is'),
      mode: Type.Optional(Type.String()),
      massKg: decimal('Freight'),
      distanceKm: Type.Optional(decimal('As it was given or computed')),
      distanceKind: Type.Optional(one(distanceKinds, 'Which way')),
      way: Type.Optional(Type.Array(Type.String(), { description: 'Nodes of the network' })),
      activityTkm: decimal('Transport activity; 0 of a hub'),
      counted: Type.Object({ amount: decimal('What the intensity was multiplied with'), unit: Type.String() }),
      distanceAdjustment: Type.Optional(decimal('Actual over planned kilometres, where it was needed')),
      ...parts,
      biogenicKgCo2: Type.Optional(decimal('Memo item, in no total')),
      data: text('primary, modelled or default'),
    }),
  ),
  totals: Type.Object({
    ...parts,
    biogenicKgCo2: Type.Optional(decimal('Memo item, in no total')),
    activityTkm: decimal('Transport activity of all transport elements'),
    intensity: Type.Object({
      ttwKgCo2ePerTkm: unknown('Of the chain, hubs with it; twelve digits'),
      wtwKgCo2ePerTkm: unknown('Of the chain, hubs with it; twelve digits'),
    }),
    uncertainty: Type.Object({
      halfWidthKg: Type.Number({ description: 'Half of the 95 % interval, of what has an uncertainty' }),
      uncertainShare: Type.Number({ description: 'Share of the total whose uncertainty is known' }),
    }),
    transport: Type.Object(parts),
    hubs: Type.Object(parts),
  }),
  byMode: Type.Array(Type.Object({ mode: Type.String(), activityTkm: decimal('Transport activity'), ...parts })),
  quality: Type.Object({
    primaryShareOfActivityPercent: unknown('Share of transport activity with primary data, two decimals'),
    primaryShareOfEmissionsPercent: unknown('Share of emissions with primary data, two decimals'),
    score: Type.Union([Type.Number(), Type.Null()], { description: '1 is best; weighted by emissions' }),
    scoredShare: Type.Number({ description: 'Share of the emissions that has a score' }),
  }),
  allocation: Type.Optional(
    Type.Array(Type.Object({ id: Type.String(), amount: decimal('kg, TEU or pieces'), ...parts })),
  ),
  categories: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.String(),
      mode: Type.Optional(Type.String()),
      per: Type.String({ description: 'Unit of activity' }),
      ttwKgCo2e: unknown('Per unit; twelve digits where it does not end'),
      wttKgCo2e: unknown('Per unit'),
      wtwKgCo2e: unknown('Per unit'),
      from: Type.String({ description: 'stated, factor or energy' }),
      factors: Type.Array(Type.String()),
    }),
  ),
  factors: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
    description: 'Pedigree of every factor that was used',
  }),
  exchange: Type.Optional(
    Type.Object({
      extensions: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
        description: 'Data model extensions for a ProductFootprint: iLEAP 1.0.0',
      }),
      missing: Type.Array(Type.String(), { description: 'What could not be written, and why' }),
    }),
  ),
  warnings: Type.Array(Type.String(), { description: 'What stood in, what is second-hand, what is not counted' }),
})
export type ChainOutput = Static<typeof ChainOutputSchema>
