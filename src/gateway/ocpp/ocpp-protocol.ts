import type { FieldProtocol } from '../field-protocol.ts'
import { ocppEntry } from './ocpp-entry.ts'
import { openOcpp } from './open-ocpp.ts'
import type { OcppSettingsSchema } from './settings.ts'
import { startOcppTwin } from './station/start-twin.ts'

/** OCPP 1.6J, 2.0.1 and 2.1: charging stations call, so that `open` listens. */
export const ocppProtocol: FieldProtocol<typeof OcppSettingsSchema> = {
  ...ocppEntry,
  oneNode: true,
  open: openOcpp,
  twin: startOcppTwin,
}
