import { type Document, isNode, isScalar, LineCounter, parseDocument, visit } from 'yaml'
import { MangroveError, type Place } from '../errors.ts'
import { kernelErrors } from '../kernel-errors.ts'
import { applyMergePatch } from './merge-patch.ts'

export type Path = readonly (string | number)[]

/** A parsed site file that still knows on which line everything stands. */
export interface SiteDocument {
  readonly content: unknown
  placeOf(path: Path): Place
}

/**
 * Reads YAML 1.2 or JSON, then applies changes.
 *
 * @param changes JSON Merge Patch; what it touches has no line, for it stands in no file
 * @throws `kernel.bad-document` with every syntax error and its line
 */
export function parseSiteDocument(text: string, file: string, changes?: unknown): SiteDocument {
  const lines = new LineCounter()
  // The reader itself compares each key with each before it: ten thousand points would take it seconds.
  const options = { lineCounter: lines, prettyErrors: false, stringKeys: true, merge: true, uniqueKeys: false } as const
  const document = parseDocument(text, options)
  const lineAt = (offset: number): number => lines.linePos(offset).line
  const errors = document.errors.length > 0 ? document.errors : repeatedKeys(document)
  if (errors.length > 0) {
    throw new MangroveError(
      errors.slice(0, 20).map((error) =>
        kernelErrors.badDocument.problem({
          detail: error.code === 'MULTIPLE_DOCS' ? 'The file holds more than one document' : error.message,
          place: { file, line: lineAt(error.pos[0]) },
          expected: 'YAML 1.2 or JSON',
        }),
      ),
    )
  }
  const content = toPlain(() => document.toJS({ maxAliasCount: 100 }), file)
  if (changes !== undefined && (typeof changes !== 'object' || changes === null || Array.isArray(changes))) {
    throw kernelErrors.badDocument({
      detail: 'Changes are an object with the fields to change',
      place: { file: 'changes' },
      found: Array.isArray(changes) ? 'a list' : changes,
      expected: 'a JSON Merge Patch such as {"limits":{"importKw":2000}}',
    })
  }
  return {
    content: changes === undefined ? content : applyMergePatch(content, changes),
    placeOf(path) {
      const shown = path.join('.')
      if (changes !== undefined && touches(changes, path)) return { file: 'changes', path: shown }
      for (let length = path.length; length > 0; length -= 1) {
        const node = document.getIn(path.slice(0, length), true)
        if (isNode(node) && node.range) return { file, line: lineAt(node.range[0]), path: shown }
      }
      return shown === '' ? { file } : { file, path: shown }
    },
  }
}

interface Fault {
  readonly code: string
  readonly message: string
  /** Offsets in the text. */
  readonly pos: readonly [number, number]
}

/** Keys that stand in a map a second time. */
function repeatedKeys(document: Document): readonly Fault[] {
  const faults: Fault[] = []
  visit(document, {
    Map(_, map) {
      const seen = new Set<unknown>()
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<') continue
        const [from = 0, to = 0] = key.range ?? []
        if (seen.has(key.value))
          faults.push({ code: 'DUPLICATE_KEY', message: 'Map keys must be unique', pos: [from, to] })
        seen.add(key.value)
      }
    },
  })
  return faults
}

/** Aliases that name nothing, or that grow without bound, are refused by the reader while it expands them. */
function toPlain(expand: () => unknown, file: string): unknown {
  try {
    return expand()
  } catch (cause) {
    const bomb = cause instanceof Error && cause.message.startsWith('Excessive alias count')
    const detail = bomb
      ? 'The file repeats parts of itself too often'
      : `The file repeats a part that it does not have: ${cause instanceof Error ? cause.message : String(cause)}`
    throw kernelErrors.badDocument({ detail, place: { file } }, { cause })
  }
}

function touches(changes: unknown, path: Path): boolean {
  let at = changes
  for (const part of path) {
    if (typeof at !== 'object' || at === null || Array.isArray(at)) return true
    if (!Object.hasOwn(at, part)) return false
    at = (at as Record<string, unknown>)[part]
  }
  return true
}
