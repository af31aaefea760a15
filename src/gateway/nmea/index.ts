export { nmeaErrors } from './errors.ts'
export { nmeaProtocol } from './nmea-protocol.ts'
export type { NmeaFigures } from './open-client.ts'
export type { NmeaSettings } from './settings.ts'
