import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatAmount } from '../model/format-amount.ts'
import { amountsOf } from '../model/walk.ts'
import { documentOf, hostileTexts, sampleDocument } from '../report.fixture.ts'
import { renderHtml } from './render-html.ts'

/** Names of all elements, and of all attributes, as a reader of HTML would find them in well-formed text. */
function partsOf(html: string): { readonly elements: ReadonlySet<string>; readonly attributes: ReadonlySet<string> } {
  const body = html.slice(html.indexOf('<body>'))
  const tags = [...body.matchAll(/<([a-z][a-z0-9]*)((?:\s[^<>"]*(?:"[^"]*")?)*)\/?>/g)]
  const attributes = tags.flatMap(([, , rest = '']) => [...rest.matchAll(/([\w-]+)="/g)].map(([, name]) => name!))
  return { elements: new Set(tags.map(([, name]) => name!)), attributes: new Set(attributes) }
}

const plain = partsOf(renderHtml(sampleDocument()))

describe('a page', () => {
  const html = renderHtml(sampleDocument())

  it('is one file: nothing is fetched, nothing is run', () => {
    expect(html).not.toMatch(/<script|javascript:|@import|url\(|<link|<iframe|<object|\ssrc=|https?:\/\//)
    expect(html).toContain("default-src 'none'")
    expect(html).toMatch(/prefers-color-scheme:dark/)
    expect(html).toMatch(/@media print/)
  })

  it('says its language, and which words are of another', () => {
    expect(html).toContain('<html lang="en">')
    expect(renderHtml(sampleDocument({ language: 'zh' }))).toContain('<html lang="zh-Hans">')
    expect(html).toContain('<span lang="zh-Hans">须核对</span>')
  })

  it('describes every chart, heads every column and row, and links to its own places', () => {
    const ids = new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id))
    for (const [, to] of html.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(to)
    for (const [, label] of html.matchAll(/aria-labelledby="([^"]+)"/g)) {
      for (const id of label!.split(' ')) expect(ids).toContain(id)
    }
    expect(html.match(/<svg/g)).toHaveLength(4)
    expect(html.match(/<desc/g)).toHaveLength(4)
    expect(html).toContain('<th scope="col">Row</th>')
    expect(html).toMatch(/<th scope="row"><span class="good" aria-hidden="true">✓ <\/span>grid<\/th>/)
  })

  it('shows every number of the document, each with its exact value', () => {
    const document = sampleDocument()
    const told = [
      ...[...html.matchAll(/<data value="([^"]+)"[^>]*>([^<]*)</g)].map(([, value, text]) => [value, text]),
      ...[...html.matchAll(/<text[^>]* data-value="([^"]+)"[^>]*>([^<]*)</g)].map(([, value, text]) => [value, text]),
    ]
    const inFigures = new Set(['6.7', '23.1', '10', '12', '0.19', '0.25'])
    for (const one of amountsOf(document)) {
      const { value } = one
      if (inFigures.has(value)) continue
      const own = told.filter(([known]) => known === value).map(([, text]) => text!)
      expect(own.length, value).toBeGreaterThan(0)
      for (const text of own) expect(text).toContain(formatAmount(one, 'en'))
    }
  })
})

describe('text of bad faith on a page', () => {
  it.each(hostileTexts)('is shown as it is: %j', (text) => {
    const { elements, attributes } = partsOf(renderHtml(documentOf(text)))
    expect([...elements].filter((name) => !plain.elements.has(name) && name !== 'wbr')).toEqual([])
    expect([...attributes].filter((name) => !plain.attributes.has(name))).toEqual([])
  })

  it('law: any text makes no element and no attribute that a plain one does not', () => {
    const marks = fc.string({
      unit: fc.constantFrom('<', '>', '"', "'", '&', '/', '=', ' ', 'a', 's', '`', '\u0000', '-', '!'),
    })
    fc.assert(
      fc.property(marks, (text) => {
        const html = renderHtml(documentOf(text))
        const { elements } = partsOf(html)
        expect([...elements].filter((name) => !plain.elements.has(name) && name !== 'wbr')).toEqual([])
        expect(html.match(/<main>/g)).toHaveLength(1)
        expect(html).not.toContain('\u0000')
      }),
      { numRuns: 40 },
    )
  })
})
