export { bacnetProtocol } from './bacnet-protocol.ts'
export { type BacnetSearch, bacnetSources, discoverBacnet, type FoundBacnetDevice } from './discover-device.ts'
export { bacnetErrors } from './errors.ts'
export type { BacnetSettings } from './settings.ts'
