import type { Clock } from '../../kernel/index.ts'
import type { StoreEngine } from '../engine.ts'
import { openDuckDatabase } from './database.ts'
import { migrate } from './migrations.ts'
import { openDuckTables } from './observation-tables.ts'
import type { TidyLimits } from './tidy.ts'

/**
 * DuckDB in a folder, brought to the present version.
 *
 * @throws `store.locked`, `store.newer`, `store.unreadable`
 */
export async function openDuckEngine(folder: string, clock: Clock, limits?: TidyLimits): Promise<StoreEngine> {
  const database = await openDuckDatabase(folder)
  try {
    await migrate(database, clock)
    return { database, tables: await openDuckTables(database, limits), close: () => database.close() }
  } catch (error) {
    await database.close()
    throw error
  }
}
