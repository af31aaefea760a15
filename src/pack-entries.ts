import { alarmsEntry } from './alarms/pack-entry.ts'
import { carbonEntry } from './carbon/pack-entry.ts'
import { commandsEntry } from './commands/pack-entry.ts'
import { energyEntry } from './energy/pack-entry.ts'
import { gatewayEntry } from './gateway/pack-entry.ts'
import type { PackEntry, Vocabulary } from './kernel/index.ts'

/** The one list of packs, before they are loaded; the only place that knows them all. */
export const packEntries: readonly PackEntry[] = [energyEntry, carbonEntry, alarmsEntry, commandsEntry, gatewayEntry]

/** All that a site file may say. */
export const loadVocabulary = (): Promise<readonly Vocabulary[]> =>
  Promise.all(packEntries.map((entry) => entry.loadVocabulary()))
