import type { PackEntry } from '../kernel/index.ts'

/** What the alarms room offers the house, before it is loaded. */
export const alarmsEntry: PackEntry = {
  name: 'alarms',
  title: 'Alarms',
  engines: [
    {
      ...{ id: 'alarms.anomaly', title: 'Find what is odd of a meter', positional: 'site' },
      load: async () => (await import('./anomaly/index.ts')).anomalyEngine,
    },
  ],
  loadVocabulary: async () => (await import('./vocabulary.ts')).alarmsVocabulary,
}
