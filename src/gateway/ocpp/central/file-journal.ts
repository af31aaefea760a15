import { createReadStream } from 'node:fs'
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { foldJournal } from './fold-journal.ts'
import type { OcppJournal, OcppRecord } from './records.ts'

export interface FileJournalOptions {
  /** Transactions that ended before this moment are folded, UTC ms. Absent: the journal is never folded by itself. */
  readonly foldBeforeMs?: () => number
  /** It is folded when it is larger than this, and twice as large as after the last time. Default 8 MiB. */
  readonly foldAboveBytes?: number
  report?(error: unknown, message: string): void
}

export interface FileJournal extends OcppJournal {
  /** Folds what is in the file into fewer records that come to the same. Appends go on meanwhile. */
  fold(beforeMs: number): Promise<void>
  /** Size of the file, bytes. */
  size(): number
}

interface Work {
  readonly text: string
  done(error?: unknown): void
}

const usualFoldBytes = 8 << 20
const pieceBytes = 1 << 16

/**
 * A journal in a file, one record of JSON a line. Appends that come while the disk is busy go with the next write together,
 * so that a thousand stations cost no more syncs than one. A last line that a crash cut is left out, and overwritten.
 *
 * It is folded into a file beside it, which takes its place when it is whole and on the disk: a crash in the middle leaves the one or
 * the other, and what is beside is thrown away.
 */
export async function openFileJournal(file: string, options: FileJournalOptions = {}): Promise<FileJournal> {
  const { foldBeforeMs, foldAboveBytes = usualFoldBytes, report } = options
  const beside = `${file}.folding`
  await mkdir(dirname(file), { recursive: true })
  await rm(beside, { force: true })
  let handle = await open(file, 'a+')
  let bytes = await endOfLastLine(handle)
  await handle.truncate(bytes)
  let waiting: Work[] = []
  let writing: Promise<void> | undefined
  let folding: Promise<void> | undefined
  let foldedBytes = 0
  let closed = false
  /** What comes between two writes; nothing else touches the file then. */
  let between: (() => Promise<void>) | undefined

  async function write(): Promise<void> {
    while (waiting.length > 0 || between) {
      const pause = between
      between = undefined
      await pause?.()
      // A turn of the loop later, so that what came in together is written together.
      await new Promise(setImmediate)
      const batch = waiting
      if (batch.length === 0) continue
      waiting = []
      try {
        const text = batch.map((one) => one.text).join('')
        await handle.appendFile(text)
        await handle.datasync()
        bytes += Buffer.byteLength(text)
        for (const { done } of batch) done()
      } catch (error) {
        // Half a write must not stand before the next one.
        await handle.truncate(bytes).catch(() => undefined)
        for (const { done } of batch) done(error)
      }
    }
    writing = undefined
    foldWhereLarge()
  }

  function foldWhereLarge(): void {
    if (!foldBeforeMs || closed || folding || bytes < Math.max(foldAboveBytes, 2 * foldedBytes)) return
    fold(foldBeforeMs()).catch((error: unknown) => {
      // It is tried again when it has grown as much once more.
      foldedBytes = bytes
      report?.(error, 'the journal of charging stations could not be folded')
    })
  }

  function fold(beforeMs: number): Promise<void> {
    folding ??= foldNow(beforeMs).finally(() => {
      folding = undefined
    })
    return folding
  }

  async function foldNow(beforeMs: number): Promise<void> {
    const until = bytes
    if (until === 0) return
    const next = await open(beside, 'a+')
    try {
      let size = await writeAll(
        next,
        foldJournal(() => recordsOf(file, until), beforeMs),
      )
      await new Promise<void>((resolve, reject) => {
        between = async () => {
          try {
            size += await copyRest(file, until, bytes, next)
            await next.sync()
            await rename(beside, file)
            const before = handle
            handle = next
            bytes = size
            foldedBytes = size
            await before.close()
            // Before the next append: the old file must not come back without it.
            await syncFolder(dirname(file))
            resolve()
          } catch (error) {
            reject(error as Error)
          }
        }
        writing ??= write()
      })
    } catch (error) {
      if (handle !== next) await next.close()
      await rm(beside, { force: true })
      throw error
    }
  }

  return {
    append(records) {
      if (records.length === 0) return Promise.resolve()
      const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')
      return new Promise((resolve, reject) => {
        waiting.push({ text, done: (error) => (error === undefined ? resolve() : reject(error as Error)) })
        writing ??= write()
      })
    },
    read: () => recordsOf(file, bytes),
    fold,
    size: () => bytes,
    async close() {
      closed = true
      await folding?.catch(() => undefined)
      await writing
      await handle.close()
    },
  }
}

/** Bytes up to the end of the last whole line. */
async function endOfLastLine(handle: FileHandle): Promise<number> {
  const { size } = await handle.stat()
  const piece = Buffer.alloc(pieceBytes)
  for (let end = size; end > 0; ) {
    const from = Math.max(0, end - pieceBytes)
    const { bytesRead } = await handle.read(piece, 0, end - from, from)
    const at = piece.subarray(0, bytesRead).lastIndexOf(10)
    if (at >= 0) return from + at + 1
    end = from
  }
  return 0
}

/** Records of the first bytes of a file. */
async function* recordsOf(file: string, untilBytes: number): AsyncGenerator<OcppRecord> {
  if (untilBytes === 0) return
  let rest = ''
  const stream = createReadStream(file, { encoding: 'utf8', end: untilBytes - 1, highWaterMark: pieceBytes })
  for await (const piece of stream as AsyncIterable<string>) {
    const lines = (rest + piece).split('\n')
    rest = lines.pop()!
    for (const line of lines) if (line !== '') yield JSON.parse(line) as OcppRecord
  }
}

/** @returns bytes written */
async function writeAll(handle: FileHandle, records: AsyncIterable<OcppRecord>): Promise<number> {
  let size = 0
  let text = ''
  const flush = async (): Promise<void> => {
    await handle.appendFile(text)
    size += Buffer.byteLength(text)
    text = ''
  }
  for await (const record of records) {
    text += `${JSON.stringify(record)}\n`
    if (text.length > pieceBytes) await flush()
  }
  await flush()
  return size
}

/** What was appended while the beginning was folded. @returns bytes written */
async function copyRest(file: string, from: number, to: number, handle: FileHandle): Promise<number> {
  if (to <= from) return 0
  for await (const piece of createReadStream(file, { start: from, end: to - 1 })) await handle.appendFile(piece)
  return to - from
}

/** A rename is on the disk when its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
