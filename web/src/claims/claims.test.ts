import { describe, expect, it } from 'vitest'
import type { CheckedQuotient, Family } from './checked-claim.ts'
import { claimNumber, factorNumber } from './claim-number.ts'
import { markSentence } from './mark-sentence.ts'
import { readStated } from './read-stated.ts'
import { rulerOf } from './ruler.ts'
import { wouldHaveToBe } from './would-have-to-be.ts'

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

  it('has round numbers along it, few enough to be read, whether it is short or spans decades', () => {
    const bare = { ...quotient, matches: [], bounds: { usual: [], possible: [] } }
    const marks = (low: number, high: number): readonly number[] =>
      rulerOf({ ...bare, low, high, official: family(low) })!.marks.map(({ value }) => value)
    expect(marks(0.05, 1.3)).toEqual([0.05, 0.1, 0.2, 0.5, 1])
    expect(marks(1.6, 3.2)).toEqual([2, 3])
    expect(marks(1e-6, 1e6)).toEqual([1e-6, 1e-4, 0.01, 1, 100, 1e4, 1e6])
  })
})

describe('what would have to be true', () => {
  const family = (value: number): Family => ({ label: 'grid', value, assumptions: [], factors: [] })
  const quotient: CheckedQuotient = {
    ...{ id: 'x', low: 0.7, high: 0.9, unit: 'kg/kWh', over: 'a', under: 'b', standing: 'not explained' },
    ...{ matches: [], nearest: family(0.4) },
  }

  it('is told of what no factor explains, against the official factor where there is one', () => {
    expect(wouldHaveToBe([quotient])[0]).toMatchObject({ family: { value: 0.4 }, times: 2 })
    expect(wouldHaveToBe([{ ...quotient, official: family(0.16) }])[0]?.times).toBeCloseTo(5)
    expect(wouldHaveToBe([{ ...quotient, standing: 'explained' }])).toEqual([])
    expect(wouldHaveToBe([{ ...quotient, nearest: family(0.8) }])).toEqual([])
  })
})

describe('the file of a claim', () => {
  it('is read with text that is folded, or with numbers and their roles', () => {
    expect(readStated('# from a paper\ntext: >\n  5 MW give\n  6 GWh.\nregion: CN-JS\nyear: 2023\n')).toEqual({
      ...{ text: '5 MW give 6 GWh.', region: 'CN-JS', year: 2023 },
    })
    const numbers = 'stated:\n  - { role: energy, value: "6.2", scale: 1e6 }\n  - role: capacity\n    value: "5.80"\n'
    expect(readStated(numbers)).toEqual({
      stated: [
        { role: 'energy', value: '6.2', scale: 1e6 },
        { role: 'capacity', value: '5.80' },
      ],
    })
  })

  it.each([
    ['a line that is none', 'text: x\n<script>', '2'],
    ['a map where none is', 'region: CN\n  deep: 1', '2'],
    ['a field before its item', 'stated:\n  role: energy', '2'],
  ])('says the line of %s', (_, source, line) => {
    expect(() => readStated(source)).toThrow(new SyntaxError(line))
  })
})

it('tells what a claim implies to three digits and a published factor to four', () => {
  expect([1858.6, 0.58269, 0.4].map((value) => claimNumber(value))).toEqual(['1\u202f860', '0.583', '0.4'])
  expect([0.5827, 0.0345678, 2.46].map(factorNumber)).toEqual(['0.5827', '0.03457', '2.46'])
})
