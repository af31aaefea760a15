import type { ReservationRecord, TransactionRecord } from './records.ts'
import type { Scene } from './scene.ts'

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
