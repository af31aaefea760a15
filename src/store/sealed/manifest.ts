import type { SqlDatabase } from '../sql.ts'
import { listSealed, type SealedFile } from './sealed-file.ts'

/** Which sealed files there are. */
export interface Manifest {
  files(): Promise<readonly SealedFile[]>
  /** Runs what may change the list; until it has ended the list is read from the database each time. */
  changing<T>(work: () => Promise<T>): Promise<T>
}

/** @param alone this process alone changes the list, so that it need not ask the database each time */
export function createManifest(database: SqlDatabase, alone: boolean): Manifest {
  let known: Promise<readonly SealedFile[]> | undefined
  let changes = 0
  const read = (): Promise<readonly SealedFile[]> => listSealed({ all: database.read })
  return {
    files() {
      if (!alone || changes > 0) return read()
      known ??= read().catch((error: unknown) => {
        known = undefined
        throw error
      })
      return known
    },
    async changing(work) {
      changes += 1
      known = undefined
      try {
        return await work()
      } finally {
        changes -= 1
        known = undefined
      }
    },
  }
}
