import Type, { type Static } from 'typebox'
import type { Site } from '../../../kernel/index.ts'

const strict = { additionalProperties: false } as const
const id = (description: string) => Type.String({ minLength: 1, maxLength: 127, description })
const currents = Type.Union(
  [Type.Number({ minimum: 0 }), Type.Array(Type.Number({ minimum: 0 }), { minItems: 3, maxItems: 3 })],
  { description: 'Amperes a phase; or of L1, L2 and L3' },
)

const CircuitSchema = Type.Object(
  {
    parent: Type.Optional(id('Circuit that it hangs on; the one without is the connection to the grid')),
    limitA: Type.Optional(currents),
    limitKw: Type.Optional(Type.Number({ minimum: 0, description: 'Of all phases together, instead of `limitA`' })),
  },
  strict,
)

const PlaceSchema = Type.Object(
  {
    circuit: id('Circuit that it is wired to'),
    phases: Type.Optional(
      Type.Union(
        [
          Type.Array(Type.Integer({ minimum: 1, maximum: 3 }), { minItems: 1, maxItems: 3 }),
          Type.Literal('switchable'),
        ],
        {
          description:
            'Phases of the site that it draws from; `switchable`: all three, or one where the sun gives too little for three. Default all three',
        },
      ),
    ),
    firstPhase: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 3,
        description:
          'Of a switchable one: phase of the site that its L1 hangs on, from which it draws alone. Default 1',
      }),
    ),
    choosesPhase: Type.Optional(
      Type.Boolean({
        description:
          'Of a switchable one: it takes `phaseToUse` (OCPP 2.0.1, ACPhaseSwitchingSupported), and draws from the least loaded one alone. Default false',
      }),
    ),
    leastA: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 100, description: 'Less is a pause. Default 6' }),
    ),
  },
  strict,
)

/** The section `charging` of a site file: what chargers of a gateway of OCPP share, and how. */
export const ChargingSchema = Type.Object(
  {
    gateway: id('Gateway of protocol ocpp whose chargers share'),
    asset: Type.Optional(id('Asset whose plan is followed, and whose sessions tell by their id whose card it is')),
    meter: Type.Optional(id('Point of the power of the connection, + imports. Default: powerKw of the asset grid')),
    meterStale: Type.Optional(
      Type.Integer({ minimum: 2, maximum: 600, description: 'Seconds after which it counts as silent. Default 15' }),
    ),
    voltageV: Type.Optional(
      Type.Number({ minimum: 50, maximum: 1000, description: 'Of a phase, where limits count. Default 230' }),
    ),
    riseKwPerS: Type.Optional(
      Type.Number({ minimum: 0, description: 'Other loads rise no faster, or sun falls. Default 20 kW a second' }),
    ),
    circuits: Type.Record(Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,62}$' }), CircuitSchema, { minProperties: 1 }),
    places: Type.Record(Type.String({ maxLength: 60 }), PlaceSchema, {
      minProperties: 1,
      description: 'By station, or `<station>/<evse>`',
    }),
  },
  strict,
)

export type ChargingSection = Static<typeof ChargingSchema>
export const chargingSection = 'charging'

/** The section of a site; undefined where it has none. */
export const chargingOf = (site: Site): ChargingSection | undefined =>
  site.sections[chargingSection] as ChargingSection | undefined
