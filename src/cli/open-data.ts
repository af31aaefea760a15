import type { CheckpointStore, DataPort, EvidenceStore, Pack } from '../kernel/index.ts'
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
  const store = await openStore(dataFolder)
  const { evidence, checkpoints } = store
  return { data: await createFileData({ packs, store }), evidence, checkpoints, close: () => store.close() }
}
