import { describe, expect, it } from 'vitest'
import { fixedClock } from '../../kernel/index.ts'
import { memoryRecords } from '../../store/memory-records.fixture.ts'
import { createLease } from './lease.ts'

describe('a lease', () => {
  const open = () => {
    const { records } = memoryRecords(fixedClock(0))
    const time = { ms: 0 }
    const make = (node: string) =>
      createLease({ records, name: 'alarms', node, monotonicMs: () => time.ms, lostAfterMs: 10_000 })
    return { time, a: make('a'), b: make('b'), make }
  }

  it('is held by one, and goes on to the next when it is given back', async () => {
    const { a, b } = open()
    expect(await a.turn()).toBe(true)
    expect(await b.turn()).toBe(false)
    await a.release()
    expect(await b.turn()).toBe(true)
    expect(await a.turn()).toBe(false)
  })

  it('is taken from who stands still, who then finds it lost', async () => {
    const { time, a, b } = open()
    await a.turn()
    await b.turn()
    time.ms = 8000
    expect(a.isHeld()).toBe(false)
    expect(await b.turn()).toBe(false)
    time.ms = 10_000
    expect(await b.turn()).toBe(true)
    expect(await a.turn()).toBe(false)
    expect([a.isHeld(), b.isHeld()]).toEqual([false, true])
  })

  it('is not taken while it is renewed, and taken back at once by the node that held it', async () => {
    const { time, a, b, make } = open()
    await a.turn()
    for (; time.ms < 60_000; time.ms += 2000) {
      expect(await a.turn()).toBe(true)
      expect(await b.turn()).toBe(false)
    }
    expect(await make('a').turn()).toBe(true)
  })
})
