import { stat } from 'node:fs/promises'
import type { Clock } from '../../kernel/index.ts'
import type { StoreEngine } from '../engine.ts'
import { databaseFile, openDuckDatabase } from './database.ts'
import { migrate } from './migrations.ts'
import { openDuckTables } from './observation-tables.ts'
import { duckRestore } from './restore.ts'
import { duckSnapshot } from './snapshot.ts'
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
    return {
      kind: 'duckdb',
      database,
      tables: await openDuckTables(database, limits),
      snapshot: (work) => duckSnapshot(database, work),
      restore: (work) => duckRestore(database, work),
      async bytes() {
        const file = databaseFile(folder)
        const sizes = await Promise.all([file, `${file}.wal`].map((path) => stat(path).catch(() => undefined)))
        return sizes.reduce((sum, found) => sum + (found?.size ?? 0), 0)
      },
      close: () => database.close(),
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
