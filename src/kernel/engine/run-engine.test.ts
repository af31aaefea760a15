import { describe, expect, it } from 'vitest'
import { MangroveError } from '../errors.ts'
import { sumEngine, testPack } from '../kernel.fixture.ts'
import { fixedClock } from '../ports/clock.ts'
import type { DataPort } from '../ports/data.ts'
import type { SolverPort } from '../ports/solver.ts'
import { createSeriesReader } from '../series/series-reader.ts'
import { readSite } from '../site/read-site.ts'
import type { EvidenceStore } from './evidence.ts'
import { replayRun } from './replay.ts'
import { runEngine } from './run-engine.ts'

const text = `id: park
name: Park
location: { latitude: 0, longitude: 0 }
zone: UTC
currency: EUR
assets: { load: { kind: load, demand: [3, 5] } }
`
const solver: SolverPort = { solve: () => Promise.reject(new Error('not used')) }
const readSeries = createSeriesReader({ readText: async () => '' })
const dataOf = (site: string): DataPort => ({
  site: async () => readSite(site, { file: 'park.site.yaml', packs: [testPack] }),
  series: readSeries,
  text: async () => '',
})
const ports = (site = text) => ({ data: dataOf(site), solver, clock: fixedClock(1_000), seed: 7 })
const engines = new Map([[sumEngine.id, sumEngine]])

const memory = (): EvidenceStore & { readonly blobs: Map<string, string> } => {
  const records = new Map()
  const blobs = new Map<string, string>()
  return {
    blobs,
    put: async (record, more) => {
      records.set(record.id, record)
      for (const [sha256, blob] of more) blobs.set(sha256, blob)
    },
    record: async (id) => records.get(id),
    blob: async (sha256) => blobs.get(sha256),
  }
}

describe('running an engine', () => {
  it('fills in defaults and gives the same record for the same run', async () => {
    const [first, second] = await Promise.all([
      runEngine(sumEngine, { site: 'park' }, ports()),
      runEngine(sumEngine, { site: 'park' }, ports()),
    ])
    expect(first.output).toMatchObject({ energyKwh: 6, nowMs: 1_000 })
    expect(first.record).toEqual(second.record)
    expect(first.record.readings.map(({ kind }) => kind)).toEqual(['series', 'site'])
  })

  it('has another id when the site, the input or the seed differs', async () => {
    const other = text.replace('[3, 5]', '[3, 6]')
    const runs = await Promise.all([
      runEngine(sumEngine, { site: 'park' }, ports()),
      runEngine(sumEngine, { site: 'park' }, ports(other)),
      runEngine(sumEngine, { site: 'park', hours: 3 }, ports()),
      runEngine(sumEngine, { site: 'park' }, { ...ports(), seed: 8 }),
    ])
    expect(new Set(runs.map(({ record }) => record.id)).size).toBe(4)
  })

  it('tells every problem of an input at once, unknown fields with what was meant', async () => {
    const error = await runEngine(sumEngine, { hour: 3, hours: 0 }, ports()).catch((caught) => caught)
    expect(error).toBeInstanceOf(MangroveError)
    const paths = (error as MangroveError).problems.map(({ place }) => place?.path)
    expect(paths).toEqual(expect.arrayContaining(['hours', 'hour']))
    expect(String(error)).toContain('did you mean "hours"')
    expect(String(error)).toContain('site')
  })

  it('refuses an output that is not what the engine promised', async () => {
    const broken = { ...sumEngine, run: async () => ({ energyKwh: Number.NaN, nowMs: 0, draw: 0 }) }
    await expect(runEngine(broken, { site: 'park' }, ports())).rejects.toThrow(/kernel.bad-output/)
  })
})

describe('replay', () => {
  it('gives the same bytes from evidence alone', async () => {
    const evidence = memory()
    const { record, blobs } = await runEngine(sumEngine, { site: 'park' }, ports())
    await evidence.put(record, blobs)
    expect(await replayRun(record.id, { engines, evidence, solver })).toMatchObject({
      identical: true,
      differences: [],
    })
  })

  it('shows where another result differs', async () => {
    const evidence = memory()
    const { record, blobs } = await runEngine(sumEngine, { site: 'park' }, ports())
    await evidence.put(record, blobs)
    const changed = new Map([
      [sumEngine.id, { ...sumEngine, run: async () => ({ energyKwh: 9, nowMs: 1_000, draw: 0 }) }],
    ])
    const replay = await replayRun(record.id, { engines: changed, evidence, solver })
    expect(replay.identical).toBe(false)
    expect(replay.differences).toContainEqual({ path: 'energyKwh', was: 6, is: 9 })
  })

  it('refuses an unknown run, another version and evidence with holes', async () => {
    const evidence = memory()
    await expect(replayRun('x', { engines, evidence, solver })).rejects.toThrow(/kernel.unknown-run/)
    const { record, blobs } = await runEngine(sumEngine, { site: 'park' }, ports())
    await evidence.put(record, blobs)
    const newer = new Map([[sumEngine.id, { ...sumEngine, version: '2.0.0' }]])
    await expect(replayRun(record.id, { engines: newer, evidence, solver })).rejects.toThrow(/kernel.other-version/)
    for (const { sha256 } of record.readings) evidence.blobs.delete(sha256)
    await expect(replayRun(record.id, { engines, evidence, solver })).rejects.toThrow(/kernel.evidence-incomplete/)
  })
})
