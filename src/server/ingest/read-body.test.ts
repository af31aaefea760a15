import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { createIngestGate } from './ingest-gate.ts'
import { readBody } from './read-body.ts'

const limits = { mostBytes: 1000, toldBytes: undefined, entry: { came: () => undefined, complete: () => undefined } }

describe('a body', () => {
  it('is what came, in one piece', async () => {
    const stream = new PassThrough()
    const read = readBody(stream, limits)
    for (const part of ['one ', 'two ', 'three']) stream.write(part)
    stream.end()
    expect(String(await read)).toBe('one two three')
    expect(stream.listenerCount('data')).toBe(0)
  })

  it('is refused by its told length before it comes, and by its bytes while it does', async () => {
    const told = { ...limits, toldBytes: 1001 }
    await expect(readBody(new PassThrough(), told)).rejects.toMatchObject({ code: 'server.too-large', status: 413 })
    const stream = new PassThrough()
    const read = readBody(stream, limits)
    stream.write(Buffer.alloc(600))
    stream.write(Buffer.alloc(600))
    await expect(read).rejects.toMatchObject({ code: 'server.too-large' })
  })

  it('that breaks off is told as such', async () => {
    const stream = new PassThrough()
    const read = readBody(stream, limits)
    stream.write('half')
    stream.destroy()
    await expect(read).rejects.toMatchObject({ code: 'server.bad-request', status: 400 })
  })

  it('that the gate refuses midway is read to its end and thrown away, and holds nothing meanwhile', async () => {
    const gate = createIngestGate(4 * 2 ** 20)
    const other = gate.enter(['one'], 2 ** 20)
    const entry = gate.enter(['one'], undefined)
    const stream = new PassThrough()
    const read = readBody(stream, { ...limits, mostBytes: 2 ** 24, entry })
    let settled = false
    read.catch(() => undefined).finally(() => (settled = true))
    stream.write(Buffer.alloc(3 * 2 ** 20))
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(gate.figures().bytes).toBe(2 ** 20)
    expect(settled).toBe(false)
    stream.end(Buffer.alloc(2 ** 20))
    await expect(read).rejects.toMatchObject({ code: 'server.overloaded' })
    other.leave()
  })
})
