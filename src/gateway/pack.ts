import { loadPack, type Pack } from '../kernel/index.ts'
import type { AnyFieldEntry } from './field-protocol.ts'
import { gatewayEntry } from './pack-entry.ts'
import { createVocabulary } from './vocabulary.ts'

/** What protocols offer the house. */
export const createGatewayPack = (protocols: readonly AnyFieldEntry[]): Pack => ({
  ...{ name: gatewayEntry.name, title: gatewayEntry.title, engines: [] },
  ...createVocabulary(protocols),
})

export const gatewayPack: Pack = await loadPack(gatewayEntry)
