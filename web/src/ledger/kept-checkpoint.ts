import { readCheckpoint } from './check-proof.ts'

const keyOf = (origin: string): string => `mangrove.checkpoint.${origin}`

/** The checkpoint of a ledger that this browser kept at its first visit, or when its reader chose to. */
export function keptCheckpoint(origin: string): string | undefined {
  const kept = localStorage.getItem(keyOf(origin)) ?? undefined
  return kept !== undefined && readCheckpoint(kept) ? kept : undefined
}

/** Keeps a checkpoint: what it was signed for can be held against the ledger of any later day. */
export const keepCheckpoint = (origin: string, checkpoint: string): void =>
  localStorage.setItem(keyOf(origin), checkpoint)
