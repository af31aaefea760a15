import { type FileHandle, open } from 'node:fs/promises'

/** Files that stay open for the next who reads them. */
export interface OpenFiles {
  use<T>(path: string, work: (file: FileHandle) => Promise<T>): Promise<T>
  /** Opens it anew next time: it was removed, or another took its place. */
  forget(path: string): void
  /** Closes all, each as soon as nobody reads it. */
  close(): Promise<void>
}

/** A year of months, rows and quarters, of a few sites. */
const usualFiles = 64

interface OpenFile {
  readonly handle: Promise<FileHandle>
  users: number
  /** Nobody is to take it again. */
  left: boolean
}

/** @param most files that stay open, those that were read last */
export function createOpenFiles(most: number = usualFiles): OpenFiles {
  const files = new Map<string, OpenFile>()

  const closeUnused = async (file: OpenFile): Promise<void> => {
    if (file.users === 0 && file.left) await file.handle.then((handle) => handle.close()).catch(() => undefined)
  }
  const leave = (path: string, file: OpenFile): Promise<void> => {
    if (files.get(path) === file) files.delete(path)
    if (file.left) return Promise.resolve()
    file.left = true
    return closeUnused(file)
  }

  return {
    async use(path, work) {
      const file = files.get(path) ?? { handle: open(path), users: 0, left: false }
      file.users += 1
      // The one read last stands last.
      files.delete(path)
      files.set(path, file)
      for (const [oldest, other] of files) if (files.size > most) void leave(oldest, other)
      try {
        return await work(await file.handle)
      } catch (error) {
        void leave(path, file)
        throw error
      } finally {
        file.users -= 1
        await closeUnused(file)
      }
    },
    forget(path) {
      const file = files.get(path)
      if (file) void leave(path, file)
    },
    async close() {
      await Promise.all([...files].map(([path, file]) => leave(path, file)))
    },
  }
}
