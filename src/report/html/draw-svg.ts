import { type Mark, type Paint, type Scene, short } from '../chart/scene.ts'
import { escapeHtml } from './escape.ts'

const paint = (colour: Paint): string => `var(--${colour === 'paper' ? 'surface' : colour})`

function drawMark(mark: Mark): string {
  switch (mark.kind) {
    case 'rect':
      return `<rect x="${mark.x}" y="${mark.y}" width="${Math.max(0, mark.width)}" height="${mark.height}" fill="${paint(mark.fill)}"/>`
    case 'path': {
      const { d, fill, stroke, strokeWidth = 1, dash } = mark
      const line = stroke ? ` stroke="${paint(stroke)}" stroke-width="${strokeWidth}" stroke-linejoin="round"` : ''
      return `<path d="${d}" fill="${fill ? paint(fill) : 'none'}"${line}${dash ? ` stroke-dasharray="${dash.join(' ')}"` : ''}/>`
    }
    case 'text': {
      const { x, y, text, size, isBold, anchor, fill, value } = mark
      const bold = isBold ? ' font-weight="650"' : ''
      const exact = value === undefined ? '' : ` data-value="${escapeHtml(value)}"`
      return `<text x="${x}" y="${short(y)}" font-size="${size}" text-anchor="${anchor}" fill="${paint(fill)}"${bold}${exact}>${escapeHtml(text)}</text>`
    }
  }
}

/** A drawing as an SVG element that says what it shows. @param id unique on the page */
export const drawSvg = (
  { width, height, marks }: Scene,
  { id, title, description }: { readonly id: string; readonly title: string; readonly description: string },
): string =>
  [
    `<svg viewBox="0 0 ${short(width)} ${short(height)}" role="img" aria-labelledby="${id}-title ${id}-desc">`,
    `<title id="${id}-title">${escapeHtml(title)}</title><desc id="${id}-desc">${escapeHtml(description)}</desc>`,
    ...marks.map(drawMark),
    '</svg>',
  ].join('')
