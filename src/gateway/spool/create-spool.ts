import { mkdir, open, readdir, readFile, rename, rm, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { syncFolder } from '../../store/index.ts'
import { gatewayErrors } from '../errors.ts'
import { framedBytes, frameRecord, maxRecordBytes, readRecords } from './records.ts'

export interface SpoolOptions {
  /** Bytes on the disk; above, the oldest records are shrunk away. Default 256 MiB. */
  readonly maxBytes?: number
  /** Bytes of one segment. Default a sixteenth of all. */
  readonly segmentBytes?: number
  /**
   * What is left of records that have to go for want of room: marks of the gap that they leave, far shorter than they.
   * May be empty.
   */
  shrink(records: readonly Buffer[]): readonly Buffer[]
  /** For the log: damage that was met, records that were shrunk away. */
  report(error: unknown, message: string): void
}

export interface SpoolFigures {
  readonly records: number
  readonly bytes: number
  readonly maxBytes: number
  /** Since it was opened. */
  readonly appended: number
  readonly taken: number
  /** Records that were shrunk away for want of room. */
  readonly shrunk: number
  /** Segments of which a part could not be read. */
  readonly damaged: number
}

/** Records that wait on the disk, in their order, until somebody takes them. */
export interface Spool {
  /** On the disk when it settles. @throws `gateway.spool-full` for a record that is too large by itself, and what the disk says */
  append(record: Uint8Array): Promise<void>
  /**
   * Hands the oldest records over and forgets them when that has settled; the same again where it threw, and after a
   * crash. One call at a time.
   *
   * @returns how many were taken; 0: nothing waits
   */
  take(most: number, work: (records: readonly Buffer[]) => Promise<void>): Promise<number>
  figures(): SpoolFigures
  /** Settles when what is under way is on the disk. */
  close(): Promise<void>
}

interface Segment {
  readonly number: number
  bytes: number
  records: number
}

const segmentName = (number: number): string => `${String(number).padStart(12, '0')}.log`
const positionFile = 'position.json'

/**
 * Opens the spool of a folder, of which this process is the only user. Records are appended to segments, many in one
 * write that is synced; what was taken is a place in the oldest segment, and whole segments are removed.
 */
export async function openSpool(folder: string, options: SpoolOptions): Promise<Spool> {
  const { maxBytes = 256 * 1024 * 1024, shrink, report } = options
  const segmentBytes = options.segmentBytes ?? Math.max(4096, Math.floor(maxBytes / 16))
  await mkdir(folder, { recursive: true })
  const counted = { appended: 0, taken: 0, shrunk: 0, damaged: 0 }
  const segments: Segment[] = []
  /** Place in the oldest segment up to which records were taken. */
  let place = await readPlace(folder)
  await recover()

  const waiting: { readonly framed: Buffer; readonly settled: PromiseWithResolvers<void> }[] = []
  let writing: Promise<void> | undefined
  let taking: Promise<unknown> = Promise.resolve()

  async function recover(): Promise<void> {
    const names = (await readdir(folder)).filter((name) => /^\d{12}\.log$/.test(name)).sort()
    for (const name of names) {
      const number = Number(name.slice(0, 12))
      if (number < place.segment) {
        await rm(join(folder, name))
        continue
      }
      const path = join(folder, name)
      const content = await readFile(path)
      const from = number === place.segment ? Math.min(place.bytes, content.length) : 0
      const { records, soundBytes, end } = readRecords(content, from)
      if (end === 'damaged') tellDamage(number, soundBytes)
      // A write that a crash cut off was never acknowledged.
      if (end === 'torn') await truncate(path, soundBytes)
      segments.push({ number, bytes: end === 'torn' ? soundBytes : content.length, records: records.length })
    }
    if (place.segment < (segments[0]?.number ?? 0)) place = { segment: segments[0]!.number, bytes: 0 }
  }

  function tellDamage(number: number, found: number): void {
    const place = { file: join(folder, segmentName(number)) }
    counted.damaged += 1
    report(
      gatewayErrors.spoolDamaged({ detail: 'A segment holds what nobody wrote', place, found: `at byte ${found}` }),
      'records that waited could not be read; those before and the next segments can',
    )
  }
  const bytes = (): number => segments.reduce((sum, segment) => sum + segment.bytes, 0)
  const nextNumber = (): number => (segments.at(-1)?.number ?? place.segment) + 1

  /** Writes all that waits into the newest segment, in one synced write. */
  const write = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting.splice(0)
      try {
        await makeRoom(group.reduce((sum, { framed }) => sum + framed.length, 0))
        let newest = segments.at(-1)
        if (!newest || newest.bytes >= segmentBytes) {
          newest = { number: nextNumber(), bytes: 0, records: 0 }
          segments.push(newest)
        }
        await appendTo(
          join(folder, segmentName(newest.number)),
          newest.bytes,
          group.map(({ framed }) => framed),
        )
        for (const { framed } of group) newest.bytes += framed.length
        newest.records += group.length
        counted.appended += group.length
        for (const { settled } of group) settled.resolve()
      } catch (error) {
        for (const { settled } of group) settled.reject(error)
      }
    }
    writing = undefined
  }

  /** Shrinks the oldest segments into one for as long as there is not enough room. */
  const makeRoom = async (needed: number): Promise<void> => {
    while (segments.length > 1 && bytes() + needed > maxBytes) {
      await inTurn(async () => {
        const gone = segments.slice(0, Math.min(2, segments.length - 1))
        const records: Buffer[] = []
        for (const { number } of gone) {
          const content = await readFile(join(folder, segmentName(number)))
          records.push(...readRecords(content, number === place.segment ? place.bytes : 0).records)
        }
        const kept = shrink(records)
        const first = gone[0]!
        const last = gone.at(-1)!
        const framed = kept.map((record) => frameRecord(record))
        await replaceFile(folder, segmentName(last.number), Buffer.concat(framed))
        place = { segment: last.number, bytes: 0 }
        await writePlace(folder, place)
        if (first !== last) await rm(join(folder, segmentName(first.number)))
        segments.splice(0, gone.length, {
          number: last.number,
          bytes: framed.reduce((sum, one) => sum + one.length, 0),
          records: kept.length,
        })
        counted.shrunk += records.length - kept.length
        report(
          gatewayErrors.spoolFull({
            detail: 'The oldest records that waited had to go',
            place: { file: folder },
            found: records.length,
            expected: `at most ${maxBytes} bytes waiting`,
          }),
          'what could not be sent for too long is marked as a gap',
        )
        // Where nothing becomes smaller, the marks go too.
        if (kept.length >= records.length && records.length > 0) await dropOldest()
      })
    }
  }
  const dropOldest = async (): Promise<void> => {
    const oldest = segments.shift()!
    counted.shrunk += oldest.records
    place = { segment: segments[0]?.number ?? oldest.number + 1, bytes: 0 }
    await writePlace(folder, place)
    await rm(join(folder, segmentName(oldest.number)))
  }

  /** What takes and what shrinks go one after another. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = taking.then(work)
    taking = turn.catch(() => undefined)
    return turn
  }

  const oldestRecords = async (most: number) => {
    while (segments.length > 0) {
      const oldest = segments[0]!
      const content = await readFile(join(folder, segmentName(oldest.number)))
      const from = oldest.number === place.segment ? place.bytes : 0
      // What is being written at this moment is not yet part of it.
      const { records, soundBytes, end } = readRecords(content.subarray(0, oldest.bytes), from)
      if (records.length > 0) return { oldest, from, records: records.slice(0, most) }
      if (end === 'damaged') tellDamage(oldest.number, soundBytes)
      if (segments.length === 1 && end === 'whole') return undefined
      await dropOldest()
    }
    return undefined
  }

  return {
    async append(record) {
      if (record.length > Math.min(maxRecordBytes, maxBytes / 2)) {
        throw gatewayErrors.spoolFull({
          detail: 'The record is larger than what may wait',
          found: record.length,
          expected: `at most ${Math.min(maxRecordBytes, maxBytes / 2)} bytes`,
        })
      }
      const settled = Promise.withResolvers<void>()
      waiting.push({ framed: frameRecord(record), settled })
      writing ??= write()
      await settled.promise
    },
    take: (most, work) =>
      inTurn(async () => {
        const found = await oldestRecords(most)
        if (!found) return 0
        const { oldest, from, records } = found
        await work(records)
        const bytesTaken = records.reduce((sum, record) => sum + framedBytes(record), 0)
        place = { segment: oldest.number, bytes: from + bytesTaken }
        oldest.records -= records.length
        counted.taken += records.length
        await writePlace(folder, place)
        if (oldest.records <= 0 && segments.length > 1) await dropOldest()
        return records.length
      }),
    figures: () => ({
      ...counted,
      records: segments.reduce((sum, { records }) => sum + records, 0),
      bytes: bytes(),
      maxBytes,
    }),
    async close() {
      await writing
      await taking
    },
  }
}

/** Adds to a file that has so many bytes, and takes back what could not be synced. */
async function appendTo(path: string, bytes: number, framed: readonly Buffer[]): Promise<void> {
  const isNew = bytes === 0
  const handle = await open(path, isNew ? 'w' : 'r+')
  try {
    await handle.write(Buffer.concat(framed), 0, undefined, bytes)
    await handle.datasync()
  } catch (error) {
    await handle.truncate(bytes).catch(() => undefined)
    throw error
  } finally {
    await handle.close()
  }
  if (isNew) await syncFolder(join(path, '..'))
}

async function replaceFile(folder: string, name: string, content: Buffer): Promise<void> {
  const next = join(folder, `${name}.next`)
  const handle = await open(next, 'w')
  try {
    await handle.write(content)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(next, join(folder, name))
  await syncFolder(folder)
}

interface Place {
  readonly segment: number
  readonly bytes: number
}

async function readPlace(folder: string): Promise<Place> {
  const path = join(folder, positionFile)
  const found = await stat(path).catch(() => undefined)
  if (!found) return { segment: 0, bytes: 0 }
  try {
    const { segment, bytes } = JSON.parse(await readFile(path, 'utf8')) as Partial<Place>
    if (Number.isSafeInteger(segment) && Number.isSafeInteger(bytes)) return { segment: segment!, bytes: bytes! }
  } catch {
    // Told below.
  }
  // Everything is sent once more: who takes it stores it once.
  return { segment: 0, bytes: 0 }
}

const writePlace = (folder: string, place: Place): Promise<void> =>
  replaceFile(folder, positionFile, Buffer.from(JSON.stringify(place)))
