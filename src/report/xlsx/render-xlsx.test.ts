import { inflateRawSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { amountsOf } from '../model/walk.ts'
import { documentOf, hostileTexts, sampleDocument } from '../report.fixture.ts'
import { renderXlsx } from './render-xlsx.ts'

/** Files of an archive by their names, through its directory. */
function unzip(zip: Buffer): ReadonlyMap<string, string> {
  const end = zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  let at = zip.readUInt32LE(end + 16)
  const files = new Map<string, string>()
  for (let entry = 0; entry < zip.readUInt16LE(end + 10); entry += 1) {
    const [name, extra, comment] = [28, 30, 32].map((place) => zip.readUInt16LE(at + place)) as [number, number, number]
    const local = zip.readUInt32LE(at + 42)
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
    const packed = zip.subarray(start, start + zip.readUInt32LE(at + 20))
    const bytes = zip.readUInt16LE(at + 10) === 0 ? packed : inflateRawSync(packed)
    files.set(zip.toString('utf8', at + 46, at + 46 + name), bytes.toString('utf8'))
    at += 46 + name + extra + comment
  }
  return files
}

const sheetsOf = (files: ReadonlyMap<string, string>): readonly string[] =>
  [...files].filter(([name]) => /^xl\/worksheets\/sheet\d+\.xml$/.test(name)).map(([, xml]) => xml)
const namesOf = (files: ReadonlyMap<string, string>): readonly string[] =>
  [...files.get('xl/workbook.xml')!.matchAll(/<sheet [^>]*name="([^"]*)"/g)].map(([, name]) => name!)

describe('a workbook', () => {
  it('has an overview, a sheet for each table and each figure, and units in the heads', async () => {
    const files = unzip(await renderXlsx(sampleDocument()))
    expect(namesOf(files)).toEqual([
      'Overview',
      'Rows of activity',
      'Figure bars',
      'Figure stacked',
      'Figure line',
      'Figure dial',
    ])
    expect(files.get('xl/sharedStrings.xml')).toContain('Emissions (t CO₂e)')
  })

  it('has numbers as numbers, with a format of their decimals, and no formula', async () => {
    const files = unzip(await renderXlsx(sampleDocument()))
    const numbers = sheetsOf(files).flatMap((xml) =>
      [...xml.matchAll(/<c [^>]*?(?:t="(\w+)")?[^>]*><v>([^<]*)<\/v>/g)]
        .filter(([, type]) => type === undefined || type === 'n')
        .map(([, , value]) => Number(value)),
    )
    for (const { value } of amountsOf(sampleDocument())) expect(numbers).toContain(Number(value))
    expect(files.get('xl/styles.xml')).toContain('#,##0.0')
    for (const xml of sheetsOf(files)) expect(xml).not.toMatch(/<f[ >]/)
  })

  it('keeps text as text', async () => {
    const sections = hostileTexts.flatMap((text) =>
      documentOf(text).sections.flatMap(({ blocks }) => blocks.slice(1, 2)),
    )
    const files = unzip(
      await renderXlsx({
        ...documentOf(hostileTexts.join(' ')),
        sections: [{ id: 'x', title: 'X', blocks: sections }],
      }),
    )
    expect(namesOf(files)).toHaveLength(1 + hostileTexts.length)
    expect(files.get('xl/sharedStrings.xml')).toContain('=cmd|')
    for (const [name, xml] of files) {
      expect(xml, name).not.toMatch(/<f[ >]/)
      // What XML 1.0 may not hold (2.2).
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ud800-\udfff]/u)
      expect(xml.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/)
    }
    const names = namesOf(files)
    expect(new Set(names.map((name) => name.toLowerCase())).size).toBe(names.length)
    for (const name of names) expect(name).not.toMatch(/[[\]:*?/\\]/)
  })

  it('is the same bytes for the same document, dated by its run', async () => {
    const first = await renderXlsx(sampleDocument())
    const { promise, resolve } = Promise.withResolvers<void>()
    setImmediate(resolve)
    await promise
    expect((await renderXlsx(sampleDocument())).equals(first)).toBe(true)
    // 2026-07-06: (46 << 9) | (7 << 5) | 6 (APPNOTE.TXT 4.4.6).
    expect(first.readUInt16LE(12)).toBe((46 << 9) | (7 << 5) | 6)
    expect(first.readUInt16LE(10)).toBe(0)
  })
})
