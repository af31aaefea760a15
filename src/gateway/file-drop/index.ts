export { fileDropProtocol } from './file-drop-protocol.ts'
export type { FileDropSettings } from './settings.ts'
