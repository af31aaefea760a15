import { loadPack, type Pack } from '../kernel/index.ts'
import { alarmsEntry } from './pack-entry.ts'

/** What the alarms room offers the house. */
export const alarmsPack: Pack = await loadPack(alarmsEntry)
