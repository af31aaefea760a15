import type { Site } from '../../kernel/index.ts'
import type { ConnectorStatus } from '../ocpp/index.ts'
import { type Roaming, type RoamingEvse, roamingEvses } from './roaming-section.ts'
import type { Evse, Location } from './schemas.ts'
import { cut, ocpiId, ocpiTime } from './words.ts'

/** An EVSE has one connector here. */
export const connectorId = '1'

export const evseUid = ({ stationId, evseId }: Pick<RoamingEvse, 'stationId' | 'evseId'>): string =>
  ocpiId(`${stationId}*${evseId}`)

/** Status of an EVSE, from what its station told. */
export const statusWords: Readonly<Record<ConnectorStatus, Evse['status']>> = {
  available: 'AVAILABLE',
  preparing: 'CHARGING',
  charging: 'CHARGING',
  'suspended-vehicle': 'CHARGING',
  'suspended-station': 'CHARGING',
  finishing: 'CHARGING',
  occupied: 'CHARGING',
  reserved: 'RESERVED',
  unavailable: 'INOPERATIVE',
  faulted: 'OUTOFORDER',
}

/** What is known of an EVSE now. */
export interface EvseNow {
  readonly status: Evse['status']
  /** Since when it is so. */
  readonly sinceMs: number
}

export interface LocationParts {
  readonly site: Site
  readonly roaming: Roaming
  /** When the site file was changed last. */
  readonly changedMs: number
  now(evse: RoamingEvse): EvseNow
}

/** A site as a location of OCPI 2.2.1 (8.3.1), with the chargers that its section `roaming` names. */
export function locationOf({ site, roaming, changedMs, now }: LocationParts): Location {
  const { country, party, operator, website, publish = true, parking } = roaming
  const evses = roamingEvses(site, roaming).map((evse) => evseOf(evse, now(evse), changedMs))
  const newest = [ocpiTime(changedMs), ...evses.map(({ last_updated }) => last_updated)].sort().at(-1)!
  return {
    ...{ country_code: country, party_id: party, id: ocpiId(site.id), publish, name: cut(site.name, 255) },
    ...placeOf(site, roaming),
    ...(parking === undefined ? {} : { parking_type: parking }),
    evses,
    operator: { name: operator, ...(website === undefined ? {} : { website }) },
    time_zone: site.zone,
    last_updated: newest,
  }
}

/** Address and coordinates, with five decimals: a metre. */
export function placeOf({ location }: Site, { address }: Roaming) {
  return {
    ...{ address: address.street, city: address.city },
    ...(address.postalCode === undefined ? {} : { postal_code: address.postalCode }),
    ...(address.state === undefined ? {} : { state: address.state }),
    country: address.country,
    coordinates: { latitude: location.latitude.toFixed(5), longitude: location.longitude.toFixed(5) },
  }
}

function evseOf(evse: RoamingEvse, { status, sinceMs }: EvseNow, changedMs: number): Evse {
  const { standard, format, power, volts, amperes, evseId, tariff, reference } = evse.charger
  return {
    uid: evseUid(evse),
    ...(evseId === undefined ? {} : { evse_id: evseId }),
    status,
    connectors: [
      {
        ...{ id: connectorId, standard, format, power_type: power, max_voltage: volts, max_amperage: amperes },
        tariff_ids: [tariff],
        last_updated: ocpiTime(changedMs),
      },
    ],
    ...(reference === undefined ? {} : { physical_reference: reference }),
    last_updated: ocpiTime(Math.max(sinceMs, changedMs)),
  }
}
