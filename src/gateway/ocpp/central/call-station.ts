import { MangroveError } from '../../../kernel/index.ts'
import { ocppErrors } from '../errors.ts'

/** A call to a station as the library makes it. */
export interface StationCaller {
  call(method: string, params: unknown): Promise<unknown>
}

/** Calls a station, with the failures in the words of the house. @throws `ocpp.no-answer`, `ocpp.refused`, `ocpp.bad-message` */
export async function callStation(
  caller: StationCaller,
  stationId: string,
  method: string,
  params: unknown,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    return (await caller.call(method, params)) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw inWords(error, stationId, method)
  }
}

function inWords(error: unknown, stationId: string, method: string): Error {
  if (error instanceof MangroveError) return error
  const { message, rpcErrorCode, details } = error as Error & { rpcErrorCode?: string; details?: { errors?: unknown } }
  if (rpcErrorCode && details?.errors) {
    return ocppErrors.badMessage(
      { detail: `${method} of ${stationId}: ${message}`, found: rpcErrorCode },
      { cause: error },
    )
  }
  if (rpcErrorCode) {
    return ocppErrors.refused(
      { detail: `${stationId} answered ${method} with ${rpcErrorCode}: ${message}`, found: rpcErrorCode },
      { cause: error },
    )
  }
  if (message === 'Call timeout') {
    return ocppErrors.noAnswer({ detail: `${stationId} did not answer ${method} in time` }, { cause: error })
  }
  return ocppErrors.noLink({ detail: `${stationId} is not connected: ${message}` }, { cause: error })
}
