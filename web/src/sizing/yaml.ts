/** JSON as YAML, two blanks a level, numbers of seven digits; texts that could be read as something else are quoted. */
export function yamlOf(value: unknown, indent = ''): string {
  if (Array.isArray(value)) {
    if (value.every((entry) => typeof entry !== 'object' || entry === null)) return `[${value.map(scalar).join(', ')}]`
    return value.map((entry) => `\n${indent}- ${nested(entry, `${indent}  `)}`).join('')
  }
  if (typeof value !== 'object' || value === null) return scalar(value)
  const lines = Object.entries(value).map(([name, entry]) => {
    const text = yamlOf(entry, `${indent}  `)
    const gap = text.startsWith('\n') ? '' : ' '
    return `\n${indent}${key(name)}:${gap}${text}`
  })
  return lines.length === 0 ? '{}' : lines.join('')
}

/** An entry of a list: its first member stands behind the dash. */
const nested = (entry: unknown, indent: string): string => yamlOf(entry, indent).replace(/^\n\s*/, '')

const key = (name: string): string => (/^[A-Za-z][\w-]*$/.test(name) && !isWord(name) ? name : JSON.stringify(name))
const isWord = (text: string): boolean => /^(true|false|null|yes|no|on|off|y|n|~)$/i.test(text)

function scalar(value: unknown): string {
  // Seven digits: a size is not known better, and prices have no more.
  if (typeof value === 'number') return String(Number(value.toPrecision(7)))
  if (typeof value !== 'string') return JSON.stringify(value) ?? 'null'
  const plain = /^[A-Za-z][\w ./-]*[\w.]$/.test(value) && !isWord(value)
  return plain ? value : JSON.stringify(value)
}
