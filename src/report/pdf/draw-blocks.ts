import { drawChart } from '../chart/draw-chart.ts'
import { type Scene, short } from '../chart/scene.ts'
import { formatAmount } from '../model/format-amount.ts'
import type { Block, Figure, Language, Text } from '../model/schema.ts'
import { cleanText } from '../model/text.ts'
import { bodyInk, childOf, drawCaption, drawParagraph, lineHeight } from './draw-paragraph.ts'
import { drawTable } from './draw-table.ts'
import { contentWidth, type Element, type Pages, sheet } from './page.ts'
import { paints } from './paints.ts'

/** Where a block stands. */
export interface BlockPlace {
  readonly language: Language
  readonly heading: string
}

function drawFigure(pages: Pages, parent: Element, figure: Figure, language: Language): void {
  const { chart, id, title, description } = figure
  const isDial = chart.kind === 'dial'
  const width = isDial ? 340 : contentWidth
  const format = (amount: { readonly value: string; readonly decimals: number }): string =>
    formatAmount(amount, language)
  const scene = drawChart(chart, { width, measure: pages.measure, format })
  // A drawing that is higher than a page is made smaller.
  const most = sheet.height - sheet.top - sheet.bottom - 40
  const scale = Math.min(1, most / scene.height)
  pages.need(scene.height * scale + 34)
  pages.doc.addNamedDestination(id, 'XYZ', 0, pages.y - 6, null)
  drawCaption(pages, parent, 'P', title)
  const x = sheet.left + (isDial ? (contentWidth - width * scale) / 2 : 0)
  const top = pages.y + 2
  const bbox = [x, top, x + width * scale, top + scene.height * scale]
  const element = childOf(pages, parent, 'Figure', { alt: cleanText(description), bbox, placement: 'Block' })
  element.add(() => drawScene(pages, scene, x, top, scale))
  element.end()
  pages.y = top + scene.height * scale + 20
}

function drawScene(pages: Pages, { marks }: Scene, left: number, top: number, scale: number): void {
  const { doc } = pages
  doc.save()
  doc.translate(short(left), short(top)).scale(scale)
  for (const mark of marks) {
    if (mark.kind === 'rect') {
      doc.rect(mark.x, mark.y, Math.max(0, mark.width), mark.height).fill(paints[mark.fill])
    } else if (mark.kind === 'path') {
      const { d, fill, stroke, strokeWidth = 1, dash } = mark
      doc.path(d)
      if (fill) doc.fill(paints[fill])
      else if (stroke) {
        doc.lineWidth(strokeWidth).lineJoin('round')
        if (dash) doc.dash(dash[0], { space: dash[1] })
        doc.stroke(paints[stroke])
        if (dash) doc.undash()
      }
    } else {
      const { text, size, isBold = false, anchor, x, y, fill } = mark
      const clean = cleanText(text)
      const width = anchor === 'start' ? 0 : pages.measure(clean, size, isBold)
      pages.drawText(clean, x - (anchor === 'end' ? width : width / 2), y, { size, isBold, colour: fill })
    }
  }
  doc.restore()
}

function drawList(pages: Pages, parent: Element, items: readonly Text[]): void {
  const list = childOf(pages, parent, 'L')
  for (const item of items) {
    pages.need(lineHeight)
    const entry = childOf(pages, list, 'LI')
    const label = childOf(pages, entry, 'Lbl')
    label.add(() => pages.drawText('•', sheet.left + 2, pages.y + 9, { ...bodyInk, colour: 'accent' }))
    label.end()
    drawParagraph(pages, childOf(pages, entry, 'LBody'), item, bodyInk, { indent: 15 })
    entry.end()
    pages.y += 4
  }
  list.end()
  pages.y += 8
}

/** Draws one block of a section. @param heading of the section, which a table does not say again */
export function drawBlock(pages: Pages, parent: Element, block: Block, { language, heading }: BlockPlace): void {
  switch (block.kind) {
    case 'paragraph':
      drawParagraph(pages, childOf(pages, parent, 'P'), block.text)
      pages.y += 9
      return
    case 'list':
      drawList(pages, parent, block.items)
      return
    case 'note': {
      pages.need(4 * lineHeight)
      const element = childOf(pages, parent, 'Note', {})
      const colour = block.tone
      drawParagraph(pages, childOf(pages, element, 'P'), block.title, { size: 10, isBold: true, colour })
      drawParagraph(pages, childOf(pages, element, 'P'), block.text)
      element.end()
      pages.y += 12
      return
    }
    case 'figure':
      drawFigure(pages, parent, block, language)
      return
    case 'table':
      drawTable(pages, parent, block, language, block.title === heading)
      return
  }
}
