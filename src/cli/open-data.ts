import {
  type CheckpointStore,
  type DataPort,
  type EvidenceStore,
  systemClock,
  type Vocabulary,
} from '../kernel/index.ts'
import { loadVocabulary } from '../pack-entries.ts'
import { createFileData, openStore } from '../store/index.ts'

/** What a command reads and where it leaves its evidence. */
export interface OpenData {
  /** What a site file may say. */
  readonly packs: readonly Vocabulary[]
  readonly data: DataPort
  readonly evidence: EvidenceStore
  readonly checkpoints: CheckpointStore
  close(): Promise<void>
}

/** Opens the data folder; its database only when a site reads observations. */
export async function openData(dataFolder: string): Promise<OpenData> {
  const packs = await loadVocabulary()
  const store = await openStore(dataFolder, systemClock, { databaseUrl: process.env.DATABASE_URL })
  const { evidence, checkpoints } = store
  return { packs, data: await createFileData({ packs, store }), evidence, checkpoints, close: () => store.close() }
}
