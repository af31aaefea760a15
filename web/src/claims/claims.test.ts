import { describe, expect, it } from 'vitest'
import type { CheckedQuotient, Family } from './checked-claim.ts'
import { markSentence } from './mark-sentence.ts'
import { rulerOf } from './ruler.ts'

describe('a sentence', () => {
  it('is cut at its numbers, in their order', () => {
    expect(markSentence('5 MW, 12 gates and 5 MW', ['5 MW', '5 MW'], ['12'])).toEqual([
      { text: '5 MW', mark: 'read' },
      { text: ', ' },
      { text: '12', mark: 'unread' },
      { text: ' gates and ' },
      { text: '5 MW', mark: 'read' },
    ])
  })

  it('keeps every character', () => {
    for (const [text, read] of [
      ['年发电量620万千瓦时。', ['620万千瓦时']],
      ['nothing', []],
      ['', ['1']],
      ['1 and 11', ['11', '1']],
    ] as const) {
      expect(
        markSentence(text, read, [])
          .map((piece) => piece.text)
          .join(''),
      ).toBe(text)
    }
  })
})

describe('a ruler', () => {
  const family = (value: number): Family => ({ label: String(value), value, assumptions: [], factors: [] })
  const quotient: CheckedQuotient = {
    ...{ id: 'x', low: 0.5, high: 0.6, unit: 'kg/kWh', over: 'a', under: 'b', standing: 'explained' },
    ...{ matches: [family(0.55)], official: family(0.1), bounds: { usual: [0.05, 1.3], possible: [0, 3] } },
  }

  it('has everything on it, in the order of the values', () => {
    const { usual, implied, ticks } = rulerOf(quotient)!
    const order = [usual!.from, ticks[0]!.at, implied.from, ticks[1]!.at, implied.to, usual!.to]
    expect(order).toEqual(order.toSorted((a, b) => a - b))
    expect([usual!.from, usual!.to]).toEqual([4, 96])
    expect(ticks.map(({ kind }) => kind)).toEqual(['official', 'match'])
  })

  it('shows the nearest where nothing matches, and stays within itself', () => {
    const { ticks, implied } = rulerOf({ ...quotient, low: 0, high: 1e6, matches: [], nearest: family(1) })!
    expect(ticks.map(({ kind }) => kind)).toEqual(['official', 'nearest'])
    for (const at of [implied.from, implied.to, ...ticks.map((tick) => tick.at)]) {
      expect(at).toBeGreaterThanOrEqual(4)
      expect(at).toBeLessThanOrEqual(96)
    }
    expect(rulerOf({ ...quotient, low: 0, high: 0, matches: [] })).toBeUndefined()
  })
})
