/** A value that differs between two runs; undefined on the side that does not have it. */
export interface Difference {
  /** Where it stands: `assets.battery.powerKw.3`. */
  readonly path: string
  readonly one: unknown
  readonly other: unknown
}

const mostTold = 200

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

/** Where two values of JSON differ, the first 200 places in the order of the first value. */
export function differencesOf(one: unknown, other: unknown): readonly Difference[] {
  const found: Difference[] = []
  const walk = (a: unknown, b: unknown, path: readonly string[]): void => {
    if (found.length >= mostTold || Object.is(a, b)) return
    if (isRecord(a) && isRecord(b) && Array.isArray(a) === Array.isArray(b)) {
      for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) walk(a[name], b[name], [...path, name])
      return
    }
    found.push({ path: path.join('.'), one: a, other: b })
  }
  walk(one, other, [])
  return found
}

/** What stands at the top of a result: numbers, texts and short lists as they are, of longer ones how many. */
export function summaryOf(output: unknown): readonly { readonly name: string; readonly value: string }[] {
  if (!isRecord(output)) return [{ name: '', value: shortText(output) }]
  return Object.entries(output).map(([name, value]) => ({ name, value: shortText(value) }))
}

const mostLetters = 120

/** A value of JSON in a line. */
export function shortText(value: unknown): string {
  if (Array.isArray(value) && value.length > 4) return `[${value.length}]`
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '–')
  return text.length > mostLetters ? `${text.slice(0, mostLetters)}…` : text
}
