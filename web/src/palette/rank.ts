/** Starts of words count more: `gp` finds `grid.powerKw` before `large pump`. */
const isStart = (text: string, at: number, original: string): boolean => {
  if (at === 0) return true
  if (/[\s._\-/,()]/.test(text[at - 1] ?? '')) return true
  const own = original[at] ?? ''
  return own !== own.toLowerCase()
}

/**
 * How well a text fits what was typed: 0 not at all, 1 the same. Every word that was typed has to be found, in any order; within a
 * word letters may be left out.
 *
 * @param query in lower case, without spaces around it
 */
export function fit(query: string, text: string): number {
  if (query === '') return 1
  const lower = text.toLowerCase()
  if (lower === query) return 1
  let total = 0
  const words = query.split(/\s+/)
  for (const word of words) {
    const own = fitOfWord(word, lower, text)
    if (own === 0) return 0
    total += own
  }
  // Of two texts that fit alike the shorter one is nearer to what was typed.
  return (0.98 * total) / words.length - Math.min(0.04, text.length / 5000)
}

function fitOfWord(word: string, lower: string, text: string): number {
  const whole = lower.indexOf(word)
  if (whole === 0) return 0.95
  if (whole > 0) return isStart(lower, whole, text) ? 0.85 : 0.65
  let from = 0
  let starts = 0
  for (const letter of word) {
    const at = nextOf(letter, lower, text, from)
    if (at < 0) return 0
    if (isStart(lower, at, text)) starts += 1
    from = at + 1
  }
  // Letters that are strewn over a text are no find.
  return starts * 2 < word.length ? 0 : 0.2 + 0.3 * (starts / word.length)
}

/** The next place of a letter: at the start of a word where there is one, else wherever it comes first. */
function nextOf(letter: string, lower: string, text: string, from: number): number {
  const first = lower.indexOf(letter, from)
  for (let at = first; at >= 0; at = lower.indexOf(letter, at + 1)) if (isStart(lower, at, text)) return at
  return first
}

export interface Ranked<Entry> {
  readonly shown: readonly Entry[]
  /** How many fit beside those that are shown. */
  readonly left: number
}

/** The best of many, at most so many of them; in the order given where they fit alike. */
export function best<Entry>(
  query: string,
  entries: readonly Entry[],
  { textsOf, most }: { textsOf(entry: Entry): readonly string[]; readonly most: number },
): Ranked<Entry> {
  const typed = query.trim().toLowerCase()
  const found = entries
    .map((entry, order) => ({ entry, order, score: Math.max(...textsOf(entry).map((text) => fit(typed, text))) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
  return { shown: found.slice(0, most).map(({ entry }) => entry), left: Math.max(0, found.length - most) }
}
