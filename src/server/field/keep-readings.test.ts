import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  decodeReadings,
  encodeReadings,
  type FieldReading,
  openSpool,
  type Spool,
  shrinkReadings,
} from '../../gateway/index.ts'
import { quality } from '../../kernel/index.ts'
import { type ObservationBatch, storeErrors } from '../../store/index.ts'
import { createKeptReadings, type KeptReadings } from './keep-readings.ts'

let folder: string
let spool: Spool
let kept: KeptReadings
let stored: [string, number, number][]
let failure: Error | undefined
let reports: string[]

const keepBatch = async ({ count, series, seriesOf, timestampsMs, values }: ObservationBatch): Promise<void> => {
  if (failure) throw failure
  const names = Array.from({ length: count }, (_, row) => series[seriesOf[row]!]!.point)
  if (names.includes('meter.bad')) throw storeErrors.badObservation({ detail: 'no such unit' })
  names.forEach((name, row) => void stored.push([name, timestampsMs[row]!, values[row]!]))
}
const reading = (timestampMs: number, own: Partial<FieldReading> = {}): FieldReading => ({
  ...{ ref: 'meter.powerKw', timestampMs, value: timestampMs / 1000, quality: quality.good, unit: 'kW' },
  ...own,
})
const settled = async (done: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 400 && !done(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(done()).toBe(true)
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'mangrove-readings-'))
  stored = []
  failure = undefined
  reports = []
  spool = await openSpool(folder, { shrink: shrinkReadings, report: () => undefined })
  kept = createKeptReadings({
    ...{ arrivals: { keep: keepBatch }, spool, lookMs: 5, recordsAtOnce: 2 },
    report: (_, message) => void reports.push(message),
  })
})
afterEach(async () => {
  await kept.stop()
  rmSync(folder, { recursive: true, force: true })
})

describe('readings of devices', () => {
  it('go into the store, and beside it onto the disk as long as it takes none, in their order', async () => {
    await kept.keep('park', 'meters', [reading(1000)])
    failure = storeErrors.full({ detail: 'no room' })
    for (const at of [2000, 3000, 4000, 5000]) await kept.keep('park', 'meters', [reading(at)])
    expect(stored).toEqual([['meter.powerKw', 1000, 1]])
    expect(spool.figures().records).toBe(4)
    failure = undefined
    await settled(() => spool.figures().records === 0)
    expect(stored.map(([, at]) => at)).toEqual([1000, 2000, 3000, 4000, 5000])
    expect(kept.figures()).toEqual({ stored: 5, waited: 4, refused: 0 })
  })

  it('that no store would take are told and hold up none', async () => {
    await kept.keep('park', 'meters', [reading(1000), reading(1000, { ref: 'meter.bad' }), reading(2000)])
    expect(stored.map(([name, at]) => [name, at])).toEqual([
      ['meter.powerKw', 1000],
      ['meter.powerKw', 2000],
    ])
    expect(kept.figures()).toMatchObject({ stored: 2, refused: 1, waited: 0 })
    expect(reports).toEqual(['a reading of meters was refused'])
  })

  it('are not told as kept where neither store nor disk takes them', async () => {
    failure = storeErrors.full({ detail: 'no room' })
    const large = Array.from({ length: 400_000 }, (_, at) => reading(at, { ref: `meter.${'x'.repeat(50)}` }))
    await expect(kept.keep('park', 'meters', large)).rejects.toMatchObject({ code: 'gateway.spool-full' })
  })

  it('leave marks of a gap where they have to go: of each point that it is missing from then on', () => {
    const records = [
      [reading(2000), reading(1000), reading(3000, { ref: 'pv.powerKw', value: Number.NaN, quality: quality.missing })],
      [reading(9000)],
    ].map((readings) => ({ site: 'park', source: 'meters', readings }))
    const other = { site: 'park', source: 'plc', readings: [reading(500)] }
    const encoded = [...records, other].map(encodeReadings)
    const left = shrinkReadings(encoded).map(decodeReadings)
    expect(left).toEqual([
      {
        ...{ site: 'park', source: 'meters' },
        readings: [
          reading(1000, { value: Number.NaN, quality: quality.missing }),
          reading(3000, { ref: 'pv.powerKw', value: Number.NaN, quality: quality.missing }),
        ],
      },
      { site: 'park', source: 'plc', readings: [reading(500, { value: Number.NaN, quality: quality.missing })] },
    ])
  })
})
