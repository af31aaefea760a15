import { formatAmount } from '../model/format-amount.ts'
import type { ReportDocument } from '../model/schema.ts'
import { cleanText } from '../model/text.ts'
import { drawLines } from './draw-lines.ts'
import { childOf, drawParagraph } from './draw-paragraph.ts'
import { fitText, layOutText } from './lay-out-text.ts'
import { contentWidth, type Element, type Pages, sheet } from './page.ts'
import { paints } from './paints.ts'

const toneMarks = { good: '✓ ', bad: '× ', open: '○ ' } as const
/** Highlights beside each other. */
const inARow = 3
/** Of a label or a note beside them. */
const mostLines = 6

/** What stands first: what it is, of whom, when, what it says, its main numbers and what there is to know of it. */
export function drawFront(pages: Pages, parent: Element, document: ReportDocument): void {
  const { doc } = pages
  pages.artifact(() => doc.rect(0, 0, sheet.width, 6).fill(paints.accent))
  pages.y += 14
  const overline = { size: 10.5, isBold: true, colour: 'accent' } as const
  drawParagraph(pages, childOf(pages, parent, 'P'), document.overline, overline, { height: 18 })
  drawParagraph(
    pages,
    childOf(pages, parent, 'H1'),
    document.title,
    { size: 28, isBold: true, colour: 'ink' },
    { height: 35 },
  )
  drawParagraph(pages, childOf(pages, parent, 'P'), document.subtitle, { size: 12.5, colour: 'soft' }, { height: 20 })
  const { badge } = document
  if (badge) {
    pages.y += 12
    drawParagraph(
      ...([pages, childOf(pages, parent, 'P'), toneMarks[badge.tone] + badge.text] as const),
      { size: 14, isBold: true, colour: badge.tone },
      { height: 20 },
    )
  }
  pages.y += 14
  pages.artifact(() => doc.rect(sheet.left, pages.y, contentWidth, 1.4).fill(paints.ink))
  pages.y += 20
  drawHighlights(pages, parent, document)
  drawFacts(pages, parent, document)
}

function drawHighlights(pages: Pages, parent: Element, { highlights, language }: ReportDocument): void {
  const width = (contentWidth - 20 * (inARow - 1)) / inARow
  const { measure, doc } = pages
  for (let from = 0; from < highlights.length; from += inARow) {
    const row = highlights.slice(from, from + inARow)
    const laid = row.map(({ label, note = '' }) => ({
      label: layOutText(label, { measure, size: 8.5, width }).slice(0, mostLines),
      note: note === '' ? [] : layOutText(note, { measure, size: 8, width }).slice(0, mostLines),
    }))
    const labelHeight = Math.max(...laid.map(({ label }) => label.length)) * 11.5
    const noteHeight = Math.max(...laid.map(({ note }) => note.length)) * 11
    pages.need(labelHeight + noteHeight + 50)
    for (const [k, { amount }] of row.entries()) {
      const x = sheet.left + k * (width + 20)
      const y = pages.y
      const { label, note } = laid[k]!
      pages.artifact(() => doc.rect(x, y, width, 0.8).fill(paints.strong))
      const part = childOf(pages, parent, 'Div')
      const name = childOf(pages, part, 'P')
      drawLines(pages, name, label, { x, y: y + 8, lineHeight: 11.5 }, { size: 8.5, colour: 'soft' })
      name.end()
      const number = childOf(pages, part, 'P')
      const text = amount === null ? '–' : formatAmount(amount, language)
      const unit =
        amount?.unit === undefined
          ? ''
          : fitText(` ${cleanText(amount.unit)}`, width / 2, (piece) => measure(piece, 9.5))
      const unitWidth = measure(unit, 9.5)
      const size = Math.min(21, (21 * (width - unitWidth)) / Math.max(1, measure(text, 21, true)))
      number.add(() => {
        pages.drawText(text, x, y + labelHeight + 29, { size, isBold: true, colour: 'ink' })
        pages.drawText(unit, x + measure(text, size, true), y + labelHeight + 29, { size: 9.5, colour: 'soft' })
      })
      number.end()
      if (note.length > 0) {
        const more = childOf(pages, part, 'P')
        drawLines(pages, more, note, { x, y: y + labelHeight + 36, lineHeight: 11 }, { size: 8, colour: 'soft' })
        more.end()
      }
      part.end()
    }
    pages.y += labelHeight + noteHeight + 50
  }
}

function drawFacts(pages: Pages, parent: Element, { facts }: ReportDocument): void {
  const { measure } = pages
  const wide = Math.max(0, ...facts.map(({ label }) => measure(label, 9.5)))
  const labelWidth = Math.min(150, wide)
  const list = childOf(pages, parent, 'L')
  pages.y += 4
  for (const { label, text } of facts) {
    const lines = layOutText(label, { measure, size: 9.5, width: labelWidth + 0.01 })
    pages.need(lines.length * 14.5)
    const entry = childOf(pages, list, 'LI')
    const name = childOf(pages, entry, 'Lbl')
    const top = pages.y
    drawLines(pages, name, lines, { x: sheet.left, y: top, lineHeight: 14.5 }, { size: 9.5, colour: 'soft' })
    name.end()
    drawParagraph(pages, childOf(pages, entry, 'LBody'), text, undefined, { indent: labelWidth + 20 })
    entry.end()
    pages.y = Math.max(pages.y, top + (pages.y > top ? lines.length * 14.5 : 0)) + 2.5
  }
  list.end()
  pages.y += 18
}
