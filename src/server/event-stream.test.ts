import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEventStream, type Sink } from './event-stream.ts'

/** A reader that is slow whenever `slow` says so; `drain` makes it ready again. */
function reader() {
  const waiting: (() => void)[] = []
  const state = { slow: false, texts: [] as string[], waiting }
  const sink: Sink = {
    write(text) {
      state.texts.push(text)
      return !state.slow
    },
    once: (_, listener) => waiting.push(listener),
  }
  const drain = (): void => {
    state.slow = false
    for (const listener of waiting.splice(0)) listener()
  }
  const data = (): unknown[] => state.texts.map((text) => JSON.parse(/^data: (.*)$/m.exec(text)?.[1] ?? 'null'))
  return { sink, state, drain, data }
}

describe('an event stream', () => {
  it('writes events as server-sent events, one line of JSON each', () => {
    const { sink, state } = reader()
    createEventStream(sink).send('now', { text: 'two\nlines' })
    expect(state.texts).toEqual(['event: now\ndata: {"text":"two\\nlines"}\n\n'])
  })

  it('sends a slow reader the newest only', () => {
    const { sink, state, drain, data } = reader()
    const leftOut: string[] = []
    const stream = createEventStream(sink, (what) => leftOut.push(what))
    state.slow = true
    for (let value = 1; value <= 5; value += 1) stream.send('now', value)
    expect(data()).toEqual([1])
    // Of the four that came after it the newest waits.
    expect(leftOut).toEqual(['event', 'event', 'event'])
    drain()
    expect(data()).toEqual([1, 5])
    stream.send('now', 6)
    expect(data()).toEqual([1, 5, 6])
  })

  it('waits again when the newest fills the reader up again', () => {
    const { sink, state, data } = reader()
    const stream = createEventStream(sink)
    state.slow = true
    stream.send('now', 1)
    stream.send('now', 2)
    for (const listener of state.waiting.splice(0)) listener()
    stream.send('now', 3)
    stream.send('now', 4)
    expect(data()).toEqual([1, 2])
    for (const listener of state.waiting.splice(0)) listener()
    expect(data()).toEqual([1, 2, 4])
  })

  it('sends a slow reader of changes the newest value of each point', () => {
    const { sink, state, drain, data } = reader()
    const stream = createEventStream(sink)
    const values = (own: Readonly<Record<string, number>>) =>
      new Map(
        Object.entries(own).map(([ref, value]) => [ref, { value, unit: 'kW', quality: 'good', timestampMs: value }]),
      )
    state.slow = true
    stream.change(values({ a: 1 }))
    for (let turn = 2; turn <= 9; turn += 1) stream.change(values({ a: turn, [`b${turn % 2}`]: turn }))
    expect(data()).toHaveLength(1)
    drain()
    expect(data()[1]).toMatchObject({ timestampMs: 9, points: { a: { value: 9 }, b0: { value: 8 }, b1: { value: 9 } } })
    expect(data()).toHaveLength(2)
  })

  it('keeps comments away from a slow reader', () => {
    const { sink, state, drain } = reader()
    const stream = createEventStream(sink)
    stream.comment('here')
    expect(state.texts).toEqual([': here\n\n'])
    state.slow = true
    stream.send('now', 1)
    stream.comment('still here')
    drain()
    expect(state.texts).toHaveLength(2)
  })

  it('never queues more than one, never goes back, and ends with the newest, whatever the reader does', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('send', 'slow', 'drain'), { maxLength: 60 }), (moves) => {
        const { sink, state, drain, data } = reader()
        const stream = createEventStream(sink)
        let sent = 0
        for (const move of moves) {
          if (move === 'slow') state.slow = true
          else if (move === 'drain') drain()
          else {
            sent += 1
            stream.send('now', sent)
          }
          expect(state.waiting.length).toBeLessThanOrEqual(1)
        }
        drain()
        const values = data() as number[]
        expect(values).toEqual([...new Set(values)].sort((a, b) => a - b))
        expect(values.at(-1) ?? 0).toBe(sent)
      }),
    )
  })
})
