import { hashOf } from '../../../kernel/index.ts'
import { admissions, tokenStatuses } from './answer-words.ts'
import { dataTransfer } from './data-transfer.ts'
import { mayStop, type TokenJudgement } from './id-tokens.ts'
import { notice, notices } from './notice-handlers.ts'
import { type MeterValue, readMeterValues } from './read-meter-values.ts'
import type { ConnectorStatus, OcppRecord, StatusRecord, TransactionRecord } from './records.ts'
import { assetOf, type Handlers, isoTime, type Outcome, type Scene } from './scene.ts'
import { stationTime } from './station-time.ts'
import { statusReadings } from './status-readings.ts'
import { endsAfterBoot, endsBefore, startRecord, usedReservation } from './transaction-records.ts'

const statuses: Readonly<Record<string, ConnectorStatus>> = {
  Available: 'available',
  Preparing: 'preparing',
  Charging: 'charging',
  SuspendedEV: 'suspended-vehicle',
  SuspendedEVSE: 'suspended-station',
  Finishing: 'finishing',
  Reserved: 'reserved',
  Unavailable: 'unavailable',
  Faulted: 'faulted',
}

/** What the central system answers to the messages of OCPP 1.6, and to those of its security extension. */
export const handlersV16: Handlers = {
  ...notices(['DiagnosticsStatusNotification', 'FirmwareStatusNotification', 'LogStatusNotification']),
  ...notices(['SecurityEventNotification', 'SignedFirmwareStatusNotification']),
  SignCertificate: (params: unknown, scene: Scene) => notice('SignCertificate', params, scene, { status: 'Rejected' }),
  BootNotification: bootNotification,
  Heartbeat: (_: unknown, { nowMs }: Scene) => ({ answer: { currentTime: isoTime(nowMs) } }),
  Authorize: ({ idTag }: { idTag: string }, scene: Scene) => ({
    answer: { idTagInfo: idTagInfo(scene.tokens.judge(idTag, scene.nowMs, scene.book.runningOf(idTag))) },
  }),
  StatusNotification: statusNotification,
  MeterValues: meterValues,
  StartTransaction: startTransaction,
  StopTransaction: stopTransaction,
  DataTransfer: dataTransfer,
}

function idTagInfo({ status, token }: TokenJudgement) {
  return {
    status: tokenStatuses[status],
    ...(token?.expiresMs === undefined ? {} : { expiryDate: isoTime(token.expiresMs) }),
    ...(token?.group === undefined ? {} : { parentIdTag: token.group }),
  }
}

interface Boot {
  readonly chargePointVendor: string
  readonly chargePointModel: string
  readonly chargePointSerialNumber?: string
  readonly chargeBoxSerialNumber?: string
  readonly firmwareVersion?: string
}

function bootNotification(params: Boot, { station, nowMs, heartbeatS }: Scene): Outcome {
  const serial = params.chargePointSerialNumber ?? params.chargeBoxSerialNumber
  return {
    answer: { status: admissions[station.admit], currentTime: isoTime(nowMs), interval: heartbeatS },
    records: [
      {
        kind: 'boot',
        stationId: station.id,
        atMs: nowMs,
        admitted: station.admit,
        vendor: params.chargePointVendor,
        model: params.chargePointModel,
        ...(serial === undefined ? {} : { serial }),
        ...(params.firmwareVersion === undefined ? {} : { firmware: params.firmwareVersion }),
      },
    ],
  }
}

interface Status {
  readonly connectorId: number
  readonly errorCode: string
  readonly info?: string
  readonly status: string
  readonly timestamp?: string
}

/** A connector in one of these has no transaction (1.6 §4.9). */
const withoutTransaction: readonly ConnectorStatus[] = ['available', 'preparing', 'finishing', 'reserved']

function statusNotification(params: Status, scene: Scene): Outcome {
  const { station, nowMs } = scene
  const record: StatusRecord = {
    kind: 'status',
    stationId: station.id,
    atMs: params.timestamp === undefined ? nowMs : stationTime(params.timestamp, nowMs).atMs,
    evseId: params.connectorId,
    connectorId: params.connectorId === 0 ? 0 : 1,
    status: statuses[params.status] ?? 'unavailable',
    ...(params.errorCode === 'NoError' ? {} : { errorCode: params.errorCode }),
    ...(params.info ? { info: params.info } : {}),
  }
  const ends = withoutTransaction.includes(record.status) ? endsAfterBoot(scene, record.evseId) : []
  return { answer: {}, records: [record, ...ends], readings: statusReadings(station, record) }
}

interface Meter {
  readonly connectorId: number
  readonly transactionId?: number
  readonly meterValue: readonly MeterValue[]
}

function meterValues(params: Meter, { station, book, nowMs }: Scene): Outcome {
  const { readings, registerWh, unreadable } = readMeterValues(
    params.meterValue,
    assetOf(station, params.connectorId),
    nowMs,
  )
  const transactionId = params.transactionId === undefined ? undefined : String(params.transactionId)
  const known = transactionId !== undefined && book.transaction(station.id, transactionId)
  return {
    answer: {},
    records: known
      ? registerWh.map(({ atMs, wh }) => step(station.id, transactionId, params.connectorId, atMs, wh))
      : [],
    readings,
    ...(unreadable > 0 ? { complaint: `${unreadable} meter values of ${station.id} are no numbers` } : {}),
  }
}

const step = (
  stationId: string,
  transactionId: string,
  evseId: number,
  atMs: number,
  meterWh: number,
): TransactionRecord => ({ kind: 'transaction', event: 'updated', stationId, transactionId, evseId, atMs, meterWh })

interface Start {
  readonly connectorId: number
  readonly idTag: string
  readonly meterStart: number
  readonly reservationId?: number
  readonly timestamp: string
}

/** A transaction that a station tells of has begun, whatever is said of its token: the answer tells it to go on or to stop. */
function startTransaction(params: Start, scene: Scene): Outcome {
  const { station, book, tokens, nowMs } = scene
  // A station that got no answer sends the same once more (1.6 §3.7.1).
  const startKey = hashOf([station.id, params.connectorId, params.idTag, params.meterStart, params.timestamp])
  const again = book.startedWith(startKey)
  if (again) {
    const judgement = tokens.judge(params.idTag, nowMs, 0)
    return { answer: { transactionId: Number(again.transactionId), idTagInfo: idTagInfo(judgement) } }
  }
  const judgement = tokens.judge(params.idTag, nowMs, book.runningOf(params.idTag))
  const number = book.newTransactionNumber()
  const record: TransactionRecord = {
    ...startRecord(scene, String(number), params.connectorId, stationTime(params.timestamp, nowMs).atMs),
    startKey,
    idToken: params.idTag,
    tokenStatus: judgement.status,
    meterWh: params.meterStart,
    ...(params.reservationId === undefined ? {} : { reservationId: params.reservationId }),
  }
  return {
    answer: { transactionId: number, idTagInfo: idTagInfo(judgement) },
    records: [
      ...endsBefore(scene, params.connectorId, record),
      record,
      ...usedReservation(scene, params.reservationId),
    ],
  }
}

interface Stop {
  readonly transactionId: number
  readonly idTag?: string
  readonly meterStop: number
  readonly timestamp: string
  readonly reason?: string
  readonly transactionData?: readonly MeterValue[]
}

function stopTransaction(params: Stop, { station, book, tokens, nowMs }: Scene): Outcome {
  const transactionId = String(params.transactionId)
  const known = book.transaction(station.id, transactionId)
  const judgement = params.idTag === undefined ? undefined : tokens.judge(params.idTag, nowMs, 0)
  const answer = judgement === undefined ? {} : { idTagInfo: idTagInfo(judgement) }
  if (known?.endedMs !== undefined && !known.inferred) return { answer }
  const { atMs } = stationTime(params.timestamp, nowMs)
  const evseId = known?.evseId ?? 0
  const { readings, registerWh } = readMeterValues(params.transactionData ?? [], assetOf(station, evseId), nowMs)
  const foreign = params.idTag !== undefined && !mayStop(tokens, known?.idToken, params.idTag)
  const records: OcppRecord[] = [
    ...registerWh.map(({ atMs: ms, wh }) => step(station.id, transactionId, evseId, ms, wh)),
    {
      kind: 'transaction',
      event: 'ended',
      stationId: station.id,
      transactionId,
      evseId,
      atMs,
      meterWh: params.meterStop,
      // Without a reason it was local (1.6 §6.49).
      reason: params.reason ?? 'Local',
    },
  ]
  return {
    answer,
    records,
    readings,
    ...(known
      ? foreign
        ? { complaint: `${station.id} stopped transaction ${transactionId} with a token of another group` }
        : {}
      : { complaint: `${station.id} stopped transaction ${transactionId}, whose start nobody told` }),
  }
}
