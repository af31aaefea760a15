import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createByteDictionary } from './byte-dictionary.ts'

function idsOf(words: readonly string[], most = 1e6): { readonly ids: readonly number[]; readonly size: number } {
  const dictionary = createByteDictionary()
  const bytes = Buffer.from(words.join(''))
  let at = 0
  const ids = words.map((word) => {
    const start = at
    at += Buffer.byteLength(word)
    return dictionary.idOf(bytes, start, at, most)
  })
  return { ids, size: dictionary.size }
}

describe('a dictionary of bytes', () => {
  it('numbers different stretches in order of their first appearance, as a map does', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ maxLength: 3 }), { maxLength: 400 }), (words) => {
        const known = new Map<string, number>()
        const expected = words.map((word) => known.set(word, known.get(word) ?? known.size).get(word))
        expect(idsOf(words)).toEqual({ ids: expected, size: known.size })
      }),
    )
  })

  it('takes no more than it may, and knows those again', () => {
    expect(idsOf(['a', 'b', 'c', 'b', 'a', 'c'], 2)).toEqual({ ids: [0, 1, -1, 1, 0, -1], size: 2 })
  })

  it('stays right and fast with keys that were made to collide', { timeout: 10_000 }, () => {
    // Pairs of blocks with one state of the hash behind them (a birthday search): all sequences of them collide.
    const hash = (block: string, from: number): number => {
      let state = from
      for (const word of [0, 4]) {
        state = Math.imul(state ^ Buffer.from(block).readInt32LE(word), 0x01000193)
        state ^= state >>> 15
      }
      return state
    }
    let state = 0x811c9dc5
    let drawn = 1
    const pairs = Array.from({ length: 12 }, () => {
      const seen = new Map<number, string>()
      for (;;) {
        drawn = (Math.imul(drawn, 1_664_525) + 1_013_904_223) >>> 0
        const block = drawn.toString(36).padStart(8, '-')
        const found = hash(block, state)
        const other = seen.get(found)
        seen.set(found, block)
        if (other === undefined || other === block) continue
        state = found
        return [other, block] as const
      }
    })
    const words = Array.from({ length: 2 ** pairs.length }, (_, choice) =>
      pairs.map((pair, bit) => pair[((choice >> bit) & 1) as 0 | 1]).join(''),
    )
    const { ids, size } = idsOf([...words, ...words])
    expect(size).toBe(words.length)
    expect(ids).toEqual([...words, ...words].map((_, index) => index % words.length))
  })
})
