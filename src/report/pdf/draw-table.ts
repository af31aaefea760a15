import { formatAmount } from '../model/format-amount.ts'
import type { Cell, Language, Row, Table, Text } from '../model/schema.ts'
import { isAmount, referenceText, spansOf } from '../model/text.ts'
import { drawLines } from './draw-lines.ts'
import { childOf, drawCaption, drawParagraph } from './draw-paragraph.ts'
import { layOutText, leastWidth, noBreak, type TextLine } from './lay-out-text.ts'
import { contentWidth, type Element, type Ink, type Pages, sheet } from './page.ts'
import { paints } from './paints.ts'

const size = 8
const lineHeight = 11.5
const padding = 5
const gutter = 12
const mostHeadLines = 8
const headInk: Ink = { size: 7.5, colour: 'soft' }
const toneMarks = { good: '✓ ', bad: '× ', open: '○ ' } as const

interface Layout {
  readonly x: readonly number[]
  readonly widths: readonly number[]
}

/** A cell in words, its factors as links behind it. */
function cellText(cell: Cell, language: Language): Text {
  if (cell === null) return '–'
  if (!isAmount(cell)) return cell
  const number = formatAmount(cell, language) + (cell.unit === undefined ? '' : noBreak + cell.unit)
  const links = (cell.factors ?? []).map((id) => ({ text: referenceText(id), to: id }))
  return links.length === 0 ? number : [{ text: `${number} ` }, ...links]
}

const textsOf = ({ cells, tone }: Row, language: Language): readonly Text[] =>
  cells.map((cell, place) => {
    const text = cellText(cell, language)
    return place === 0 && tone !== undefined ? [{ text: toneMarks[tone] }, ...spansOf(text)] : text
  })

const headText = ({ title, unit }: Table['columns'][number]): string =>
  unit === undefined ? title : `${title} (${unit})`

/**
 * Columns as wide as what stands in them where there is room; else what is left beside the longest words is shared out by what
 * each column would like to have.
 */
function layOut(
  pages: Pages,
  { columns }: Table,
  texts: readonly (readonly Text[])[],
  bold: readonly boolean[],
): Layout {
  const { measure } = pages
  const free = contentWidth - gutter * (columns.length - 1)
  const wished = columns.map((column, place) => {
    const own = texts.map((row, k) => ({ text: row[place]!, isBold: bold[k]! }))
    const least = Math.max(
      leastWidth(headText(column), { measure, size: headInk.size }, 90),
      ...own.map(({ text, isBold }) => leastWidth(text, { measure, size, isBold }, 110)),
    )
    const whole = own.map(({ text, isBold }) =>
      measure(
        spansOf(text)
          .map((span) => span.text)
          .join(''),
        size,
        isBold,
      ),
    )
    const like = Math.max(least, Math.min(260, Math.max(...whole, measure(headText(column), headInk.size) * 0.6)))
    return { least, like }
  })
  const leastSum = wished.reduce((sum, { least }) => sum + least, 0)
  const likeSum = wished.reduce((sum, { like }) => sum + like, 0)
  const widths = wished.map(({ least, like }) => {
    if (leastSum >= free) return (least / leastSum) * free
    if (likeSum <= free) return like + (free - likeSum) * (like / likeSum)
    return least + ((free - leastSum) * (like - least)) / (likeSum - leastSum)
  })
  let at = sheet.left
  const x = widths.map((width) => {
    const own = at
    at += width + gutter
    return own
  })
  return { x, widths }
}

interface LaidCell {
  readonly lines: readonly TextLine[]
  readonly isEnd: boolean
}

/**
 * A table over as many pages as it takes; its head stands on each, and is read once.
 *
 * @param isNamed what stands above it has its name already
 */
export function drawTable(pages: Pages, parent: Element, table: Table, language: Language, isNamed: boolean): void {
  const { columns, rows, id, title, note } = table
  const { doc, measure } = pages
  const texts = rows.map((row) => textsOf(row, language))
  const bold = rows.map(({ role }) => role === 'total')
  const { x, widths } = layOut(pages, table, texts, bold)
  const laid = (cells: readonly Text[], ink: Ink): readonly LaidCell[] =>
    cells.map((text, place) => ({
      lines: layOutText(text, { measure, ...ink, width: widths[place]! + 0.01 }),
      isEnd: columns[place]?.align === 'end',
    }))
  // Words of a head that fills the page would leave no room for rows.
  const head = laid(columns.map(headText), headInk).map((cell) => ({
    ...cell,
    lines: cell.lines.slice(0, mostHeadLines),
  }))
  const headHeight = Math.max(...head.map(({ lines }) => lines.length)) * lineHeight + padding + 3
  const drawCell = ({ lines, isEnd }: LaidCell, place: number, y: number, ink: Ink, element: Element): void =>
    drawLines(
      pages,
      element,
      lines,
      { x: x[place]!, y, lineHeight, ...(isEnd ? { end: x[place]! + widths[place]! } : {}) },
      ink,
    )
  const rule = (y: number, width: number, colour: 'ink' | 'line'): void =>
    pages.artifact(() => doc.rect(sheet.left, y, contentWidth, width).fill(paints[colour]))

  const firstHeight = Math.max(
    lineHeight,
    ...laid(texts[0] ?? [], { size, colour: 'ink' }).map(({ lines }) => lines.length * lineHeight),
  )
  pages.need(headHeight + Math.min(firstHeight, 300) + 40)
  doc.addNamedDestination(id, 'XYZ', 0, pages.y - 6, null)
  const element = childOf(pages, parent, 'Table')
  if (!isNamed) drawCaption(pages, element, 'Caption', title)
  const headElement = childOf(pages, element, 'THead')
  const headRow = childOf(pages, headElement, 'TR')
  for (const [place, cell] of head.entries()) {
    const one = childOf(pages, headRow, 'TH', { scope: 'Column' })
    const top = pages.y + headHeight - padding - 3 - cell.lines.length * lineHeight
    drawCell(cell, place, top, headInk, one)
    one.end()
  }
  headElement.end()
  pages.y += headHeight
  rule(pages.y - 3, 0.9, 'ink')
  const repeatHead = (): void => {
    pages.artifact(() => {
      for (const [place, { lines, isEnd }] of head.entries()) {
        for (const [row, line] of lines.entries()) {
          const y = pages.y + headHeight - padding - 3 - (lines.length - row) * lineHeight + 0.95 * headInk.size
          const from = isEnd ? x[place]! + widths[place]! - line.width : x[place]!
          pages.drawText(line.pieces.map(({ text }) => text).join(''), from, y, headInk)
        }
      }
    })
    pages.y += headHeight
    rule(pages.y - 3, 0.9, 'ink')
  }

  const body = childOf(pages, element, 'TBody')
  for (const [k, row] of rows.entries()) {
    const ink: Ink = { size, isBold: bold[k]!, colour: 'ink' }
    const cells = laid(texts[k]!, ink)
    const count = Math.max(1, ...cells.map(({ lines }) => lines.length))
    const height = count * lineHeight + 2 * padding
    // A row that fits a page stays whole.
    if (pages.room() < height && height < (sheet.height - sheet.top - sheet.bottom) / 2) {
      if (pages.need(height)) repeatHead()
    } else if (pages.need(lineHeight + 2 * padding)) repeatHead()
    if (row.id !== undefined) doc.addNamedDestination(row.id, 'XYZ', 0, pages.y - 20, null)
    const rowElement = childOf(pages, body, 'TR')
    const elements = cells.map((_, place) =>
      place === 0 ? childOf(pages, rowElement, 'TH', { scope: 'Row' }) : childOf(pages, rowElement, 'TD'),
    )
    for (let from = 0; from < count; ) {
      if (from > 0 && pages.need(lineHeight + 2 * padding)) repeatHead()
      const fitting = Math.max(1, Math.min(count - from, Math.floor((pages.room() - 2 * padding) / lineHeight)))
      for (const [place, { lines, isEnd }] of cells.entries()) {
        const part = lines.slice(from, from + fitting)
        if (part.length > 0) drawCell({ lines: part, isEnd }, place, pages.y + padding, ink, elements[place]!)
      }
      from += fitting
      pages.y += fitting * lineHeight + 2 * padding
    }
    for (const one of elements) one.end()
    rowElement.end()
    rule(pages.y, bold[k] ? 0.9 : 0.5, bold[k] ? 'ink' : 'line')
  }
  body.end()
  element.end()
  pages.y += 10
  if (note !== undefined) {
    drawParagraph(pages, childOf(pages, parent, 'P'), note, { size: 8, colour: 'soft' }, { height: 12 })
  }
  pages.y += 16
}
