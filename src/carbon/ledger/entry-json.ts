import { canonicalJson } from '../../kernel/index.ts'

/** Member names by the order that objects have them in, in the order that canonical JSON wants, with their text. */
const orders = new Map<string, readonly (readonly [name: string, text: string])[]>()

/**
 * Canonical JSON (RFC 8785) of an entry: the same bytes as {@link canonicalJson}, in less time, for entries of one kind have the
 * same members and their order is sorted once.
 *
 * @throws `kernel.not-json`
 */
export function entryJson(value: unknown): string {
  if (typeof value === 'string') return value.isWellFormed() ? JSON.stringify(value) : canonicalJson(value)
  if (typeof value !== 'object' || value === null) return canonicalJson(value)
  if (Array.isArray(value)) {
    let list = '['
    for (let k = 0; k < value.length; k += 1) list += k === 0 ? entryJson(value[k]) : `,${entryJson(value[k])}`
    return `${list}]`
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return canonicalJson(value)
  let text = ''
  for (const [name, head] of orderOf(Object.keys(value))) {
    const member = (value as Readonly<Record<string, unknown>>)[name]
    if (member !== undefined) text += `${text === '' ? '{' : ','}${head}${entryJson(member)}`
  }
  return text === '' ? '{}' : `${text}}`
}

function orderOf(names: readonly string[]): readonly (readonly [string, string])[] {
  const key = JSON.stringify(names)
  const known = orders.get(key)
  if (known) return known
  const made = names.toSorted((a, b) => (a < b ? -1 : 1)).map((name) => [name, `${canonicalJson(name)}:`] as const)
  // Members of a hostile entry have any names; a bound keeps them from filling the memory.
  if (orders.size < 1000) orders.set(key, made)
  return made
}
