import { loadPack, type Pack } from '../kernel/index.ts'
import { commandsEntry } from './pack-entry.ts'

/** What the commands room offers the house. */
export const commandsPack: Pack = await loadPack(commandsEntry)
