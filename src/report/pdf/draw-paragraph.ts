import type { Text } from '../model/schema.ts'
import { drawLines } from './draw-lines.ts'
import { layOutText } from './lay-out-text.ts'
import { contentWidth, type Element, type Ink, type Pages, sheet } from './page.ts'

export const bodyInk: Ink = { size: 9.5, colour: 'ink' }
/** Of a line of body text, points. */
export const lineHeight = 14.5

/** Sets a text from the margin on, over pages if need be; the element ends with it. */
export function drawParagraph(
  pages: Pages,
  element: Element,
  text: Text,
  ink: Ink = bodyInk,
  { indent = 0, height = lineHeight }: { readonly indent?: number; readonly height?: number } = {},
): void {
  const x = sheet.left + indent
  const lines = layOutText(text, { measure: pages.measure, ...ink, width: contentWidth - indent })
  for (let from = 0; from < lines.length; ) {
    pages.need(height)
    const fitting = lines.slice(from, from + Math.max(1, Math.floor(pages.room() / height)))
    drawLines(pages, element, fitting, { x, y: pages.y, lineHeight: height }, ink)
    from += fitting.length
    pages.y += fitting.length * height
  }
  element.end()
}

/** An element of the structure below another. */
export function childOf(pages: Pages, parent: Element, type: string, options: object = {}): Element {
  const element = pages.doc.struct(type as never, options)
  parent.add(element)
  return element
}

/** A line in bold above a figure, a table or a note. */
export function drawCaption(pages: Pages, parent: Element, type: string, title: string): void {
  drawParagraph(pages, childOf(pages, parent, type), title, { size: 10, isBold: true, colour: 'ink' })
  pages.y += 5
}
