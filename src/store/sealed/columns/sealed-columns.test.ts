import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RowRange } from '../../observations/observation-tables.ts'
import { quarterAt } from '../../observations/quarter-columns.ts'
import type { Quarter } from '../../observations/quarters.ts'
import { RowBuilder, type Rows } from '../../observations/rows.ts'
import { dayStartMs, temporaryFolder } from '../../store.fixture.ts'
import { openParquet, type Parquet } from '../parquet.ts'
import { createSealedColumns, type SealedColumns } from './sealed-columns.ts'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let parquet: Parquet
let columns: SealedColumns
let files = 0

beforeAll(async () => {
  folder = await temporaryFolder()
  parquet = await openParquet(join(folder.path, 'temp'))
  columns = createSealedColumns()
})
afterAll(async () => {
  await columns.close()
  parquet.close()
  await folder.remove()
})

const newFile = (): string => {
  files += 1
  return join(folder.path, `${files}.parquet`)
}

/** How the numbers of a file look, by which the writer chooses its encodings. */
const looks = fc.record({
  points: fc.integer({ min: 1, max: 8 }),
  each: fc.constantFrom(1, 3, 700, 6000),
  value: fc.constantFrom('constant', 'decimals', 'digits', 'gaps', 'nothing'),
  stepMs: fc.constantFrom(1, 10_000, 900_000),
  uneven: fc.boolean(),
  firstMs: fc.constantFrom(0, -3_600_000, dayStartMs, 9_000_000_000_000),
  lateMs: fc.constantFrom(0, 5000, 40_000_000_000),
  sources: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(),
})
type Looks = typeof looks extends fc.Arbitrary<infer T> ? T : never

function noiseOf(seed: number): () => number {
  let state = seed | 1
  return () => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9
    return (state >>> 0) / 2 ** 32
  }
}

function drawValue(look: Looks['value'], noise: () => number): number {
  if (look === 'constant') return 7.5
  if (look === 'decimals') return Math.round(noise() * 900) / 10
  if (look === 'gaps' && noise() < 0.2) return Number.NaN
  return look === 'nothing' ? Number.NaN : (noise() - 0.5) * 1e9
}

function rowsOf({ points, each, value, stepMs, uneven, firstMs, lateMs, sources, seed }: Looks): Rows {
  const noise = noiseOf(seed)
  const rows = new RowBuilder()
  for (let point = 0; point < points; point += 1) {
    for (let step = 0, eventMs = firstMs; step < each; step += 1) {
      eventMs += uneven ? 1 + Math.floor(noise() * stepMs) : stepMs
      const source = 1 + (step % sources)
      const receivedMs = eventMs + Math.floor((noise() * lateMs) / 1000) * 1000
      rows.push(point * 3 + 1, eventMs, source, drawValue(value, noise), noise() < 0.1 ? 3 : 0, receivedMs)
    }
  }
  return rows.rows()
}

async function allOf(chunks: AsyncIterable<Rows>): Promise<Rows> {
  const all = new RowBuilder()
  for await (const rows of chunks) for (let row = 0; row < rows.count; row += 1) all.pushRow(rows, row)
  return all.rows()
}

/** All of a file; a part of its points and its time; nothing. */
function rangesOf({ points, each, stepMs, firstMs }: Looks): readonly RowRange[] {
  const ids = Array.from({ length: points }, (_, point) => point * 3 + 1)
  const middleMs = firstMs + (each * stepMs) / 2
  return [
    { points: ids, fromMs: -8e14, toMs: 9.1e15 },
    { points: [ids[points >> 1]!, 999], fromMs: middleMs - stepMs * 200, toMs: middleMs + stepMs * 100 + 0.5 },
    { points: ids.filter((_, at) => at % 2 === 0).reverse(), fromMs: middleMs, toMs: 9.1e15 },
    { points: [2], fromMs: -8e14, toMs: 9.1e15 },
  ]
}

describe('a sealed file read column by column', () => {
  it('gives the rows that DuckDB reads from it, to the bit (property)', async () => {
    await fc.assert(
      fc.asyncProperty(looks, async (look) => {
        const file = newFile()
        const rows = rowsOf(look)
        await parquet.addRows(rows)
        const points = new Map([...rows.point].map((id) => [id, `p${id}`]))
        await parquet.writeRows(file, { points, sources: new Map([1, 2, 3].map((id) => [id, `s${id}`])) })
        expect(await columns.reads(file, 'rows')).toBe(true)
        for (const range of rangesOf(look)) {
          expect(await allOf(columns.rows(file, range))).toEqual(await allOf(parquet.readRows([file], range)))
        }
      }),
      { numRuns: 12 },
    )
  })

  it('gives the quarters that DuckDB reads from it, to the bit (property)', async () => {
    await fc.assert(
      fc.asyncProperty(looks, async (look) => {
        const file = newFile()
        const { value, point, eventMs, count } = rowsOf(look)
        const noise = noiseOf(look.seed)
        const made = Array.from({ length: count }, (_, row): Quarter => {
          const own = {
            sum: value[row]!,
            min: drawValue(look.value, noise),
            max: value[row]! * 2,
            first: 1,
            last: noise(),
          }
          const ends = { firstMs: eventMs[row]! + 10, lastMs: eventMs[row]! + 20, rise: drawValue(look.value, noise) }
          return { point: point[row]!, startMs: eventMs[row]!, count: row % 91, ...own, ...ends, quality: row % 2 }
        })
        await parquet.writeQuarters(file, made, {
          points: new Map([...point].map((id) => [id, `p${id}`])),
          sources: new Map(),
        })
        expect(await columns.reads(file, 'quarters')).toBe(true)
        for (const range of rangesOf(look)) {
          const parts = await columns.quarters(file, range)
          const found = parts.flatMap((part) => Array.from({ length: part.length }, (_, row) => quarterAt(part, row)))
          expect(found).toEqual(await parquet.readQuarters([file], range))
        }
      }),
      { numRuns: 12 },
    )
  })

  it('is left to DuckDB where another has written it, with other packing or without the columns', async () => {
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(':memory:')
    const connection = await instance.connect()
    const snappy = newFile()
    await connection.run(
      `COPY (SELECT 1 AS id, 2::BIGINT AS event_ms, 1 AS source_id, 1.0::DOUBLE AS value, 0 AS quality, 0 AS delay_s)
       TO '${snappy}' (FORMAT parquet, COMPRESSION snappy)`,
    )
    const other = newFile()
    await connection.run(`COPY (SELECT 1 AS id) TO '${other}' (FORMAT parquet, COMPRESSION zstd)`)
    connection.closeSync()
    instance.closeSync()
    expect(await columns.reads(snappy, 'rows')).toBe(false)
    expect(await columns.reads(other, 'rows')).toBe(false)
  })
})
