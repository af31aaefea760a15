import type { FileHandle } from 'node:fs/promises'
import { footerBytes, type RowGroup, readFooter, tailBytes } from './footer.ts'
import type { OpenFiles } from './open-files.ts'

/** Footers of files that never change, as far as they are remembered. */
export interface Footers {
  /** Groups of rows of a file; undefined where it is written in a way that is not read here. */
  of(path: string, columns: readonly string[]): Promise<readonly RowGroup[] | undefined>
}

/** About fifteen megabytes: the sealed years of a few sites. */
const usualGroups = 10_000

/** @param mostGroups of rows that are remembered, of the files that were read last */
export function createFooters(files: OpenFiles, mostGroups: number = usualGroups): Footers {
  const known = new Map<string, readonly RowGroup[] | undefined>()
  let groups = 0
  const forgetOldest = (): void => {
    for (const [path, old] of known) {
      if (groups <= mostGroups) return
      known.delete(path)
      groups -= sizeOf(old)
    }
  }
  return {
    async of(path, columns) {
      const found = known.has(path) ? known.get(path) : await files.use(path, (file) => readGroups(file, columns))
      // The one read last stands last.
      if (known.delete(path)) groups -= sizeOf(found)
      known.set(path, found)
      groups += sizeOf(found)
      forgetOldest()
      return found
    },
  }
}

const sizeOf = (groups: readonly RowGroup[] | undefined): number => 1 + (groups?.length ?? 0)

/** Read at once: most footers are shorter. */
const firstBytes = 65_536

async function readGroups(file: FileHandle, columns: readonly string[]): Promise<readonly RowGroup[] | undefined> {
  const { size } = await file.stat()
  const end = await readEnd(file, size, Math.min(size, firstBytes))
  if (end.length < tailBytes) return undefined
  const length = footerBytes(end.subarray(-tailBytes))
  if (length === undefined || length + tailBytes > size) return undefined
  const whole = length + tailBytes <= end.length ? end : await readEnd(file, size, length + tailBytes)
  return readFooter(whole.subarray(whole.length - tailBytes - length), columns)
}

async function readEnd(file: FileHandle, size: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length)
  const { bytesRead } = await file.read(bytes, 0, length, size - length)
  return bytes.subarray(0, bytesRead)
}
