import { readProfileV201 } from '../profiles/read-profile.ts'
import type { ProfileV201 } from '../profiles/wire-profile.ts'
import type { Dialect } from './dialect.ts'
import { clearStoredProfiles, putProfile, scheduleOf } from './profile-store.ts'
import { remoteStart, reservationAnswer } from './shared-reactions.ts'
import { CallError } from './station-line.ts'
import { socketOf, socketWith } from './station-state.ts'

interface VariableData {
  readonly component: { readonly name: string }
  readonly variable: { readonly name: string }
  readonly attributeValue?: string
}
interface TokenV201 {
  readonly idToken: string
}
const unit = (told: string | undefined): 'A' | 'W' => (told === 'W' ? 'W' : 'A')

/** What a simulated station of OCPP 2.0.1 does when it is called. */
export const reactionsV201: Dialect['reactions'] = {
  RequestStartTransaction: (request: { evseId?: number; remoteStartId: number; idToken: TokenV201 }, state, acts) =>
    remoteStart(state, acts, request.evseId, request.idToken.idToken, request.remoteStartId),
  RequestStopTransaction: ({ transactionId }: { transactionId: string }, state, acts) => {
    const socket = socketWith(state, transactionId)
    if (!socket) return { answer: { status: 'Rejected' } }
    return { answer: { status: 'Accepted' }, after: () => acts.stop(socket, 'Remote') }
  },
  Reset: ({ type, evseId }: { type: string; evseId?: number }, state, acts) => {
    if (evseId !== undefined && !socketOf(state, evseId)) return { answer: { status: 'Rejected' } }
    if (type === 'OnIdle' && state.sockets.some(({ transaction }) => transaction)) {
      state.resetWhenIdle = true
      return { answer: { status: 'Scheduled' } }
    }
    return { answer: { status: 'Accepted' }, after: () => acts.reboot('ImmediateReset', true) }
  },
  UnlockConnector: ({ evseId }: { evseId: number }, state) => {
    const socket = socketOf(state, evseId)
    if (!socket) return { answer: { status: 'UnknownConnector' } }
    if (socket.transaction) return { answer: { status: 'OngoingAuthorizedTransaction' } }
    return { answer: { status: socket.unlocks ? 'Unlocked' : 'UnlockFailed' } }
  },
  ChangeAvailability: (
    { operationalStatus, evse }: { operationalStatus: string; evse?: { id: number } },
    state,
    acts,
  ) => {
    const sockets = evse === undefined ? state.sockets : state.sockets.filter(({ id }) => id === evse.id)
    if (sockets.length === 0) return { answer: { status: 'Rejected' } }
    if (sockets.some(({ transaction }) => transaction)) return { answer: { status: 'Scheduled' } }
    const status = operationalStatus === 'Operative' ? 'Available' : 'Unavailable'
    return {
      answer: { status: 'Accepted' },
      after: async () => {
        for (const socket of sockets) await acts.setStatus(socket, status)
      },
    }
  },
  GetVariables: ({ getVariableData }: { getVariableData: readonly VariableData[] }, { configuration }) => ({
    answer: {
      getVariableResult: getVariableData.map(({ component, variable }) => {
        const value = configuration.get(variable.name)
        return {
          attributeStatus: value === undefined ? 'UnknownVariable' : 'Accepted',
          ...(value === undefined ? {} : { attributeValue: value }),
          component,
          variable,
        }
      }),
    },
  }),
  SetVariables: ({ setVariableData }: { setVariableData: readonly VariableData[] }, { configuration }) => ({
    answer: {
      setVariableResult: setVariableData.map(({ component, variable, attributeValue }) => {
        const known = configuration.has(variable.name)
        if (known) configuration.set(variable.name, attributeValue ?? '')
        return { attributeStatus: known ? 'Accepted' : 'UnknownVariable', component, variable }
      }),
    },
  }),
  GetBaseReport: ({ requestId }: { requestId: number }, { configuration, clock }, acts) => ({
    answer: { status: 'Accepted' },
    after: async () => {
      const all = [...configuration]
      for (const [seqNo, [name, value]] of all.entries()) {
        await acts.call('NotifyReport', {
          requestId,
          generatedAt: new Date(clock.now()).toISOString(),
          seqNo,
          tbc: seqNo < all.length - 1,
          reportData: [
            {
              component: { name: 'OCPPCommCtrlr' },
              variable: { name },
              variableAttribute: [{ type: 'Actual', value }],
            },
          ],
        })
      }
    },
  }),
  ClearCache: () => ({ answer: { status: 'Accepted' } }),
  DataTransfer: () => ({ answer: { status: 'UnknownVendorId' } }),
  GetLocalListVersion: (_: unknown, { localList }) => ({ answer: { versionNumber: localList.version } }),
  SendLocalList: (list: LocalListV201, { habits, localList }) => {
    if (habits.noLocalList) return { answer: { status: 'Failed' } }
    if (list.updateType === 'Differential' && list.versionNumber <= localList.version) {
      return { answer: { status: 'VersionMismatch' } }
    }
    if (list.updateType === 'Full') localList.tokens.clear()
    for (const { idToken, idTokenInfo } of list.localAuthorizationList ?? []) {
      if (idTokenInfo) localList.tokens.set(idToken.idToken, idTokenInfo.status)
      else localList.tokens.delete(idToken.idToken)
    }
    localList.version = list.versionNumber
    return { answer: { status: 'Accepted' } }
  },
  ReserveNow: (request: { id: number; evseId: number; expiryDateTime: string; idToken: TokenV201 }, state, acts) =>
    reservationAnswer(state, acts, {
      id: request.id,
      evseId: request.evseId,
      idToken: request.idToken.idToken,
      expiresMs: Date.parse(request.expiryDateTime),
    }),
  CancelReservation: ({ reservationId }: { reservationId: number }, state, acts) => {
    const socket = state.sockets.find(({ reservation }) => reservation?.id === reservationId)
    if (!socket) return { answer: { status: 'Rejected' } }
    socket.reservation = undefined
    return { answer: { status: 'Accepted' }, after: () => acts.setStatus(socket, 'Available') }
  },
  TriggerMessage: ({ requestedMessage, evse }: { requestedMessage: string; evse?: { id: number } }, state, acts) => {
    const sockets = evse === undefined ? state.sockets : state.sockets.filter(({ id }) => id === evse.id)
    const sends: Readonly<Record<string, () => Promise<void>>> = {
      Heartbeat: () => acts.heartbeat(),
      BootNotification: () => acts.boot('Triggered'),
      StatusNotification: async () => {
        for (const socket of sockets) await acts.setStatus(socket, socket.status)
      },
      MeterValues: async () => {
        for (const socket of sockets) await acts.sendMeterValues(socket)
      },
    }
    const after = sends[requestedMessage]
    return after ? { answer: { status: 'Accepted' }, after } : { answer: { status: 'NotImplemented' } }
  },
  SetChargingProfile: ({ evseId, chargingProfile }: { evseId: number; chargingProfile: ProfileV201 }, state) => {
    const taken = putProfile(state, { evseId, profile: readProfile(chargingProfile) })
    return { answer: { status: taken ? 'Accepted' : 'Rejected' } }
  },
  ClearChargingProfile: (choice: ClearProfileV201, state) => {
    const { evseId, stackLevel } = choice.chargingProfileCriteria ?? {}
    const cleared = clearStoredProfiles(
      state,
      (placed) =>
        (choice.chargingProfileId === undefined || placed.profile.id === choice.chargingProfileId) &&
        (evseId === undefined || placed.evseId === evseId) &&
        (stackLevel === undefined || placed.profile.stackLevel === stackLevel),
    )
    return { answer: { status: cleared ? 'Accepted' : 'Unknown' } }
  },
  GetCompositeSchedule: (query: { evseId: number; duration: number; chargingRateUnit?: string }, state) => {
    if (query.evseId !== 0 && !socketOf(state, query.evseId)) return { answer: { status: 'Rejected' } }
    const schedule = scheduleOf(state, query.evseId, query.duration, unit(query.chargingRateUnit))
    return {
      answer: {
        status: 'Accepted',
        schedule: {
          evseId: query.evseId,
          duration: schedule.durationS,
          scheduleStart: new Date(schedule.startMs).toISOString(),
          chargingRateUnit: schedule.unit,
          chargingSchedulePeriod: schedule.periods.map(({ startS, limit, phases }) => ({
            startPeriod: startS,
            limit: Math.floor(limit * 10 + 1e-9) / 10,
            numberPhases: phases,
          })),
        },
      },
    }
  },
  UpdateFirmware: ({ requestId }: { requestId: number }, { habits }, acts) => ({
    answer: { status: 'Accepted' },
    after: async () => {
      const told = (status: string) => acts.call('FirmwareStatusNotification', { status, requestId })
      await told('Downloading')
      if (habits.firmware === 'download-failed') return void (await told('DownloadFailed'))
      await told('Downloaded')
      await told('Installing')
      await told(habits.firmware === 'install-failed' ? 'InstallationFailed' : 'Installed')
    },
  }),
  GetLog: ({ requestId }: { requestId: number }, { habits }, acts) => ({
    answer: { status: 'Accepted', filename: 'log.txt' },
    after: async () => {
      await acts.call('LogStatusNotification', { status: 'Uploading', requestId })
      const status = habits.logUpload === 'uploaded' ? 'Uploaded' : 'UploadFailure'
      await acts.call('LogStatusNotification', { status, requestId })
    },
  }),
}

function readProfile(wire: ProfileV201) {
  try {
    return readProfileV201(wire)
  } catch (error) {
    throw new CallError('PropertyConstraintViolation', (error as Error).message)
  }
}

interface LocalListV201 {
  readonly versionNumber: number
  readonly updateType: string
  readonly localAuthorizationList?: readonly {
    readonly idToken: TokenV201
    readonly idTokenInfo?: { readonly status: string }
  }[]
}
interface ClearProfileV201 {
  readonly chargingProfileId?: number
  readonly chargingProfileCriteria?: { readonly evseId?: number; readonly stackLevel?: number }
}
