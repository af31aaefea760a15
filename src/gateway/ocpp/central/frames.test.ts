import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { WebSocket } from 'ws'
import { type CentralFixture, startCentral, startMs } from '../scenarios/central.fixture.ts'
import { handlersOf, type OcppVersion, ocppVersions } from '../versions.ts'

const file = join(import.meta.dirname, '../../../../../shared/data/transport/ocpp/sample_frames.json')
const present = existsSync(file)
const samples = present ? (JSON.parse(readFileSync(file, 'utf8')) as { frame: unknown[] }[]) : []

async function connect({ system }: CentralFixture, version: OcppVersion) {
  const socket = new WebSocket(`ws://127.0.0.1:${system.port}/CP-1`, [version])
  onTestFinished(() => socket.terminate())
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const waiting: ((frame: unknown[]) => void)[] = []
  socket.on('message', (data) => waiting.shift()?.(JSON.parse(String(data)) as unknown[]))
  return {
    socket,
    answer: (text: string) =>
      new Promise<unknown[]>((resolve) => {
        waiting.push(resolve)
        socket.send(text)
      }),
  }
}

describe.skipIf(!present)('the 86 sample frames (skipped where ../shared is absent)', () => {
  /** Frames of stations that are as OCPP 1.6 says. */
  const good = new Set(['Heartbeat', 'BootNotification', 'StatusNotification', 'Authorize'])
  const missing: Readonly<Record<string, (params: Record<string, unknown>) => boolean>> = {
    BootNotification: (params) => 'chargePointVendor' in params && 'chargePointModel' in params,
    StatusNotification: (params) => 'connectorId' in params && 'errorCode' in params && params.status !== 'Faultd',
    Authorize: ({ idTag }) => typeof idTag === 'string' && idTag.length <= 20,
  }

  function expected([kind, , method, params]: unknown[]): RegExp {
    if (kind !== 2) return /^none$/
    const fits = missing[String(method)]
    const known = good.has(String(method))
    if (known && (!fits || fits(params as Record<string, unknown>)))
      return Object.keys(params as object).some((key) => key === 'a' || key === 'b')
        ? /ConstraintViolation/
        : /^answer$/
    if (method === 'MeterValues' || known) return /Violation/
    // Messages that only a central system sends, and those of nobody.
    return /NotImplemented/
  }

  it('are all handled as the version says', async () => {
    expect(samples.length).toBe(86)
    const fixture = await startCentral()
    const line = await connect(fixture, 'ocpp1.6')
    const wrong: unknown[] = []
    for (const { frame } of samples) {
      let found = 'none'
      if (frame[0] === 2) {
        const answer = await line.answer(JSON.stringify(frame))
        expect(answer[1]).toBe(frame[1])
        found = answer[0] === 3 ? 'answer' : String(answer[2])
      } else line.socket.send(JSON.stringify(frame))
      if (!expected(frame).test(found)) wrong.push([frame, found, String(expected(frame))])
    }
    expect(wrong).toEqual([])
    // Answers that nobody asked for are told to the log and to nobody else.
    expect((await line.answer('[2,"last","Heartbeat",{}]'))[1]).toBe('last')
    expect(fixture.system.figures().malformed).toBeGreaterThan(20)
  })
})

describe('frames of any kind', () => {
  const value = fc.jsonValue({ maxDepth: 3 })
  const method = fc.constantFrom(
    ...new Set(ocppVersions.flatMap((version) => Object.keys(handlersOf[version]))),
    'Reset',
    '',
    '__proto__',
    'constructor',
  )
  const frame = fc.oneof(
    fc.string().filter((text) => text.length > 0),
    value.map((one) => JSON.stringify(one)),
    fc
      .tuple(
        fc.constantFrom(2, 3, 4, 5, -1, 2.5, '2', null),
        fc.oneof(fc.string(), value),
        fc.oneof(method, value),
        value,
      )
      .map((one) => JSON.stringify(one)),
    fc
      .tuple(
        fc.constant(2),
        fc.uuid(),
        method,
        fc.dictionary(
          fc.constantFrom('idTag', 'connectorId', 'status', 'timestamp', 'meterValue', 'evse', 'seqNo'),
          value,
        ),
      )
      .map((one) => JSON.stringify(one)),
  )

  it.each(ocppVersions)('of %s break nothing', async (version) => {
    const fixture = await startCentral()
    const unhandled: unknown[] = []
    const note = (error: unknown) => unhandled.push(error)
    process.on('unhandledRejection', note)
    onTestFinished(() => void process.off('unhandledRejection', note))
    const line = await connect(fixture, version)
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 8 }), async (frames) => {
        const { socket } = line.socket.readyState === WebSocket.OPEN ? line : await connect(fixture, version)
        for (const text of frames) socket.send(text)
        const alive = new Promise((resolve) => {
          const look = (data: unknown) => {
            if (!String(data).includes('still-here')) return
            socket.off('message', look)
            resolve(true)
          }
          socket.on('message', look)
          socket.once('close', () => resolve(true))
        })
        socket.send('[2,"still-here","Heartbeat",{}]')
        expect(await alive).toBe(true)
      }),
      { numRuns: 40 },
    )
    expect(unhandled).toEqual([])
    expect(fixture.system.book.transactions().length).toBeLessThan(5)
  })
})

/** A message of each kind that a station may send, with no more than it must hold. */
const least: Readonly<Record<string, (version: OcppVersion) => unknown>> = {
  Authorize: (version) => (version === 'ocpp1.6' ? { idTag: 'X' } : { idToken: { idToken: 'X', type: 'Central' } }),
  BootNotification: (version) =>
    version === 'ocpp1.6'
      ? { chargePointVendor: 'V', chargePointModel: 'M' }
      : { reason: 'PowerUp', chargingStation: { vendorName: 'V', model: 'M' } },
  DataTransfer: () => ({ vendorId: 'V' }),
}

describe.each(ocppVersions)('an answer of %s', (version) => {
  const time = new Date(startMs).toISOString()
  const hash = { hashAlgorithm: 'SHA256', issuerNameHash: 'a', issuerKeyHash: 'b', serialNumber: '1' }
  const meterValue = [{ timestamp: time, sampledValue: [{ value: version === 'ocpp1.6' ? '1' : 1 }] }]
  const v16 = version === 'ocpp1.6'
  const messages: Readonly<Record<string, unknown>> = {
    Heartbeat: {},
    MeterValues: v16 ? { connectorId: 1, meterValue } : { evseId: 1, meterValue },
    StatusNotification: v16
      ? { connectorId: 1, errorCode: 'NoError', status: 'Available' }
      : { timestamp: time, connectorStatus: 'Available', evseId: 1, connectorId: 1 },
    StartTransaction: { connectorId: 1, idTag: 'X', meterStart: 0, timestamp: time },
    StopTransaction: { transactionId: 77, meterStop: 0, timestamp: time },
    DiagnosticsStatusNotification: { status: 'Idle' },
    FirmwareStatusNotification: { status: 'Idle' },
    SignedFirmwareStatusNotification: { status: 'Idle' },
    LogStatusNotification: { status: 'Idle' },
    SecurityEventNotification: { type: 'FirmwareUpdated', timestamp: time },
    SignCertificate: { csr: 'x' },
    TransactionEvent: {
      eventType: 'Started',
      timestamp: time,
      triggerReason: 'Authorized',
      seqNo: 0,
      transactionInfo: { transactionId: 't' },
    },
    ClearedChargingLimit: { chargingLimitSource: 'EMS' },
    NotifyChargingLimit: { chargingLimit: { chargingLimitSource: 'EMS' } },
    NotifyEVChargingNeeds: { evseId: 1, chargingNeeds: { requestedEnergyTransfer: 'DC' } },
    NotifyEVChargingSchedule: {
      timeBase: time,
      evseId: 1,
      chargingSchedule: { id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] },
    },
    GetCertificateStatus: { ocspRequestData: { ...hash, responderURL: 'http://x' } },
    Get15118EVCertificate: { iso15118SchemaVersion: 'x', action: 'Install', exiRequest: 'x' },
    ReservationStatusUpdate: { reservationId: 1, reservationUpdateStatus: 'Expired' },
    NotifyReport: { requestId: 1, generatedAt: time, seqNo: 0 },
    ReportChargingProfiles: {
      requestId: 1,
      chargingLimitSource: 'EMS',
      evseId: 1,
      chargingProfile: [
        {
          id: 1,
          stackLevel: 0,
          chargingProfilePurpose: 'TxProfile',
          chargingProfileKind: 'Relative',
          chargingSchedule: [{ id: 1, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] }],
        },
      ],
    },
    NotifyEvent: {
      generatedAt: time,
      seqNo: 0,
      eventData: [
        {
          eventId: 1,
          timestamp: time,
          trigger: 'Alerting',
          actualValue: 'x',
          eventNotificationType: 'HardWiredNotification',
          component: { name: 'C' },
          variable: { name: 'V' },
        },
      ],
    },
    NotifyMonitoringReport: { requestId: 1, seqNo: 0, generatedAt: time },
    NotifyCustomerInformation: { data: 'x', seqNo: 0, generatedAt: time, requestId: 1 },
    NotifyDisplayMessages: { requestId: 1 },
    PublishFirmwareStatusNotification: { status: 'Idle' },
    OpenPeriodicEventStream: {
      constantStreamData: { id: 1, variableMonitoringId: 1, params: { interval: 1, values: 1 } },
    },
    ClosePeriodicEventStream: { id: 1 },
    PullDynamicScheduleUpdate: { chargingProfileId: 1 },
    VatNumberValidation: { vatNumber: 'X' },
    GetCertificateChainStatus: {
      certificateStatusRequests: [{ certificateHashData: hash, source: 'OCSP', urls: ['http://x'] }],
    },
    BatterySwap: {
      batteryData: [{ evseId: 1, serialNumber: 'x', soC: 1, soH: 1 }],
      eventType: 'BatteryIn',
      idToken: { idToken: 'X', type: 'Central' },
      requestId: 1,
    },
    NotifyDERAlarm: { controlType: 'FreqDroop', timestamp: time },
    NotifyDERStartStop: { controlId: 'x', started: true, timestamp: time },
    NotifyPriorityCharging: { transactionId: 't', activated: true },
    NotifySettlement: { pspRef: 'x', status: 'Settled', settlementAmount: 1, settlementTime: time },
    NotifyWebPaymentStarted: { evseId: 1, timeout: 10 },
    ReportDERControl: { requestId: 1 },
  }

  it.each(Object.keys(handlersOf[version]))('to %s fits the schema', async (method) => {
    const fixture = await startCentral()
    const line = await connect(fixture, version)
    const params = least[method]?.(version) ?? messages[method]
    const answer = await line.answer(JSON.stringify([2, 'x', method, params]))
    expect(answer[0], JSON.stringify(answer)).toBe(3)
  })
})
