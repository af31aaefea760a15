import { loadPack, type Pack } from '../kernel/index.ts'
import { carbonEntry } from './pack-entry.ts'

/** What the carbon room offers the house; its engines are named in `pack-entry.ts`. */
export const carbonPack: Pack = await loadPack(carbonEntry)
