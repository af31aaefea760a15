import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckpointStore } from '../kernel/index.ts'
import { readIfThere, writeDurably } from './blobs.ts'
import { storeErrors } from './errors.ts'

/** Parts of runs as files, `checkpoints/<key>/<number>.json`; each is whole or not there. */
export function createCheckpoints(folder: string): CheckpointStore {
  const folderOf = (key: string): string => {
    if (/^[0-9a-f]{64}$/.test(key)) return join(folder, 'checkpoints', key)
    throw storeErrors.badId({ detail: 'A checkpoint is named by a SHA-256', found: key, expected: '64 hex digits' })
  }
  const numbersIn = async (key: string): Promise<number[]> => {
    const names = await readdir(folderOf(key)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return []
      throw error
    })
    return names
      .filter((name) => /^\d+\.json$/.test(name))
      .map((name) => Number.parseInt(name, 10))
      .sort((a, b) => a - b)
  }
  return {
    async read(key) {
      const parts: string[] = []
      for (const number of await numbersIn(key)) {
        const text = await readIfThere(join(folderOf(key), `${number}.json`))
        // A part that is missing ends what can be gone on from.
        if (text === undefined || number !== parts.length) break
        parts.push(text)
      }
      return parts
    },
    async append(key, text) {
      const number = (await numbersIn(key)).length
      await writeDurably(join(folderOf(key), `${number}.json`), text)
    },
    drop: (key) => rm(folderOf(key), { recursive: true, force: true }),
  }
}
