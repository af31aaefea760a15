import { describe, expect, it } from 'vitest'
import { segmentsOf, stepStartMs } from '../../kernel/index.ts'
import { horizonGrid } from './horizon.ts'

const at = (clock: string): number => Date.parse(`2026-07-06T${clock}:00Z`)
const told = (...args: Parameters<typeof horizonGrid>): string =>
  segmentsOf(horizonGrid(...args))
    .map(({ stepMs, count }) => `${count}x${stepMs / 60_000}`)
    .join(' ')

describe('the horizon of a controller', () => {
  it('has steps of 1, 5, 15 and 60 min that grow with lead time', () => {
    expect(told({ hours: 24, fromMinutes: 1 }, at('10:00'), 'UTC')).toBe('15x1 9x5 12x15 20x60')
  })

  it('lets each stage last until the next can begin on the clock', () => {
    // 10:07 + 15 min = 10:22, on to 10:25; until 11:15 by 5 min; until 15:00 by 15 min.
    expect(told({ hours: 8, fromMinutes: 1 }, at('10:07'), 'UTC')).toBe('18x1 10x5 15x15 4x60')
    for (const { minutes, first } of [
      { minutes: 5, first: 18 },
      { minutes: 15, first: 28 },
      { minutes: 60, first: 43 },
    ]) {
      const grid = horizonGrid({ hours: 8, fromMinutes: 1 }, at('10:07'), 'UTC')
      expect(stepStartMs(grid, first) % (minutes * 60_000)).toBe(0)
    }
  })

  it('knows the local clock: hours in India begin at half past by UTC', () => {
    const grid = horizonGrid({ hours: 24, fromMinutes: 15 }, at('10:00'), 'Asia/Kolkata')
    const [quarters, hours] = segmentsOf(grid)
    expect(quarters).toEqual({ stepMs: 900_000, count: 18 })
    expect(stepStartMs(grid, 18)).toBe(at('14:30'))
    expect(hours?.stepMs).toBe(3_600_000)
  })

  it('begins at the length that is asked for and covers all hours', () => {
    expect(told({ hours: 24, fromMinutes: 15 }, at('10:00'), 'UTC')).toBe('16x15 20x60')
    expect(told({ hours: 2, fromMinutes: 60 }, at('10:00'), 'UTC')).toBe('2x60')
    expect(told({ hours: 0.5, fromMinutes: 1 }, at('10:00'), 'UTC')).toBe('15x1 3x5')
  })

  it('refuses segments without steps', () => {
    expect(() => horizonGrid([], 0, 'UTC')).toThrow(/whole steps/)
    expect(() => horizonGrid([{ steps: 1.5, minutes: 15 }], 0, 'UTC')).toThrow(/1.5 × 15 min/)
  })
})
