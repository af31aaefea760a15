import { loadPack, type Pack } from '../kernel/index.ts'
import { energyEntry } from './pack-entry.ts'

/** What the energy room offers the house. */
export const energyPack: Pack = await loadPack(energyEntry)
