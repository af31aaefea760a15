import type { CentralSystem } from '../central/create-central-system.ts'
import type { OcppRecord } from '../central/records.ts'
import { ocppErrors } from '../errors.ts'
import { callByVersion, given } from './by-version.ts'
import { requestNumber } from './upkeep.ts'

export interface ConfigurationKey {
  readonly key: string
  readonly readonly: boolean
  readonly value?: string
}

/** Settings of a station of 1.6: all, or those of the keys. */
export async function getConfiguration(
  system: CentralSystem,
  stationId: string,
  keys?: readonly string[],
): Promise<{ readonly known: readonly ConfigurationKey[]; readonly unknown: readonly string[] }> {
  const answer = await callByVersion(system, stationId, {
    v16: () => ({ method: 'GetConfiguration', params: given({ key: keys }) }),
  })
  const { configurationKey = [], unknownKey = [] } = answer as {
    configurationKey?: readonly ConfigurationKey[]
    unknownKey?: readonly string[]
  }
  return { known: configurationKey, unknown: unknownKey }
}

/** @returns `Accepted`, `Rejected`, `RebootRequired`, `NotSupported` */
export async function changeConfiguration(
  system: CentralSystem,
  stationId: string,
  key: string,
  value: string,
): Promise<string> {
  const answer = await callByVersion(system, stationId, {
    v16: () => ({ method: 'ChangeConfiguration', params: { key, value } }),
  })
  return String(answer.status)
}

/** A variable of the device model of 2.0.1. */
export interface Variable {
  readonly component: string
  readonly variable: string
  readonly evseId?: number
}

export interface VariableResult {
  readonly status: string
  readonly value?: string
}

const wireOf = ({ component, variable, evseId }: Variable) => ({
  component: given({ name: component, evse: evseId === undefined ? undefined : { id: evseId } }),
  variable: { name: variable },
})

export async function getVariables(
  system: CentralSystem,
  stationId: string,
  variables: readonly Variable[],
): Promise<readonly VariableResult[]> {
  const answer = await callByVersion(system, stationId, {
    v2: () => ({ method: 'GetVariables', params: { getVariableData: variables.map(wireOf) } }),
  })
  const results = answer.getVariableResult as readonly { attributeStatus: string; attributeValue?: string }[]
  return results.map(({ attributeStatus, attributeValue }) => ({
    status: attributeStatus,
    ...(attributeValue === undefined ? {} : { value: attributeValue }),
  }))
}

export async function setVariables(
  system: CentralSystem,
  stationId: string,
  variables: readonly (Variable & { readonly value: string })[],
): Promise<readonly string[]> {
  const answer = await callByVersion(system, stationId, {
    v2: () => ({
      method: 'SetVariables',
      params: { setVariableData: variables.map((one) => ({ ...wireOf(one), attributeValue: one.value })) },
    }),
  })
  return (answer.setVariableResult as readonly { attributeStatus: string }[]).map(
    ({ attributeStatus }) => attributeStatus,
  )
}

interface Report {
  readonly requestId: number
  readonly tbc?: boolean
  readonly reportData?: readonly unknown[]
}

/**
 * The device model of a station of 2.0.1, which comes in parts. @returns all parts together
 *
 * @throws `ocpp.refused` where it reports nothing, `ocpp.no-answer` where a part does not come
 */
export async function baseReport(
  system: CentralSystem,
  stationId: string,
  timeoutMs = 60_000,
): Promise<readonly unknown[]> {
  const requestId = requestNumber()
  const parts: unknown[] = []
  const whole = Promise.withResolvers<void>()
  const stop = system.onRecord((record: OcppRecord) => {
    if (record.kind !== 'notice' || record.name !== 'NotifyReport' || record.stationId !== stationId) return
    const report = record.content as Report
    if (report.requestId !== requestId) return
    parts.push(...(report.reportData ?? []))
    if (!report.tbc) whole.resolve()
  })
  const timer = setTimeout(
    () => whole.reject(ocppErrors.noAnswer({ detail: `The report of ${stationId} did not come to its end` })),
    timeoutMs,
  )
  try {
    const { status } = await callByVersion(system, stationId, {
      v2: () => ({ method: 'GetBaseReport', params: { requestId, reportBase: 'FullInventory' } }),
    })
    if (status === 'Accepted') await whole.promise
    else if (status !== 'EmptyResultSet') {
      throw ocppErrors.refused({ detail: `${stationId} gives no report`, found: status })
    }
    return parts
  } finally {
    clearTimeout(timer)
    stop()
    whole.promise.catch(() => {})
  }
}
