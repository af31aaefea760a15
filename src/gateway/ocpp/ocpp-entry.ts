import type { FieldEntry } from '../field-protocol.ts'
import { checkSettings } from './check-settings.ts'
import { OcppSettingsSchema } from './settings.ts'

/** An entry of `ocpp` in a site file. */
export const ocppEntry: FieldEntry<typeof OcppSettingsSchema> = {
  name: 'ocpp',
  title: 'Charging stations (OCPP)',
  schema: OcppSettingsSchema,
  check: checkSettings,
}
