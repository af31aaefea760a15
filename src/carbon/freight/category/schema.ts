import Type, { type Static } from 'typebox'
import { amount, closed, day, id, one, region, relativeField, text } from '../fields.ts'
import { transportModes } from '../modes.ts'

export const activityUnits = ['t·km', 'TEU·km', 't', 'TEU'] as const
export type ActivityUnit = (typeof activityUnits)[number]
/** Where the data of a category come from, by ISO 14083:2023: primary, or secondary as modelled or default. */
export const dataKinds = ['primary', 'modelled', 'default'] as const
/** Hubs of iLEAP 1.0.0. */
export const hubTypes = [
  'Transshipment',
  'StorageAndTransshipment',
  'Warehouse',
  'LiquidBulkTerminal',
  'MaritimeContainerTerminal',
] as const

const ttw = Type.Optional(amount('Tank-to-wheel kg CO2e'))
const wtt = Type.Optional(amount('Well-to-tank kg CO2e'))

/** Energy that a fleet or a hub used. */
export const EnergyUseSchema = Type.Object(
  {
    carrier: id('diesel, residual-fuel-oil, jet-kerosene, natural-gas, electricity …'),
    amount: amount('Used over all trips of the category, the empty ones too'),
    unit: id('kg, t, L, kWh, MJ'),
    use: Type.Optional(one(['road', 'rail', 'ship'] as const, 'Where a fuel burns: its CH4 and N2O')),
    densityKgPerL: Type.Optional(amount('Of a fuel that is given by volume')),
    heatingValue: Type.Optional(one(['LHV', 'HHV'] as const, 'Of a fuel that is given by energy')),
    ttwKgCo2ePerUnit: Type.Optional(amount('Own factor, tank-to-wheel, per unit of the amount')),
    wttKgCo2ePerUnit: Type.Optional(amount('Own factor, well-to-tank, per unit of the amount')),
    region: Type.Optional(region('Grid of electricity')),
    upstreamRegion: Type.Optional(region('Whose well-to-tank factor is taken; default that of the region')),
  },
  closed,
)
export type EnergyUse = Static<typeof EnergyUseSchema>

export const IntensitySchema = Type.Union(
  [
    Type.Object(
      {
        from: Type.Literal('stated'),
        ttwKgCo2e: ttw,
        wttKgCo2e: wtt,
        wtwKgCo2e: Type.Optional(amount('Well-to-wheel kg CO2e')),
        source: text('Who says so: carrier, programme, document'),
        gwpSet: Type.Optional(id('Where another than that of the chain was used, it is refused')),
      },
      closed,
    ),
    Type.Object(
      {
        from: Type.Literal('factor'),
        subject: id('hgv-artic-over-33t, rail-freight, container-ship, freight-flight-long-haul …'),
        region: Type.Optional(region('Whose factor')),
        at: Type.Optional(day('Of which day')),
        readAs: Type.Optional(
          Type.Object(
            { boundary: one(['TTW', 'WTW'] as const, 'What the factor is taken for') },
            {
              ...closed,
              description: 'Of a factor that does not state its boundary: the user answers for it, the result says so',
            },
          ),
        ),
      },
      closed,
    ),
    Type.Object(
      {
        from: Type.Literal('energy'),
        uses: Type.Array(EnergyUseSchema, { minItems: 1, maxItems: 100, description: 'All energy, cooling too' }),
        refrigerants: Type.Optional(
          Type.Array(Type.Object({ gas: id('R404A, HFC-134a …'), massKg: amount('What escaped') }, closed), {
            maxItems: 50,
          }),
        ),
        activity: Type.Optional(amount('Over all loads, in the unit of the category')),
        trips: Type.Optional(
          Type.Array(
            Type.Object(
              { load: amount('t or TEU; 0 of an empty trip'), km: amount('Of the kind of the category') },
              closed,
            ),
            { minItems: 1, maxItems: 100_000, description: 'Instead of the activity: Σ load · km' },
          ),
        ),
      },
      closed,
    ),
  ],
  { description: 'What a unit of activity gives' },
)

/** Transport operation category (TOC) or hub operation category (HOC) of ISO 14083:2023. */
export const CategorySchema = Type.Object(
  {
    id: id('Of the category'),
    kind: one(['transport', 'hub'] as const, 'TOC or HOC'),
    title: Type.Optional(text('Vehicle, contract, temperature')),
    mode: Type.Optional(one(transportModes, 'Of transport')),
    hubType: Type.Optional(one(hubTypes, 'Of a hub')),
    per: one(activityUnits, 'Unit of activity: t·km or TEU·km of transport, t or TEU of a hub'),
    distance: Type.Optional(
      one(['shortest-feasible', 'great-circle', 'actual'] as const, 'Of which way the kilometres of the intensity are'),
    ),
    distanceAdjustment: Type.Optional(amount('Actual kilometres over planned ones, 1 or more')),
    temperature: Type.Optional(one(['ambient', 'refrigerated', 'mixed'] as const, 'Control of temperature')),
    loadFactor: Type.Optional(amount('Load over the largest load, 0 to 1')),
    emptyDistanceFactor: Type.Optional(amount('Empty kilometres over all, 0 to 1')),
    data: one(dataKinds, 'Where the data come from'),
    score: Type.Optional(Type.Number({ minimum: 1, maximum: 5, description: 'Data quality, 1 is best' })),
    relative: Type.Optional(relativeField('the intensity')),
    intensity: IntensitySchema,
    energyCarriers: Type.Optional(
      Type.Array(
        Type.Object(
          {
            carrier: one(
              [
                'Diesel',
                'HVO',
                'Petrol',
                'CNG',
                'LNG',
                'LPG',
                'HFO',
                'MGO',
                'Aviation fuel',
                'Hydrogen',
                'Methanol',
                'Electric',
              ] as const,
              'As iLEAP names it',
            ),
            share: amount('Of the activity; all shares come to 1'),
            ttwKgCo2ePerUnit: amount('Factor of the energy'),
            wtwKgCo2ePerUnit: amount('Factor of the energy'),
          },
          closed,
        ),
        { maxItems: 20, description: 'For exchange: iLEAP asks for them' },
      ),
    ),
  },
  closed,
)
export type Category = Static<typeof CategorySchema>
