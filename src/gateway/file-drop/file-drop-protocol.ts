import type { FieldProtocol } from '../field-protocol.ts'
import { openFileDrop } from './client.ts'
import { fileDropEntry } from './file-drop-entry.ts'
import type { FileDropSettingsSchema } from './settings.ts'

/** Files that others put into a folder: CSV, NDJSON, Green Button. */
export const fileDropProtocol: FieldProtocol<typeof FileDropSettingsSchema> = {
  ...fileDropEntry,
  open: openFileDrop,
}
