import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EvidenceRecord, quality, runEngine } from '../kernel/index.ts'
import { packs } from '../packs.ts'
import { createSolverPool } from '../solve/index.ts'
import { createFileData } from '../store/index.ts'
import type { JobTools } from './jobs.ts'
import { noonMs, openTestServer, type TestServer } from './server.fixture.ts'

/** A load that is read from what was observed. */
const observedPark = `id: observed
name: Observed
location: { latitude: 31.4, longitude: 119.5 }
zone: UTC
currency: EUR
assets:
  grid: { kind: grid, importLimitKw: 500 }
  battery: { kind: battery, capacityKwh: 100, maxChargeKw: 40, maxDischargeKw: 40, initialSoc: 0.5 }
  works: { kind: load, demand: { observation: meter.powerKw } }
tariff: { import: { spot: [0.1, 0.5, 0.2, 0.9] } }
`
const input = { site: 'observed', hours: 4, step: '1h' }
const hourMs = 3_600_000

describe('a run in a thread', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-executor-'))
  const file = join(folder, 'site.yaml')
  const tools: JobTools = { signal: new AbortController().signal, progress: () => undefined }
  const plan = packs.flatMap(({ engines }) => engines).find(({ id }) => id === 'energy.plan')!
  let test: TestServer
  let first: Awaited<ReturnType<TestServer['server']['parts']['executor']['run']>>
  let record: EvidenceRecord | undefined
  beforeAll(async () => {
    writeFileSync(file, observedPark)
    test = await openTestServer({ sites: [{ file }] })
    await test.store.observations.put(
      Array.from({ length: 4 }, (_, k) => ({
        site: 'observed',
        point: 'meter.powerKw',
        unit: 'kW',
        timestampMs: noonMs + k * hourMs,
        value: 100 + 10 * k,
        quality: quality.good,
        source: 'meter',
      })),
    )
    first = await test.server.parts.executor.run(plan, input, tools)
    record = await test.store.evidence.record(first.evidence)
  })
  afterAll(async () => {
    await test.close()
    rmSync(folder, { recursive: true, force: true })
  })

  it('reads what the database has, and keeps its evidence before it is done', () => {
    const { series } = first as unknown as { readonly series: Readonly<Record<string, readonly number[]>> }
    expect(series['works.powerKw']?.map(Math.abs)).toEqual([100, 110, 120, 130])
    expect(record).toMatchObject({ engine: 'energy.plan', clockMs: noonMs })
  })

  it('has the same evidence, byte for byte, as one in this thread', async () => {
    const solver = createSolverPool({ size: 1 })
    const data = await createFileData({ packs, store: test.store, sites: [{ file }], onlyKnownSites: true })
    const here = await runEngine(plan, input, { data, solver, clock: test.clock })
    await solver.close()
    expect(here.record).toEqual(record)
    for (const [sha256, text] of here.blobs) expect(await test.store.evidence.blob(sha256)).toBe(text)
  })

  it('begins where the last one of its session ended, and replays to the same bytes', async () => {
    const { evidence } = await test.server.parts.executor.run(plan, input, tools)
    const again = await test.store.evidence.record(evidence)
    expect(again?.readings.some(({ kind }) => kind === 'start')).toBe(true)
    expect(await test.server.parts.executor.replay(evidence, tools)).toMatchObject({ identical: true })
  })

  it('of a kept run that is none is refused by name', async () => {
    const asked = test.server.parts.executor.replay('0'.repeat(64), tools)
    await expect(asked).rejects.toMatchObject({ code: 'kernel.unknown-run' })
  })
})
