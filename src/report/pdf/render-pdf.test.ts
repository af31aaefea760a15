import { spawnSync } from 'node:child_process'
import { inflateSync } from 'node:zlib'
import { create } from 'fontkit'
import { beforeAll, describe, expect, it } from 'vitest'
import { formatAmount } from '../model/format-amount.ts'
import { amountsOf } from '../model/walk.ts'
import { amount, documentOf, hostileTexts, sampleDocument } from '../report.fixture.ts'
import { facesOf } from './open-fonts.ts'
import { renderPdf } from './render-pdf.ts'

/** Objects of a page description that is written plainly, as text; streams are left out. */
const objectsOf = (pdf: Buffer): readonly string[] =>
  pdf
    .toString('latin1')
    .split(/\nendobj\n/)
    .map((object) => object.replace(/stream\n[\s\S]*$/, ''))

/** What is drawn on the pages. */
const contentsOf = (pdf: Buffer): string => {
  const text = pdf.toString('latin1')
  return [...text.matchAll(/stream\n([\s\S]*?)\nendstream/g)]
    .map(([, packed = '']) => {
      try {
        return inflateSync(Buffer.from(packed, 'latin1')).toString('latin1')
      } catch {
        return ''
      }
    })
    .filter((content) => content.includes('BDC'))
    .join('\n')
}

const tagsOf = (pdf: Buffer): readonly string[] =>
  objectsOf(pdf).flatMap((object) => object.match(/\/S \/(\w+)/)?.slice(1) ?? [])

/** Words of all pages by poppler; undefined where it is not there. */
function textOf(pdf: Buffer): string | undefined {
  const { status, stdout } = spawnSync('pdftotext', ['-layout', '-', '-'], { input: pdf, encoding: 'utf8' })
  return status === 0 ? stdout : undefined
}

const long = sampleDocument({
  language: 'zh',
  title: '溧阳零碳园区',
  sections: [
    {
      id: 'long',
      title: '排放量',
      blocks: [
        {
          ...{
            kind: 'table',
            id: 'table',
            title: '各月排放',
            columns: [
              { title: '月份', align: 'start' },
              { title: '排放量', unit: 't CO₂e', align: 'end' },
            ],
          },
          rows: Array.from({ length: 70 }, (_, k) => ({ cells: [`第 ${k + 1} 行`, amount(`${1000 + k}.25`)] })),
        },
      ],
    },
  ],
})

let pdf: Buffer
let chinese: Buffer
beforeAll(async () => {
  pdf = await renderPdf(sampleDocument())
  chinese = await renderPdf(long)
})

describe('a page description', () => {
  it('declares what readers of PDF/UA look for (ISO 14289-1, 7.1)', () => {
    const text = pdf.toString('latin1')
    expect(text).toMatch(/^%PDF-1\.7/)
    expect(text).toMatch(/\/MarkInfo \d+ 0 R/)
    expect(text).toMatch(/\/Marked true/)
    expect(text).toMatch(/\/StructTreeRoot \d+ 0 R/)
    expect(text).toMatch(/\/Lang \(en\)/)
    expect(text).toMatch(/\/DisplayDocTitle true/)
    expect(text).toMatch(/<pdfuaid:part>1<\/pdfuaid:part>/)
    expect(text).toMatch(/\/Tabs \/S/)
    expect(text).toMatch(/\/Outlines \d+ 0 R/)
    expect(chinese.toString('latin1')).toContain('/Lang (zh-Hans)')
  })

  it('has a structure with headings, tables with heads, figures with words, and links', () => {
    const tags = tagsOf(pdf)
    expect(tags[0] === 'Document' || tags.includes('Document')).toBe(true)
    const count = (tag: string): number => tags.filter((known) => known === tag).length
    expect(count('H1')).toBe(1)
    expect(count('H2')).toBe(1)
    expect(count('Figure')).toBe(4)
    expect(count('Table')).toBe(1)
    expect(count('TR')).toBe(4)
    expect(count('TH')).toBe(2 + 3)
    expect(count('TD')).toBe(3)
    expect(count('Link')).toBe(2)
    const figures = objectsOf(pdf).filter((object) => /\/S \/Figure/.test(object))
    for (const figure of figures) expect(figure).toMatch(/\/Alt \(What [a-z]+ shows\)[\s\S]*\/BBox \[/)
    const heads = objectsOf(pdf).filter((object) => /\/S \/TH\b/.test(object))
    for (const head of heads) expect(head).toMatch(/\/Scope \/(Column|Row)/)
  })

  it('leaves nothing that is drawn untagged: it is content of an element, or an artifact', () => {
    for (const content of [contentsOf(pdf), contentsOf(chinese)]) {
      let depth = 0
      for (const [operator] of content.matchAll(/\b(?:BDC|BMC|EMC|BT|f|S)\b(?=\s)/g)) {
        if (operator === 'BDC' || operator === 'BMC') depth += 1
        else if (operator === 'EMC') depth -= 1
        else expect(depth, operator).toBeGreaterThan(0)
      }
      expect(depth).toBe(0)
    }
  })

  it('is the same bytes for the same document', async () => {
    expect((await renderPdf(sampleDocument())).equals(pdf)).toBe(true)
  })

  it('embeds every font, and says what each glyph is', () => {
    const objects = objectsOf(chinese)
    const fonts = objects.filter((object) => /\/Type \/Font\n/.test(object) && /\/Subtype \/Type0/.test(object))
    expect(fonts.length).toBeGreaterThanOrEqual(4)
    for (const font of fonts) expect(font).toMatch(/\/ToUnicode \d+ 0 R/)
    const descriptors = objects.filter((object) => /\/Type \/FontDescriptor/.test(object))
    expect(descriptors).toHaveLength(fonts.length)
    for (const descriptor of descriptors) expect(descriptor).toMatch(/\/FontFile2 \d+ 0 R/)
  })

  it('breaks a table over pages, its head on each and read once', ({ skip }) => {
    expect(tagsOf(chinese).filter((tag) => tag === 'THead')).toHaveLength(1)
    expect(tagsOf(chinese).filter((tag) => tag === 'TR')).toHaveLength(71)
    const text = textOf(chinese)
    if (text === undefined) skip('pdftotext is not installed')
    const pages = text!.split('\f').filter((page) => page.trim() !== '')
    expect(pages.length).toBeGreaterThanOrEqual(3)
    for (const [k, page] of pages.slice(0, -1).entries()) {
      if (k > 0) expect(page).toMatch(/月份\s+排放量 \(t CO₂e\)/)
      expect(page).toContain(`第 ${k + 1} 页，共 ${pages.length} 页`)
    }
  })

  it('is read and copied as it was written: every number, Chinese, subscripts', ({ skip }) => {
    const text = textOf(pdf)
    if (text === undefined) skip('pdftotext is not installed')
    for (const one of amountsOf(sampleDocument())) {
      if (['6.7', '23.1', '10', '12'].includes(one.value)) continue
      expect(text).toContain(formatAmount(one, 'en'))
    }
    expect(text).toContain('t CO₂e')
    expect(text).toContain('须核对')
    const other = textOf(chinese)
    expect(other).toContain('溧阳零碳园区')
    for (const one of amountsOf(long)) expect(other).toContain(formatAmount(one, 'zh'))
  })

  it('is not broken by text of bad faith, and keeps what no font has', async ({ skip }) => {
    const drawn = await renderPdf(documentOf(hostileTexts.map((text) => text.slice(0, 900)).join(' ')))
    expect(drawn.toString('latin1').match(/^\/Type \/Catalog/gm)).toHaveLength(1)
    const text = textOf(drawn)
    if (text === undefined) skip('pdftotext is not installed')
    expect(text).toContain('한')
    expect(text).toContain('endobj')
    expect(text).not.toContain('\u0000')
  })
})

describe('the font that is made for Chinese', () => {
  it('has every glyph that is asked for, bolder where it is bold', () => {
    const characters = new Set([...'碳排放₂≤'].map((letter) => letter.codePointAt(0)!))
    const [regular, bold] = ([400, 700] as const).map((weight) => {
      const face = facesOf(characters, weight).find(({ name }) => name.startsWith('noto'))!
      return create(face.bytes) as ReturnType<typeof create> & {
        readonly glyphForCodePoint: (point: number) => { readonly path: { readonly bbox: object; toSVG(): string } }
      }
    })
    for (const point of characters) {
      const [thin, thick] = [regular!, bold!].map((font) => font.glyphForCodePoint(point).path.toSVG())
      expect(thin).toMatch(/^M/)
      expect(thick).not.toBe(thin)
    }
    // Ink of a horizontal stroke: 一 is a bar whose height is its weight.
    const bar = (weight: 400 | 700): number => {
      const face = facesOf(new Set([0x4e00]), weight).find(({ name }) => name.startsWith('noto'))!
      const { bbox } = (
        create(face.bytes) as never as { glyphForCodePoint(point: number): { bbox: { minY: number; maxY: number } } }
      ).glyphForCodePoint(0x4e00)
      return bbox.maxY - bbox.minY
    }
    expect(bar(700)).toBeGreaterThan(1.3 * bar(400))
  })
})
