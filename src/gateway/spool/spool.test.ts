import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSpool, type Spool, type SpoolOptions } from './create-spool.ts'

let folder: string
let told: string[]
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mangrove-spool-'))
  told = []
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const open = (own: Partial<SpoolOptions> = {}, at = folder): Promise<Spool> =>
  openSpool(at, { shrink: () => [], report: (_, message) => told.push(message), ...own })
const text = (value: number | string): Buffer => Buffer.from(String(value))

/** Everything that waits, a few at a time. */
async function drain(spool: Spool, each = 3): Promise<readonly string[]> {
  const got: string[] = []
  while ((await spool.take(each, async (records) => void got.push(...records.map(String)))) > 0);
  return got
}
const segmentsIn = (at: string): readonly string[] => readdirSync(at).filter((name) => name.endsWith('.log'))

describe('what waits on the disk', () => {
  it('is taken in its order, once, also after it was opened anew at any moment', async () => {
    const step = fc.oneof(
      fc.record({ append: fc.integer({ min: 1, max: 6 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 6 }) }),
      fc.constant({ reopen: true }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const own = mkdtempSync(join(folder, 'run-'))
        const options = { segmentBytes: 64 }
        let spool = await open(options, own)
        const expected: string[] = []
        let next = 0
        for (const one of steps) {
          if ('append' in one) {
            const added = Array.from({ length: one.append }, () => String(next++))
            expected.push(...added)
            await Promise.all(added.map((record) => spool.append(text(record))))
          } else if ('take' in one) {
            const got: string[] = []
            await spool.take(one.take, async (records) => void got.push(...records.map(String)))
            expect(got).toEqual(expected.splice(0, got.length))
            expect(got.length > 0 || expected.length === 0).toBe(true)
          } else {
            await spool.close()
            spool = await open(options, own)
          }
          expect(spool.figures().records).toBe(expected.length)
        }
        expect(await drain(spool)).toEqual(expected)
        await spool.close()
      }),
    )
  })

  it('is handed over again where it was not taken', async () => {
    const spool = await open()
    await Promise.all([1, 2, 3].map((value) => spool.append(text(value))))
    await expect(spool.take(2, () => Promise.reject(new Error('no line')))).rejects.toThrow('no line')
    expect(await drain(spool)).toEqual(['1', '2', '3'])
    expect(await spool.take(2, () => Promise.reject(new Error('nothing waits')))).toBe(0)
  })

  it('loses at most the record that a crash cut off, which nobody was told is kept', async () => {
    const spool = await open()
    await spool.append(text('first'))
    await spool.append(text('second'))
    await spool.close()
    const [segment] = segmentsIn(folder)
    const whole = readFileSync(join(folder, segment!))
    for (let cut = 1; cut <= whole.length; cut += 1) {
      writeFileSync(join(folder, segment!), whole)
      truncateSync(join(folder, segment!), whole.length - cut)
      const again = await open()
      await again.append(text('third'))
      const got = await drain(again)
      expect(got.at(-1)).toBe('third')
      expect(['first', 'second'].slice(0, got.length - 1)).toEqual(got.slice(0, -1))
      await again.close()
      rmSync(folder, { recursive: true })
      const fresh = await open()
      await fresh.close()
      writeFileSync(join(folder, segment!), whole)
    }
    expect(told).toEqual([])
  })

  it('is read beside a flipped bit, which is told', async () => {
    const spool = await open({ segmentBytes: 40 })
    for (const value of ['alpha', 'beta', 'gamma', 'delta']) await spool.append(text(value.padEnd(40, '.')))
    await spool.close()
    const [, second] = segmentsIn(folder)
    const bytes = readFileSync(join(folder, second!))
    bytes[20]! ^= 1
    writeFileSync(join(folder, second!), bytes)
    const again = await open({ segmentBytes: 40 })
    expect((await drain(again)).map((one) => one.replaceAll('.', ''))).toEqual(['alpha', 'gamma', 'delta'])
    expect(told.length).toBeGreaterThan(0)
    expect(again.figures().damaged).toBeGreaterThan(0)
  })

  it('is sent once more, not lost, when the place cannot be read', async () => {
    const spool = await open()
    await Promise.all([1, 2, 3].map((value) => spool.append(text(value))))
    await spool.take(2, async () => undefined)
    await spool.close()
    appendFileSync(join(folder, 'position.json'), 'x')
    expect(await drain(await open())).toEqual(['1', '2', '3'])
  })

  it('never takes more room than it may: the oldest become marks of their gap', async () => {
    const spool = await open({
      maxBytes: 8192,
      segmentBytes: 1024,
      shrink: (records) => {
        const numbers = records.flatMap((record) => String(record).match(/\d+/g) ?? []).map(Number)
        return [text(`gap ${Math.min(...numbers)} ${Math.max(...numbers)}`)]
      },
    })
    for (let value = 0; value < 500; value += 1) {
      await spool.append(text(`${value} `.padEnd(100, '-')))
      expect(spool.figures().bytes).toBeLessThanOrEqual(8192)
    }
    const got = (await drain(spool)).map((record) => record.replaceAll('-', '').trim())
    expect(got[0]).toMatch(/^gap 0 \d+$/)
    const kept = got.slice(1).map(Number)
    expect(kept.length).toBeGreaterThan(40)
    expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 500 - kept.length + index))
    expect(Number(got[0]!.split(' ')[2])).toBe(kept[0]! - 1)
    expect(spool.figures()).toMatchObject({ records: 0, shrunk: 500 - kept.length - 1 })
  })

  it('refuses one record that is larger than all that may wait', async () => {
    const spool = await open({ maxBytes: 1000 })
    await expect(spool.append(Buffer.alloc(600))).rejects.toMatchObject({ code: 'gateway.spool-full' })
  })

  it('writes many at once as one synced write', async () => {
    const spool = await open()
    const started = performance.now()
    await Promise.all(Array.from({ length: 5000 }, (_, value) => spool.append(text(value))))
    expect(spool.figures().records).toBe(5000)
    expect(performance.now() - started).toBeLessThan(5000)
    expect(await drain(spool, 1000)).toHaveLength(5000)
  })
})
