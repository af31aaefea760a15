import type { FieldProtocol } from '../field-protocol.ts'
import { nmeaEntry } from './nmea-entry.ts'
import { openNmea } from './open-client.ts'
import type { NmeaSettingsSchema } from './settings.ts'
import { startNmeaTwin } from './start-twin.ts'

/** Receivers of satellites and instruments of vessels and vehicles. */
export const nmeaProtocol: FieldProtocol<typeof NmeaSettingsSchema> = {
  ...nmeaEntry,
  open: openNmea,
  twin: startNmeaTwin,
}
