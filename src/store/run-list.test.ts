import { readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type EvidenceRecord, hashOf, sha256Hex } from '../kernel/index.ts'
import { restoredOn } from './backup/restored.fixture.ts'
import { engines, type TestStore } from './engines.fixture.ts'
import { openEvidence } from './evidence.ts'
import { forgetRunDays, openRunDays } from './run-days.ts'
import { byNewest, type ListedRun, type RunList, type RunListRequest } from './run-list.ts'
import { dayStartMs } from './store.fixture.ts'

interface MadeRun {
  readonly record: EvidenceRecord
  readonly texts: ReadonlyMap<string, string>
}

function runOf(engine: string, input: unknown, clockMs: number, seed = 1): MadeRun {
  const texts = new Map([JSON.stringify(input), '{}'].map((text) => [sha256Hex(text), text]))
  const [inputSha256 = '', outputSha256 = inputSha256] = texts.keys()
  const rest = { engine, engineVersion: '1.0.0', clockMs, seed, inputSha256, outputSha256, readings: [] }
  return { record: { id: hashOf(rest), ...rest }, texts }
}

const listed = ({ record: { id, engine, clockMs } }: MadeRun, site?: string): ListedRun => ({
  id,
  engine,
  ...(site === undefined ? {} : { site }),
  clockMs,
})

const partBytes = (text: string): number => encodeURIComponent(text).replaceAll('*', '%2A').length

/** Takes all runs away. */
async function forget({ engine, folder }: TestStore): Promise<void> {
  if (engine.kind === 'duckdb') await rm(join(folder, 'evidence'), { recursive: true, force: true })
  else
    for (const table of ['run_index', 'evidence_run'])
      await engine.database.write((sql) => sql.all(`DELETE FROM ${table}`))
}

describe.each(engines)('the list of runs on $name', (engine) => {
  let store: TestStore
  let runs: RunList
  beforeEach(async () => {
    store = await engine.open()
    runs = store.runs
  })
  afterEach(() => store.end())

  const put = async (...made: readonly MadeRun[]): Promise<void> => {
    for (const { record, texts } of made) await store.evidence.put(record, texts)
  }

  it('is empty where nothing was kept', async () => {
    expect(await runs.list()).toEqual([])
  })

  it('tells id, engine, site and time, the newest first, and each run once', async () => {
    const [plan, bill, other] = [
      runOf('energy.plan', { site: 'park' }, dayStartMs),
      runOf('energy.bill', { site: 'park' }, dayStartMs + 90_000_000),
      runOf('energy.plan', { nothing: true }, dayStartMs + 1),
    ]
    await put(plan, bill, other, plan)
    expect(await runs.list()).toEqual([listed(bill, 'park'), listed(other), listed(plan, 'park')])
  })

  it('is that of some sites, of an engine, of a span', async () => {
    const made = [0, 1, 2, 3].map((hour) =>
      runOf(
        hour % 2 ? 'energy.bill' : 'energy.plan',
        { site: hour < 2 ? 'north' : 'south' },
        dayStartMs + hour * 3.6e6,
      ),
    )
    await put(...made, runOf('energy.plan', {}, dayStartMs))
    const hours = async (request: RunListRequest) =>
      (await runs.list(request)).map(({ clockMs }) => (clockMs - dayStartMs) / 3.6e6)
    expect(await hours({ sites: ['north'] })).toEqual([1, 0])
    expect(await hours({ sites: ['north', 'south', 'elsewhere'] })).toEqual([3, 2, 1, 0])
    expect(await hours({ sites: [] })).toEqual([])
    for (const name of ['', '\u0000', '\ud800', '../../north']) {
      expect(await hours({ sites: [name] })).toEqual([])
      expect(await hours({ engine: name })).toEqual([])
    }
    expect(await hours({ engine: 'energy.bill' })).toEqual([3, 1])
    expect(await hours({ sites: ['south'], engine: 'energy.plan' })).toEqual([2])
    expect(await hours({ fromMs: dayStartMs + 3.6e6, toMs: dayStartMs + 3 * 3.6e6 })).toEqual([2, 1])
    expect(await hours({ sites: ['north'], toMs: dayStartMs + 1 })).toEqual([0])
  })

  it('goes on after the last of a page, whatever is put meanwhile', async () => {
    // Five runs of one moment, so that the id alone parts them, and two of other days.
    const made = [1, 2, 3, 4, 5].map((seed) => runOf('energy.plan', { site: 'park' }, dayStartMs, seed))
    const around = [runOf('energy.plan', {}, dayStartMs - 1), runOf('energy.plan', {}, dayStartMs + 86_400_000)]
    await put(...made, ...around)
    const wanted = [...made, ...around].map(({ record }) => record).sort(byNewest)
    const seen: string[] = []
    for (let after: ListedRun | undefined; ; ) {
      const page = await runs.list({ limit: 2, ...(after ? { after } : {}) })
      seen.push(...page.map(({ id }) => id))
      await put(runOf('energy.bill', { site: 'park' }, dayStartMs + 2 * 86_400_000 + seen.length))
      after = page.at(-1)
      if (page.length < 2) break
    }
    expect(seen).toEqual(wanted.map(({ id }) => id))
  })

  it('gives back what any name says, and pages that join to the whole', async () => {
    const text = fc.oneof(
      fc.constantFrom('a,b', '../..', 'C:\\x', '*', '%2C', '石榴/🌱', "x'; --", '\u0000', '\ud800', 'x'.repeat(200)),
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }),
    )
    const some = fc.record({ engine: text, site: text, clockMs: fc.constantFrom(0, 1, 86_399_999, 86_400_000) })
    await fc.assert(
      fc.asyncProperty(fc.array(some, { minLength: 1, maxLength: 5 }), fc.nat(2), async (given, cut) => {
        await forget(store)
        const expected = new Map<string, ListedRun>()
        for (const { engine, site, clockMs } of given) {
          if (engine.includes('\0') || !engine.isWellFormed()) continue
          const made = runOf(engine, { site }, clockMs)
          await put(made)
          if (partBytes(engine) > 60) continue
          const known = site.isWellFormed() && !site.includes('\0') && partBytes(site) <= 110
          expected.set(made.record.id, listed(made, known ? site : undefined))
        }
        const all = await runs.list()
        expect(all).toEqual([...expected.values()].sort(byNewest))
        const first = await runs.list({ limit: cut + 1 })
        const last = first.at(-1)
        expect([...first, ...(last ? await runs.list({ after: last }) : [])]).toEqual(all)
        for (const site of new Set(all.flatMap((run) => run.site ?? []))) {
          expect(await runs.list({ sites: [site] })).toEqual(all.filter((run) => run.site === site))
        }
      }),
      { numRuns: 60 },
    )
  })
})

describe.each(engines)('the list of runs of a backup on $name', (engine) => {
  it.each(engines)('is that of before, restored on $name', async (other) => {
    const store = await engine.open()
    const made = [0, 1, 2].map((day) => runOf('energy.plan', { site: `site-${day}` }, dayStartMs + day * 86_400_000))
    for (const { record, texts } of made) await store.evidence.put(record, texts)
    const backup = join(store.folder, 'backups/one')
    await store.backups.write(backup)
    const restored = await restoredOn(other, backup)
    expect(await restored.runs.list()).toEqual(await store.runs.list())
    expect(await restored.runs.list({ sites: ['site-1'] })).toEqual([listed(made[1]!, 'site-1')])
    await Promise.all([restored.end(), store.end()])
  })
})

describe('the list of runs of a data folder', () => {
  let store: TestStore
  beforeEach(async () => {
    store = await engines[0]!.open()
  })
  afterEach(() => store.end())

  it('leaves out a run that was cut off before its record was written', async () => {
    const { folder } = store
    const [kept, lost] = [1, 2].map((seed) => runOf('energy.plan', { site: 'park' }, dayStartMs, seed))
    for (const { record, texts } of [kept!, lost!]) await openEvidence(folder).put(record, texts)
    await rm(join(folder, 'evidence/runs', `${lost!.record.id}.json`))
    expect(await openRunDays(folder).list()).toEqual([listed(kept!, 'park')])
  })

  it('leaves out what is damaged, and what is none of its files', async () => {
    const { folder } = store
    const made = runOf('energy.plan', { site: 'park' }, dayStartMs)
    await openEvidence(folder).put(made.record, made.texts)
    await rm(join(folder, 'evidence/days'), { recursive: true })
    await writeFile(join(folder, 'evidence/runs', `${'0'.repeat(64)}.json`), '{"cut off')
    await writeFile(join(folder, 'evidence/runs', 'readme.txt'), '')
    expect(await openRunDays(folder).list()).toEqual([listed(made, 'park')])
    const day = join(folder, 'evidence/days/2026-07-06')
    for (const name of ['.DS_Store', 'x,y', '000000000000000,%,%,0']) await writeFile(join(day, name), '')
    expect(await openRunDays(folder).list()).toEqual([listed(made, 'park')])
    // What was mended from a backup is looked for again.
    const mended = runOf('energy.plan', { site: 'park' }, dayStartMs, 2)
    await writeFile(join(folder, 'evidence/runs', `${mended.record.id}.json`), JSON.stringify(mended.record))
    expect(await openRunDays(folder).list()).toEqual([listed(made, 'park')])
    await forgetRunDays(folder)
    expect(await openRunDays(folder).list()).toHaveLength(2)
    // What was looked through once is not looked through again.
    expect(await readdir(join(folder, 'evidence/days'))).toEqual(['2026-07-06', 'whole'])
  })
})
