import { type CheckpointStore, type DataPort, type EvidenceStore, type Pack, systemClock } from '../kernel/index.ts'
import { createFileData, openStore } from '../store/index.ts'

/** What a command reads and where it leaves its evidence. */
export interface OpenData {
  readonly data: DataPort
  readonly evidence: EvidenceStore
  readonly checkpoints: CheckpointStore
  close(): Promise<void>
}

/** Opens the data folder; its database only when a site reads observations. */
export async function openData(packs: readonly Pack[], dataFolder: string): Promise<OpenData> {
  const store = await openStore(dataFolder, systemClock, { databaseUrl: process.env.DATABASE_URL })
  const { evidence, checkpoints } = store
  return { data: await createFileData({ packs, store }), evidence, checkpoints, close: () => store.close() }
}
