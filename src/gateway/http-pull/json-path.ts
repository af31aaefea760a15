/** Reads one place of a JSON document; undefined where there is none. */
export type JsonPath = (document: unknown) => unknown

const step = /\.([\p{L}_][\p{L}\p{N}_-]{0,199})|\[(\d{1,9})\]|\["([^"]{1,200})"\]|\['([^']{1,200})'\]/uy

/**
 * Reads a path: `$.a.b[0]["c d"]`, the part of JSONPath (RFC 9535) that names one place.
 *
 * @returns undefined for what is no such path
 */
export function readJsonPath(text: string): JsonPath | undefined {
  if (!text.startsWith('$')) return undefined
  const keys: (string | number)[] = []
  step.lastIndex = 1
  while (step.lastIndex < text.length) {
    const found = step.exec(text)
    if (!found) return undefined
    const [, name, index, double, single] = found
    keys.push(index === undefined ? (name ?? double ?? single)! : Number(index))
  }
  return (document) => {
    let at: unknown = document
    for (const key of keys) {
      if (typeof at !== 'object' || at === null) return undefined
      if (Array.isArray(at) !== (typeof key === 'number') || !Object.hasOwn(at, key)) return undefined
      at = (at as Record<string | number, unknown>)[key]
    }
    return at
  }
}
