import type { ReservationRecord, TransactionRecord } from './records.ts'
import type { Scene } from './scene.ts'
import type { Transaction } from './transaction.ts'

export const startRecord = (
  { station }: Scene,
  transactionId: string,
  evseId: number,
  atMs: number,
): TransactionRecord => ({ kind: 'transaction', event: 'started', stationId: station.id, transactionId, evseId, atMs })

/** A reservation ends with the transaction that it was for. */
export function usedReservation(
  { station, book, nowMs }: Scene,
  reservationId: number | undefined,
): ReservationRecord[] {
  if (reservationId === undefined) return []
  const reservation = book.reservation(reservationId)
  if (reservation?.stationId !== station.id || reservation.state !== 'accepted') return []
  return [{ kind: 'reservation', stationId: station.id, atMs: nowMs, reservationId, state: 'used' }]
}

/**
 * A transaction that cannot be running any more, though its end was not told: it ended, as far as anybody knows, when it was told of
 * last, with the register of then.
 */
export function inferredEnd(transaction: Transaction, reason: string): TransactionRecord {
  const { stationId, transactionId, evseId, startedMs, lastWh, registerWh } = transaction
  return {
    ...{ kind: 'transaction', event: 'ended', stationId, transactionId, evseId },
    atMs: registerWh.reduce((last, { atMs }) => Math.max(last, atMs), startedMs),
    ...(lastWh === undefined ? {} : { meterWh: lastWh }),
    ...{ reason, inferred: true },
  }
}

/** Older transactions of an EVSE on which another one begins: an EVSE has one at a time (1.6 §4.8, 2.0.1 E01). */
export function endsBefore({ station, book }: Scene, evseId: number, started: TransactionRecord): TransactionRecord[] {
  if (evseId === 0) return []
  return book
    .running(station.id)
    .filter((one) => one.evseId === evseId && one.transactionId !== started.transactionId)
    .filter(({ startedMs }) => startedMs <= started.atMs)
    .map((one) => inferredEnd(one, 'Other'))
}

/** Transactions of before a boot, whose EVSE is told to have none. */
export function endsAfterBoot({ station, book }: Scene, evseId: number): TransactionRecord[] {
  return book
    .running(station.id)
    .filter((one) => one.unsure && one.evseId === evseId && evseId !== 0)
    .map((one) => inferredEnd(one, 'Reboot'))
}
