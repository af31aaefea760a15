/** A piece of a sentence; `read`: a number that was understood, `unread`: one that was not. */
export interface Piece {
  readonly text: string
  readonly mark?: 'read' | 'unread'
}

/** Cuts a text at its numbers, in their order; a number that stands twice is looked for behind the last one. */
export function markSentence(text: string, read: readonly string[], unread: readonly string[]): readonly Piece[] {
  const pieces: Piece[] = []
  let rest = text
  const waiting = [
    ...read.map((number) => ({ number, mark: 'read' as const })),
    ...unread.map((number) => ({ number, mark: 'unread' as const })),
  ]
  while (waiting.length > 0) {
    const found = waiting
      .map((one, index) => ({ ...one, index, at: rest.indexOf(one.number) }))
      .filter(({ at }) => at >= 0)
      .sort((a, b) => a.at - b.at || b.number.length - a.number.length)[0]
    if (!found) break
    waiting.splice(found.index, 1)
    if (found.at > 0) pieces.push({ text: rest.slice(0, found.at) })
    pieces.push({ text: found.number, mark: found.mark })
    rest = rest.slice(found.at + found.number.length)
  }
  return rest === '' ? pieces : [...pieces, { text: rest }]
}
