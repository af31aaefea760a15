import type { FieldProtocol } from '../field-protocol.ts'
import { openModbus } from './client/open-client.ts'
import { modbusEntry } from './modbus-entry.ts'
import type { ModbusSettingsSchema } from './settings.ts'
import { startModbusTwin } from './twin/start-twin.ts'

/** Modbus TCP, RTU in TCP and RTU on serial lines; SunSpec; device templates. */
export const modbusProtocol: FieldProtocol<typeof ModbusSettingsSchema> = {
  ...modbusEntry,
  open: openModbus,
  twin: startModbusTwin,
}
