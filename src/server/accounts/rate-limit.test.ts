import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { testClock } from './accounts.fixture.ts'
import { createFailureDelay, createRateLimit } from './rate-limit.ts'

describe('a rate limit', () => {
  it('never gives more than its capacity and what has flowed in since, whatever the clock does', () => {
    const step = fc.record({ waitMs: fc.integer({ min: -5000, max: 5000 }), asks: fc.integer({ min: 1, max: 20 }) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const clock = testClock()
        const limit = createRateLimit({ capacity: 10, perSecond: 2 }, clock)
        let given = 0
        let forward = 0
        for (const { waitMs, asks } of steps) {
          clock.nowMs += waitMs
          forward += Math.max(0, waitMs)
          for (let ask = 0; ask < asks; ask += 1) if (limit.take('one') === 0) given += 1
        }
        expect(given).toBeLessThanOrEqual(10 + (forward / 1000) * 2 + 1e-6)
      }),
    )
  })

  it('says how long to wait, and is right', () => {
    const clock = testClock()
    const limit = createRateLimit({ capacity: 2, perSecond: 0.5 }, clock)
    expect([limit.take('one'), limit.take('one')]).toEqual([0, 0])
    const waitMs = limit.take('one')
    expect(waitMs).toBe(2000)
    clock.nowMs += waitMs - 1
    expect(limit.take('one')).toBeGreaterThan(0)
    clock.nowMs += 1
    expect(limit.take('one')).toBe(0)
    expect(limit.take('other')).toBe(0)
  })

  it('remembers a bounded number of keys', () => {
    const limit = createRateLimit({ capacity: 1, perSecond: 1, keys: 50 }, testClock())
    for (let key = 0; key < 1000; key += 1) limit.take(`address ${key}`)
    expect(limit.size()).toBe(50)
  })
})

describe('the delay after failures', () => {
  it('grows from nothing to its longest, ends, and is gone after a success', () => {
    const clock = testClock()
    const delay = createFailureDelay({ free: 3, longestMs: 60_000 }, clock)
    const waits = Array.from({ length: 14 }, () => {
      delay.failed('one')
      return delay.waitMs('one')
    })
    expect(waits).toEqual([0, 0, 0, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000, 60_000])
    clock.nowMs += 59_999
    expect(delay.waitMs('one')).toBe(1)
    clock.nowMs += 1
    // Nobody is locked out for ever, whoever tries in the meantime.
    expect(delay.waitMs('one')).toBe(0)
    expect(delay.waitMs('other')).toBe(0)
    delay.succeeded('one')
    delay.failed('one')
    expect(delay.waitMs('one')).toBe(0)
  })

  it('is never longer than its longest, even when the clock goes back', () => {
    const clock = testClock()
    const delay = createFailureDelay({ free: 0, longestMs: 5000, keys: 10 }, clock)
    for (let k = 0; k < 200; k += 1) delay.failed('one')
    clock.nowMs -= 86_400_000
    expect(delay.waitMs('one')).toBe(5000)
    for (let k = 0; k < 200; k += 1) delay.failed(`name ${k}`)
    expect(delay.size()).toBe(10)
  })
})
