import type { FieldEntry } from '../field-protocol.ts'
import { resolveDevices } from './devices/resolve-device.ts'
import { ModbusSettingsSchema } from './settings.ts'

/** An entry of `modbus` in a site file. */
export const modbusEntry: FieldEntry<typeof ModbusSettingsSchema> = {
  name: 'modbus',
  title: 'Modbus',
  schema: ModbusSettingsSchema,
  check(gateway) {
    const { transport = 'tcp', host, path } = gateway.settings
    const problems = [...resolveDevices(gateway).problems]
    if (transport === 'serial' && path === undefined) {
      problems.push({ detail: 'A serial line needs its path', place: { path: 'path' }, expected: '/dev/ttyUSB0' })
    }
    if (transport !== 'serial' && host === undefined) {
      problems.push({
        detail: 'The address of the device is missing',
        place: { path: 'host' },
        expected: 'a name or an IP address',
      })
    }
    return problems
  },
}
