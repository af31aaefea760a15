import type { FieldProtocol } from '../field-protocol.ts'
import { checkSettings } from './check-settings.ts'
import { openOcpp } from './open-ocpp.ts'
import { OcppSettingsSchema } from './settings.ts'
import { startOcppTwin } from './station/start-twin.ts'

/** OCPP 1.6J, 2.0.1 and 2.1: charging stations call, so that `open` listens. */
export const ocppProtocol: FieldProtocol<typeof OcppSettingsSchema> = {
  name: 'ocpp',
  title: 'Charging stations (OCPP)',
  schema: OcppSettingsSchema,
  check: checkSettings,
  open: openOcpp,
  twin: startOcppTwin,
}
