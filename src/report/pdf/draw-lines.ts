import type { TextLine } from './lay-out-text.ts'
import type { Element, Ink, Pages } from './page.ts'

export interface LinesPlace {
  readonly x: number
  /** Top of the first line. */
  readonly y: number
  readonly lineHeight: number
  /** Lines end here instead of beginning at `x`. */
  readonly end?: number
}

/** Baseline below the top of a line, in sizes of the text. */
export const rise = 0.95

/** Draws lines into an element of the structure; a link becomes an element of its own that leads to its place. */
export function drawLines(
  pages: Pages,
  element: Element,
  lines: readonly TextLine[],
  place: LinesPlace,
  ink: Ink,
): void {
  const { doc } = pages
  const draw = (line: TextLine, row: number, only?: number): void => {
    const y = place.y + row * place.lineHeight
    let x = place.end === undefined ? place.x : place.end - line.width
    for (const [k, { text, lang, to }] of line.pieces.entries()) {
      if (only === undefined || only === k) {
        if (lang !== undefined) doc.markContent('Span', { lang })
        pages.drawText(text, x, y + rise * ink.size, to === undefined ? ink : { ...ink, colour: 'accent' })
        if (lang !== undefined) doc.endMarkedContent()
      }
      x += pages.measure(text, ink.size, ink.isBold)
    }
  }
  if (!lines.some(({ pieces }) => pieces.some(({ to }) => to !== undefined))) {
    element.add(() => {
      for (const [row, line] of lines.entries()) draw(line, row)
    })
    return
  }
  for (const [row, line] of lines.entries()) {
    let x = place.end === undefined ? place.x : place.end - line.width
    for (const [k, { text, to }] of line.pieces.entries()) {
      const width = pages.measure(text.trimEnd(), ink.size, ink.isBold)
      if (to === undefined) element.add(() => draw(line, row, k))
      else {
        const link = doc.struct('Link')
        element.add(link)
        link.add(() => draw(line, row, k))
        const y = place.y + row * place.lineHeight
        doc.goTo(x, y, width, place.lineHeight, to, { structParent: link, Contents: new String(text.trim()) } as never)
        link.end()
      }
      x += pages.measure(text, ink.size, ink.isBold)
    }
  }
}
