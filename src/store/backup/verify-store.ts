import type { StoreEngine } from '../engine.ts'
import type { Archive } from '../sealed/archive.ts'
import { listSealed, type SealedFile } from '../sealed/sealed-file.ts'
import type { EvidenceTexts } from '../snapshot.ts'
import { contentHash } from './content-hash.ts'
import { isNamedBy } from './restore-backup.ts'
import { partOf, type Watch } from './watch.ts'

/** One piece of evidence that is not as it was written. */
export interface DamagedEvidence {
  readonly kind: 'runs' | 'blobs'
  readonly id: string
  /** Absent: a run names it, and it is not there. */
  readonly there: boolean
}

/** What was found of a store. */
export interface StoreCheck {
  readonly sealedFiles: number
  readonly damagedFiles: readonly SealedFile[]
  readonly runs: number
  readonly blobs: number
  readonly damagedEvidence: readonly DamagedEvidence[]
  /** Hash of the content, for which every table was read to its end; absent where sealed files are damaged. */
  readonly contentSha256?: string
}

export interface CheckParts {
  readonly engine: StoreEngine
  readonly archive: Archive
  /** Evidence of the folder. */
  readonly evidence: EvidenceTexts
}

/**
 * Reads everything a store holds: sealed files against their hashes, evidence against its names, every table to its
 * end.
 *
 * @throws `store.damaged` where the database itself cannot be read
 */
export function verifyStore({ engine, archive, evidence }: CheckParts, watch: Watch = {}): Promise<StoreCheck> {
  return engine.snapshot(async (read) => {
    const files = await listSealed(read)
    const damagedFiles = await archive.damagedAmong(files)
    watch.progress?.(0.2, 'checked the sealed files')
    const texts = read.evidence ?? evidence
    const runs = await texts.runs()
    const { blobs, damagedEvidence } = await checkEvidence(texts, runs, partOf(watch, 0.2, 0.5))
    const about = { sealedFiles: files.length, damagedFiles, runs: runs.length, blobs, damagedEvidence }
    if (damagedFiles.length > 0) return about
    return { ...about, contentSha256: await contentHash({ read, archive, runs, watch: partOf(watch, 0.5, 1) }) }
  })
}

async function checkEvidence(
  texts: EvidenceTexts,
  runs: readonly string[],
  watch: Watch,
): Promise<Pick<StoreCheck, 'blobs' | 'damagedEvidence'>> {
  const damagedEvidence: DamagedEvidence[] = []
  const names = await texts.blobs()
  const named = new Set<string>()
  const all = Math.max(1, runs.length + names.length)
  let done = 0
  const check = async (kind: DamagedEvidence['kind'], id: string): Promise<string | undefined> => {
    watch.signal?.throwIfAborted()
    const text = await (kind === 'runs' ? texts.run(id) : texts.blob(id))
    done += 1
    watch.progress?.(done / all, 'checking evidence')
    if (text !== undefined && isNamedBy(kind, id, text)) return text
    if (text !== undefined) damagedEvidence.push({ kind, id, there: true })
    return undefined
  }
  for (const id of runs) {
    const text = await check('runs', id)
    if (text !== undefined) for (const sha256 of blobsOf(text)) named.add(sha256)
  }
  const there = new Set(names)
  for (const id of names) await check('blobs', id)
  for (const id of named) if (!there.has(id)) damagedEvidence.push({ kind: 'blobs', id, there: false })
  return { blobs: names.length, damagedEvidence }
}

/** Blobs that a run names: what it was given, what it read, what it gave. */
function blobsOf(text: string): readonly string[] {
  const { inputSha256, outputSha256, readings } = JSON.parse(text) as {
    readonly inputSha256: string
    readonly outputSha256: string
    readonly readings: readonly { readonly sha256: string }[]
  }
  return [inputSha256, outputSha256, ...readings.map(({ sha256 }) => sha256)]
}
