import type { PackEntry } from '../kernel/index.ts'

/** What protocols offer the house, before they are loaded. */
export const gatewayEntry: PackEntry = {
  name: 'gateway',
  title: 'Gateways',
  engines: [],
  loadVocabulary: async () => (await import('./vocabulary.ts')).gatewayVocabulary,
}
