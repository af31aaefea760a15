import { mkdir } from 'node:fs/promises'
import { openDuckEngine } from '../duckdb/open-engine.ts'
import type { TestEngine, TestStore } from '../engines.fixture.ts'
import { openEvidence } from '../evidence.ts'
import { partsOf } from '../open-store.ts'
import { openRunDays } from '../run-days.ts'
import { type MovableClock, movableClock, temporaryFolder } from '../store.fixture.ts'
import { restoreEngine, restoreFolder } from './restore-backup.ts'

/** A backup restored on an engine. */
export async function restoredOn(engine: TestEngine, backup: string): Promise<TestStore> {
  if (engine.name !== 'DuckDB') {
    const store = await engine.open()
    await restoreEngine(backup, store.engine, store.folder)
    return store
  }
  const folder = await temporaryFolder()
  const clock = movableClock()
  await restoreFolder(backup, folder.path, clock)
  return openedAt(folder.path, clock, () => folder.remove())
}

/** The store of a data folder on DuckDB. */
export async function openedAt(
  folder: string,
  clock: MovableClock = movableClock(),
  after: () => Promise<void> = async () => undefined,
): Promise<TestStore> {
  await mkdir(folder, { recursive: true })
  // Upkeep moves every row at once.
  const opened = await openDuckEngine(folder, clock, { rows: 1, waitMs: 0 })
  const parts = partsOf(opened, folder, clock)
  return {
    ...parts,
    engine: opened,
    evidence: openEvidence(folder),
    runs: openRunDays(folder),
    folder,
    clock,
    async end() {
      await parts.close()
      await after()
    },
  }
}
