/** A part of a guide. Texts are Markdown within a line: see `spansOf`. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly id: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly ordered: boolean; readonly items: readonly (readonly Block[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }

/** A part of a line. */
export type Span =
  | { readonly kind: 'text' | 'code' | 'strong' | 'em'; readonly text: string }
  | { readonly kind: 'link'; readonly text: string; readonly to: string }

const heading = /^(#{1,6}) (.+)$/
const bullet = /^(?:[-*]|(\d+)\.) +/
const fence = /^```/

/** The Markdown that our guides are written in: headings, paragraphs, lists, code and tables; a guide that uses more is told by a test. */
export function blocksOf(text: string): readonly Block[] {
  return readBlocks(text.split(/\r?\n/))
}

function readBlocks(lines: readonly string[]): readonly Block[] {
  const blocks: Block[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at] ?? ''
    if (line.trim() === '') {
      at += 1
      continue
    }
    const taken = takeBlock(lines, at)
    blocks.push(taken.block)
    at = taken.next
  }
  return blocks
}

interface Taken {
  readonly block: Block
  readonly next: number
}

function takeBlock(lines: readonly string[], at: number): Taken {
  const line = lines[at] ?? ''
  const [, hashes, title] = heading.exec(line) ?? []
  if (hashes !== undefined && title !== undefined)
    return { block: { kind: 'heading', level: hashes.length, text: title, id: anchorOf(title) }, next: at + 1 }
  if (fence.test(line)) return takeCode(lines, at)
  if (line.startsWith('|')) return takeTable(lines, at)
  if (bullet.test(line)) return takeList(lines, at)
  const next = endOf(lines, at + 1, (own) => own.trim() === '' || fence.test(own) || bullet.test(own))
  return { block: { kind: 'paragraph', text: lines.slice(at, next).map(trimmed).join(' ') }, next }
}

const trimmed = (line: string): string => line.trim()

/** The first line from a place on that ends what stands there. */
function endOf(lines: readonly string[], from: number, ends: (line: string) => boolean): number {
  const found = lines.findIndex((line, index) => index >= from && ends(line))
  return found < 0 ? lines.length : found
}

function takeCode(lines: readonly string[], at: number): Taken {
  const end = endOf(lines, at + 1, (line) => fence.test(line))
  return { block: { kind: 'code', text: lines.slice(at + 1, end).join('\n') }, next: end + 1 }
}

function takeTable(lines: readonly string[], at: number): Taken {
  const next = endOf(lines, at, (line) => !line.startsWith('|'))
  const [head = [], , ...rows] = lines.slice(at, next).map(cellsOf)
  return { block: { kind: 'table', head, rows }, next }
}

/** A bar behind a backslash is one of the text. */
const cellsOf = (line: string): readonly string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))

/** What is indented belongs to the item above it. */
function takeList(lines: readonly string[], at: number): Taken {
  const items: (readonly Block[])[] = []
  const ordered = bullet.exec(lines[at] ?? '')?.[1] !== undefined
  let next = at
  while (bullet.test(lines[next] ?? '')) {
    const [mark = ''] = bullet.exec(lines[next] ?? '') ?? []
    const end = endOf(lines, next + 1, (line) => line.trim() !== '' && !line.startsWith(' '))
    const own = [(lines[next] ?? '').slice(mark.length), ...lines.slice(next + 1, end)]
    items.push(
      readBlocks(own.map((line) => (/^ *$/.test(line.slice(0, mark.length)) ? line.slice(mark.length) : line))),
    )
    next = end
  }
  return { block: { kind: 'list', ordered, items }, next }
}

/** As GitHub makes it of a heading. */
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')

const inline = /`([^`]+)`|\*\*([^*]+)\*\*|(?<![\w*])\*([^*\s][^*]*)\*|(?<!\w)_([^_]+)_(?!\w)|\[([^\]]+)\]\(([^)]+)\)/g

/** Code, stress and links in a line. */
export function spansOf(text: string): readonly Span[] {
  const spans: Span[] = []
  let at = 0
  for (const found of text.matchAll(inline)) {
    const [whole, code, strong, star, low, title, to] = found
    if (found.index > at) spans.push({ kind: 'text', text: text.slice(at, found.index) })
    at = found.index + whole.length
    if (code !== undefined) spans.push({ kind: 'code', text: code })
    else if (strong !== undefined) spans.push({ kind: 'strong', text: strong })
    else if (title !== undefined) spans.push({ kind: 'link', text: title, to: to ?? '' })
    else spans.push({ kind: 'em', text: star ?? low ?? '' })
  }
  return at < text.length ? [...spans, { kind: 'text', text: text.slice(at) }] : spans
}
