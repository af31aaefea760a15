import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { NowValue } from '../live-hub.ts'
import { createOutbox } from './outbox.ts'

interface Message {
  readonly type: string
  readonly site: string
  readonly complete?: boolean
  readonly points: Readonly<Record<string, NowValue>>
}

/** A reader that takes bytes only when it is told to. */
function reader() {
  const messages: Message[] = []
  const open: { readonly bytes: number; readonly done: () => void }[] = []
  const sink = {
    bufferedAmount: 0,
    send(text: string, done: () => void) {
      messages.push(JSON.parse(text))
      sink.bufferedAmount += text.length
      open.push({ bytes: text.length, done })
    },
  }
  const takeOne = (): boolean => {
    const first = open.shift()
    if (!first) return false
    sink.bufferedAmount -= first.bytes
    first.done()
    return true
  }
  return {
    sink,
    messages,
    takeOne,
    takeAll: () => {
      while (takeOne());
    },
  }
}

const value = (timestampMs: number): NowValue => ({ value: timestampMs, unit: 'kW', quality: 'good', timestampMs })
const many = (count: number, timestampMs: number) =>
  new Map(Array.from({ length: count }, (_, k) => [`a${k}.powerKw`, value(timestampMs)] as const))

describe('an outbox', () => {
  it('sends a snapshot in parts, of which the last says so, then changes', () => {
    const { sink, messages, takeAll } = reader()
    const outbox = createOutbox(sink)
    outbox.begin('park', many(1200, 1))
    outbox.change('park', many(2, 2))
    takeAll()
    expect(messages.map(({ type, complete, points }) => [type, complete, Object.keys(points).length])).toEqual([
      ['snapshot', false, 500],
      ['snapshot', false, 500],
      ['snapshot', true, 200],
      ['changes', undefined, 2],
    ])
  })

  it('keeps of a slow reader the newest value of each point, and never more', () => {
    const { sink, messages, takeAll } = reader()
    let leftOut = 0
    const outbox = createOutbox(sink, () => (leftOut += 1))
    outbox.begin('park', many(10_000, 0))
    for (let turn = 1; turn <= 50; turn += 1) {
      outbox.change('park', many(10_000, turn))
      expect(outbox.waiting()).toBeLessThanOrEqual(10_000)
      expect(sink.bufferedAmount).toBeLessThan(200_000)
    }
    takeAll()
    const last = new Map<string, number>()
    for (const { points } of messages) {
      for (const [ref, { timestampMs }] of Object.entries(points)) {
        expect(timestampMs).toBeGreaterThanOrEqual(last.get(ref) ?? 0)
        last.set(ref, timestampMs)
      }
    }
    expect(last.size).toBe(10_000)
    expect(new Set(last.values())).toEqual(new Set([50]))
    expect(messages.length).toBeLessThan(60)
    expect(outbox.waiting()).toBe(0)
    // Each value was sent or left out.
    const sent = messages.reduce((sum, { points }) => sum + Object.keys(points).length, 0)
    expect(sent + leftOut).toBe(51 * 10_000)
  })

  it('refuses to answer who reads no answers', () => {
    const outbox = createOutbox(reader().sink)
    let answers = 0
    while (answers < 100_000 && outbox.answer({ type: 'error', detail: 'x'.repeat(1000) })) answers += 1
    expect(answers).toBeLessThan(1100)
  })

  it('ends with the newest of what is subscribed, whatever the reader and the field do (property)', () => {
    const refs = ['a.p', 'b.p', 'c.p']
    const move = fc.oneof(
      fc.record({
        kind: fc.constantFrom('begin', 'change', 'drop'),
        site: fc.constantFrom('x', 'y'),
        ref: fc.constantFrom(...refs),
      }),
      fc.constant({ kind: 'take', site: '', ref: '' }),
    )
    fc.assert(
      fc.property(fc.array(move, { maxLength: 80 }), fc.boolean(), (moves, slow) => {
        const { sink, messages, takeOne, takeAll } = reader()
        const outbox = createOutbox(sink)
        // Full from the start: nothing leaves before it is taken.
        if (slow) sink.bufferedAmount = 65_536
        const wanted = new Map<string, number>()
        moves.forEach(({ kind, site, ref }, time) => {
          const key = `${site} ${ref}`
          if (kind === 'take') takeOne()
          else if (kind === 'drop') {
            outbox.drop(site, [ref])
            wanted.delete(key)
          } else {
            outbox[kind as 'begin' | 'change'](site, new Map([[ref, value(time + 1)]]))
            wanted.set(key, time + 1)
          }
          expect(outbox.waiting()).toBeLessThanOrEqual(6)
        })
        if (slow) {
          sink.bufferedAmount = 0
          outbox.change('z', new Map([['z.p', value(1)]]))
        }
        takeAll()
        const last = new Map<string, number>()
        for (const { site, points } of messages) {
          for (const [ref, { timestampMs }] of Object.entries(points)) last.set(`${site} ${ref}`, timestampMs)
        }
        for (const [key, timestampMs] of wanted) expect(last.get(key)).toBe(timestampMs)
      }),
    )
  })
})
