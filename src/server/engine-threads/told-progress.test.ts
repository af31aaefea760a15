import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createToldProgress } from './told-progress.ts'

describe('progress that is told to the server', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('is told at once, then at most every 20 ms and the newest only', () => {
    const tell = vi.fn()
    const { progress } = createToldProgress(tell)
    for (let k = 0; k <= 100; k += 1) {
      progress(k / 100, `${k}`)
      vi.advanceTimersByTime(1)
    }
    vi.advanceTimersByTime(100)
    expect(tell.mock.calls.map(([, message]) => message)).toEqual(['0', '19', '39', '59', '79', '99', '100'])
  })

  it('is not told after the end', () => {
    const tell = vi.fn()
    const { progress, end } = createToldProgress(tell)
    progress(0.1, 'first')
    progress(0.2, 'second')
    end()
    progress(0.3, 'third')
    vi.advanceTimersByTime(100)
    expect(tell.mock.calls).toEqual([[0.1, 'first']])
  })
})
