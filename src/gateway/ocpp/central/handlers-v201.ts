import { admissions, tokenStatuses } from './answer-words.ts'
import { dataTransfer } from './data-transfer.ts'
import type { TokenJudgement } from './id-tokens.ts'
import { notice, notices } from './notice-handlers.ts'
import { type MeterValue, readMeterValues } from './read-meter-values.ts'
import type { ConnectorStatus, OcppRecord, StatusRecord, TransactionRecord } from './records.ts'
import { assetOf, type Handlers, isoTime, type Outcome, type Scene } from './scene.ts'
import { stationTime } from './station-time.ts'
import { statusReadings } from './status-readings.ts'
import { endsAfterBoot, endsBefore, usedReservation } from './transaction-records.ts'

const statuses: Readonly<Record<string, ConnectorStatus>> = {
  Available: 'available',
  Occupied: 'occupied',
  Reserved: 'reserved',
  Unavailable: 'unavailable',
  Faulted: 'faulted',
}
const events = { Started: 'started', Updated: 'updated', Ended: 'ended' } as const
const reservationStates: Readonly<Record<string, 'expired' | 'removed'>> = { Expired: 'expired', Removed: 'removed' }

/** What the central system answers to the messages of OCPP 2.0.1. */
export const handlersV201: Handlers = {
  ...notices(['ClearedChargingLimit', 'FirmwareStatusNotification', 'LogStatusNotification', 'NotifyChargingLimit']),
  ...notices(['NotifyCustomerInformation', 'NotifyDisplayMessages', 'NotifyEvent', 'NotifyMonitoringReport']),
  ...notices([
    'NotifyReport',
    'PublishFirmwareStatusNotification',
    'ReportChargingProfiles',
    'SecurityEventNotification',
  ]),
  SignCertificate: (params: unknown, scene: Scene) => notice('SignCertificate', params, scene, { status: 'Rejected' }),
  GetCertificateStatus: () => ({ answer: { status: 'Failed' } }),
  Get15118EVCertificate: () => ({ answer: { status: 'Failed', exiResponse: '' } }),
  NotifyEVChargingNeeds: (params: unknown, scene: Scene) =>
    notice('NotifyEVChargingNeeds', params, scene, { status: 'Processing' }),
  NotifyEVChargingSchedule: (params: unknown, scene: Scene) =>
    notice('NotifyEVChargingSchedule', params, scene, { status: 'Accepted' }),
  BootNotification: bootNotification,
  Heartbeat: (_: unknown, { nowMs }: Scene) => ({ answer: { currentTime: isoTime(nowMs) } }),
  Authorize: ({ idToken }: { idToken: Token }, scene: Scene) => ({
    answer: { idTokenInfo: idTokenInfo(judge(idToken, scene)) },
  }),
  StatusNotification: statusNotification,
  MeterValues: ({ evseId, meterValue }: { evseId: number; meterValue: readonly MeterValue[] }, scene: Scene) => {
    const { readings, unreadable } = readMeterValues(meterValue, assetOf(scene.station, evseId), scene.nowMs)
    const complaint = `${unreadable} meter values of ${scene.station.id} are no numbers`
    return { answer: {}, readings, ...(unreadable > 0 ? { complaint } : {}) }
  },
  TransactionEvent: transactionEvent,
  ReservationStatusUpdate: (
    { reservationId, reservationUpdateStatus }: { reservationId: number; reservationUpdateStatus: string },
    { station, nowMs }: Scene,
  ) => {
    const state = reservationStates[reservationUpdateStatus]
    return {
      answer: {},
      records: state ? [{ kind: 'reservation', stationId: station.id, atMs: nowMs, reservationId, state }] : [],
    }
  },
  DataTransfer: dataTransfer,
}

interface Token {
  readonly idToken: string
  readonly type: string
}

/** What needs no authorisation has no token to judge (2.0.1 C01). */
function judge({ idToken, type }: Token, { tokens, book, nowMs }: Scene, running?: number): TokenJudgement {
  if (type === 'NoAuthorization') return { status: 'accepted' }
  return tokens.judge(idToken, nowMs, running ?? book.runningOf(idToken))
}

function idTokenInfo({ status, token }: TokenJudgement) {
  return {
    status: tokenStatuses[status],
    ...(token?.expiresMs === undefined ? {} : { cacheExpiryDateTime: isoTime(token.expiresMs) }),
    ...(token?.group === undefined ? {} : { groupIdToken: { idToken: token.group, type: 'Central' } }),
  }
}

interface Boot {
  readonly reason: string
  readonly chargingStation: {
    readonly model: string
    readonly vendorName: string
    readonly serialNumber?: string
    readonly firmwareVersion?: string
  }
}

function bootNotification({ reason, chargingStation }: Boot, { station, nowMs, heartbeatS }: Scene): Outcome {
  const { model, vendorName, serialNumber, firmwareVersion } = chargingStation
  return {
    answer: { status: admissions[station.admit], currentTime: isoTime(nowMs), interval: heartbeatS },
    records: [
      {
        kind: 'boot',
        stationId: station.id,
        atMs: nowMs,
        admitted: station.admit,
        vendor: vendorName,
        model,
        reason,
        ...(serialNumber === undefined ? {} : { serial: serialNumber }),
        ...(firmwareVersion === undefined ? {} : { firmware: firmwareVersion }),
      },
    ],
  }
}

interface Status {
  readonly timestamp: string
  readonly connectorStatus: string
  readonly evseId: number
  readonly connectorId: number
}

/** A connector in one of these has no transaction; of one that is occupied its events tell. */
const withoutTransaction: readonly ConnectorStatus[] = ['available', 'reserved']

function statusNotification(params: Status, scene: Scene): Outcome {
  const { station, nowMs } = scene
  const record: StatusRecord = {
    kind: 'status',
    stationId: station.id,
    atMs: stationTime(params.timestamp, nowMs).atMs,
    evseId: params.evseId,
    connectorId: params.connectorId,
    status: statuses[params.connectorStatus] ?? 'unavailable',
  }
  const ends = withoutTransaction.includes(record.status) ? endsAfterBoot(scene, record.evseId) : []
  return { answer: {}, records: [record, ...ends], readings: statusReadings(station, record) }
}

interface Event {
  readonly eventType: keyof typeof events
  readonly timestamp: string
  readonly seqNo: number
  readonly offline?: boolean
  readonly reservationId?: number
  readonly transactionInfo: {
    readonly transactionId: string
    readonly chargingState?: string
    readonly stoppedReason?: string
    readonly remoteStartId?: number
  }
  readonly evse?: { readonly id: number; readonly connectorId?: number }
  readonly idToken?: Token
  readonly meterValue?: readonly MeterValue[]
}

/** One event of a transaction. What was told under its number before is answered again and stored once. */
function transactionEvent(params: Event, scene: Scene): Outcome {
  const { station, book, nowMs } = scene
  const { transactionInfo, idToken, evse, seqNo } = params
  const { transactionId } = transactionInfo
  const known = book.transaction(station.id, transactionId)
  const others = known && known.endedMs === undefined ? 1 : 0
  const judgement = idToken && judge(idToken, scene, Math.max(0, book.runningOf(idToken.idToken) - others))
  const answer = judgement ? { idTokenInfo: idTokenInfo(judgement) } : {}
  if (known?.seenSeqNos.has(seqNo)) return { answer }
  const evseId = evse?.id ?? known?.evseId ?? 0
  const { readings, registerWh, unreadable } = readMeterValues(params.meterValue ?? [], assetOf(station, evseId), nowMs)
  const { atMs } = stationTime(params.timestamp, nowMs)
  const last = registerWh.at(-1)
  const record: TransactionRecord = {
    kind: 'transaction',
    event: events[params.eventType],
    stationId: station.id,
    transactionId,
    evseId,
    seqNo,
    atMs,
    ...(evse?.connectorId === undefined ? {} : { connectorId: evse.connectorId }),
    ...(idToken === undefined || idToken.type === 'NoAuthorization' ? {} : { idToken: idToken.idToken }),
    ...(judgement === undefined ? {} : { tokenStatus: judgement.status }),
    ...(last === undefined ? {} : { meterWh: last.wh }),
    ...(transactionInfo.chargingState === undefined ? {} : { chargingState: transactionInfo.chargingState }),
    ...(params.eventType === 'Ended' ? { reason: transactionInfo.stoppedReason ?? 'Local' } : {}),
    ...(params.offline ? { offline: true } : {}),
    ...(params.reservationId === undefined ? {} : { reservationId: params.reservationId }),
    ...(transactionInfo.remoteStartId === undefined ? {} : { remoteStartId: transactionInfo.remoteStartId }),
  }
  const earlier: OcppRecord[] = registerWh.slice(0, -1).map((one) => ({
    kind: 'transaction',
    event: 'updated',
    stationId: station.id,
    transactionId,
    evseId,
    atMs: one.atMs,
    meterWh: one.wh,
  }))
  return {
    answer,
    // The samples of the first event come after its start, so that the start is first in the book.
    records: [
      ...(params.eventType === 'Started' ? endsBefore(scene, evseId, record) : []),
      record,
      ...(params.eventType === 'Started' ? [] : earlier),
      ...usedReservation(scene, params.reservationId),
    ],
    readings,
    ...(unreadable > 0 ? { complaint: `${unreadable} meter values of ${station.id} are no numbers` } : {}),
  }
}
