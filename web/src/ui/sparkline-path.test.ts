import { describe, expect, it } from 'vitest'
import { sparklinePath } from './sparkline-path.ts'

describe('a sparkline', () => {
  it('spreads its values over the box, the highest on top', () => {
    expect(sparklinePath([0, 10, 5], 100, 20)).toEqual({
      path: 'M0.0 20.0L50.0 0.0L100.0 10.0',
      last: { x: 100, y: 10 },
    })
  })

  it('lifts the pen over a gap, and marks no last value where it is not known', () => {
    expect(sparklinePath([0, null, 10, null], 90, 20)).toEqual({ path: 'M0.0 20.0M60.0 0.0', last: undefined })
  })

  it('lies in the middle while nothing moves, and is nothing without values', () => {
    expect(sparklinePath([3, 3], 10, 20).path).toBe('M0.0 10.0L10.0 10.0')
    expect(sparklinePath([null], 10, 20)).toEqual({ path: '', last: undefined })
  })
})
