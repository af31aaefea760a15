export { type ContentEncoding, contentEncodings, decompress } from './decompress.ts'
export { gatewayErrors } from './errors.ts'
export * from './field-protocol.ts'
export { fieldProtocols } from './field-protocols.ts'
export * from './formats/index.ts'
export { discoverDevices, type FoundDevice, proposeSite, readTemplates } from './modbus/index.ts'
export { type BrokerCaller, createMqttBroker, type MqttBroker } from './mqtt/broker/create-broker.ts'
export type { BrokerFigures } from './mqtt/broker/figures.ts'
export { type BrokerSettings, readBrokerSettings } from './mqtt/broker/settings.ts'
export { createMqttIngest, type MqttIngest } from './mqtt/create-mqtt-ingest.ts'
export type { MqttFigures, Taken } from './mqtt/figures.ts'
export { type MqttConnection, type MqttSettings, readMqttConnection } from './mqtt/settings.ts'
export { createGatewayPack, gatewayPack, gatewaysOf } from './pack.ts'
export type { ParseRequest } from './parse-messages.ts'
export { createParseThreads, type ParseFigures, type ParseThreads, type ParseThreadsOptions } from './parse-threads.ts'
export { openSpool, type Spool, type SpoolFigures, type SpoolOptions } from './spool/create-spool.ts'
export {
  decodeReadings,
  encodeReadings,
  type ReadingRecord,
  shrinkReadings,
} from './spool/reading-records.ts'
