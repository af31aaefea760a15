import { mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { readIfThere, syncFolder } from '../blobs.ts'
import { unlessMissing } from '../digest.ts'
import type { EvidenceTexts, EvidenceWriter } from '../snapshot.ts'

const runsIn = (folder: string): string => join(folder, 'evidence/runs')
const blobsIn = (folder: string): string => join(folder, 'evidence/blobs')
const isHash = (name: string): boolean => /^[0-9a-f]{64}$/.test(name)

/** Evidence of a data folder. What is being written beside it is not there yet: files appear whole. */
export function evidenceInFolder(folder: string): EvidenceTexts {
  const names = async (path: string): Promise<readonly string[]> => (await readdir(path).catch(unlessMissing)) ?? []
  return {
    async runs() {
      const files = (await names(runsIn(folder))).filter((name) => name.endsWith('.json'))
      return files
        .map((name) => name.slice(0, -5))
        .filter(isHash)
        .sort()
    },
    async blobs() {
      const found: string[] = []
      for (const part of (await names(blobsIn(folder))).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort()) {
        found.push(...(await names(join(blobsIn(folder), part))).filter(isHash).sort())
      }
      return found
    },
    run: (id) => readIfThere(join(runsIn(folder), `${id}.json`)),
    blob: (sha256) => readIfThere(join(blobsIn(folder), sha256.slice(0, 2), sha256)),
  }
}

export interface EvidenceFolderWriter extends EvidenceWriter {
  /** Waits for what is under way, and makes the folders durable. */
  end(): Promise<void>
}

/** Writes evidence into a folder that nobody else uses yet, some files at a time. */
export function writeEvidenceTo(folder: string): EvidenceFolderWriter {
  const made = new Set<string>()
  const underWay = new Set<Promise<void>>()
  let failed: unknown

  const write = async (below: string, name: string, text: string): Promise<void> => {
    if (!made.has(below)) {
      await mkdir(below, { recursive: true })
      made.add(below)
    }
    const handle = await open(join(below, name), 'w')
    try {
      await handle.writeFile(text, 'utf8')
      await handle.sync()
    } finally {
      await handle.close()
    }
  }
  const add = async (below: string, name: string, text: string): Promise<void> => {
    if (failed) throw failed
    const one: Promise<void> = write(below, name, text)
      .catch((error: unknown) => {
        failed ??= error
      })
      .finally(() => underWay.delete(one))
    underWay.add(one)
    if (underWay.size >= 16) await Promise.race(underWay)
  }
  return {
    run: (id, text) => add(runsIn(folder), `${id}.json`, text),
    blob: (sha256, text) => add(join(blobsIn(folder), sha256.slice(0, 2)), sha256, text),
    async end() {
      await Promise.all(underWay)
      if (failed) throw failed
      for (const below of made) await syncFolder(below)
      if (made.size > 0) await syncFolder(blobsIn(folder))
    },
  }
}
