import type { CentralSystem } from '../central/create-central-system.ts'
import { isoTime } from '../central/scene.ts'
import { ocppErrors } from '../errors.ts'
import type { ChargingProfile } from '../profiles/charging-profile.ts'
import { writeProfileV16, writeProfileV201 } from '../profiles/write-profile.ts'
import { callByVersion, given, statusOf } from './by-version.ts'

export interface RemoteStart {
  /** 1.6: number of the connector. Undefined: any. */
  readonly evseId?: number
  readonly idToken: string
  /** For the transaction that begins. */
  readonly profile?: ChargingProfile
}

let lastRemoteStart = 0

/** Asks a station to start a transaction. The transaction itself comes as a record, later. */
export async function remoteStart(
  system: CentralSystem,
  stationId: string,
  start: RemoteStart,
): Promise<{ status: string; remoteStartId: number }> {
  const { evseId, idToken, profile } = start
  lastRemoteStart = (lastRemoteStart % 2_000_000_000) + 1
  const remoteStartId = lastRemoteStart
  const answer = await callByVersion(system, stationId, {
    v16: () => ({
      method: 'RemoteStartTransaction',
      params: given({ connectorId: evseId, idTag: idToken, chargingProfile: profile && writeProfileV16(profile) }),
    }),
    v2: () => ({
      method: 'RequestStartTransaction',
      params: given({
        evseId,
        remoteStartId,
        idToken: { idToken, type: 'Central' },
        chargingProfile: profile && writeProfileV201(profile),
      }),
    }),
  })
  return { status: statusOf(answer), remoteStartId }
}

/** @throws `ocpp.unknown-transaction` */
export async function remoteStop(system: CentralSystem, stationId: string, transactionId: string): Promise<string> {
  if (!system.book.transaction(stationId, transactionId)) {
    throw ocppErrors.unknownTransaction({
      detail: `${stationId} has no transaction ${transactionId}`,
      found: transactionId,
    })
  }
  return statusOf(
    await callByVersion(system, stationId, {
      v16: () => ({ method: 'RemoteStopTransaction', params: { transactionId: Number(transactionId) } }),
      v2: () => ({ method: 'RequestStopTransaction', params: { transactionId } }),
    }),
  )
}

export async function unlock(
  system: CentralSystem,
  stationId: string,
  evseId: number,
  connectorId = 1,
): Promise<string> {
  return statusOf(
    await callByVersion(system, stationId, {
      v16: () => ({ method: 'UnlockConnector', params: { connectorId: evseId } }),
      v2: () => ({ method: 'UnlockConnector', params: { evseId, connectorId } }),
    }),
  )
}

export interface Reservation {
  readonly evseId: number
  readonly idToken: string
  readonly expiresMs: number
}

/** Reserves an EVSE; it is kept whether the station agreed. */
export async function reserve(
  system: CentralSystem,
  stationId: string,
  reservation: Reservation,
): Promise<{ status: string; reservationId: number }> {
  const { evseId, idToken, expiresMs } = reservation
  const reservationId = system.book.newReservationNumber()
  const answer = await callByVersion(system, stationId, {
    v16: () => ({
      method: 'ReserveNow',
      params: { connectorId: evseId, expiryDate: isoTime(expiresMs), idTag: idToken, reservationId },
    }),
    v2: () => ({
      method: 'ReserveNow',
      params: { id: reservationId, evseId, expiryDateTime: isoTime(expiresMs), idToken: { idToken, type: 'Central' } },
    }),
  })
  const status = statusOf(answer)
  const state = status === 'Accepted' ? 'accepted' : 'refused'
  const atMs = system.clock.now()
  await system.keep([{ kind: 'reservation', stationId, atMs, reservationId, state, evseId, idToken, expiresMs }])
  return { status, reservationId }
}

export async function cancelReservation(
  system: CentralSystem,
  stationId: string,
  reservationId: number,
): Promise<string> {
  const call = { method: 'CancelReservation', params: { reservationId } }
  const status = statusOf(await callByVersion(system, stationId, { v16: () => call, v2: () => call }))
  if (status === 'Accepted' && system.book.reservation(reservationId)?.stationId === stationId) {
    await system.keep([{ kind: 'reservation', stationId, atMs: system.clock.now(), reservationId, state: 'cancelled' }])
  }
  return status
}
