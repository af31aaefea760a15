import { expect, it } from 'vitest'
import type { ObservationTables } from '../observations/observation-tables.ts'
import { RowBuilder, type Rows } from '../observations/rows.ts'
import type { Archive } from './archive.ts'
import type { SealedFile } from './sealed-file.ts'
import { withSealed } from './with-sealed.ts'

const range = { points: [1], fromMs: 0, toMs: 100 }
const file = (name: string): SealedFile => ({
  ...{ site: 'park', month: '1970-01', content: 'rows', file: name, sha256: '', rows: 1, bytes: 1 },
  ...{ fromPoint: 1, toPoint: 1, fromMs: 0, toMs: 99, sealedMs: 0 },
})

function rowsAt(...timesMs: readonly number[]): Rows {
  const rows = new RowBuilder()
  for (const timeMs of timesMs) rows.push(1, timeMs, 1, timeMs, 0, timeMs)
  return rows.rows()
}

/** A store of which a month is sealed while its rows are read. */
function sealedMeanwhile(open: () => AsyncGenerator<Rows>) {
  let files = [file('before')]
  const read: string[] = []
  const archive = {
    async *rows(some: readonly SealedFile[]) {
      read.push(some.map((one) => one.file).join())
      if (some[0]?.file === 'gone') throw new Error('damaged')
      yield some[0]?.file === 'before' ? rowsAt(1) : rowsAt(1, 2, 3)
    },
  } as unknown as Archive
  const manifest = { files: async () => files, changing: <T>(work: () => Promise<T>) => work() }
  const tables = withSealed({ rows: open } as unknown as ObservationTables, manifest, archive)
  const seal = (name: string): void => {
    files = [file(name)]
  }
  return { tables, read, seal }
}

async function timesOf(chunks: AsyncIterable<Rows>): Promise<readonly number[]> {
  const times: number[] = []
  for await (const rows of chunks) times.push(...rows.eventMs)
  return times
}

it('reads the sealed part once where the list of files stays as it was', async () => {
  const { tables, read } = sealedMeanwhile(async function* () {
    yield rowsAt(5)
  })
  expect(await timesOf(tables.rows(range))).toEqual([1, 5])
  expect(read).toEqual(['before'])
})

it('reads it again where a month is sealed while the open part is read, and misses nothing', async () => {
  const store = sealedMeanwhile(async function* () {
    store.seal('after')
    // The rows 2 and 3 have just left the tables.
    yield rowsAt(5)
  })
  expect(await timesOf(store.tables.rows(range))).toEqual([1, 2, 3, 5])
  expect(store.read.at(-1)).toBe('after')
})

it('lets go of the open part where the sealed one is damaged', async () => {
  let left = false
  const store = sealedMeanwhile(async function* () {
    try {
      store.seal('gone')
      yield rowsAt(5)
      yield rowsAt(6)
    } finally {
      left = true
    }
  })
  await expect(timesOf(store.tables.rows(range))).rejects.toThrow('damaged')
  expect(left).toBe(true)
})
