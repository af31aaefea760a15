import Type, { type Static } from 'typebox'
import { MangroveError, type ProblemDetails, type Site, type SiteSection } from '../../kernel/index.ts'
import { type ChargingTariff, checkTariff } from '../ocpp/billing/charging-tariff.ts'
import { connectorFormats, connectorStandards, parkingTypes, powerTypes } from './schemas.ts'

const strict = { additionalProperties: false } as const
const text = (most: number, description?: string) =>
  Type.String({ minLength: 1, maxLength: most, ...(description === undefined ? {} : { description }) })
const clock = Type.String({ pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$' })

const ChargerSchema = Type.Object(
  {
    standard: Type.Enum([...connectorStandards], { description: 'Of the connector: `IEC_62196_T2`, `GBT_DC` …' }),
    format: Type.Enum([...connectorFormats]),
    power: Type.Enum([...powerTypes]),
    volts: Type.Integer({ minimum: 1, maximum: 2000, description: 'Of a phase to neutral, or of DC' }),
    amperes: Type.Integer({ minimum: 1, maximum: 2000 }),
    evseId: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z]{2}\\*?[A-Za-z0-9]{3}\\*?E[A-Za-z0-9*]{1,30}$',
        description: 'eMI3: `CN*LYP*E1`',
      }),
    ),
    tariff: text(36, 'One of `tariffs`'),
    reference: Type.Optional(text(16, 'What stands on the charger')),
  },
  strict,
)

const TariffElementSchema = Type.Object(
  {
    components: Type.Array(
      Type.Object(
        {
          kind: Type.Enum(['flat', 'energy', 'time', 'parking'], {
            description: 'Once; each kWh; each hour of charging; each hour without charging',
          }),
          price: Type.Number({ minimum: -10_000, maximum: 10_000 }),
        },
        strict,
      ),
      { minItems: 1, maxItems: 4 },
    ),
    when: Type.Optional(
      Type.Object(
        {
          from: Type.Optional(clock),
          to: Type.Optional(clock),
          daysOfWeek: Type.Optional(
            Type.Array(Type.Integer({ minimum: 0, maximum: 6 }), { minItems: 1, description: '0 is Sunday' }),
          ),
          minKwh: Type.Optional(Type.Number({ minimum: 0 })),
          maxKwh: Type.Optional(Type.Number({ minimum: 0 })),
        },
        strict,
      ),
    ),
  },
  strict,
)
const ChargingTariffSchema = Type.Object(
  {
    currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217. Default: that of the site' })),
    moneyUnit: Type.Optional(
      Type.Number({ exclusiveMinimum: 0, maximum: 1000, description: 'Smallest unit of money. Default 0.01' }),
    ),
    elements: Type.Array(TariffElementSchema, {
      minItems: 1,
      maxItems: 100,
      description: 'The first that fits a moment gives the price of a kind',
    }),
    minimum: Type.Optional(Type.Number({ minimum: 0 })),
    maximum: Type.Optional(Type.Number({ minimum: 0 })),
    taxShare: Type.Optional(Type.Number({ minimum: 0, exclusiveMaximum: 1 })),
  },
  strict,
)

/** The section `roaming` of a site file: what other parties see of its chargers by OCPI 2.2.1. */
export const RoamingSchema = Type.Object(
  {
    country: Type.String({ pattern: '^[A-Z]{2}$', description: 'ISO 3166-1 alpha-2, of the operator' }),
    party: Type.String({ pattern: '^[A-Z0-9]{3}$', description: 'Id of the operator: `LYP`' }),
    operator: text(100, 'Name of the operator'),
    website: Type.Optional(Type.String({ maxLength: 255, pattern: '^https?://\\S+$' })),
    publish: Type.Optional(
      Type.Boolean({ description: 'Whether maps may show it; false: only who may charge there sees it. Default true' }),
    ),
    address: Type.Object(
      {
        street: text(45),
        city: text(45),
        postalCode: Type.Optional(text(10)),
        state: Type.Optional(text(20)),
        country: Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 3166-1 alpha-3' }),
      },
      strict,
    ),
    parking: Type.Optional(Type.Enum([...parkingTypes])),
    chargers: Type.Record(Type.String({ maxLength: 60 }), ChargerSchema, {
      minProperties: 1,
      description: 'By station, or `<station>/<evse>`; what is not named, nobody sees',
    }),
    tariffs: Type.Record(Type.String({ pattern: '^[A-Za-z0-9_-]{1,36}$' }), ChargingTariffSchema, {
      minProperties: 1,
    }),
  },
  strict,
)
export type Roaming = Static<typeof RoamingSchema>
export type RoamingCharger = Static<typeof ChargerSchema>

export const roamingSectionName = 'roaming'

/** Undefined where other parties see nothing of the site. */
export const roamingOf = (site: Site): Roaming | undefined => site.sections[roamingSectionName] as Roaming | undefined

/** A tariff of the section, as bills take it. */
export function chargingTariff(site: Site, { tariffs }: Roaming, id: string): ChargingTariff | undefined {
  const found = Object.hasOwn(tariffs, id) ? tariffs[id] : undefined
  return found && { id, ...found, currency: found.currency ?? site.currency, moneyUnit: found.moneyUnit ?? 0.01 }
}

/** An EVSE that others see. */
export interface RoamingEvse {
  readonly gateway: string
  readonly stationId: string
  readonly evseId: number
  readonly charger: RoamingCharger
}

interface Stations {
  readonly protocol?: unknown
  readonly stations?: readonly { readonly id: string; readonly evses: readonly { readonly id: number }[] }[]
}

/** EVSEs of the gateways of a site that the section names, in their order. */
export function roamingEvses(site: Site, { chargers }: Roaming): readonly RoamingEvse[] {
  const gateways = Object.entries((site.sections.gateways ?? {}) as Readonly<Record<string, Stations>>)
  return gateways.flatMap(([gateway, { protocol, stations = [] }]) =>
    protocol !== 'ocpp'
      ? []
      : stations.flatMap(({ id: stationId, evses }) =>
          evses.flatMap(({ id: evseId }) => {
            const name = [`${stationId}/${evseId}`, stationId].find((one) => Object.hasOwn(chargers, one))
            return name === undefined ? [] : [{ gateway, stationId, evseId, charger: chargers[name]! }]
          }),
        ),
  )
}

/** Where other parties see the chargers of a site. */
export const roamingSection: SiteSection = {
  name: roamingSectionName,
  title: 'Roaming (OCPI)',
  schema: RoamingSchema,
  check(section, site) {
    const roaming = section as Roaming
    const problems: ProblemDetails[] = []
    const known = new Set(
      Object.values((site.sections.gateways ?? {}) as Readonly<Record<string, Stations>>).flatMap(
        ({ protocol, stations = [] }) =>
          protocol !== 'ocpp'
            ? []
            : stations.flatMap(({ id, evses }) => [id, ...evses.map((one) => `${id}/${one.id}`)]),
      ),
    )
    for (const [name, { tariff }] of Object.entries(roaming.chargers)) {
      const place = { path: `chargers.${name}` }
      if (!known.has(name)) {
        const expected = [...known].slice(0, 10).join(', ') || 'a gateway of protocol ocpp'
        problems.push({ detail: 'No gateway of the site has such a charger', found: name, place, expected })
      }
      if (!Object.hasOwn(roaming.tariffs, tariff)) {
        const expected = Object.keys(roaming.tariffs).join(', ')
        problems.push({
          detail: 'There is no such tariff',
          found: tariff,
          place: { path: `${place.path}.tariff` },
          expected,
        })
      }
    }
    for (const id of Object.keys(roaming.tariffs)) {
      try {
        checkTariff(chargingTariff(site, roaming, id)!)
      } catch (error) {
        if (!(error instanceof MangroveError)) throw error
        problems.push(
          ...error.problems.map(({ detail = '', place, found, expected }) => ({
            ...{ detail, place: { path: `tariffs.${id}.${place?.path ?? ''}` }, found },
            ...(expected === undefined ? {} : { expected }),
          })),
        )
      }
    }
    return problems
  },
}
