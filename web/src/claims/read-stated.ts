/** A number of a claim with its role, as `carbon.check-claim` takes it. */
export interface StatedNumber {
  readonly role: string
  /** As printed. */
  readonly value: string
  readonly [field: string]: string | number
}

export interface StatedClaim {
  readonly text?: string
  readonly stated?: readonly StatedNumber[]
  readonly region?: string
  readonly year?: number
}

const numeric = ['scale', 'year']

/**
 * Reads a claim as a file has it: `text` (in a line, or folded behind `>`), `region`, `year`, and `stated`, a list of maps of one
 * level, in blocks or in braces. It is the part of YAML that such files use; anything else is refused with its line.
 *
 * @throws SyntaxError with the number of the line
 */
export function readStated(source: string): StatedClaim {
  const claim: Record<string, unknown> = {}
  const stated: Record<string, string | number>[] = []
  let at: 'top' | 'text' | 'stated' = 'top'
  const folded: string[] = []
  const put = (into: Record<string, unknown>, pair: string, line: number): void => {
    const [, name, value = ''] = /^([a-z][A-Za-z]*):\s*(.*)$/.exec(pair.trim()) ?? []
    if (name === undefined) throw new SyntaxError(`${line}`)
    const plain = value.replace(/^(["'])(.*)\1$/, '$2')
    into[name] = numeric.includes(name) ? Number(plain) : plain
  }
  for (const [index, raw] of source.split('\n').entries()) {
    const line = raw.replace(/(^|\s)#.*$/, '').trimEnd()
    if (line.trim() === '') continue
    const isInner = /^\s/.test(line) || line.startsWith('-')
    if (!isInner) {
      at = 'top'
      if (/^text:\s*[>|][-+]?$/.test(line)) at = 'text'
      else if (/^stated:\s*$/.test(line)) at = 'stated'
      else put(claim, line, index + 1)
      continue
    }
    if (at === 'text') folded.push(line.trim())
    else if (at === 'stated') {
      const item = /^\s*-\s*(.*)$/.exec(line)?.[1]
      if (item !== undefined) stated.push({})
      const into = stated.at(-1)
      if (!into) throw new SyntaxError(`${index + 1}`)
      const braces = /^\{(.*)\}$/.exec((item ?? line).trim())?.[1]
      for (const pair of braces === undefined ? [item ?? line] : braces.split(',')) {
        if (pair.trim() !== '') put(into, pair, index + 1)
      }
    } else throw new SyntaxError(`${index + 1}`)
  }
  return {
    ...claim,
    ...(folded.length > 0 ? { text: folded.join(' ') } : {}),
    ...(stated.length > 0 ? { stated: stated as unknown as readonly StatedNumber[] } : {}),
  }
}
