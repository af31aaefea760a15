import type { ProblemDetails } from '../../kernel/index.ts'
import type { FieldEntry } from '../field-protocol.ts'
import { nmeaPoints } from './nmea-points.ts'
import { NmeaSettingsSchema } from './settings.ts'

/** An entry of `nmea` in a site file. */
export const nmeaEntry: FieldEntry<typeof NmeaSettingsSchema> = {
  name: 'nmea',
  title: 'NMEA 0183',
  schema: NmeaSettingsSchema,
  check(gateway) {
    const { transport = 'tcp', host, path } = gateway.settings
    const problems: ProblemDetails[] = [...nmeaPoints(gateway).problems]
    if (transport === 'tcp' && host === undefined) {
      problems.push({
        ...{ detail: 'The address of the device is missing', place: { path: 'host' } },
        expected: 'a name or an IP address',
      })
    }
    if (transport === 'serial' && path === undefined) {
      problems.push({ detail: 'A serial line needs its path', place: { path: 'path' }, expected: '/dev/ttyUSB0' })
    }
    return problems
  },
}
