import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { amount, sampleDocument } from '../report.fixture.ts'
import { checkDocument } from './check-document.ts'
import { formatAmount, sumOf } from './format-amount.ts'
import { cleanText } from './text.ts'

const shown = (value: string, decimals: number, language: 'en' | 'zh' | 'es' = 'en'): string =>
  formatAmount({ value, decimals }, language)

describe('a number for readers', () => {
  it('is written as people of the language write it', () => {
    expect(shown('8473440.125', 1)).toBe('8,473,440.1')
    expect(shown('8473440.125', 2, 'zh')).toBe('8,473,440.13')
    expect(shown('8473440.125', 1, 'es')).toBe('8.473.440,1')
    // Four digits are not parted in Spanish (CLDR, minimum grouping digits 2).
    expect(shown('1234.5', 1, 'es')).toBe('1234,5')
    expect(shown('-12.5', 0)).toBe('−13')
    expect(shown('0', 2)).toBe('0.00')
  })

  it('never reads as zero where it is not', () => {
    expect(shown('0.00042', 1)).toBe('0.0004')
    expect(shown('-0.049', 1)).toBe('−0.05')
    expect(shown('0.00000000000342', 1)).toBe('3e−12')
  })

  it('law: is within half a unit of its last digit, and has all digits of numbers that it can hold', () => {
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.integer({ min: 0, max: 6 }), (digits, decimals) => {
        const value = (digits / 1e6).toFixed(6)
        const read = Number(shown(value, decimals).replaceAll(',', '').replace('−', '-'))
        expect(Math.abs(read - Number(value))).toBeLessThanOrEqual(0.5 * 10 ** -decimals + 1e-9)
      }),
      { numRuns: 60 },
    )
  })

  it('adds up exactly', () => {
    expect(sumOf([{ value: '0.1' }, { value: '0.2', times: '0.001' }, { value: '1e-7' }])).toBe('0.1002001')
  })
})

describe('a document', () => {
  const table = sampleDocument().sections[0]!.blocks[3]!
  const withBlock = (block: unknown) => ({ ...sampleDocument(), sections: [{ id: 'x', title: 'X', blocks: [block] }] })

  it('is taken where it has the form', () => {
    expect(checkDocument(sampleDocument())).toEqual(sampleDocument())
  })

  it.each([
    ['another form', { ...sampleDocument(), version: 2 }],
    ['a language that nobody draws', { ...sampleDocument(), language: 'fr' }],
    ['a run without a hash', { ...sampleDocument(), run: { ...sampleDocument().run, id: 'run-1' } }],
    ['a number that is none', { ...sampleDocument(), highlights: [{ label: 'x', amount: amount('NaN') }] }],
    ['a figure without words', withBlock({ ...sampleDocument().sections[0]!.blocks[4]!, description: '' })],
    ['a row that does not fit', withBlock({ ...table, rows: [{ cells: ['one'] }] })],
    ['a link that leads nowhere', withBlock({ kind: 'paragraph', text: [{ text: 'x', to: 'nowhere' }] })],
    ['a link to elsewhere', withBlock({ kind: 'paragraph', text: [{ text: 'x', to: 'https://example.org' }] })],
    [
      'a name that stands twice',
      { ...withBlock(table), sections: [table, table].map((block) => ({ id: 'x', title: 'X', blocks: [block] })) },
    ],
  ])('is refused with %s', (_, document) => {
    expect(() => checkDocument(document)).toThrow(/report\.bad-document/)
  })
})

describe('text', () => {
  it('loses what cannot be printed and what would turn it around, and nothing else', () => {
    expect(cleanText('a\u0000b\u202ec\ud800d\te\nf 碳 é 🏭')).toBe('a\ufffdb\ufffdc\ufffdd\te\nf 碳 é 🏭')
  })
})
