import { readProfileV16 } from '../profiles/read-profile.ts'
import type { ProfileV16 } from '../profiles/wire-profile.ts'
import type { Dialect } from './dialect.ts'
import { clearStoredProfiles, putProfile, scheduleOf } from './profile-store.ts'
import { remoteStart, reservationAnswer } from './shared-reactions.ts'
import { CallError } from './station-line.ts'
import { socketOf, socketWith } from './station-state.ts'

const fixedKeys = new Set(['SupportedFeatureProfiles', 'NumberOfConnectors', 'ChargeProfileMaxStackLevel'])

/** What a simulated station of OCPP 1.6 does when it is called. */
export const reactionsV16: Dialect['reactions'] = {
  RemoteStartTransaction: ({ connectorId, idTag }: { connectorId?: number; idTag: string }, state, acts) =>
    remoteStart(state, acts, connectorId, idTag),
  RemoteStopTransaction: ({ transactionId }: { transactionId: number }, state, acts) => {
    const socket = socketWith(state, String(transactionId))
    if (!socket) return { answer: { status: 'Rejected' } }
    return { answer: { status: 'Accepted' }, after: () => acts.stop(socket, 'Remote') }
  },
  Reset: ({ type }: { type: 'Hard' | 'Soft' }, _state, acts) => ({
    answer: { status: 'Accepted' },
    after: () => acts.reboot(type === 'Hard' ? 'HardReset' : 'SoftReset', type === 'Hard'),
  }),
  UnlockConnector: ({ connectorId }: { connectorId: number }, state, acts) => {
    const socket = socketOf(state, connectorId)
    if (!socket) return { answer: { status: 'NotSupported' } }
    if (!socket.unlocks) return { answer: { status: 'UnlockFailed' } }
    return {
      answer: { status: 'Unlocked' },
      after: () => (socket.transaction ? acts.stop(socket, 'UnlockCommand') : undefined),
    }
  },
  ChangeAvailability: ({ connectorId, type }: { connectorId: number; type: string }, state, acts) => {
    const sockets = connectorId === 0 ? state.sockets : state.sockets.filter(({ id }) => id === connectorId)
    if (sockets.length === 0) return { answer: { status: 'Rejected' } }
    if (sockets.some(({ transaction }) => transaction)) return { answer: { status: 'Scheduled' } }
    const status = type === 'Operative' ? 'Available' : 'Unavailable'
    return {
      answer: { status: 'Accepted' },
      after: async () => {
        for (const socket of sockets) await acts.setStatus(socket, status)
      },
    }
  },
  GetConfiguration: ({ key }: { key?: readonly string[] }, { configuration }) => ({
    answer: {
      configurationKey: [...configuration]
        .filter(([name]) => !key?.length || key.includes(name))
        .map(([name, value]) => ({ key: name, readonly: fixedKeys.has(name), value })),
      unknownKey: (key ?? []).filter((name) => !configuration.has(name)),
    },
  }),
  ChangeConfiguration: ({ key, value }: { key: string; value: string }, { configuration }) => {
    if (!configuration.has(key)) return { answer: { status: 'NotSupported' } }
    if (fixedKeys.has(key)) return { answer: { status: 'Rejected' } }
    configuration.set(key, value)
    return { answer: { status: 'Accepted' } }
  },
  ClearCache: () => ({ answer: { status: 'Accepted' } }),
  DataTransfer: () => ({ answer: { status: 'UnknownVendorId' } }),
  GetLocalListVersion: (_: unknown, { habits, localList }) => ({
    answer: { listVersion: habits.noLocalList ? -1 : localList.version },
  }),
  SendLocalList: (list: LocalListV16, { habits, localList }) => {
    if (habits.noLocalList) return { answer: { status: 'NotSupported' } }
    if (list.updateType === 'Differential' && list.listVersion <= localList.version) {
      return { answer: { status: 'VersionMismatch' } }
    }
    if (list.updateType === 'Full') localList.tokens.clear()
    for (const { idTag, idTagInfo } of list.localAuthorizationList ?? []) {
      if (idTagInfo) localList.tokens.set(idTag, idTagInfo.status)
      else localList.tokens.delete(idTag)
    }
    localList.version = list.listVersion
    return { answer: { status: 'Accepted' } }
  },
  ReserveNow: (request: ReserveV16, state, acts) =>
    reservationAnswer(state, acts, {
      id: request.reservationId,
      evseId: request.connectorId,
      idToken: request.idTag,
      expiresMs: Date.parse(request.expiryDate),
    }),
  CancelReservation: ({ reservationId }: { reservationId: number }, state, acts) => {
    const socket = state.sockets.find(({ reservation }) => reservation?.id === reservationId)
    if (!socket) return { answer: { status: 'Rejected' } }
    socket.reservation = undefined
    return { answer: { status: 'Accepted' }, after: () => acts.setStatus(socket, 'Available') }
  },
  TriggerMessage: ({ requestedMessage, connectorId }: TriggerV16, state, acts) => {
    const sockets = connectorId === undefined ? state.sockets : state.sockets.filter(({ id }) => id === connectorId)
    const sends: Readonly<Record<string, () => Promise<void>>> = {
      Heartbeat: () => acts.heartbeat(),
      BootNotification: () => acts.boot(),
      StatusNotification: async () => {
        for (const socket of sockets) await acts.setStatus(socket, socket.status)
      },
      MeterValues: async () => {
        for (const socket of sockets) await acts.sendMeterValues(socket)
      },
      FirmwareStatusNotification: async () => void (await acts.call('FirmwareStatusNotification', { status: 'Idle' })),
      DiagnosticsStatusNotification: async () =>
        void (await acts.call('DiagnosticsStatusNotification', { status: 'Idle' })),
    }
    const after = sends[requestedMessage]
    return after ? { answer: { status: 'Accepted' }, after } : { answer: { status: 'NotImplemented' } }
  },
  SetChargingProfile: ({ connectorId, csChargingProfiles }: SetProfileV16, state) => {
    const taken = putProfile(state, { evseId: connectorId, profile: readProfile(csChargingProfiles) })
    return { answer: { status: taken ? 'Accepted' : 'Rejected' } }
  },
  ClearChargingProfile: (choice: ClearProfileV16, state) => {
    const cleared = clearStoredProfiles(
      state,
      ({ evseId, profile }) =>
        (choice.id === undefined || profile.id === choice.id) &&
        (choice.connectorId === undefined || evseId === choice.connectorId) &&
        (choice.stackLevel === undefined || profile.stackLevel === choice.stackLevel),
    )
    return { answer: { status: cleared ? 'Accepted' : 'Unknown' } }
  },
  GetCompositeSchedule: ({ connectorId, duration, chargingRateUnit }: ScheduleQueryV16, state) => {
    if (connectorId !== 0 && !socketOf(state, connectorId)) return { answer: { status: 'Rejected' } }
    const unit = chargingRateUnit ?? 'A'
    const { startMs, durationS, periods } = scheduleOf(state, connectorId, duration, unit)
    return {
      answer: {
        status: 'Accepted',
        connectorId,
        scheduleStart: new Date(startMs).toISOString(),
        chargingSchedule: {
          duration: durationS,
          chargingRateUnit: unit,
          chargingSchedulePeriod: periods.map(({ startS, limit, phases }) => ({
            startPeriod: startS,
            limit: Math.floor(limit * 10 + 1e-9) / 10,
            numberPhases: phases,
          })),
        },
      },
    }
  },
  UpdateFirmware: (_: unknown, { habits }, acts) => ({
    answer: {},
    after: async () => {
      const outcome = habits.firmware ?? 'installed'
      const told = (status: string) => acts.call('FirmwareStatusNotification', { status })
      await told('Downloading')
      if (outcome === 'download-failed') return void (await told('DownloadFailed'))
      await told('Downloaded')
      await told('Installing')
      if (outcome === 'install-failed') return void (await told('InstallationFailed'))
      await told('Installed')
      await acts.reboot('SoftReset', false)
    },
  }),
  GetDiagnostics: (_: unknown, { habits }, acts) => ({
    answer: { fileName: 'diagnostics.txt' },
    after: async () => {
      await acts.call('DiagnosticsStatusNotification', { status: 'Uploading' })
      const status = habits.logUpload === 'uploaded' ? 'Uploaded' : 'UploadFailed'
      await acts.call('DiagnosticsStatusNotification', { status })
    },
  }),
}

function readProfile(wire: ProfileV16) {
  try {
    return readProfileV16(wire)
  } catch (error) {
    throw new CallError('PropertyConstraintViolation', (error as Error).message)
  }
}

interface LocalListV16 {
  readonly listVersion: number
  readonly updateType: string
  readonly localAuthorizationList?: readonly {
    readonly idTag: string
    readonly idTagInfo?: { readonly status: string }
  }[]
}
interface ReserveV16 {
  readonly connectorId: number
  readonly expiryDate: string
  readonly idTag: string
  readonly reservationId: number
}
interface TriggerV16 {
  readonly requestedMessage: string
  readonly connectorId?: number
}
interface SetProfileV16 {
  readonly connectorId: number
  readonly csChargingProfiles: ProfileV16
}
interface ClearProfileV16 {
  readonly id?: number
  readonly connectorId?: number
  readonly stackLevel?: number
}
interface ScheduleQueryV16 {
  readonly connectorId: number
  readonly duration: number
  readonly chargingRateUnit?: 'A' | 'W'
}
