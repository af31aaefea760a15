import { bacnetEntry } from './bacnet/bacnet-entry.ts'
import type { AnyFieldEntry } from './field-protocol.ts'
import { fileDropEntry } from './file-drop/file-drop-entry.ts'
import { httpPullEntry } from './http-pull/http-pull-entry.ts'
import { modbusEntry } from './modbus/modbus-entry.ts'
import { nmeaEntry } from './nmea/nmea-entry.ts'
import { ocppEntry } from './ocpp/ocpp-entry.ts'
import { opcuaEntry } from './opcua/opcua-entry.ts'
import { sparkplugEntry } from './sparkplug/sparkplug-entry.ts'

/** What a site file says of each protocol; in the order of `field-protocols.ts`. */
export const fieldEntries: readonly AnyFieldEntry[] = [
  modbusEntry,
  sparkplugEntry,
  ocppEntry,
  fileDropEntry,
  httpPullEntry,
  opcuaEntry,
  bacnetEntry,
  nmeaEntry,
]
