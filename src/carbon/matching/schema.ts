import Type, { type Static } from 'typebox'
import { sourceOf } from '../../energy/index.ts'

const closed = { additionalProperties: false } as const
const day = (description: string) => Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description })
const text = (description: string) => Type.String({ minLength: 1, maxLength: 200, description })
const share = (description: string, more: object = {}) => Type.Number({ minimum: 0, maximum: 1, description, ...more })
const energyKwh = (description: string) => Type.Number({ description })

const BatterySchema = Type.Object(
  {
    powerKw: Type.Optional(
      sourceOf('kW', 'What it did: above zero it discharges; absent, it shifts what else would be excess'),
    ),
    capacityKwh: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, description: 'Energy it holds; needed without powerKw' }),
    ),
    maxChargeKw: Type.Optional(Type.Number({ minimum: 0, description: 'Needed without powerKw' })),
    maxDischargeKw: Type.Optional(Type.Number({ minimum: 0, description: 'Needed without powerKw' })),
    chargeEfficiency: Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'Stored over drawn' }),
    dischargeEfficiency: Type.Number({ exclusiveMinimum: 0, maximum: 1, description: 'Given over taken out' }),
    initialKwh: Type.Number({ minimum: 0, default: 0, description: 'Stored at the start' }),
    initialCleanShare: share('How much of that is clean', { default: 0 }),
  },
  closed,
)

export const MatchHoursInputSchema = Type.Object({
  site: text('Site whose clock counts, and whose files and meters are read: an id, or a file'),
  period: Type.Object({ from: day('First day'), to: day('First day after') }, closed),
  load: sourceOf('kW', 'Use without what batteries draw'),
  moreLoads: Type.Array(Type.Object({ id: text('Of the use'), powerKw: sourceOf('kW', 'What it took') }, closed), {
    default: [],
    description: 'Uses that are added to the load',
  }),
  onSite: Type.Array(Type.Object({ id: text('Of the plant'), powerKw: sourceOf('kW', 'What it gave') }, closed), {
    default: [],
    description: 'Clean generation behind the meter',
  }),
  contracts: Type.Array(
    Type.Object(
      {
        id: text('Number of the contract, or series of granular certificates'),
        powerKw: sourceOf('kW', 'Generation by hour'),
      },
      closed,
    ),
    {
      default: [],
      description: 'Clean generation that was contracted, of the same grid, hour by hour; the first is used first',
    },
  ),
  battery: Type.Optional(BatterySchema),
  certificates: Type.Array(
    Type.Object(
      { id: text('Serial'), amountKwh: Type.Number({ minimum: 0, description: 'Electricity it stands for' }) },
      closed,
    ),
    { default: [], description: 'Certificates without an hour: they match a year, and no hour' },
  ),
  gridFactor: Type.Optional(sourceOf('kgCO2e/kWh', 'Of the grid; absent: the average factor of the region and year')),
  region: Type.Optional(text('ISO 3166-1 or 3166-2, where the factor is looked for: CN-JS')),
  gridCleanShare: Type.Optional(
    sourceOf('1', 'Share of the grid’s own generation that is clean, for the score with the grid'),
  ),
  gaps: Type.Union([Type.Literal('refuse'), Type.Literal('leave-out')], {
    default: 'refuse',
    description: 'Hours in which something is missing: an error, or left out of every sum and counted',
  }),
  hours: Type.Boolean({ default: false, description: 'Whether the answer has each hour' }),
})
export type MatchHoursInput = Static<typeof MatchHoursInputSchema>

const series = Type.Array(Type.Union([Type.Number(), Type.Null()]))

export const MatchHoursOutputSchema = Type.Object({
  site: Type.String(),
  period: Type.Object({ from: Type.String(), to: Type.String() }),
  hourCount: Type.Integer(),
  leftOut: Type.Object({ hours: Type.Integer(), first: Type.Union([Type.String(), Type.Null()]) }),
  score: Type.Object({
    hourly: Type.Union([share('Matched over load, hour by hour'), Type.Null()]),
    hourlyWithGrid: Type.Union([share('With the clean share of the grid in what is left'), Type.Null()]),
    yearly: Type.Union([share('Clean over load, all hours together and at most 1'), Type.Null()]),
    hoursFullyMatched: share('Share of the hours with a load in which all of it is matched'),
  }),
  energy: Type.Object(
    {
      loadKwh: energyKwh('Use'),
      matchedKwh: energyKwh('Of it, clean in its hour'),
      onSiteKwh: energyKwh('… from on-site generation'),
      batteryKwh: energyKwh('… from clean energy that was stored'),
      contractsKwh: energyKwh('… from contracts'),
      unmatchedKwh: energyKwh('The rest'),
      importKwh: energyKwh('Drawn from the grid, by the battery too'),
      exportKwh: energyKwh('Given to the grid'),
      excessContractsKwh: energyKwh('Contracted, and in its hour not needed'),
      certificatesKwh: energyKwh('Without an hour'),
    },
    { description: 'Sums over the hours, exact to the watt-hour' },
  ),
  battery: Type.Union([
    Type.Object({
      chargedKwh: energyKwh('Drawn'),
      chargedCleanKwh: energyKwh('Of it, clean'),
      dischargedKwh: energyKwh('Given'),
      dischargedCleanKwh: energyKwh('Of it, clean'),
      lostKwh: energyKwh('Lost'),
      lostCleanKwh: energyKwh('Of it, clean'),
      leftKwh: energyKwh('Stored at the end'),
      leftCleanKwh: energyKwh('Of it, clean'),
      unexplainedKwh: energyKwh('Given without having been stored: never clean'),
    }),
    Type.Null(),
  ]),
  plants: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.Union([Type.Literal('on-site'), Type.Literal('contract')]),
      generatedKwh: energyKwh('Clean energy in these hours'),
      usedKwh: energyKwh('In its hour by the load, or into the battery'),
      excessKwh: energyKwh('Not'),
    }),
  ),
  emissions: Type.Object({
    unit: Type.String(),
    importKg: energyKwh('All import by the factor of its hour'),
    unmatchedImportKg: energyKwh('Import that no contract of its hour covers, by the factor of its hour'),
    yearlyFactorKg: energyKwh('All import by the mean factor of these hours'),
    yearlyMatchedKg: energyKwh('Load that clean energy of any hour of the year does not cover, by the mean factor'),
    meanFactor: Type.Number({ description: 'Mean of the hours, kg/kWh' }),
  }),
  heatMap: Type.Array(
    Type.Object({
      month: Type.String({ description: '2025-03' }),
      shares: Type.Array(Type.Union([Type.Number(), Type.Null()]), {
        description: 'Matched over load by hour of the local day, 0 to 23; null without a load',
      }),
      all: Type.Union([Type.Number(), Type.Null()]),
    }),
  ),
  hours: Type.Optional(
    Type.Object({
      startMs: Type.Number(),
      stepMs: Type.Integer(),
      loadKwh: series,
      matchedKwh: series,
      onSiteKwh: series,
      batteryKwh: series,
      contractsKwh: series,
      unmatchedKwh: series,
      excessKwh: series,
      importKg: series,
    }),
  ),
  factors: Type.Array(Type.Record(Type.String(), Type.Unknown())),
  warnings: Type.Array(Type.String()),
  sources: Type.Array(Type.String()),
})
export type MatchHoursOutput = Static<typeof MatchHoursOutputSchema>
