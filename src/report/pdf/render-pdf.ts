import { formatAmount } from '../model/format-amount.ts'
import type { ReportDocument } from '../model/schema.ts'
import { cleanText, plainText } from '../model/text.ts'
import { amountsOf, textsOf } from '../model/walk.ts'
import { momentText, renderingWords } from '../words/index.ts'
import { drawBlock } from './draw-blocks.ts'
import { drawFront } from './draw-front.ts'
import { childOf, drawParagraph } from './draw-paragraph.ts'
import { fitText } from './lay-out-text.ts'
import { standIn } from './open-fonts.ts'
import { contentWidth, openPages, type Pages, sheet } from './page.ts'
import { paints } from './paints.ts'

/** What renderers write besides the document's own text. */
const always = `${standIn}✓○`

function charactersOf(document: ReportDocument): ReadonlySet<number> {
  const words = renderingWords(document.language)
  const texts = [
    always,
    ...textsOf(document).map(plainText),
    ...amountsOf(document).map((amount) => formatAmount(amount, document.language)),
    ...[words.page(1, 1), words.evidence, words.colon, words.runBy('', '', ''), words.contents],
  ]
  return new Set(texts.flatMap((text) => [...text].map((letter) => letter.codePointAt(0)!)))
}

/** At the foot of each page: whose report it is, of which run, and where one is in it. */
function drawFeet(pages: Pages, { title, overline, language, run }: ReportDocument): void {
  const { doc, measure } = pages
  const words = renderingWords(language)
  const { start, count } = doc.bufferedPageRange()
  const ink = { size: 7.5, colour: 'soft' } as const
  const y = sheet.height - 46
  const whose = fitText(cleanText(`${overline} · ${title}`), contentWidth - 110, (text) => measure(text, ink.size))
  for (let page = 0; page < count; page += 1) {
    doc.switchToPage(start + page)
    doc.markContent('Artifact', { type: 'Pagination' })
    doc.rect(sheet.left, y - 14, contentWidth, 0.5).fill(paints.line)
    const number = words.page(page + 1, count)
    const wide = measure(number, ink.size)
    pages.drawText(number, sheet.left + contentWidth - wide, y, ink)
    pages.drawText(whose, sheet.left, y, ink)
    pages.drawText(`${words.evidence}${words.colon}${run.id}`, sheet.left, y + 11, ink)
    doc.endMarkedContent()
  }
}

/**
 * A document as a tagged page description (ISO 32000-1, ISO 14289-1): structure, language, bookmarks, alternatives of figures.
 * The same document gives the same bytes.
 */
export async function renderPdf(document: ReportDocument): Promise<Buffer> {
  const pages = openPages(document, charactersOf(document))
  const { doc } = pages
  const chunks: Buffer[] = []
  const done = new Promise<void>((resolve, reject) => {
    doc.on('data', (chunk: Buffer) => chunks.push(chunk))
    doc.on('end', () => resolve())
    doc.on('error', reject)
  })
  pages.need(1)
  const root = doc.struct('Document')
  doc.addStructure(root)
  drawFront(pages, root, document)
  const { language, run } = document
  const words = renderingWords(language)
  for (const { id, title, blocks } of document.sections) {
    const part = childOf(pages, root, 'Sect')
    if (!pages.need(210)) pages.y += 14
    doc.addNamedDestination(id, 'XYZ', 0, pages.y - 10, null)
    doc.outline.addItem(cleanText(title), { fit: false, top: pages.y - 10, left: sheet.width } as never)
    drawParagraph(pages, childOf(pages, part, 'H2'), title, { size: 16, isBold: true, colour: 'ink' }, { height: 22 })
    pages.y += 8
    for (const block of blocks) drawBlock(pages, part, block, { language, heading: title })
    part.end()
  }
  const told = words.runBy(run.engine, run.engineVersion, momentText(run.clockMs))
  pages.need(20)
  drawParagraph(pages, childOf(pages, root, 'P'), told, { size: 8, colour: 'soft' }, { height: 12 })
  root.end()
  drawFeet(pages, document)
  doc.end()
  await done
  return Buffer.concat(chunks)
}
