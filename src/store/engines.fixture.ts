import type { EvidenceStore } from '../kernel/index.ts'
import { openDuckEngine } from './duckdb/open-engine.ts'
import type { StoreEngine } from './engine.ts'
import { openEvidence } from './evidence.ts'
import { type OpenParts, partsOf } from './open-store.ts'
import { sharedServer } from './postgres/embedded.fixture.ts'
import { lendEngine } from './postgres/test-schema.fixture.ts'
import { openRunDays } from './run-days.ts'
import type { RunList } from './run-list.ts'
import { type MovableClock, movableClock, temporaryFolder } from './store.fixture.ts'

export interface TestStore extends OpenParts {
  readonly engine: StoreEngine
  readonly evidence: EvidenceStore
  readonly runs: RunList
  /** Of sealed files, and of evidence where the engine does not keep it. */
  readonly folder: string
  readonly clock: MovableClock
  /** Ends it and removes all it wrote. */
  end(): Promise<void>
}

export interface TestEngine {
  readonly name: string
  /** An empty store. `eager`: upkeep moves every row at once. */
  open(options?: { readonly eager?: boolean }): Promise<TestStore>
}

const duckdb: TestEngine = {
  name: 'DuckDB',
  async open({ eager = false } = {}) {
    const folder = await temporaryFolder()
    const clock = movableClock()
    const engine = await openDuckEngine(folder.path, clock, eager ? { rows: 1, waitMs: 0 } : undefined)
    const parts = partsOf(engine, folder.path, clock)
    return {
      ...parts,
      engine,
      evidence: openEvidence(folder.path),
      runs: openRunDays(folder.path),
      folder: folder.path,
      clock,
      async end() {
        await parts.close()
        await folder.remove()
      },
    }
  },
}

const server = await sharedServer()

/** On the server that all tests share. */
const postgres = (url: string): TestEngine => ({
  name: 'PostgreSQL',
  async open() {
    const folder = await temporaryFolder()
    const clock = movableClock()
    const { engine, giveBack } = await lendEngine(url, clock)
    const parts = partsOf(engine, folder.path, clock)
    return {
      ...parts,
      engine,
      evidence: engine.evidence,
      runs: engine.runs,
      folder: folder.path,
      clock,
      async end() {
        await parts.close()
        await giveBack()
        await folder.remove()
      },
    }
  },
})

/** Every engine that a store stands on: each conformance test runs on each of them. */
export const engines: readonly TestEngine[] = [duckdb, ...(server ? [postgres(server.url)] : [])]
