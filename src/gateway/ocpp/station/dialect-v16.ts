import type { Dialect, StationActs } from './dialect.ts'
import { reactionsV16 } from './reactions-v16.ts'
import type { Socket, StationState } from './station-state.ts'

const iso = (ms: number): string => new Date(ms).toISOString()

/** What a simulated station says in OCPP 1.6. */
export const dialectV16: Dialect = {
  boot: (state) => [
    'BootNotification',
    { chargePointVendor: 'Mangrove', chargePointModel: 'Twin', chargePointSerialNumber: state.stationId },
  ],
  status: (state, socket, status, errorCode) => [
    'StatusNotification',
    { connectorId: socket?.id ?? 0, errorCode, status, timestamp: iso(state.clock.now()) },
  ],
  authorize: (idToken) => ['Authorize', { idTag: idToken }],
  isAccepted: ({ idTagInfo }) => (idTagInfo as { status?: string } | undefined)?.status === 'Accepted',
  start: (state, { id, transaction, registerWh, reservation }) => [
    'StartTransaction',
    {
      connectorId: id,
      idTag: transaction?.idToken,
      meterStart: Math.round(registerWh),
      timestamp: iso(state.clock.now()),
      ...(reservation ? { reservationId: reservation.id } : {}),
    },
  ],
  meter: (state, socket) => [
    'MeterValues',
    {
      connectorId: socket.id,
      ...(socket.transaction?.id === undefined ? {} : { transactionId: Number(socket.transaction.id) }),
      meterValue: [{ timestamp: iso(state.clock.now()), sampledValue: samplesV16(socket) }],
    },
  ],
  stop: (state, { transaction, registerWh }, reason) => [
    'StopTransaction',
    {
      transactionId: Number(transaction?.id),
      idTag: transaction?.idToken,
      meterStop: Math.round(registerWh),
      timestamp: iso(state.clock.now()),
      reason,
    },
  ],
  started(socket, answer) {
    if (socket.transaction) socket.transaction.id = String(answer.transactionId)
  },
  reactions: reactionsV16 satisfies Readonly<
    Record<string, (params: never, state: StationState, acts: StationActs) => unknown>
  >,
}

function samplesV16({ registerWh, powerKw, currentA, vehicle }: Socket) {
  const measured = (measurand: string, value: number, unit: string, phase?: string) => ({
    measurand,
    value: String(Math.round(value * 1000) / 1000),
    unit,
    ...(phase ? { phase } : {}),
  })
  const phases = ['L1', 'L2', 'L3'].slice(0, vehicle?.phases ?? 0)
  return [
    measured('Energy.Active.Import.Register', registerWh, 'Wh'),
    measured('Power.Active.Import', powerKw * 1000, 'W'),
    ...phases.map((phase) => measured('Current.Import', currentA, 'A', phase)),
    ...(vehicle ? [measured('SoC', vehicle.soc * 100, 'Percent')] : []),
  ]
}
