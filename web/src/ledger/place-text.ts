import type { UsedWords } from '../words/words.ts'

interface BookPlace {
  readonly book?: unknown
  readonly scope?: unknown
  readonly category?: unknown
  readonly method?: unknown
}

/** Where in the books an amount stands, in words: book, scope, category, method; what is not told is left out. */
export function placeText(place: BookPlace, { say, knows }: Pick<UsedWords, 'say' | 'knows'>): readonly string[] {
  const named = (kind: 'book' | 'category' | 'method'): readonly string[] => {
    const value = place[kind]
    if (typeof value !== 'string') return []
    const key = `ledger.${kind}.${value}`
    return [knows(key) ? say(key) : value]
  }
  return [
    ...named('book'),
    ...(place.scope === undefined ? [] : [say('ledger.scope', { scope: Number(place.scope) })]),
    ...named('category'),
    ...named('method'),
  ]
}
