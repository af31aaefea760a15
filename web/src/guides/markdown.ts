import { lexer, type Token, type Tokens } from 'marked'

/** What a guide is made of, as elements of a page show it; everything else is shown as it is written. */
export type Block = Tokens.Heading | Tokens.Paragraph | Tokens.Text | Tokens.Code | Tokens.List | Tokens.Table
export type Span = Tokens.Text | Tokens.Codespan | Tokens.Strong | Tokens.Em | Tokens.Link | Tokens.Escape

/** Reads Markdown as GitHub does. Line breaks and empty lines are no part of it. */
export const blocksOf = (text: string): readonly Block[] => shownOf(lexer(text)) as readonly Block[]

/** The parts of a block or a line without those that show nothing. */
export const shownOf = (tokens: readonly Token[] = []): readonly Token[] =>
  tokens.filter(({ type }) => type !== 'space' && type !== 'def')

/** As GitHub makes it of a heading. */
export const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
