import type { PackEntry } from '../kernel/index.ts'

/** What the commands room offers the house, before it is loaded. */
export const commandsEntry: PackEntry = {
  name: 'commands',
  title: 'Commands',
  engines: [],
  loadVocabulary: async () => (await import('./vocabulary.ts')).commandsVocabulary,
}
