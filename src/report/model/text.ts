import type { Amount, Cell, Span, Text } from './schema.ts'

/** Characters that no page, no sheet and no XML may hold: controls but tab and line feed, halves of pairs, non-characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unprintable = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/g
/** Marks that turn the direction of what follows: they could show a number that is not there. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** Text as it may be shown: what cannot be printed, or would turn what follows around, becomes U+FFFD. */
export const cleanText = (text: string): string =>
  text.toWellFormed().replace(unprintable, '\ufffd').replace(turning, '\ufffd')

/** The pieces of a text, cleaned. */
export const spansOf = (text: Text): readonly Span[] =>
  (typeof text === 'string' ? [{ text }] : text).map((span) => ({ ...span, text: cleanText(span.text) }))

/** A text in one piece. */
export const plainText = (text: Text): string =>
  spansOf(text)
    .map((span) => span.text)
    .join('')

export const isAmount = (cell: Cell): cell is Amount =>
  cell !== null && typeof cell === 'object' && !Array.isArray(cell)

/** How a number refers to a row of factors: `factor-12` is told as [12]. */
export const referenceText = (id: string): string => `[${id.replace(/^\D*-(?=\d+$)/, '')}]`
