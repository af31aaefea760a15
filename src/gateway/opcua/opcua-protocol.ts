import type { FieldProtocol } from '../field-protocol.ts'
import { opcuaEntry } from './opcua-entry.ts'
import { openOpcua } from './open-client.ts'
import type { OpcuaSettingsSchema } from './settings.ts'

/** Client of OPC UA over `opc.tcp`: subscriptions and setpoints. It has no simulated twin: a server would be a package of its own. */
export const opcuaProtocol: FieldProtocol<typeof OpcuaSettingsSchema> = {
  ...opcuaEntry,
  open: openOpcua,
}
