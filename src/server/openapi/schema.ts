type Json = Record<string, unknown>

/**
 * A TypeBox schema as JSON Schema 2020-12, the dialect of OpenAPI 3.1: tuples become `prefixItems`; what begins with
 * `x-` stays as annotation, and `x-unit` and `x-series` are also told in words.
 */
export function toJsonSchema(schema: unknown): unknown {
  return convert(JSON.parse(JSON.stringify(schema)))
}

function convert(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(convert)
  if (typeof node !== 'object' || node === null) return node
  const result: Json = {}
  for (const [key, value] of Object.entries(node)) {
    result[key] = key === 'const' || key === 'enum' || key === 'default' || key === 'examples' ? value : convert(value)
  }
  if (Array.isArray(result.items)) {
    result.prefixItems = result.items
    delete result.items
    if (result.additionalItems === false) result.items = false
    delete result.additionalItems
  }
  const words = wordsOf(result)
  if (words) result.description = [result.description, words].filter(Boolean).join('. ')
  return result
}

function wordsOf(node: Json): string | undefined {
  if (typeof node['x-unit'] === 'string') {
    return node['x-unit'] === '1' ? 'A share, or text with %' : `In ${node['x-unit']}, or text with a unit`
  }
  if (typeof node['x-series'] === 'string') {
    return `Series in ${node['x-series']}: a number, a daily profile, values from a start, an observation or a file`
  }
  return undefined
}
