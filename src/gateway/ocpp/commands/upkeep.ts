import type { CentralSystem } from '../central/create-central-system.ts'
import type { IdToken } from '../central/id-tokens.ts'
import { isoTime } from '../central/scene.ts'
import { callByVersion, given, type Params, statusOf } from './by-version.ts'

/** `hard`: at once; `soft`: when nothing charges (2.0.1: OnIdle). */
export async function reset(
  system: CentralSystem,
  stationId: string,
  how: 'hard' | 'soft',
  evseId?: number,
): Promise<string> {
  return statusOf(
    await callByVersion(system, stationId, {
      v16: () => ({ method: 'Reset', params: { type: how === 'hard' ? 'Hard' : 'Soft' } }),
      v2: () => ({ method: 'Reset', params: given({ type: how === 'hard' ? 'Immediate' : 'OnIdle', evseId }) }),
    }),
  )
}

export async function changeAvailability(
  system: CentralSystem,
  stationId: string,
  evseId: number,
  operative: boolean,
): Promise<string> {
  const status = operative ? 'Operative' : 'Inoperative'
  return statusOf(
    await callByVersion(system, stationId, {
      v16: () => ({ method: 'ChangeAvailability', params: { connectorId: evseId, type: status } }),
      v2: () => ({
        method: 'ChangeAvailability',
        params: given({ operationalStatus: status, evse: evseId === 0 ? undefined : { id: evseId } }),
      }),
    }),
  )
}

export interface TriggeredMessage {
  /** `Heartbeat`, `StatusNotification`, `MeterValues`, `BootNotification` … in the words of the version. */
  readonly message: string
  readonly evseId?: number
}

export async function trigger(
  system: CentralSystem,
  stationId: string,
  { message, evseId }: TriggeredMessage,
): Promise<string> {
  return statusOf(
    await callByVersion(system, stationId, {
      v16: () => ({ method: 'TriggerMessage', params: given({ requestedMessage: message, connectorId: evseId }) }),
      v2: () => ({
        method: 'TriggerMessage',
        params: given({ requestedMessage: message, evse: evseId === undefined ? undefined : { id: evseId } }),
      }),
    }),
  )
}

export async function clearCache(system: CentralSystem, stationId: string): Promise<string> {
  const call = { method: 'ClearCache', params: {} }
  return statusOf(await callByVersion(system, stationId, { v16: () => call, v2: () => call }))
}

/** Version of the list of tokens that the station holds; 0: none, −1: it holds no lists (1.6). */
export async function localListVersion(system: CentralSystem, stationId: string): Promise<number> {
  const call = { method: 'GetLocalListVersion', params: {} }
  const answer = await callByVersion(system, stationId, { v16: () => call, v2: () => call })
  return Number(answer.listVersion ?? answer.versionNumber)
}

export interface LocalList {
  readonly version: number
  /** Undefined: the whole list. Else what has changed. */
  readonly differential?: boolean
  readonly tokens: readonly IdToken[]
}

export async function sendLocalList(system: CentralSystem, stationId: string, list: LocalList): Promise<string> {
  const { version, differential = false, tokens } = list
  const updateType = differential ? 'Differential' : 'Full'
  const status = statusOf(
    await callByVersion(system, stationId, {
      v16: () => ({
        method: 'SendLocalList',
        params: {
          listVersion: version,
          localAuthorizationList: tokens.map((token) => ({
            idTag: token.id,
            idTagInfo: given({
              status: token.blocked ? 'Blocked' : 'Accepted',
              expiryDate: token.expiresMs === undefined ? undefined : isoTime(token.expiresMs),
              parentIdTag: token.group,
            }),
          })),
          updateType,
        },
      }),
      v2: () => ({
        method: 'SendLocalList',
        params: given({
          versionNumber: version,
          updateType,
          // An empty list is no list (2.0.1 D01): the field is left out.
          localAuthorizationList:
            tokens.length === 0
              ? undefined
              : tokens.map((token) => ({
                  idToken: { idToken: token.id, type: 'Central' },
                  idTokenInfo: given({
                    status: token.blocked ? 'Blocked' : 'Accepted',
                    cacheExpiryDateTime: token.expiresMs === undefined ? undefined : isoTime(token.expiresMs),
                    groupIdToken: token.group === undefined ? undefined : { idToken: token.group, type: 'Central' },
                  }),
                })),
        }),
      }),
    }),
  )
  if (status === 'Accepted') await system.keep([{ kind: 'local-list', stationId, atMs: system.clock.now(), version }])
  return status
}

export interface Firmware {
  readonly location: string
  readonly retrieveMs: number
}

export async function updateFirmware(
  system: CentralSystem,
  stationId: string,
  { location, retrieveMs }: Firmware,
): Promise<string> {
  const requestId = requestNumber()
  const answer = await callByVersion(system, stationId, {
    v16: () => ({ method: 'UpdateFirmware', params: { location, retrieveDate: isoTime(retrieveMs) } }),
    v2: () => ({
      method: 'UpdateFirmware',
      params: { requestId, firmware: { location, retrieveDateTime: isoTime(retrieveMs) } },
    }),
  })
  // The answer of 1.6 says nothing.
  return answer.status === undefined ? 'Accepted' : statusOf(answer)
}

/** Asks for diagnostics (1.6) or logs (2.0.1) at an address that the station can write to. @returns name of the file, if told */
export async function uploadLogs(
  system: CentralSystem,
  stationId: string,
  location: string,
): Promise<string | undefined> {
  const answer = await callByVersion(system, stationId, {
    v16: () => ({ method: 'GetDiagnostics', params: { location } }),
    v2: () => ({
      method: 'GetLog',
      params: { logType: 'DiagnosticsLog', requestId: requestNumber(), log: { remoteLocation: location } },
    }),
  })
  const name = answer.fileName ?? answer.filename
  return name === undefined ? undefined : String(name)
}

export async function sendData(
  system: CentralSystem,
  stationId: string,
  request: { readonly vendorId: string; readonly messageId?: string; readonly data?: string },
): Promise<Params> {
  const call = { method: 'DataTransfer', params: given({ ...request }) }
  return callByVersion(system, stationId, { v16: () => call, v2: () => call })
}

let lastRequest = 0
/** Numbers that tell the answers of long requests apart. */
export function requestNumber(): number {
  lastRequest = (lastRequest % 2_000_000_000) + 1
  return lastRequest
}
