import type { CentralSystem } from '../central/create-central-system.ts'
import { ocppErrors } from '../errors.ts'

export type Params = Readonly<Record<string, unknown>>
export interface Call {
  readonly method: string
  readonly params: Params
}

/** Calls a station in the words of its version. @throws `ocpp.unsupported` where its version has no such operation */
export function callByVersion(
  system: CentralSystem,
  stationId: string,
  calls: { readonly v16?: () => Call; readonly v2?: () => Call },
): Promise<Params> {
  const version = system.versionOf(stationId)
  const build = version === 'ocpp1.6' ? calls.v16 : calls.v2
  if (!build) throw ocppErrors.unsupported({ detail: `${version} has no such operation`, found: version })
  const { method, params } = build()
  return system.call(stationId, method, params)
}

/** Leaves out what is undefined: a schema takes no such field. */
export const given = (fields: Params): Params =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))

export const statusOf = (answer: Params): string => String(answer.status)
