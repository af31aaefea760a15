import type { Measure } from '../chart/scene.ts'
import type { Span, Text } from '../model/schema.ts'
import { spansOf } from '../model/text.ts'

/** A piece of a line: one look, one link, one language. */
export interface Piece {
  readonly text: string
  readonly lang?: string
  readonly to?: string
}

/** What stands beside each other; the blank at the end is drawn, so that words are read apart. */
export interface TextLine {
  readonly pieces: readonly Piece[]
  /** Without the blank at the end. */
  readonly width: number
}

export interface Setting {
  readonly measure: Measure
  readonly size: number
  readonly isBold?: boolean
  readonly width: number
}

/**
 * Where a line may end: after blanks, between two letters of Chinese unless one is a mark that may not begin or end a line
 * (GB/T 15834; JIS X 4051, 6.1), and after the strokes of long names.
 */
const tokens =
  /[（《〈「『【〔“‘]*[\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\u3000-\u303f][，。、；：？！）》〉」』】〕”’…—·％]*[ \t]*|[^ \t\u2e80-\u9fff\uf900-\ufaff\uff01-\uff60\u3000-\u303f]+[ \t]*|[ \t]+/gu

/** What stays together: a number and its unit. */
export const noBreak = '\u00a0'

const pieceOf = ({ lang, to }: Span, text: string): Piece => ({
  text,
  ...(lang === undefined ? {} : { lang }),
  ...(to === undefined ? {} : { to }),
})

/** Breaks a text into lines of a width; what is longer than a line is broken wherever it has to be. */
export function layOutText(text: Text, { measure, size, isBold, width }: Setting): readonly TextLine[] {
  const lines: TextLine[] = []
  let pieces: Piece[] = []
  let x = 0
  let trailing = 0
  const wide = (piece: string): number => measure(piece, size, isBold)
  const end = (): void => {
    lines.push({ pieces, width: x - trailing })
    pieces = []
    x = 0
    trailing = 0
  }
  const put = (span: Span, piece: string, own: number, blank: number): void => {
    const last = pieces.at(-1)
    if (last && last.lang === span.lang && last.to === span.to)
      pieces[pieces.length - 1] = { ...last, text: last.text + piece }
    else pieces.push(pieceOf(span, piece))
    x += own + blank
    trailing = blank
  }
  for (const span of spansOf(text)) {
    for (const [token] of span.text.replace(/\s*\n\s*/g, ' ').matchAll(tokens)) {
      const bare = token.replace(/[ \t]+$/, '')
      const own = wide(bare)
      const blank = bare === token ? 0 : wide(' ')
      if (x + own > width && x > 0) end()
      if (own <= width) {
        if (bare !== '' || x > 0) put(span, blank > 0 ? `${bare} ` : bare, own, blank)
        continue
      }
      for (const part of cut(bare, width, wide)) {
        if (x > 0) end()
        put(span, part, wide(part), 0)
      }
      if (blank > 0) put(span, ' ', 0, blank)
    }
  }
  if (pieces.length > 0 || lines.length === 0) end()
  return lines
}

/** Parts of a long word that each fit a line: it ends after a stroke or a dot where there is one, else anywhere. */
function cut(word: string, width: number, wide: (piece: string) => number): readonly string[] {
  const parts: string[] = []
  let part = ''
  let length = 0
  const strokes = word.match(/[^/.\-_]*[/.\-_]+|[^/.\-_]+$/g) ?? [word]
  for (const letter of strokes.flatMap((piece) => (wide(piece) > width ? [...piece] : [piece]))) {
    const own = wide(letter)
    if (part !== '' && length + own > width) {
      parts.push(part)
      part = ''
      length = 0
    }
    part += letter
    length += own
  }
  return part === '' ? parts : [...parts, part]
}

/** Width of the widest piece that is not broken, at most `most`. */
export function leastWidth(text: Text, { measure, size, isBold }: Omit<Setting, 'width'>, most: number): number {
  const words = spansOf(text).flatMap((span) => [...span.text.matchAll(tokens)].map(([token]) => token.trimEnd()))
  return Math.min(most, Math.max(0, ...words.map((word) => measure(word, size, isBold))))
}

/** As much of a text as fits a width, with a mark where it was cut: for places that say again what stands elsewhere. */
export function fitText(text: string, width: number, wide: (piece: string) => number): string {
  let left = width - wide('…')
  let fitting = ''
  for (const letter of text) {
    left -= wide(letter)
    if (left < 0) return `${fitting}…`
    fitting += letter
  }
  return fitting
}
