import type { Clock } from '../../../kernel/index.ts'
import type { PlacedProfile } from '../profiles/charging-profile.ts'
import type { StationFrame } from '../profiles/composite-schedule.ts'
import type { Vehicle } from './vehicle.ts'

export type SocketStatus =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEV'
  | 'SuspendedEVSE'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted'

export interface RunningTransaction {
  /** 1.6: undefined until the central system has told it. */
  id: string | undefined
  readonly idToken: string
  readonly startedMs: number
  readonly remoteStartId: number | undefined
  seqNo: number
}

/** One socket with its cable: EVSE of 2.0.1, connector of 1.6. */
export interface Socket {
  readonly id: number
  status: SocketStatus
  vehicle: Vehicle | undefined
  transaction: RunningTransaction | undefined
  reservation: { readonly id: number; readonly idToken: string; readonly expiresMs: number } | undefined
  /** Register of energy, Wh. */
  registerWh: number
  currentA: number
  powerKw: number
  unlocks: boolean
  locks: boolean
}

/** What a simulated station does otherwise than a good one. */
export interface StationHabits {
  /** No lists of tokens. */
  readonly noLocalList?: boolean
  readonly firmware?: 'installed' | 'download-failed' | 'install-failed'
  readonly logUpload?: 'uploaded' | 'failed'
  /** Answers of its own, by method. */
  readonly answers?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export interface StationState {
  readonly stationId: string
  readonly clock: Clock
  readonly sockets: readonly Socket[]
  readonly frame: StationFrame
  habits: StationHabits
  profiles: PlacedProfile[]
  localList: { version: number; readonly tokens: Map<string, string> }
  readonly configuration: Map<string, string>
  /** A reset that waits until nothing charges. */
  resetWhenIdle: boolean
}

const voltageV = 230

export function createStationState(stationId: string, clock: Clock, socketCount: number, mostKw = 22.08): StationState {
  const ids = Array.from({ length: socketCount }, (_, index) => index + 1)
  return {
    stationId,
    clock,
    sockets: ids.map((id) => ({
      id,
      status: 'Available',
      vehicle: undefined,
      transaction: undefined,
      reservation: undefined,
      registerWh: 0,
      currentA: 0,
      powerKw: 0,
      unlocks: true,
      locks: true,
    })),
    frame: {
      evseIds: ids,
      voltageV,
      phases: 3,
      defaultLimit: { A: (mostKw * 1000) / (3 * voltageV), W: mostKw * 1000 },
    },
    habits: {},
    profiles: [],
    localList: { version: 0, tokens: new Map() },
    configuration: new Map([
      ['HeartbeatInterval', '300'],
      ['MeterValueSampleInterval', '60'],
      [
        'SupportedFeatureProfiles',
        'Core,FirmwareManagement,LocalAuthListManagement,Reservation,SmartCharging,RemoteTrigger',
      ],
      ['ChargeProfileMaxStackLevel', '10'],
      ['NumberOfConnectors', String(socketCount)],
    ]),
    resetWhenIdle: false,
  }
}

export const socketOf = ({ sockets }: StationState, id: number | undefined): Socket | undefined =>
  sockets.find((socket) => socket.id === id)

/** The socket of a transaction. */
export const socketWith = ({ sockets }: StationState, transactionId: string): Socket | undefined =>
  sockets.find(({ transaction }) => transaction?.id === transactionId)
