import Type, { type Static, type TSchema } from 'typebox'

// Objects of OCPI 2.2.1 (https://github.com/ocpi/ocpi, modules of release 2.2.1), as far as this side gives or takes them.

/** Printable ASCII, compared without case: CiString(n). */
const ci = (most: number) => Type.String({ minLength: 1, maxLength: most, pattern: '^[ -~]+$' })
const text = (most: number) => Type.String({ minLength: 1, maxLength: most })
const optional = <T extends TSchema>(schema: T) => Type.Optional(schema)
/** RFC 3339 in UTC; without a Z it is UTC too. */
const dateTime = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?Z?$' })
const url = Type.String({ maxLength: 255, pattern: '^https?://\\S+$' })
const country = Type.String({ pattern: '^[A-Za-z]{2}$' })
const party = Type.String({ pattern: '^[A-Za-z0-9]{3}$' })
const currency = Type.String({ pattern: '^[A-Z]{3}$' })
/** Not less than nothing. */
const amount = Type.Number({ minimum: 0 })

export const DisplayTextSchema = Type.Object({ language: Type.String({ pattern: '^[a-z]{2}$' }), text: text(512) })
export const PriceSchema = Type.Object({ excl_vat: Type.Number(), incl_vat: optional(Type.Number()) })

const LogoSchema = Type.Object({
  url,
  thumbnail: optional(url),
  category: Type.Enum(['CHARGER', 'ENTRANCE', 'LOCATION', 'NETWORK', 'OPERATOR', 'OTHER', 'OWNER']),
  type: ci(4),
  width: optional(Type.Integer({ minimum: 0, maximum: 99_999 })),
  height: optional(Type.Integer({ minimum: 0, maximum: 99_999 })),
})
export const BusinessDetailsSchema = Type.Object({
  name: text(100),
  website: optional(url),
  logo: optional(LogoSchema),
})

export const roles = ['CPO', 'EMSP', 'HUB', 'NAP', 'NSP', 'OTHER', 'SCSP'] as const
export const CredentialsSchema = Type.Object({
  token: Type.String({ minLength: 1, maxLength: 64, pattern: '^[!-~]+$' }),
  url,
  roles: Type.Array(
    Type.Object({
      role: Type.Enum([...roles]),
      business_details: BusinessDetailsSchema,
      party_id: party,
      country_code: country,
    }),
    { minItems: 1, maxItems: 100 },
  ),
})
export type Credentials = Static<typeof CredentialsSchema>

export const connectorStandards = [
  ...['CHADEMO', 'CHAOJI', 'DOMESTIC_A', 'DOMESTIC_B', 'DOMESTIC_C', 'DOMESTIC_D', 'DOMESTIC_E', 'DOMESTIC_F'],
  ...['DOMESTIC_G', 'DOMESTIC_H', 'DOMESTIC_I', 'DOMESTIC_J', 'DOMESTIC_K', 'DOMESTIC_L', 'DOMESTIC_M'],
  ...['DOMESTIC_N', 'DOMESTIC_O', 'GBT_AC', 'GBT_DC', 'IEC_60309_2_single_16', 'IEC_60309_2_three_16'],
  ...['IEC_60309_2_three_32', 'IEC_60309_2_three_64', 'IEC_62196_T1', 'IEC_62196_T1_COMBO', 'IEC_62196_T2'],
  ...['IEC_62196_T2_COMBO', 'IEC_62196_T3A', 'IEC_62196_T3C', 'NEMA_5_20', 'NEMA_6_30', 'NEMA_6_50'],
  ...['NEMA_10_30', 'NEMA_10_50', 'NEMA_14_30', 'NEMA_14_50', 'PANTOGRAPH_BOTTOM_UP', 'PANTOGRAPH_TOP_DOWN'],
  ...['TESLA_R', 'TESLA_S'],
] as const
export const connectorFormats = ['SOCKET', 'CABLE'] as const
export const powerTypes = ['AC_1_PHASE', 'AC_2_PHASE', 'AC_2_PHASE_SPLIT', 'AC_3_PHASE', 'DC'] as const

export const ConnectorSchema = Type.Object({
  id: ci(36),
  standard: Type.Enum([...connectorStandards]),
  format: Type.Enum([...connectorFormats]),
  power_type: Type.Enum([...powerTypes]),
  max_voltage: Type.Integer({ minimum: 1 }),
  max_amperage: Type.Integer({ minimum: 1 }),
  max_electric_power: optional(Type.Integer({ minimum: 1 })),
  tariff_ids: optional(Type.Array(ci(36))),
  terms_and_conditions: optional(url),
  last_updated: dateTime,
})
export const evseStatuses = [
  ...(['AVAILABLE', 'BLOCKED', 'CHARGING', 'INOPERATIVE', 'OUTOFORDER'] as const),
  ...(['PLANNED', 'REMOVED', 'RESERVED', 'UNKNOWN'] as const),
] as const
export const CoordinatesSchema = Type.Object({
  latitude: Type.String({ pattern: '^-?[0-9]{1,2}\\.[0-9]{5,7}$' }),
  longitude: Type.String({ pattern: '^-?[0-9]{1,3}\\.[0-9]{5,7}$' }),
})
export const EvseSchema = Type.Object({
  uid: ci(36),
  evse_id: optional(ci(48)),
  status: Type.Enum([...evseStatuses]),
  capabilities: optional(Type.Array(Type.String())),
  connectors: Type.Array(ConnectorSchema, { minItems: 1 }),
  floor_level: optional(text(4)),
  coordinates: optional(CoordinatesSchema),
  physical_reference: optional(text(16)),
  directions: optional(Type.Array(DisplayTextSchema)),
  parking_restrictions: optional(Type.Array(Type.String())),
  last_updated: dateTime,
})
export const parkingTypes = [
  ...(['ALONG_MOTORWAY', 'PARKING_GARAGE', 'PARKING_LOT'] as const),
  ...(['ON_DRIVEWAY', 'ON_STREET', 'UNDERGROUND_GARAGE'] as const),
] as const
export const LocationSchema = Type.Object({
  country_code: country,
  party_id: party,
  id: ci(36),
  publish: Type.Boolean(),
  name: optional(text(255)),
  address: text(45),
  city: text(45),
  postal_code: optional(text(10)),
  state: optional(text(20)),
  country: Type.String({ pattern: '^[A-Z]{3}$' }),
  coordinates: CoordinatesSchema,
  parking_type: optional(Type.Enum([...parkingTypes])),
  evses: optional(Type.Array(EvseSchema)),
  operator: optional(BusinessDetailsSchema),
  suboperator: optional(BusinessDetailsSchema),
  owner: optional(BusinessDetailsSchema),
  facilities: optional(Type.Array(Type.String())),
  time_zone: text(255),
  last_updated: dateTime,
})
export type Location = Static<typeof LocationSchema>
export type Evse = Static<typeof EvseSchema>

const tariffDimensions = ['ENERGY', 'FLAT', 'PARKING_TIME', 'TIME'] as const
const days = ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY', 'SUNDAY'] as const
const clock = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' })
const date = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' })
export const TariffSchema = Type.Object({
  country_code: country,
  party_id: party,
  id: ci(36),
  currency,
  type: optional(Type.Enum(['AD_HOC_PAYMENT', 'PROFILE_CHEAP', 'PROFILE_FAST', 'PROFILE_GREEN', 'REGULAR'])),
  tariff_alt_text: optional(Type.Array(DisplayTextSchema)),
  tariff_alt_url: optional(url),
  min_price: optional(PriceSchema),
  max_price: optional(PriceSchema),
  elements: Type.Array(
    Type.Object({
      price_components: Type.Array(
        Type.Object({
          type: Type.Enum([...tariffDimensions]),
          price: Type.Number(),
          vat: optional(Type.Number()),
          step_size: Type.Integer({ minimum: 0 }),
        }),
        { minItems: 1 },
      ),
      restrictions: optional(
        Type.Object({
          start_time: optional(clock),
          end_time: optional(clock),
          start_date: optional(date),
          end_date: optional(date),
          min_kwh: optional(amount),
          max_kwh: optional(amount),
          min_current: optional(amount),
          max_current: optional(amount),
          min_power: optional(amount),
          max_power: optional(amount),
          min_duration: optional(Type.Integer({ minimum: 0 })),
          max_duration: optional(Type.Integer({ minimum: 0 })),
          day_of_week: optional(Type.Array(Type.Enum([...days]))),
          reservation: optional(Type.Enum(['RESERVATION', 'RESERVATION_EXPIRES'])),
        }),
      ),
    }),
    { minItems: 1 },
  ),
  start_date_time: optional(dateTime),
  end_date_time: optional(dateTime),
  last_updated: dateTime,
})
export type Tariff = Static<typeof TariffSchema>

export const tokenTypes = ['AD_HOC_USER', 'APP_USER', 'OTHER', 'RFID'] as const
export const CdrTokenSchema = Type.Object({
  country_code: country,
  party_id: party,
  uid: ci(36),
  type: Type.Enum([...tokenTypes]),
  contract_id: ci(36),
})
export type CdrToken = Static<typeof CdrTokenSchema>
export const TokenSchema = Type.Object({
  ...CdrTokenSchema.properties,
  visual_number: optional(text(64)),
  issuer: text(64),
  group_id: optional(ci(36)),
  valid: Type.Boolean(),
  whitelist: Type.Enum(['ALWAYS', 'ALLOWED', 'ALLOWED_OFFLINE', 'NEVER']),
  language: optional(Type.String({ pattern: '^[a-z]{2}$' })),
  default_profile_type: optional(Type.Enum(['CHEAP', 'FAST', 'GREEN', 'REGULAR'])),
  energy_contract: optional(Type.Object({ supplier_name: text(64), contract_id: optional(text(64)) })),
  last_updated: dateTime,
})
export type Token = Static<typeof TokenSchema>

const authMethods = ['AUTH_REQUEST', 'COMMAND', 'WHITELIST'] as const
const cdrDimensions = [
  ...['CURRENT', 'ENERGY', 'ENERGY_EXPORT', 'ENERGY_IMPORT', 'MAX_CURRENT', 'MIN_CURRENT', 'MAX_POWER'],
  ...['MIN_POWER', 'PARKING_TIME', 'POWER', 'RESERVATION_TIME', 'STATE_OF_CHARGE', 'TIME'],
] as const
export const ChargingPeriodSchema = Type.Object({
  start_date_time: dateTime,
  dimensions: Type.Array(Type.Object({ type: Type.Enum([...cdrDimensions]), volume: Type.Number() }), { minItems: 1 }),
  tariff_id: optional(ci(36)),
})
export type ChargingPeriod = Static<typeof ChargingPeriodSchema>
export const SessionSchema = Type.Object({
  country_code: country,
  party_id: party,
  id: ci(36),
  start_date_time: dateTime,
  end_date_time: optional(dateTime),
  kwh: amount,
  cdr_token: CdrTokenSchema,
  auth_method: Type.Enum([...authMethods]),
  authorization_reference: optional(ci(36)),
  location_id: ci(36),
  evse_uid: ci(36),
  connector_id: ci(36),
  meter_id: optional(text(255)),
  currency,
  charging_periods: optional(Type.Array(ChargingPeriodSchema)),
  total_cost: optional(PriceSchema),
  status: Type.Enum(['ACTIVE', 'COMPLETED', 'INVALID', 'PENDING', 'RESERVATION']),
  last_updated: dateTime,
})
export type Session = Static<typeof SessionSchema>

export const CdrSchema = Type.Object({
  country_code: country,
  party_id: party,
  id: ci(39),
  start_date_time: dateTime,
  end_date_time: dateTime,
  session_id: optional(ci(36)),
  cdr_token: CdrTokenSchema,
  auth_method: Type.Enum([...authMethods]),
  authorization_reference: optional(ci(36)),
  cdr_location: Type.Object({
    id: ci(36),
    name: optional(text(255)),
    address: text(45),
    city: text(45),
    postal_code: optional(text(10)),
    state: optional(text(20)),
    country: Type.String({ pattern: '^[A-Z]{3}$' }),
    coordinates: CoordinatesSchema,
    evse_uid: ci(36),
    evse_id: ci(48),
    connector_id: ci(36),
    connector_standard: Type.Enum([...connectorStandards]),
    connector_format: Type.Enum([...connectorFormats]),
    connector_power_type: Type.Enum([...powerTypes]),
  }),
  meter_id: optional(text(255)),
  currency,
  tariffs: optional(Type.Array(TariffSchema)),
  charging_periods: Type.Array(ChargingPeriodSchema, { minItems: 1 }),
  total_cost: PriceSchema,
  total_fixed_cost: optional(PriceSchema),
  total_energy: amount,
  total_energy_cost: optional(PriceSchema),
  total_time: amount,
  total_time_cost: optional(PriceSchema),
  total_parking_time: optional(amount),
  total_parking_cost: optional(PriceSchema),
  total_reservation_cost: optional(PriceSchema),
  remark: optional(text(255)),
  credit: optional(Type.Boolean()),
  last_updated: dateTime,
})
export type Cdr = Static<typeof CdrSchema>

export const ResponseSchema = Type.Object({
  data: optional(Type.Unknown()),
  status_code: Type.Integer({ minimum: 1000, maximum: 4999 }),
  status_message: optional(Type.String()),
  timestamp: dateTime,
})
export const VersionsSchema = Type.Array(Type.Object({ version: Type.String(), url }))
export const VersionDetailsSchema = Type.Object({
  version: Type.String(),
  endpoints: Type.Array(Type.Object({ identifier: Type.String(), role: optional(Type.String()), url }), {
    minItems: 1,
  }),
})
