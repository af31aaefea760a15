import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { lstat } from 'node:fs/promises'

/** Bytes of a file and their SHA-256. */
export interface FileDigest {
  readonly bytes: number
  readonly sha256: string
}

/** Digest of a plain file; undefined where there is none, or where it is a link or a folder. */
export async function digestOf(path: string, signal?: AbortSignal): Promise<FileDigest | undefined> {
  const found = await lstat(path).catch(unlessMissing)
  if (!found?.isFile()) return undefined
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted()
    hash.update(chunk as Buffer)
    bytes += (chunk as Buffer).length
  }
  return { bytes, sha256: hash.digest('hex') }
}

export function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined
  throw error
}
