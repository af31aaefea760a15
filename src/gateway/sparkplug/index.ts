export type { SparkplugSettings } from './settings.ts'
export { sparkplugProtocol } from './sparkplug-protocol.ts'
