import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { printedInterval } from './printed-interval.ts'
import { readClaim } from './read-claim.ts'
import type { Stated } from './stated.ts'

const brief = ({ role, value, period, gas, technology, hedge }: Stated) =>
  [role, value, period, gas, technology, hedge].filter((part) => part !== undefined).join(' ')

describe('a printed number', () => {
  it.each([
    ['583', 1, undefined, 582.5, 583.5],
    ['5200', 1, undefined, 5150, 5250],
    ['6.20', 1e6, undefined, 6.195e6, 6.205e6],
    // One digit, or zeros behind it: two digits count.
    ['2', 1e6, undefined, 1.95e6, 2.05e6],
    ['2000', 1, undefined, 1950, 2050],
    ['620', 1e4, undefined, 6.15e6, 6.25e6],
    ['100', 1, 'more than', 95, 110],
    ['583', 1, 'nearly', 553.85, 583.5],
  ] as const)('%s × %d %s may be %d to %d', (digits, scale, hedge, low, high) => {
    const found = printedInterval(digits, scale, hedge)
    expect(found.low).toBeCloseTo(low, 6)
    expect(found.high).toBeCloseTo(high, 6)
  })
})

describe('sentences', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    [
      'The rooftop photovoltaic system of 5.8 MW generates 6.2 million kWh a year, saves 1,870 tonnes of standard coal and cuts carbon dioxide emissions by 3,290 tonnes annually.',
      ['capacity 5800 pv', 'energy 6200000 year pv', 'coal 1870000 year', 'emissions 3290000 year CO2'],
      [],
    ],
    [
      '光伏装机容量5.8兆瓦，年发电量620万千瓦时，每年可节约标准煤2480吨，减少二氧化碳排放6180吨。',
      ['capacity 5800 pv', 'energy 6200000 year pv', 'coal 2480000 year', 'emissions 6180000 year CO2'],
      [],
    ],
    // A mass with its word behind it, and two masses that share a sentence.
    [
      'It saves 400 t of coal equivalent and 997 t CO2e each year',
      ['coal 400000 year', 'emissions 997000 year CO2e'],
      [],
    ],
    ['累计发电1.2亿千瓦时', ['energy 120000000 total'], []],
    ['Since 2019 it generated over 12 GWh', ['energy 12000000 total more than'], []],
    // The nearer word of time counts, and a comma of thousands ends no clause.
    [
      'Since 2019 we planted 30,000 trees that absorb 60 t of CO2 per year',
      ['trees 30000', 'emissions 60000 year CO2'],
      [],
    ],
    ['占地150亩，屋顶面积12万平方米', ['area 100000', 'area 120000'], []],
    ['日均发电3000度，年减排约900吨二氧化碳', ['energy 3000 day', 'emissions 900000 year CO2 about'], []],
    // A mass of nothing that is known, and a bare number, are named and not guessed.
    ['The gate weighs 12 tonnes and 120 piles stand there', [], ['12 tonnes', '120']],
    ['In 2025, 65% of 8 MWh came from wind', ['energy 8000 wind'], []],
    ['It gave 5 GWH from 3 mw', ['energy 5000000', 'capacity 3000'], []],
    // Capacity is no energy, a milliwatt is no megawatt.
    ['5 MW and 5 MWh and 5 mW', ['capacity 5000', 'energy 5000'], ['5 mW']],
  ])('%s', (text, expected, unread) => {
    const claim = readClaim(text)
    expect(claim.stated.map(brief)).toEqual(expected)
    expect(claim.unread).toEqual(unread)
  })

  it.each([
    ['moved from road to rail', { from: 'road', to: 'rail' }],
    ['taking coal off the road and onto barges', { from: 'road', to: 'water' }],
    ['推进公转铁', { from: 'road', to: 'rail' }],
    ['the road to the railway station', undefined],
  ])('tell where freight goes: %s', (text, expected) => {
    expect(readClaim(text).shift).toEqual(expected)
  })

  it('of any kind are read without an error and in time', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom(
        '1,234',
        '万',
        '亿千瓦时',
        ' tonnes of CO2 ',
        '…',
        '，',
        '每年',
        '.',
        '9'.repeat(40),
        '1,'.repeat(30),
        ' from road ',
      ),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        for (const { low, high, value } of readClaim(pieces.join('')).stated) {
          expect(low).toBeLessThanOrEqual(value)
          expect(high).toBeGreaterThanOrEqual(value)
        }
      }),
      { numRuns: 300 },
    )
    for (const text of ['1,'.repeat(10_000), '9'.repeat(20_000), '1 '.repeat(6_000), 'from road '.repeat(2_000)]) {
      const began = performance.now()
      readClaim(text)
      expect(performance.now() - began).toBeLessThan(2000)
    }
  })
})
