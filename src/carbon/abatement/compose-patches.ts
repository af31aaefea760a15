/**
 * One JSON Merge Patch that does what `first` and then `second` do (RFC 7396). Unlike a merge of the two, it keeps the nulls that take
 * something out.
 */
export function composePatches(first: unknown, second: unknown): unknown {
  if (second === undefined) return first
  if (!isObject(second) || !isObject(first)) return second
  const composed = new Map(Object.entries(first))
  for (const [name, value] of Object.entries(second)) {
    composed.set(name, composed.has(name) ? composePatches(composed.get(name), value) : value)
  }
  return Object.fromEntries(composed)
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
