import { describe, expect, it, vi } from 'vitest'
import type { SeriesColumns } from '../telemetry/series.ts'
import { csvCell, trendCsv, zonedTime } from './export-csv.ts'
import { trendSvg, valueTicks } from './export-svg.ts'
import { levelFor, levels } from './levels.ts'
import { piecesOf } from './pieces.ts'
import { searchPoints } from './search-points.ts'
import { axisExtent, extentOf, strokesOf, valueAt } from './strokes.ts'
import { createTileCache } from './tile-cache.ts'
import { createTileLoader, runsOf } from './tile-loader.ts'
import { fromLocalMs, localMs, tickStep, tickText, timeTicks } from './time-ticks.ts'
import { readAddress, readTrendSearch, writeAddress } from './trend-address.ts'
import { viewAfterKey } from './trend-keys.ts'
import type { TrendPoint } from './trend-points.ts'
import { rowsOf } from './trend-rows.ts'
import { stretchOf, viewOf, zoomed } from './trend-view.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs
const [observed, minutes, hours] = [levels[0]!, levels[2]!, levels[5]!]

function columns(times: readonly number[], values: readonly number[], codes?: readonly number[]): SeriesColumns {
  return {
    unit: 'kW',
    timestampsMs: Float64Array.from(times),
    values: Float64Array.from(values),
    quality: Uint8Array.from(codes ?? values.map(() => 0)),
  }
}

const piece = (own: SeriesColumns, level = observed) => ({ level, fromMs: 0, toMs: 1e15, columns: own })

describe('levels', () => {
  it('are as fine as a screen can show, and observations as they are when near enough', () => {
    const at = (spanMs: number) => levelFor(spanMs, 1000).bucket
    expect([hourMs, 6 * hourMs, dayMs, 7 * dayMs, 30 * dayMs, 365 * dayMs, 20 * 365 * dayMs].map(at)).toEqual([
      ...[undefined, '1m', '1m', '15m', '1h', '6h', '24h'],
    ])
  })
})

describe('what is kept', () => {
  it('gives way in the order in which it was looked at, by its size', () => {
    const cache = createTileCache(2 * (100 + 17))
    const tile = (value: number) => ({ columns: columns([0], [value]), readMs: 0 })
    cache.put('a', 0, 1, tile(1))
    cache.put('b', 0, 1, tile(2))
    cache.get('a', 0, 1)
    cache.put('c', 0, 1, tile(3))
    expect(
      [cache.get('a', 0, 1), cache.get('b', 0, 1), cache.get('c', 0, 1)].map((own) => own?.columns?.values[0]),
    ).toEqual([...[1, undefined, 3]])
    expect(['a', 'b', 'c'].map((ref) => cache.has(ref, 0))).toEqual([true, false, true])
  })

  it('stands in until a finer picture comes, and only where that is missing', () => {
    const cache = createTileCache(1e6)
    cache.put('a', hours.bucketMs, 0, {
      columns: columns([0, hourMs, 2 * hourMs, 3 * hourMs], [1, 2, 3, 4]),
      readMs: 0,
    })
    cache.put('a', minutes.bucketMs, 0, { columns: columns([0, minuteMs], [10, 11]), readMs: 0 })
    const pieces = piecesOf(cache, 'a', minutes, { fromMs: 0, toMs: 2 * minutes.tileMs })
    expect(pieces.map(({ level, columns: own }) => [level.bucket, ...own.values])).toEqual([
      ['1m', 10, 11],
      ['1h', 4],
    ])
  })

  it('is not looked for at levels of which nothing is there', () => {
    const cache = createTileCache(1e6)
    cache.put('a', hours.bucketMs, 0, { columns: columns([0], [1]), readMs: 0 })
    const get = vi.spyOn(cache, 'get')
    expect(piecesOf(cache, 'a', hours, { fromMs: 0, toMs: 40 * hours.tileMs })).toHaveLength(1)
    expect(get).toHaveBeenCalledTimes(40)
    expect(piecesOf(cache, 'b', hours, { fromMs: 0, toMs: 40 * hours.tileMs })).toEqual([])
    expect(get).toHaveBeenCalledTimes(40)
  })
})

describe('reading', () => {
  const points = [
    { ref: 'a.b', computed: false },
    { ref: 'a.c', computed: false },
    { ref: 'a.d', computed: true },
  ]

  it('asks together for what is missing together, computed points apart', () => {
    const runs = runsOf(points, minutes, (ref) => (ref === 'a.b' ? [1, 2, 5] : [1, 2]))
    expect(
      runs.map(({ points: own, firstTile, lastTile }) => [own.map(({ ref }) => ref).join(), firstTile, lastTile]),
    ).toEqual([
      ['a.b,a.c', 1, 2],
      ['a.b', 5, 5],
      ['a.d', 1, 2],
    ])
  })

  it('parts what one answer of the API does not carry', () => {
    const many = Array.from({ length: 120 }, (_, at) => ({ ref: `a.p${at}`, computed: false }))
    const runs = runsOf(many, minutes, () => Array.from({ length: 20 }, (_, tile) => tile))
    expect(runs.every(({ points: own }) => own.length * 20 * 128 * 3 <= 200_000)).toBe(true)
    expect(runs.reduce((sum, { points: own }) => sum + own.length, 0)).toBe(120)
  })

  it('cancels what nobody looks at any more, asks nothing twice, and says when it failed', async () => {
    const asked: { readonly fromMs: number; readonly signal: AbortSignal; readonly end: (error?: Error) => void }[] = []
    const onFailure = vi.fn()
    const cache = createTileCache(1e6)
    const loader = createTileLoader({
      site: 's',
      cache,
      now: () => 1000 * dayMs,
      onChange: () => undefined,
      onFailure,
      read: ({ fromMs }, signal) =>
        new Promise((resolve, reject) =>
          asked.push({
            fromMs,
            signal,
            end: (error) => (error ? reject(error) : resolve({ 'a.b': columns([fromMs], [1]) })),
          }),
        ),
    })
    const own = points.slice(0, 1)
    loader.want(own, hours, { fromMs: 0, toMs: hourMs })
    loader.want(own, hours, { fromMs: 0, toMs: 2 * hourMs })
    expect(asked).toHaveLength(1)
    loader.want(own, minutes, { fromMs: 0, toMs: hourMs })
    expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, false])
    asked[1]!.end()
    await vi.waitFor(() => expect(loader.busy()).toBe(0))
    expect(cache.get('a.b', minutes.bucketMs, 0)?.columns?.values).toEqual(Float64Array.of(1))
    loader.want(own, minutes, { fromMs: 0, toMs: hourMs })
    expect(asked).toHaveLength(2)
    loader.want(own, minutes, { fromMs: dayMs, toMs: dayMs + hourMs })
    asked[2]!.end(new Error('no'))
    await vi.waitFor(() => expect(onFailure).toHaveBeenCalledOnce())
  })
})

describe('strokes', () => {
  it('end where more is missing than usual, in observations and in buckets', () => {
    const seconds = [...Array.from({ length: 20 }, (_, at) => at * 1000), 60_000, 61_000]
    expect(strokesOf([piece(columns(seconds, seconds))]).map(({ timesMs }) => timesMs.length)).toEqual([20, 2])
    const buckets = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13].map((at) => at * minuteMs)
    expect(strokesOf([piece(columns(buckets, buckets), minutes)]).map(({ timesMs }) => timesMs.length)).toEqual([11, 2])
  })

  it('hold together what comes every quarter of an hour in buckets of a minute', () => {
    const quarters = Array.from({ length: 20 }, (_, at) => at * 15 * minuteMs)
    expect(strokesOf([piece(columns(quarters, quarters), minutes)])).toHaveLength(1)
  })

  it('end at what is known to be missing', () => {
    const own = columns([0, 1000, 2000, 3000], [1, 2, Number.NaN, 4])
    expect(strokesOf([piece(own)]).map(({ values }) => values)).toEqual([[1, 2], [4]])
  })

  it('go on from one tile to the next', () => {
    const tiles = [columns([0, 1000, 2000], [1, 2, 3]), columns([3000, 4000], [4, 5])]
    expect(strokesOf(tiles.map((own) => piece(own)))).toHaveLength(1)
  })

  it('tell the nearest value, and nothing in a gap', () => {
    const strokes = strokesOf([piece(columns([0, 1000, 2000, 3000, 60_000, 61_000], [1, 2, 3, 4, 5, 6]))])
    expect(valueAt(strokes, 1400, 100)?.value).toBe(2)
    expect(valueAt(strokes, 30_000, 100)).toBeUndefined()
    expect(valueAt(strokes, 3050, 100)?.value).toBe(4)
  })

  it('have the extent of what is in sight', () => {
    const strokes = strokesOf([piece(columns([0, 1000, 2000, 3000, 4000], [100, 2, 3, 4, -50]))])
    expect(extentOf(strokes, { fromMs: 1900, toMs: 2100 })).toEqual({ low: 2, high: 4 })
    expect(extentOf([], { fromMs: 0, toMs: 1 })).toBeUndefined()
  })

  it('stand on zero where it is near, and fill the axis where it is far', () => {
    expect(axisExtent({ low: 2, high: 10 }).low).toBe(0)
    expect(axisExtent({ low: 49.9, high: 50.1 }).low).toBeGreaterThan(49.8)
    const flat = axisExtent({ low: 5, high: 5 })
    expect(flat.high).toBeGreaterThan(flat.low)
  })
})

describe('ticks of time', () => {
  it('stand at round hours of the clock of the site', () => {
    const from = Date.UTC(2026, 6, 5, 17, 10)
    const step = tickStep(dayMs, 1000)
    const ticks = timeTicks(from, from + dayMs, step, 'Asia/Kolkata')
    expect(ticks.map((tick) => new Date(localMs(tick, 'Asia/Kolkata')).toISOString().slice(11, 16))).toContain('00:00')
    expect(ticks.every((tick) => localMs(tick, 'Asia/Kolkata') % step.count === 0)).toBe(true)
  })

  it('are one a day over a change of the clock', () => {
    const ticks = timeTicks(
      Date.UTC(2026, 2, 27),
      Date.UTC(2026, 3, 1),
      { unit: 'day', count: 1, aboutMs: dayMs },
      'Europe/Berlin',
    )
    expect(ticks.map((tick) => new Date(tick).toISOString().slice(5, 16))).toEqual([
      ...['03-27T23:00', '03-28T23:00', '03-29T22:00', '03-30T22:00', '03-31T22:00'],
    ])
  })

  it('are months and years over years', () => {
    const step = tickStep(365 * dayMs, 1000)
    const ticks = timeTicks(Date.UTC(2025, 10, 20), Date.UTC(2026, 10, 20), step, 'UTC')
    expect(ticks.map((tick) => new Date(tick).getUTCDate())).toEqual(ticks.map(() => 1))
    expect(ticks.map((tick) => tickText(tick, step, 'UTC', 'en'))).toContain('2026')
  })

  it('find the moment of a time that the clock leaves out', () => {
    const leftOut = Date.UTC(2026, 2, 29, 2, 30)
    expect(Math.abs(fromLocalMs(leftOut, 'Europe/Berlin') - Date.UTC(2026, 2, 29, 1, 0))).toBeLessThanOrEqual(hourMs)
  })
})

describe('a view', () => {
  const nowMs = 1e12

  it('follows now while it reaches it, and stays where it was put else', () => {
    const live = stretchOf({ spanMs: hourMs, untilMs: undefined }, nowMs)
    expect(viewOf(live, nowMs).untilMs).toBeUndefined()
    const past = { fromMs: nowMs - 2 * hourMs, toMs: nowMs - hourMs }
    expect(viewOf(past, nowMs)).toEqual({ spanMs: hourMs, untilMs: nowMs - hourMs })
  })

  it('keeps the moment under the pointer where it is, and ends at limits', () => {
    const zoom = zoomed({ fromMs: 0, toMs: 100 * hourMs }, 0.5, 25 * hourMs)
    expect(zoom).toEqual({ fromMs: 12.5 * hourMs, toMs: 62.5 * hourMs })
    expect(zoomed({ fromMs: 0, toMs: 10_000 }, 0.1, 0)).toEqual({ fromMs: 0, toMs: 10_000 })
  })

  it('is moved by keys', () => {
    const view = { fromMs: 0, toMs: 1000 * hourMs }
    expect(viewAfterKey('ArrowRight', false, view)).toEqual({ fromMs: 100 * hourMs, toMs: 1100 * hourMs })
    expect(viewAfterKey('End', false, view)).toBe('now')
    expect(viewAfterKey('a', false, view)).toBeUndefined()
  })
})

describe('the address', () => {
  it('holds a view, and leaves out what makes none', () => {
    const address = { refs: ['a.b', 'c.d'], spanMs: dayMs, untilMs: 5 }
    expect(readAddress(readTrendSearch({ ...writeAddress(address) }))).toEqual(address)
    expect(readTrendSearch({ points: 5, width: -1, until: Number.NaN })).toEqual({})
    expect(readAddress(readTrendSearch({ points: 'a.b,,a.b' })).refs).toEqual(['a.b'])
  })
})

const point = (ref: string, title: string, more: Partial<TrendPoint> = {}): TrendPoint => ({
  ...{ ref, title, unit: 'kW', role: 'measured', owner: ref.split('.')[0]!, ownerTitle: 'Hall', kind: 'pv' },
  ...more,
})

describe('points', () => {
  it('are found by all words, in any case and without accents', () => {
    const points = [
      point('a.p', 'Power'),
      point('b.t', 'Température', { unit: 'degC' }),
      point('c.x', 'Setpoint of power'),
    ]
    expect(searchPoints(points, 'TEMPERATURE hall', 10).shown.map(({ ref }) => ref)).toEqual(['b.t'])
    expect(searchPoints(points, 'power', 10).shown.map(({ ref }) => ref)).toEqual(['a.p', 'c.x'])
    expect(searchPoints(points, '', 2)).toMatchObject({ count: 3, shown: [{ ref: 'a.p' }, { ref: 'b.t' }] })
  })

  it('stand in a row a unit, the same family in different shades', () => {
    const rows = rowsOf([point('a.p', 'A'), point('b.t', 'B', { unit: 'degC' }), point('c.p', 'C')])
    expect(rows.map(({ unit, lines }) => [unit, lines.length])).toEqual([
      ['kW', 2],
      ['degC', 1],
    ])
    expect(rows[0]!.lines[0]!.colour).toBe('var(--solar)')
    expect(rows[0]!.lines[1]!.colour).toContain('color-mix')
  })
})

describe('files of what is seen', () => {
  const strokes = strokesOf([piece(columns([0, 1000], [1, 2], [0, 3]))])

  it('are a table with both clocks, quality, and names that no spreadsheet runs', () => {
    const lines = [{ name: '=cmd()', ref: 'a.b', unit: 'kW', strokes }]
    const text = trendCsv({ view: { fromMs: 0, toMs: 2000 }, zone: 'Asia/Shanghai', lines, bucketMs: 0 })
    expect(text.split('\n')).toEqual([
      "time_utc,time Asia/Shanghai,'=cmd() (a.b) [kW],'=cmd() (a.b) [kW] quality",
      '1970-01-01T00:00:00.000Z,1970-01-01T08:00:00+08:00,1,good',
      '1970-01-01T00:00:01.000Z,1970-01-01T08:00:01+08:00,2,suspect',
      '',
    ])
    expect(zonedTime(0, 'America/St_Johns')).toBe('1969-12-31T20:30:00-03:30')
    expect(csvCell('a "b", c')).toBe('"a ""b"", c"')
  })

  it('are a drawing in which names are text, and doubt is dotted', () => {
    const { svg } = trendSvg({
      ...{ title: '<script>', view: { fromMs: 0, toMs: 2000 }, zone: 'UTC', language: 'en', widthPx: 600 },
      rows: [{ unit: 'kW', heightPx: 100, lines: [{ name: 'A & B', colour: '#102030', stepped: false, strokes }] }],
      colours: { paper: '#ffffff', ink: '#000000', faint: '#777777', line: '#dddddd' },
    })
    expect(svg).not.toContain('<script>')
    expect(svg).toContain('A &#38; B')
    expect(svg).toContain('stroke-dasharray')
  })

  it('have round values at their axis', () => {
    expect(valueTicks(0, 1000, 5)).toEqual([0, 200, 400, 600, 800, 1000])
  })
})
