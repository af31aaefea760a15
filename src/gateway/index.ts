export { type BacnetSearch, bacnetSources, discoverBacnet, type FoundBacnetDevice } from './bacnet/index.ts'
export { type ContentEncoding, contentEncodings, decompress } from './decompress.ts'
export * from './discover/index.ts'
export { gatewayErrors } from './errors.ts'
export * from './field-protocol.ts'
export { fieldProtocols } from './field-protocols.ts'
export * from './formats/index.ts'
export * from './forward/index.ts'
export { discoverDevices, type FoundDevice, type Proposal, proposeSite, readTemplates } from './modbus/index.ts'
export { type BrokerCaller, createMqttBroker, type MqttBroker } from './mqtt/broker/create-broker.ts'
export type { BrokerFigures } from './mqtt/broker/figures.ts'
export { type BrokerSettings, readBrokerSettings } from './mqtt/broker/settings.ts'
export { createMqttIngest, type MqttIngest } from './mqtt/create-mqtt-ingest.ts'
export type { MqttFigures, Taken } from './mqtt/figures.ts'
export { type MqttConnection, type MqttSettings, readMqttConnection } from './mqtt/settings.ts'
export * from './ocpi/index.ts'
export {
  type BillOutcome,
  billSession,
  type ChargingRules,
  chargingOf,
  connectorStatuses,
  createStation,
  energyWhOf,
  newSharingState,
  type OcppClient,
  ocppCommands,
  ocppErrors,
  type PreparedSite,
  powerOf,
  rateOf,
  readCharging,
  type SharedCharger,
  type SharingState,
  type SharingStep,
  type SimulatedStation,
  setpointProfile,
  stepSharing,
  type Transaction,
  type WaitingVehicle,
  type Wiring,
} from './ocpp/index.ts'
export { discoverOpcua, type FoundServer, type OpcuaSearch, opcuaSource } from './opcua/index.ts'
export { createGatewayPack, gatewayPack } from './pack.ts'
export type { ParseRequest } from './parse-messages.ts'
export { createParseThreads, type ParseFigures, type ParseThreads, type ParseThreadsOptions } from './parse-threads.ts'
export { openSpool, type Spool, type SpoolFigures, type SpoolOptions } from './spool/create-spool.ts'
export {
  decodeReadings,
  encodeReadings,
  type ReadingRecord,
  shrinkReadings,
} from './spool/reading-records.ts'
export { gatewaysOf } from './vocabulary.ts'
