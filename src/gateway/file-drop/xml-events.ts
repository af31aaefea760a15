import { gatewayErrors } from '../errors.ts'

/** What stands in a document, in its order. Names are without their prefix. */
export type XmlEvent =
  | { readonly kind: 'open'; readonly name: string; readonly attributes: string }
  /** `text`: what stood directly in the element. */
  | { readonly kind: 'close'; readonly name: string; readonly text: string }

/** Bounds of what an honest document has; beyond, it is refused. */
const mostDepth = 64
const mostTagCharacters = 64 * 1024
const mostTextCharacters = 1024 * 1024

/**
 * Reads the subset of XML 1.0 that data files are written in: elements, text, the five named entities and those of
 * numbers, CDATA; comments and instructions are skipped. A document type is refused, and with it every entity that
 * could grow or reach out.
 *
 * @throws `gateway.bad-body` for what is not well formed
 */
export async function* readXmlEvents(text: AsyncIterable<string>): AsyncGenerator<XmlEvent> {
  const open: { readonly name: string; text: string }[] = []
  let waiting = ''
  let roots = 0
  const add = (piece: string): void => {
    const element = open.at(-1)
    if (!element) {
      if (piece.trim() !== '') throw badXml('Text stands outside of the document', piece)
      return
    }
    element.text += piece
    if (element.text.length > mostTextCharacters) throw badXml('A text is too long', element.name)
  }
  const close = (name: string): XmlEvent => {
    const element = open.pop()
    if (element?.name !== name) throw badXml('An element ends that was not open', name)
    return { kind: 'close', name: localName(name), text: element.text }
  }
  const take = function* (markup: string): Generator<XmlEvent> {
    if (markup.startsWith('<?') || markup.startsWith('<!--')) return
    if (markup.startsWith('<![CDATA[')) return add(markup.slice(9, -3))
    if (markup.startsWith('<!')) throw badXml('A document type is not taken', markup)
    if (markup.startsWith('</')) return yield close(markup.slice(2, -1).trim())
    const inner = markup.slice(1, markup.endsWith('/>') ? -2 : -1)
    const [name = ''] = /^[^\s/<>"'=&]+/.exec(inner) ?? []
    if (name === '') throw badXml('This is no element', markup)
    if (open.length === 0 && roots > 0) throw badXml('There is more than one document', markup)
    if (open.length >= mostDepth) throw badXml('Elements stand too deep in each other', name)
    roots += 1
    open.push({ name, text: '' })
    yield { kind: 'open', name: localName(name), attributes: inner.slice(name.length) }
    if (markup.endsWith('/>')) yield close(name)
  }

  for await (const chunk of text) {
    waiting += chunk
    let at = 0
    while (at < waiting.length) {
      if (waiting[at] === '<') {
        const end = markupEnd(waiting, at)
        if (end < 0) break
        yield* take(waiting.slice(at, end))
        at = end
        continue
      }
      const next = waiting.indexOf('<', at)
      // An entity must not be cut in two.
      if (next < 0) break
      add(withoutEntities(waiting.slice(at, next)))
      at = next
    }
    waiting = waiting.slice(at)
    if (waiting.length > (waiting.startsWith('<') ? mostTagCharacters : mostTextCharacters)) {
      throw badXml('A piece of the document does not end', waiting)
    }
  }
  if (waiting.trim() !== '' || open.length > 0 || roots === 0) throw badXml('The document ends too early', waiting)
}

/** Where the markup that begins at `at` ends; -1: not yet there. */
function markupEnd(text: string, at: number): number {
  const until = (mark: string, from: number): number => {
    const found = text.indexOf(mark, from)
    return found < 0 ? -1 : found + mark.length
  }
  // What it is cannot be told from less.
  if (text.length - at < 9 && '<![CDATA['.startsWith(text.slice(at))) return -1
  if (text.startsWith('<!--', at)) return until('-->', at + 4)
  if (text.startsWith('<![CDATA[', at)) return until(']]>', at + 9)
  if (text.startsWith('<?', at)) return until('?>', at + 2)
  let quote = ''
  for (let index = at + 1; index < text.length; index += 1) {
    const sign = text[index]!
    if (quote !== '') {
      if (sign === quote) quote = ''
    } else if (sign === '"' || sign === "'") quote = sign
    else if (sign === '>') return index + 1
    else if (sign === '<') throw badXml('An element does not end', text.slice(at, index))
  }
  return -1
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** Value of an attribute, or undefined. */
export function attributeOf(attributes: string, name: string): string | undefined {
  for (const [, key, double, single] of attributes.matchAll(/([^\s=]{1,64})\s{0,8}=\s{0,8}(?:"([^"]*)"|'([^']*)')/g)) {
    if (key === name) return withoutEntities(double ?? single ?? '')
  }
  return undefined
}

const entities: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

function withoutEntities(text: string): string {
  if (!text.includes('&')) return text
  return text.replaceAll(/&([^;&]{0,10};?)/g, (whole, name: string) => {
    const plain = name.slice(0, -1)
    const code = /^#x[0-9a-fA-F]{1,6};$/.test(name)
      ? Number.parseInt(plain.slice(2), 16)
      : /^#\d{1,7};$/.test(name)
        ? Number(plain.slice(1))
        : undefined
    if (code !== undefined && code > 0 && code <= 0x10_ff_ff) return String.fromCodePoint(code)
    const known = name.endsWith(';') && Object.hasOwn(entities, plain) ? entities[plain] : undefined
    if (known === undefined) throw badXml('An entity is not known', whole)
    return known
  })
}

const badXml = (detail: string, found: string): Error =>
  gatewayErrors.badBody({ detail, found: found.slice(0, 80), expected: 'XML of data, without a document type' })
