import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ObservationBatch } from '../store/index.ts'
import { createLiveHub, type Now, type NowValue, type NowValues } from './live-hub.ts'

const value = (own: number, timestampMs: number): NowValue => ({ value: own, unit: 'kW', quality: 'good', timestampMs })

const batch = (
  ...rows: readonly (readonly [point: string, timestampMs: number, value: number])[]
): ObservationBatch => ({
  count: rows.length,
  series: rows.map(([point]) => ({ site: 'park', point, unit: 'kW' })),
  sources: ['meter'],
  seriesOf: Uint32Array.from(rows.keys()),
  sourceOf: new Uint16Array(rows.length),
  timestampsMs: Float64Array.from(rows, ([, timestampMs]) => timestampMs),
  values: Float64Array.from(rows, ([, , own]) => own),
  quality: new Uint8Array(rows.length),
})

/** `double` is twice `a`. */
const compute = (_site: string, newest: NowValues, changed: Iterable<string>): NowValues => {
  const a = newest.get('a')
  return [...changed].includes('a') && a ? new Map([['double', value(2 * (a.value ?? 0), a.timestampMs)]]) : new Map()
}

function hubOver(stored: Now = { timestampMs: 0, points: {} }) {
  let reads = 0
  const hub = createLiveHub({
    read: async () => {
      reads += 1
      return stored
    },
    compute,
    now: () => 1000,
  })
  const seen: [string, number | null][][] = []
  const stop = hub.watch('park', (changed) => seen.push([...changed].map(([ref, { value: own }]) => [ref, own])))
  return { hub, seen, stop, reads: () => reads }
}

it('tells at most ten times a second what changed, with what is computed from it', async () => {
  const { hub, seen, stop, reads } = hubOver()
  for (let k = 1; k <= 20; k += 1) hub.arrived(batch(['a', k, k], ['b', 5, 5]))
  await sleep(250)
  expect(seen).toEqual([
    [
      ['a', 20],
      ['b', 5],
      ['double', 40],
    ],
  ])
  hub.arrived(batch(['b', 6, 6]))
  await sleep(250)
  expect(seen[1]).toEqual([['b', 6]])
  expect(reads()).toBe(1)
  stop()
  hub.arrived(batch(['b', 7, 7]))
  await sleep(150)
  expect([seen.length, hub.listeners()]).toEqual([2, 0])
  hub.close()
})

it('tells nothing of what came late: a newer value is known, be it from the store', async () => {
  const { hub, seen } = hubOver({ timestampMs: 100, points: { a: value(1, 100) } })
  hub.arrived(batch(['a', 99, 7]))
  await sleep(250)
  expect(seen).toEqual([])
  hub.arrived(batch(['a', 101, 8], ['a', 50, 9]))
  await sleep(250)
  expect(seen).toEqual([
    [
      ['a', 8],
      ['double', 16],
    ],
  ])
  hub.close()
})

it('lets what is ahead of the clock never stand before what is not', async () => {
  const { hub, seen } = hubOver()
  hub.arrived(batch(['b', 9_000_000, 1]))
  await sleep(250)
  hub.arrived(batch(['b', 500, 2]))
  await sleep(250)
  hub.arrived(batch(['b', 9_000_001, 3]))
  await sleep(250)
  expect(seen).toEqual([[['b', 1]], [['b', 2]]])
  hub.close()
})

it('keeps nothing of a site that nobody watches', async () => {
  const { hub, stop } = hubOver()
  stop()
  hub.arrived(batch(['a', 1, 1]))
  expect(hub.newest('park')).toBeUndefined()
  hub.publish('park', { timestampMs: 5, points: { a: value(3, 5) } })
  expect(hub.newest('park')?.points).toEqual({ a: value(3, 5), double: value(6, 5) })
  hub.close()
})

it('tries again at the next arrival when the store could not be read', async () => {
  let fails = true
  const hub = createLiveHub({
    read: async () => {
      if (fails) throw new Error('busy')
      return { timestampMs: 0, points: {} }
    },
    compute,
    now: () => 1000,
  })
  const seen: number[] = []
  hub.watch('park', (changed) => seen.push(changed.size))
  hub.arrived(batch(['b', 1, 1]))
  await sleep(200)
  fails = false
  hub.arrived(batch(['c', 1, 1]))
  await sleep(250)
  expect(seen).toEqual([2])
  hub.close()
})

it('goes through a million rows of 5000 points that are watched within 20 ms of its processor', { retry: 1 }, () => {
  const { hub } = hubOver()
  const [count, points] = [1_000_000, 5000]
  const rows: ObservationBatch = {
    count,
    series: Array.from({ length: points }, (_, k) => ({ site: 'park', point: `p${k}`, unit: 'kW' })),
    sources: ['meter'],
    seriesOf: Uint32Array.from({ length: count }, (_, row) => row % points),
    sourceOf: new Uint16Array(count),
    timestampsMs: Float64Array.from({ length: count }, (_, row) => row / 1e4),
    values: new Float64Array(count),
    quality: new Uint8Array(count),
  }
  const tookMs = Array.from({ length: 5 }, () => {
    const before = process.threadCpuUsage()
    hub.arrived(rows)
    const { user, system } = process.threadCpuUsage(before)
    return (user + system) / 1000
  })
  hub.close()
  // The first compiles it.
  expect(Math.min(...tookMs)).toBeLessThan(20)
})

it('takes of a batch the newest value of each point, in any order of rows, and what is ahead of the clock last', async () => {
  const late = 1000 + 600_001
  const { hub, seen } = hubOver()
  hub.arrived(batch(['a', 5, 1], ['b', late, 2], ['c', late, 3]))
  const own = batch(['a', 3, 4], ['b', 6, 5], ['c', late + 1, 6])
  hub.arrived({
    ...own,
    count: 6,
    // A second row of each, which is older, ahead of the clock, and of the same time.
    ...{ seriesOf: Uint32Array.of(0, 1, 2, 0, 1, 2), sourceOf: new Uint16Array(6), quality: new Uint8Array(6) },
    timestampsMs: Float64Array.of(3, 6, late + 1, 2, late + 5, late + 1),
    values: Float64Array.of(4, 5, 6, 7, 8, 9),
  })
  await sleep(250)
  hub.close()
  expect(seen[0]?.filter(([ref]) => ref !== 'double').sort()).toEqual([
    ['a', 1],
    ['b', 5],
    ['c', 9],
  ])
})
