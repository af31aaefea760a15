import type { FieldProtocol } from './field-protocol.ts'
import { fileDropProtocol } from './file-drop/index.ts'
import { httpPullProtocol } from './http-pull/index.ts'
import { modbusProtocol } from './modbus/index.ts'
import { ocppProtocol } from './ocpp/index.ts'
import { sparkplugProtocol } from './sparkplug/index.ts'

/** The protocols that a gateway of a site may speak. */
// biome-ignore lint/suspicious/noExplicitAny: protocols of unlike settings stand in one list; each reads its own by its schema
export const fieldProtocols: readonly FieldProtocol<any>[] = [
  modbusProtocol,
  sparkplugProtocol,
  ocppProtocol,
  fileDropProtocol,
  httpPullProtocol,
]
