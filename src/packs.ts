import { loadPack, type Pack } from './kernel/index.ts'
import { packEntries } from './pack-entries.ts'

/** Every pack, loaded. A command that needs one engine takes it from `pack-entries.ts`. */
export const packs: readonly Pack[] = await Promise.all(packEntries.map(loadPack))
