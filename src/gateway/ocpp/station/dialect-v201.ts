import type { Dialect } from './dialect.ts'
import { reactionsV201 } from './reactions-v201.ts'
import type { Socket, SocketStatus, StationState } from './station-state.ts'

const iso = (ms: number): string => new Date(ms).toISOString()
const statuses: Readonly<Record<SocketStatus, string>> = {
  Available: 'Available',
  Preparing: 'Occupied',
  Charging: 'Occupied',
  SuspendedEV: 'Occupied',
  SuspendedEVSE: 'Occupied',
  Finishing: 'Occupied',
  Reserved: 'Reserved',
  Unavailable: 'Unavailable',
  Faulted: 'Faulted',
}
const stopTriggers: Readonly<Record<string, string>> = {
  Remote: 'RemoteStop',
  EVDisconnected: 'EVCommunicationLost',
  DeAuthorized: 'Deauthorized',
  ImmediateReset: 'ResetCommand',
}

/** What a simulated station says in OCPP 2.0.1 and 2.1. */
export const dialectV201: Dialect = {
  boot: (state, reason) => [
    'BootNotification',
    { reason, chargingStation: { vendorName: 'Mangrove', model: 'Twin', serialNumber: state.stationId.slice(0, 25) } },
  ],
  status: (state, socket, status) => [
    'StatusNotification',
    { timestamp: iso(state.clock.now()), connectorStatus: statuses[status], evseId: socket?.id ?? 0, connectorId: 1 },
  ],
  authorize: (idToken) => ['Authorize', { idToken: { idToken, type: 'ISO14443' } }],
  isAccepted: ({ idTokenInfo }) => {
    const { status } = (idTokenInfo ?? { status: 'Accepted' }) as { status: string }
    return status === 'Accepted'
  },
  start: (state, socket, offline) => [
    'TransactionEvent',
    {
      ...event(
        state,
        socket,
        'Started',
        socket.transaction?.remoteStartId === undefined ? 'Authorized' : 'RemoteStart',
        offline,
      ),
      idToken: { idToken: socket.transaction?.idToken, type: 'ISO14443' },
      ...(socket.reservation ? { reservationId: socket.reservation.id } : {}),
    },
  ],
  meter: (state, socket, offline) =>
    socket.transaction
      ? ['TransactionEvent', event(state, socket, 'Updated', 'MeterValuePeriodic', offline)]
      : ['MeterValues', { evseId: socket.id, meterValue: meterValue(state, socket) }],
  stop: (state, socket, reason, offline) => [
    'TransactionEvent',
    event(state, socket, 'Ended', stopTriggers[reason] ?? 'StopAuthorized', offline, reason),
  ],
  started() {},
  reactions: reactionsV201,
}

function event(
  state: StationState,
  socket: Socket,
  eventType: string,
  triggerReason: string,
  offline: boolean,
  stoppedReason?: string,
) {
  const { transaction } = socket
  const seqNo = transaction?.seqNo ?? 0
  if (transaction) transaction.seqNo += 1
  return {
    eventType,
    timestamp: iso(state.clock.now()),
    triggerReason,
    seqNo,
    ...(offline ? { offline } : {}),
    transactionInfo: {
      transactionId: transaction?.id ?? '',
      chargingState: eventType === 'Ended' ? 'Idle' : socket.currentA > 0 ? 'Charging' : 'EVConnected',
      ...(stoppedReason === undefined ? {} : { stoppedReason }),
      ...(transaction?.remoteStartId === undefined ? {} : { remoteStartId: transaction.remoteStartId }),
    },
    evse: { id: socket.id, connectorId: 1 },
    meterValue: meterValue(state, socket),
  }
}

function meterValue(state: StationState, { registerWh, powerKw, currentA, vehicle }: Socket) {
  const measured = (measurand: string, value: number, unit: string, phase?: string) => ({
    measurand,
    value: Math.round(value * 1000) / 1000,
    unitOfMeasure: { unit },
    ...(phase ? { phase } : {}),
  })
  const phases = ['L1', 'L2', 'L3'].slice(0, vehicle?.phases ?? 0)
  const sampledValue = [
    measured('Energy.Active.Import.Register', registerWh, 'Wh'),
    measured('Power.Active.Import', powerKw * 1000, 'W'),
    ...phases.map((phase) => measured('Current.Import', currentA, 'A', phase)),
    ...(vehicle ? [measured('SoC', vehicle.soc * 100, 'Percent')] : []),
  ]
  return [{ timestamp: iso(state.clock.now()), sampledValue }]
}
