import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { bytesOf, context, rowsOf } from './formats/observations.fixture.ts'
import { parseBody } from './parse-body.ts'
import type { ParseRequest } from './parse-messages.ts'
import { createParseThreads, type ParseThreads, type ParseThreadsOptions } from './parse-threads.ts'

let threads: ParseThreads
const open = (options: ParseThreadsOptions = {}): ParseThreads => {
  threads = createParseThreads(options)
  return threads
}
afterEach(() => threads.close())

const request = (bytes: Uint8Array, own: Partial<ParseRequest> = {}): ParseRequest => ({
  format: 'line-protocol',
  encoding: 'identity',
  bytes,
  context,
  ...own,
})
const rows = (count: number): string =>
  Array.from(
    { length: count },
    (_, row) => `m${row % 5000},unit=kW v=${row} 178331040${String(row).padStart(10, '0')}`,
  ).join('\n')
const broken = new URL('./broken-thread.fixture.ts', import.meta.url)
/** A body that is too large for the caller's thread. */
const large = (word: string): ParseRequest => request(bytesOf(word.padEnd(40_000, ' ')))

describe('threads that read bodies', () => {
  it('read a small body in place and a large one in a thread, alike', async () => {
    open()
    for (const count of [100, 20_000]) {
      const body = `${rows(count)}\nbad\n`
      const expected = parseBody(request(bytesOf(body)))
      const parsed = await threads.parse(request(bytesOf(body)))
      expect(parsed).toEqual(expected)
      expect(rowsOf(parsed.batch)).toEqual(rowsOf(expected.batch))
    }
    expect(threads.figures()).toMatchObject({ bodiesInPlace: 1, bodiesInThreads: 1, waitingBodies: 0, waitingBytes: 0 })
  })

  it('give a body away whose buffer is its own, and leave others as they are', async () => {
    open()
    const own = new Uint8Array(bytesOf(rows(2000)))
    await threads.parse(request(own))
    expect(own.byteLength).toBe(0)
    const shared = Buffer.concat([Buffer.from('xx'), bytesOf(rows(2000))]).subarray(2)
    const kept = shared.byteLength
    await threads.parse(request(shared))
    expect(shared.byteLength).toBe(kept)
  })

  it('tell what is wrong with a body from the thread, too', async () => {
    open()
    const json = request(bytesOf(`{"observations":${' '.repeat(40_000)}`), { format: 'json' })
    await expect(threads.parse(json)).rejects.toMatchObject({ code: 'gateway.bad-body', status: 400 })
    const bomb = request(gzipSync(Buffer.alloc(30_000_000)), {
      encoding: 'gzip',
      context: { ...context, limits: { ...context.limits, maxBytes: 1e6 } },
    })
    await expect(threads.parse(bomb)).rejects.toMatchObject({ code: 'gateway.too-large', status: 413 })
  })

  it('read in a thread what a small body becomes, when that is large', async () => {
    open()
    const packed = gzipSync(bytesOf('m v=1\n'.repeat(20_000)))
    expect(packed.length).toBeLessThan(1000)
    expect((await threads.parse(request(packed, { encoding: 'gzip' }))).batch.count).toBe(20_000)
    expect(threads.figures()).toMatchObject({ bodiesInPlace: 0, bodiesInThreads: 1 })
  })

  it('refuse what is above the bytes that may wait, and read again when there is room', async () => {
    open({ maxWaitingBytes: 100_000 })
    const first = [large('m v=1'), large('m v=2')].map((body) => threads.parse(body))
    await expect(threads.parse(large('m v=3'))).rejects.toMatchObject({ code: 'gateway.busy', status: 503 })
    expect(threads.figures()).toMatchObject({ waitingBodies: 2, waitingBytes: 80_000, bodiesRefused: 1 })
    await Promise.all(first)
    expect((await threads.parse(large('m v=3'))).batch.count).toBe(1)
    expect(threads.figures()).toMatchObject({ waitingBodies: 0, waitingBytes: 0 })
  })

  it.each([
    ['ends', 'die', 'exit code 7'],
    ['throws', 'throw', 'broken on purpose'],
    ['hangs', 'hang', 'longer than 4000 ms'],
  ])('fail the bodies of a thread that %s by name and go on with another', async (_, word, why) => {
    open({ module: broken, patienceMs: 4000 })
    const lost = expect(threads.parse(large(word))).rejects.toMatchObject({
      code: 'gateway.thread-lost',
      message: expect.stringContaining(why),
    })
    await lost
    await expect(threads.parse(large('next'))).rejects.toMatchObject({ problems: [{ found: 'read' }] })
    expect(threads.figures()).toMatchObject({ threadsLost: 1, waitingBodies: 0, waitingBytes: 0 })
  })

  it('fail what waits when they are closed', async () => {
    open({ module: broken })
    const waiting = ['hang', 'hang', 'hang'].map((word) => threads.parse(large(word)))
    const settled = Promise.allSettled(waiting)
    await threads.close()
    expect((await settled).map((one) => one.status === 'rejected' && one.reason.code)).toEqual(
      Array(3).fill('gateway.thread-lost'),
    )
    expect(threads.figures().waitingBytes).toBe(0)
  })

  it('hold the caller for less than 20 ms of its processor, with a hundred thousand series too', async () => {
    const fixture = fileURLToPath(new URL('./parse-turns.fixture.ts', import.meta.url))
    const { stdout } = await promisify(execFile)(process.execPath, [fixture])
    const { series, turnsMs } = JSON.parse(stdout) as { readonly series: number[]; readonly turnsMs: number[] }
    expect(series).toEqual([100_000, 5000, 100_000, 5000, 100_000, 5000])
    // What Node compiles at the first, and what the machine does beside, is no doing of a body.
    expect(Math.min(...turnsMs), stdout).toBeLessThan(20)
  })
})
