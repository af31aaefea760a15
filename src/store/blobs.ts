import { randomBytes } from 'node:crypto'
import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { sha256Hex } from '../kernel/index.ts'
import { storeErrors } from './errors.ts'

/** Text kept under the SHA-256 of its UTF-8 bytes; written once, never changed. */
export interface Blobs {
  put(text: string): Promise<string>
  /** @throws `store.evidence-damaged` when the bytes no longer match their name. */
  get(sha256: string): Promise<string | undefined>
}

/** Blobs as files, `ab/abcdef…`: several processes may write the same folder at once. */
export function createBlobs(folder: string): Blobs {
  const fileOf = (sha256: string): string => join(folder, sha256.slice(0, 2), sha256)
  return {
    async put(text) {
      const sha256 = sha256Hex(text)
      const present = await readIfThere(fileOf(sha256))
      if (present === undefined || sha256Hex(present) !== sha256) await writeDurably(fileOf(sha256), text)
      return sha256
    },
    async get(sha256) {
      if (!/^[0-9a-f]{64}$/.test(sha256)) {
        throw storeErrors.badId({ detail: 'A blob is named by its SHA-256', found: sha256, expected: '64 hex digits' })
      }
      const text = await readIfThere(fileOf(sha256))
      if (text !== undefined && sha256Hex(text) !== sha256) {
        throw storeErrors.evidenceDamaged({
          detail: 'The stored bytes were changed after they were written',
          found: sha256,
        })
      }
      return text
    },
  }
}

/** @throws `store.unreadable` for a file that is there and cannot be read */
export async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw storeErrors.unreadable({ detail: `A file cannot be read: ${message}`, found: file }, { cause: error })
  }
}

/** Whole or not at all, and on the disk before it returns: write aside, sync, rename, sync the folder. */
export async function writeDurably(file: string, text: string): Promise<void> {
  const folder = dirname(file)
  await mkdir(folder, { recursive: true })
  const aside = `${file}.${randomBytes(6).toString('hex')}.part`
  const handle = await open(aside, 'wx')
  try {
    await handle.writeFile(text, 'utf8')
    await handle.sync()
    await handle.close()
    await rename(aside, file)
  } catch (error) {
    await handle.close().catch(() => undefined)
    await unlink(aside).catch(() => undefined)
    throw error
  }
  await syncFolder(folder)
}

/** Some systems (Windows) cannot sync a folder; the rename is durable there by other means. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined)
  await handle?.sync().catch(() => undefined)
  await handle?.close()
}
