import Type, { type Static } from 'typebox'

const file = (description: string) => Type.String({ minLength: 1, maxLength: 1000, description })
const name = (description: string) => Type.String({ minLength: 1, maxLength: 48, description })

/** A password that does not stand in the site file. */
export const PasswordSchema = Type.Object(
  {
    file: Type.Optional(file('File that holds it, relative to the site file')),
    variable: Type.Optional(Type.String({ pattern: '^[A-Z][A-Z0-9_]*$', description: 'Variable of the environment' })),
  },
  { additionalProperties: false },
)

const EvseSchema = Type.Object(
  {
    id: Type.Integer({ minimum: 1, maximum: 1000, description: 'EVSE; OCPP 1.6: connector' }),
    asset: Type.Optional(name('Owner of its points: an asset of the site, or a group that `points` declares')),
    maxKw: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 4000,
        description: 'Most that it gives. Default 22, DC stations 150',
      }),
    ),
  },
  { additionalProperties: false },
)

const StationSchema = Type.Object(
  {
    id: name('Name of the station: the end of the address that it calls'),
    password: Type.Optional(PasswordSchema),
    admit: Type.Optional(
      Type.Enum(['accepted', 'pending', 'rejected'], { description: 'Answer to its boot. Default accepted' }),
    ),
    rateUnit: Type.Optional(Type.Enum(['A', 'W'], { description: 'Unit of its limits. Default A; W for DC stations' })),
    phases: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 3, description: 'Phases that it is wired to. Default 3' }),
    ),
    evses: Type.Array(EvseSchema, { minItems: 1, maxItems: 1000 }),
  },
  { additionalProperties: false },
)

/** Settings of a gateway of protocol `ocpp`: the door that charging stations call. */
export const OcppSettingsSchema = Type.Object({
  host: Type.Optional(name('Address to listen at. Default 127.0.0.1: this machine only')),
  port: Type.Integer({ minimum: 0, maximum: 65_535, description: 'Port to listen at' }),
  security: Type.Optional(
    Type.Enum([0, 1, 2, 3], {
      description: 'Security profile of OCPP: 0 none, 1 password, 2 and TLS, 3 certificate of the station. Default 1',
    }),
  ),
  certificateFile: Type.Optional(file('Certificate of this side, PEM; profiles 2 and 3')),
  keyFile: Type.Optional(file('Its key, PEM')),
  stationCaFile: Type.Optional(file('Who signs the certificates of stations, PEM; profile 3')),
  tokensFile: Type.Optional(
    file('Cards that may charge: JSON `[{ "id", "group", "blocked", "expires", "concurrent" }]`'),
  ),
  heartbeatSeconds: Type.Optional(Type.Integer({ minimum: 10, maximum: 86_400, description: 'Default 300' })),
  setpointSeconds: Type.Optional(
    Type.Integer({
      minimum: 60,
      maximum: 86_400,
      description: 'How long a setpoint holds without a new one. Default 900',
    }),
  ),
  fallbackKw: Type.Optional(
    Type.Number({
      minimum: 0,
      maximum: 10_000,
      description: 'Limit of each EVSE when no setpoint holds. Default: none',
    }),
  ),
  keepStepsDays: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 3650,
      description:
        'Days after its end in which the journal keeps every step of a session; one line is left. Default 30',
    }),
  ),
  stations: Type.Array(StationSchema, { minItems: 1, maxItems: 20_000 }),
})

export type OcppSettings = Static<typeof OcppSettingsSchema>
export type OcppStationSettings = OcppSettings['stations'][number]

/** Most that an EVSE gives, kW. */
export const mostKwOf = (station: OcppStationSettings, evseId: number): number =>
  station.evses.find(({ id }) => id === evseId)?.maxKw ?? (station.rateUnit === 'W' ? 150 : 22.08)

/** Point of an asset that limits what its EVSE gives. */
export const limitPoint = 'powerLimitKw'
