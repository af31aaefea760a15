export { discoverOpcua, type FoundServer, type OpcuaSearch, opcuaSource } from './discover-server.ts'
export { opcuaErrors } from './errors.ts'
export { opcuaProtocol } from './opcua-protocol.ts'
export type { OpcuaSettings } from './settings.ts'
