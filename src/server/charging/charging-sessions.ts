import {
  billSession,
  chargingTariff,
  csvCell,
  energyWhOf,
  roamingEvses,
  roamingOf,
  type Transaction,
} from '../../gateway/index.ts'
import type { Site } from '../../kernel/index.ts'
import type { FieldLink } from '../field/create-field.ts'
import type { SessionAnswer } from './charging-shapes.ts'
import { systemsOf } from './stations-of-site.ts'

/** Where a page of sessions begins: after this one. */
export type SessionPlace = readonly [startedMs: number, id: string]

export interface SessionsAsk {
  readonly site: Site
  readonly field: { links(): readonly FieldLink[] }
  /** Sessions that began then; the end is not among it. */
  readonly fromMs: number
  readonly toMs: number
  readonly after: SessionPlace | undefined
  readonly limit: number
  cardOf(card: string): string
}

interface Found {
  readonly gateway: string
  readonly id: string
  readonly transaction: Transaction
}

/** Sessions that began in a span, oldest first, each with its bill where its charger has a tariff. */
export function chargingSessions(ask: SessionsAsk): {
  readonly sessions: readonly SessionAnswer[]
  readonly next: SessionPlace | undefined
} {
  const { site, field, fromMs, toMs, after, limit, cardOf } = ask
  const all: Found[] = [...systemsOf(field, site.id)].flatMap(([gateway, { book }]) =>
    book
      .transactions()
      .filter(({ startedMs }) => startedMs >= fromMs && startedMs < toMs)
      .map((transaction) => ({ gateway, id: `${transaction.stationId}/${transaction.transactionId}`, transaction })),
  )
  const key = ({ gateway, id }: Found): string => `${gateway} ${id}`
  const isAfter = (one: Found): boolean =>
    after === undefined ||
    one.transaction.startedMs > after[0] ||
    (one.transaction.startedMs === after[0] && key(one) > after[1])
  const found = all
    .filter(isAfter)
    .sort((a, b) => a.transaction.startedMs - b.transaction.startedMs || (key(a) < key(b) ? -1 : 1))
  const page = found.slice(0, limit)
  const last = page.at(-1)
  const tariffs = tariffsOf(site)
  return {
    sessions: page.map((one) => sessionAnswer(one, tariffs, site, cardOf)),
    next: last && found.length > limit ? [last.transaction.startedMs, key(last)] : undefined,
  }
}

type Tariffs = ReadonlyMap<string, NonNullable<ReturnType<typeof chargingTariff>>>

/** Tariffs of the section `roaming`, by charger. */
function tariffsOf(site: Site): Tariffs {
  const roaming = roamingOf(site)
  if (!roaming) return new Map()
  return new Map(
    roamingEvses(site, roaming).flatMap(({ gateway, stationId, evseId, charger }) => {
      const tariff = chargingTariff(site, roaming, charger.tariff)
      return tariff ? [[`${gateway} ${stationId}/${evseId}`, tariff] as const] : []
    }),
  )
}

function sessionAnswer(
  { gateway, id, transaction }: Found,
  tariffs: Tariffs,
  site: Site,
  cardOf: (card: string) => string,
): SessionAnswer {
  const { stationId, evseId, idToken, startedMs, endedMs, reason, inferred } = transaction
  const energyWh = energyWhOf(transaction)
  const tariff = tariffs.get(`${gateway} ${stationId}/${evseId}`)
  const outcome = tariff && billSession(transaction, tariff, site.zone)
  return {
    ...{ id, gateway, station: stationId, evse: evseId, card: idToken === undefined ? null : cardOf(idToken) },
    ...{ startedMs, endedMs: endedMs ?? null, energyKwh: energyWh === undefined ? null : energyWh / 1000 },
    ...{ reason: reason ?? null, inferred },
    bill:
      outcome?.kind === 'bill'
        ? {
            ...{ tariff: outcome.bill.tariffId, currency: outcome.bill.currency, lines: [...outcome.bill.lines] },
            ...{ net: outcome.bill.net, tax: outcome.bill.tax, gross: outcome.bill.gross },
          }
        : null,
    noBill:
      outcome === undefined
        ? endedMs === undefined
          ? 'still-running'
          : 'no-tariff'
        : outcome.kind === 'bill'
          ? null
          : outcome.reason,
  }
}

const columns = [
  ...['id', 'gateway', 'station', 'evse', 'card', 'started', 'ended', 'energyKwh', 'reason', 'inferred'],
  ...['tariff', 'currency', 'net', 'tax', 'gross', 'noBill'],
] as const

/** What others named, so that no table takes it for a formula. */
const text = (cell: string | null): string | null => (cell !== null && /^[=+\-@\t]/.test(cell) ? `'${cell}` : cell)

/** Sessions as CSV: a line of names, times in ISO 8601 UTC, empty where something is not known. */
export function sessionsCsv(sessions: readonly SessionAnswer[]): string {
  const time = (ms: number | null): string => (ms === null ? '' : new Date(ms).toISOString())
  const lines = sessions.map((one) =>
    [
      ...[
        text(one.id),
        one.gateway,
        text(one.station),
        one.evse,
        text(one.card),
        time(one.startedMs),
        time(one.endedMs),
      ],
      ...[one.energyKwh, text(one.reason), one.inferred, one.bill?.tariff, one.bill?.currency],
      ...[one.bill?.net, one.bill?.tax, one.bill?.gross, one.noBill],
    ]
      .map((cell) => csvCell(cell === null || cell === undefined ? '' : String(cell)))
      .join(','),
  )
  return [columns.join(','), ...lines, ''].join('\n')
}
