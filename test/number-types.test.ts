import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultLimits, type ObservationFormat, parseObservations } from '../src/gateway/index.ts'
import { openStore, type Store } from '../src/store/index.ts'

const time = '2026-07-06T00:00:00Z'
const ms = Date.parse(time)
const bytes = new TextEncoder()

/** One value of one point and moment as senders write it, now so, now so. */
const bodies: readonly (readonly [
  ObservationFormat,
  (value: string) => string,
  readonly (readonly [string, number])[],
])[] = [
  [
    'line-protocol',
    (value) => `meter powerKw=${value} ${ms}000000`,
    [
      ['1i', 1],
      ['1.5', 1.5],
      ['true', 1],
      ['7u', 7],
      ['0', 0],
      ['f', 0],
      ['2e0', 2],
    ],
  ],
  [
    'json',
    (value) => `{"observations":[{"point":"meter.powerKw","time":"${time}","value":${value}}]}`,
    [
      ['1', 1],
      ['1.5', 1.5],
      ['1.0', 1],
      ['true', 1],
      ['2e0', 2],
      ['0', 0],
    ],
  ],
  [
    'ndjson',
    (value) => `{"point":"meter.powerKw","time":"${time}","value":${value}}\n`,
    [
      ['3', 3],
      ['3.25', 3.25],
      ['false', 0],
    ],
  ],
  [
    'csv',
    (value) => `point,time,value\nmeter.powerKw,${time},${value}\n`,
    [
      ['1', 1],
      ['1.5', 1.5],
      ['2.0', 2],
      ['4e-1', 0.4],
    ],
  ],
]

describe('whole numbers, fractions and yes or no of one point', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-number-types-'))
  let store: Store
  beforeAll(async () => {
    store = await openStore(folder)
  })
  afterAll(async () => {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it.each(bodies)(
    'never fork its series: %s (thingsboard#12160, OpenEMS/openems#3798)',
    async (format, body, values) => {
      const site = `site-of-${format}`
      const context = { site, source: 'gateway', receivedMs: ms, limits: defaultLimits }
      for (const [text, meant] of values) {
        const parsed = parseObservations(format, bytes.encode(body(text)), context)
        expect([text, parsed.refusedCount, parsed.total]).toEqual([text, 0, 1])
        await store.observations.append(parsed.batch)
        const range = { site, points: ['meter.powerKw'], fromMs: ms, toMs: ms + 1 }
        expect(await store.observations.range(range)).toMatchObject({ 'meter.powerKw': { values: [meant] } })
        expect(await store.observations.latest(site)).toMatchObject([{ value: meant }])
      }
      const edgesMs = Float64Array.of(ms, ms + 900_000)
      const { 'meter.powerKw': rollup } = await store.observations.buckets({ site, points: ['meter.powerKw'], edgesMs })
      expect([rollup!.count[0], rollup!.sum[0]]).toEqual([1, values.at(-1)![1]])
    },
  )
})
