import { createHash, randomBytes } from 'node:crypto'
import { lstat, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder } from '../blobs.ts'
import { type FileDigest, unlessMissing } from '../digest.ts'
import { storeErrors } from '../errors.ts'

/**
 * Copies a file and syncs the copy, which is never a link: a link would be the same bytes on the same disk, and what harms
 * one would harm the other.
 *
 * @returns the digest of what was read; undefined where there is no such file
 */
export async function copyDurably(from: string, to: string, signal?: AbortSignal): Promise<FileDigest | undefined> {
  const source = await open(from, 'r').catch(unlessMissing)
  if (!source) return undefined
  const hash = createHash('sha256')
  let bytes = 0
  try {
    await mkdir(dirname(to), { recursive: true })
    const target = await open(to, 'w')
    try {
      const buffer = Buffer.allocUnsafe(1 << 20)
      for (;;) {
        signal?.throwIfAborted()
        const { bytesRead } = await source.read(buffer, 0, buffer.length)
        if (bytesRead === 0) break
        const part = buffer.subarray(0, bytesRead)
        hash.update(part)
        bytes += bytesRead
        await target.writeFile(part)
      }
      await target.sync()
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

/**
 * Makes a folder whole or not at all: it is filled under another name beside it, synced and renamed.
 *
 * @throws `store.not-empty` where something is at that name
 */
export async function makeWhole(folder: string, fill: (aside: string) => Promise<void>): Promise<void> {
  const refuse = () =>
    storeErrors.notEmpty({
      detail: 'A backup goes into a folder of its own, which it makes',
      place: { file: folder },
      found: 'something of that name',
      expected: 'a name that is not taken',
    })
  if (await lstat(folder).catch(unlessMissing)) throw refuse()
  const parent = dirname(folder)
  const aside = `${folder}.${randomBytes(4).toString('hex')}.part`
  try {
    await mkdir(aside, { recursive: true })
    await fill(aside)
    await syncFolder(aside)
    await rename(aside, folder).catch((error: NodeJS.ErrnoException) => {
      throw ['ENOTEMPTY', 'EEXIST', 'ENOTDIR'].includes(error.code ?? '') ? refuse() : error
    })
    await syncFolder(parent)
  } catch (error) {
    await rm(aside, { recursive: true, force: true }).catch(() => undefined)
    throw explainFile(error)
  }
}

/** Failures of the disk in words; anything else as it is. */
export function explainFile(error: unknown): unknown {
  const { code, message, path } = error as NodeJS.ErrnoException
  if (code === undefined || path === undefined) {
    return code === 'ENOSPC' || code === 'EDQUOT' ? full(message, error) : error
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') return full(message, error)
  if (!/^(EACCES|EPERM|EROFS|ENOTDIR|EIO|ENAMETOOLONG|EINVAL|EISDIR|ELOOP|ENOENT)$/.test(code)) return error
  return storeErrors.unreadable(
    {
      detail: `A file cannot be written or read: ${message}`,
      place: { file: path },
      expected: 'a folder that may be written',
    },
    { cause: error },
  )
}

const full = (message: string, cause: unknown) =>
  storeErrors.full({ detail: `There is no room left on the disk: ${message}` }, { cause })

/** Bytes of all plain files below a folder; 0 where there is none. */
export async function bytesBelow(folder: string): Promise<number> {
  const { readdir } = await import('node:fs/promises')
  let bytes = 0
  for (const entry of (await readdir(folder, { withFileTypes: true, recursive: true }).catch(unlessMissing)) ?? []) {
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name)).catch(unlessMissing))?.size ?? 0
  }
  return bytes
}
