import { describe, expect, it } from 'vitest'
import { createLiveFeed, type FeedSocketEvents } from './live-feed.ts'
import { readValues } from './live-message.ts'
import type { LinkState, LiveRows } from './protocol.ts'
import { createRing } from './ring.ts'
import { joinColumns, qualityCode, rowsBetween, type SeriesColumns, withoutMissing } from './series.ts'

const columns = (times: readonly number[], values: readonly number[], band = false): SeriesColumns => ({
  unit: 'kW',
  timestampsMs: Float64Array.from(times),
  values: Float64Array.from(values),
  quality: Uint8Array.from(values, (value) => (Number.isNaN(value) ? 4 : 0)),
  ...(band
    ? { lows: Float64Array.from(values, (value) => value - 1), highs: Float64Array.from(values, (value) => value + 1) }
    : {}),
})

describe('columns of a series', () => {
  it('lose the buckets that hold nothing, and keep their bands', () => {
    const kept = withoutMissing(columns([0, 60, 120], [5, Number.NaN, 7], true))
    expect([...kept.timestampsMs]).toEqual([0, 120])
    expect([...kept.lows!, ...kept.highs!]).toEqual([4, 6, 6, 8])
    const whole = columns([0, 60], [1, 2])
    expect(withoutMissing(whole)).toBe(whole)
  })

  it('are joined and cut at moments, the end not in', () => {
    const joined = joinColumns(columns([0, 60], [1, 2]), columns([120], [3]))
    expect([...rowsBetween(joined, 60, 120).values]).toEqual([2])
    expect([...rowsBetween(joined, 1, 1000).values]).toEqual([2, 3])
  })

  it('take a quality that nobody knows as suspect', () => {
    expect(['good', 'estimated', 'missing', 'odd'].map(qualityCode)).toEqual([0, 1, 4, 3])
  })
})

describe('a ring', () => {
  it('keeps the newest values in order, also after it went round', () => {
    const ring = createRing(3)
    for (const at of [1, 2, 3, 4, 5]) ring.push(at * 1000, at, 0)
    expect(Array.from({ length: ring.size() }, (_, index) => ring.valueAt(index))).toEqual([3, 4, 5])
    expect([ring.indexAt(4000), ring.indexAt(4001), ring.indexAt(9000)]).toEqual([1, 2, 3])
  })

  it('leaves out what is late, corrects what is of the same moment, and knows what is no news', () => {
    const ring = createRing(3)
    expect([ring.push(2000, 1, 0), ring.push(1000, 9, 0), ring.push(2000, 1, 0), ring.push(2000, 5, 3)]).toEqual([
      ...[true, false, false, true],
    ])
    expect([ring.size(), ring.valueAt(0), ring.qualityAt(0)]).toEqual([1, 5, 3])
  })

  it('has a gap once, and no second value for a moment that is told again behind it', () => {
    const ring = createRing(5)
    ring.pushGap()
    expect(ring.size()).toBe(0)
    ring.push(1000, 1, 0)
    ring.pushGap()
    ring.pushGap()
    expect(ring.push(1000, 1, 0)).toBe(false)
    ring.push(5000, 2, 0)
    expect(Array.from({ length: ring.size() }, (_, index) => ring.valueAt(index))).toEqual([1, Number.NaN, 2])
    expect(ring.newestMs()).toBe(5000)
  })
})

describe('messages of the live connection', () => {
  it('are read where they are of values, whatever else arrives', () => {
    const text = JSON.stringify({
      ...{ type: 'changes', site: 's', timestampMs: 5 },
      points: {
        'a.b': { value: null, unit: 'kW', quality: 'missing', timestampMs: 5 },
        'a.never': { value: null, unit: 'kW', quality: 'missing', timestampMs: 0 },
      },
    })
    expect(readValues(text)).toEqual({
      site: 's',
      values: [{ ref: 'a.b', timestampMs: 5, value: Number.NaN, quality: 4 }],
    })
    for (const other of ['{', 'null', '[]', '{"type":"alarms"}', '{"type":"changes","site":1}'])
      expect(readValues(other)).toBeUndefined()
  })
})

/** A feed over connections that the test opens and cuts, on a clock that the test turns. */
function openFeed() {
  const sent: string[] = []
  const connections: FeedSocketEvents[] = []
  const rows: { readonly watch: number; readonly rows: LiveRows }[] = []
  const links: LinkState[] = []
  let timers: { readonly atMs: number; readonly call: () => void }[] = []
  let nowMs = 0
  const feed = createLiveFeed({
    connect(events) {
      connections.push(events)
      return { send: (text) => void sent.push(text), close: () => void sent.push('closed') }
    },
    after(waitMs, call) {
      const timer = { atMs: nowMs + waitMs, call }
      timers.push(timer)
      return () => {
        timers = timers.filter((own) => own !== timer)
      }
    },
    now: () => nowMs,
    chance: () => 0.5,
    onRows: (watch, own) => void rows.push({ watch, rows: own }),
    onLink: (_, state) => void links.push(state),
  })
  const pass = (ms: number): void => {
    const endMs = nowMs + ms
    for (;;) {
      const next = timers.filter(({ atMs }) => atMs <= endMs).sort((a, b) => a.atMs - b.atMs)[0]
      if (!next) break
      nowMs = next.atMs
      timers = timers.filter((own) => own !== next)
      next.call()
    }
    nowMs = endMs
  }
  const tell = (timestampMs: number, value: number, ref = 'a.b'): void =>
    connections
      .at(-1)!
      .onMessage(
        JSON.stringify({ type: 'changes', site: 's', points: { [ref]: { value, quality: 'good', timestampMs } } }),
      )
  return { feed, sent, connections, rows, links, pass, tell }
}

describe('the live feed', () => {
  it('subscribes each point once, and hands values to every page that watches, once in a frame', () => {
    const { feed, sent, connections, rows, pass, tell } = openFeed()
    feed.watch(1, 's', ['a.b', 'a.c'])
    feed.watch(2, 's', ['a.b'])
    connections[0]!.onOpen()
    expect(sent).toEqual([JSON.stringify({ type: 'subscribe', site: 's', points: ['a.b', 'a.c'] })])
    tell(1000, 1)
    tell(2000, 2)
    pass(16)
    expect(rows.map(({ watch, rows: own }) => [watch, ...own.values])).toEqual([
      [1, 1, 2],
      [2, 1, 2],
    ])
    feed.watch(3, 's', ['a.b'])
    pass(16)
    expect([...rows[2]!.rows.timestampsMs]).toEqual([1000, 2000])
    expect(sent).toHaveLength(1)
  })

  it('comes back after a while that doubles, and shows where it was away', () => {
    const { feed, connections, rows, links, pass, tell } = openFeed()
    feed.watch(1, 's', ['a.b'])
    connections[0]!.onOpen()
    tell(1000, 1)
    connections[0]!.onClose()
    pass(1000)
    expect(connections).toHaveLength(2)
    connections[1]!.onClose()
    pass(1999)
    expect(connections).toHaveLength(2)
    pass(1)
    connections[2]!.onOpen()
    // The same value again is no news, and no gap.
    tell(1000, 1)
    pass(16)
    expect(rows).toHaveLength(1)
    connections[2]!.onClose()
    pass(1000)
    connections[3]!.onOpen()
    tell(9000, 3)
    pass(16)
    expect([...rows[1]!.rows.values]).toEqual([Number.NaN, 3])
    expect(links).toEqual(['connecting', 'live', 'lost', 'live', 'lost', 'live'])
  })

  it('keeps values a while for a page that comes back, then lets the connection go', () => {
    const { feed, sent, connections, rows, pass, tell } = openFeed()
    feed.watch(1, 's', ['a.b'])
    connections[0]!.onOpen()
    tell(1000, 1)
    pass(16)
    feed.unwatch(1)
    pass(20_000)
    feed.watch(2, 's', ['a.b'])
    pass(16)
    expect(rows.at(-1)).toMatchObject({ watch: 2 })
    feed.unwatch(2)
    pass(31_000)
    expect(sent.at(-1)).toBe('closed')
    // What the old connection still says reaches nobody.
    connections[0]!.onMessage('{}')
    connections[0]!.onClose()
    pass(60_000)
    expect(connections).toHaveLength(1)
  })
})
