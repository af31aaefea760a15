import type { Site } from '../../kernel/index.ts'
import { billSession, type ChargingTariff, type SessionBill, type Transaction } from '../ocpp/index.ts'
import { connectorId, evseUid, placeOf } from './location.ts'
import type { Roaming, RoamingEvse } from './roaming-section.ts'
import type { Cdr, CdrToken, ChargingPeriod, Session } from './schemas.ts'
import { tariffOf } from './tariff.ts'
import { cut, ocpiId, ocpiNumber, ocpiTime } from './words.ts'

/** A transaction of a card of another party. */
export interface RoamingTransaction {
  readonly site: Site
  readonly roaming: Roaming
  readonly evse: RoamingEvse
  readonly tariff: ChargingTariff
  readonly transaction: Transaction
  readonly token: CdrToken
  /** When something of it came to be known last. */
  readonly changedMs: number
}

export const sessionId = ({ stationId, transactionId }: Pick<Transaction, 'stationId' | 'transactionId'>): string =>
  ocpiId(`${stationId}-${transactionId}`)

const common = ({ site, roaming, evse, tariff, transaction, token, changedMs }: RoamingTransaction) => ({
  ...{ country_code: roaming.country, party_id: roaming.party, id: sessionId(transaction) },
  start_date_time: ocpiTime(transaction.startedMs),
  ...{ cdr_token: token, auth_method: 'WHITELIST' as const, currency: tariff.currency },
  ...{ location: ocpiId(site.id), uid: evseUid(evse), last_updated: ocpiTime(changedMs) },
})

/** What is known of the energy, kWh: undefined where no register was told, or it fell. */
function energyOf({ startWh, registerWh }: Transaction): number | undefined {
  const told = registerWh.toSorted((a, b) => a.atMs - b.atMs)
  const first = startWh ?? told[0]?.wh
  const last = told.at(-1)?.wh
  if (first === undefined || last === undefined || last < first) return undefined
  return (last - first) / 1000
}

/**
 * A session of OCPI 2.2.1 (9.3.1). One whose energy is not known is `PENDING` while it runs, and `INVALID` after, which no CDR follows; its
 * `kwh` is 0 as the standard wants a number.
 */
export function sessionOf(one: RoamingTransaction): Session {
  const { transaction, tariff } = one
  const { location, uid, ...rest } = common(one)
  const energyKwh = energyOf(transaction)
  const outcome = billSession(transaction, tariff, one.site.zone)
  const ended = transaction.endedMs !== undefined
  const status = ended
    ? outcome.kind === 'bill'
      ? 'COMPLETED'
      : 'INVALID'
    : energyKwh === undefined
      ? 'PENDING'
      : 'ACTIVE'
  return {
    ...rest,
    ...(transaction.endedMs === undefined ? {} : { end_date_time: ocpiTime(transaction.endedMs) }),
    kwh: ocpiNumber(energyKwh ?? 0),
    ...{ location_id: location, evse_uid: uid, connector_id: connectorId },
    ...(outcome.kind === 'bill' ? { charging_periods: periodsOf(outcome.bill), total_cost: costOf(outcome.bill) } : {}),
    status,
  }
}

export type CdrOutcome =
  | { readonly kind: 'cdr'; readonly cdr: Cdr }
  | { readonly kind: 'no-cdr'; readonly reason: 'still-running' | 'no-register' | 'register-fell' }

/** The charge detail record of OCPI 2.2.1 (10.3.1) of a session that has ended. Its sum is that of the bill. */
export function cdrOf(one: RoamingTransaction): CdrOutcome {
  const { site, roaming, evse, transaction, tariff, changedMs } = one
  const outcome = billSession(transaction, tariff, site.zone)
  if (outcome.kind === 'no-bill') return { kind: 'no-cdr', reason: outcome.reason }
  const { bill } = outcome
  const { location, uid, ...rest } = common(one)
  const { standard, format, power, evseId } = evse.charger
  const sum = (kind: SessionBill['lines'][number]['kind']) => {
    const lines = bill.lines.filter((line) => line.kind === kind)
    if (lines.length === 0) return undefined
    const cost = { excl_vat: ocpiNumber(lines.reduce((total, { amount }) => total + amount, 0)) }
    return { cost, quantity: lines.reduce((total, { quantity }) => total + quantity, 0) }
  }
  const hours = (pick: (period: SessionBill['periods'][number]) => number): number =>
    ocpiNumber(bill.periods.reduce((total, period) => total + pick(period), 0))
  const [fixed, energy, time, parking] = [sum('flat'), sum('energy'), sum('time'), sum('parking')]
  return {
    kind: 'cdr',
    cdr: {
      ...rest,
      end_date_time: ocpiTime(transaction.endedMs!),
      session_id: rest.id,
      cdr_location: {
        ...{ id: location, name: cut(site.name, 255), ...placeOf(site, roaming) },
        ...{ evse_uid: uid, evse_id: evseId ?? uid, connector_id: connectorId },
        ...{ connector_standard: standard, connector_format: format, connector_power_type: power },
      },
      tariffs: [tariffOf(tariff, { country: roaming.country, party: roaming.party, changedMs })],
      charging_periods: periodsOf(bill),
      total_cost: costOf(bill),
      ...(fixed ? { total_fixed_cost: fixed.cost } : {}),
      total_energy: ocpiNumber(bill.energyKwh),
      ...(energy ? { total_energy_cost: energy.cost } : {}),
      total_time: hours(({ chargingHours, parkingHours }) => chargingHours + parkingHours),
      ...(time ? { total_time_cost: time.cost } : {}),
      total_parking_time: hours(({ parkingHours }) => parkingHours),
      ...(parking ? { total_parking_cost: parking.cost } : {}),
    },
  }
}

const costOf = ({ net, gross }: SessionBill) => ({ excl_vat: ocpiNumber(net), incl_vat: ocpiNumber(gross) })

function periodsOf({ periods, tariffId }: SessionBill): ChargingPeriod[] {
  return periods.map(({ startMs, energyKwh, chargingHours, parkingHours }) => ({
    start_date_time: ocpiTime(startMs),
    dimensions: [
      { type: 'ENERGY' as const, volume: ocpiNumber(energyKwh) },
      ...(chargingHours > 0 ? [{ type: 'TIME' as const, volume: ocpiNumber(chargingHours) }] : []),
      ...(parkingHours > 0 ? [{ type: 'PARKING_TIME' as const, volume: ocpiNumber(parkingHours) }] : []),
    ],
    tariff_id: tariffId,
  }))
}
