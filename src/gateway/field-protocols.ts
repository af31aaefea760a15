import { bacnetProtocol } from './bacnet/index.ts'
import type { AnyFieldProtocol } from './field-protocol.ts'
import { fileDropProtocol } from './file-drop/index.ts'
import { httpPullProtocol } from './http-pull/index.ts'
import { modbusProtocol } from './modbus/index.ts'
import { nmeaProtocol } from './nmea/index.ts'
import { ocppProtocol } from './ocpp/index.ts'
import { opcuaProtocol } from './opcua/index.ts'
import { sparkplugProtocol } from './sparkplug/index.ts'

/** The protocols that a gateway of a site may speak. */
export const fieldProtocols: readonly AnyFieldProtocol[] = [
  modbusProtocol,
  sparkplugProtocol,
  ocppProtocol,
  fileDropProtocol,
  httpPullProtocol,
  opcuaProtocol,
  bacnetProtocol,
  nmeaProtocol,
]
