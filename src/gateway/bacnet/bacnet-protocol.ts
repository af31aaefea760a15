import type { FieldProtocol } from '../field-protocol.ts'
import { bacnetEntry } from './bacnet-entry.ts'
import { openBacnet } from './open-client.ts'
import type { BacnetSettingsSchema } from './settings.ts'
import { startBacnetTwin } from './start-twin.ts'

/** Devices of buildings on BACnet/IP: polled, heard when they change, commanded by priority. */
export const bacnetProtocol: FieldProtocol<typeof BacnetSettingsSchema> = {
  ...bacnetEntry,
  open: openBacnet,
  twin: startBacnetTwin,
}
