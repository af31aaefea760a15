import fc from 'fast-check'
import { type EvidenceRecord, hashOf, type Quality, quality, sha256Hex } from '../../kernel/index.ts'
import type { TestStore } from '../engines.fixture.ts'
import { dayStartMs, observation } from '../store.fixture.ts'

const names = ['a.powerKw', 'é’"\\.x', 'b; DROP TABLE point; --', 'c.energyKwh', '点.功率', '../../etc/passwd']
const sites = ['park', "o'site"]
const sources = ['meter', 'edge', 'Ω']

const row = fc
  .record({
    site: fc.constantFrom(...sites),
    point: fc.constantFrom(...names),
    source: fc.constantFrom(...sources),
    second: fc.oneof(
      { weight: 6, arbitrary: fc.integer({ min: 0, max: 60 }).map((step) => step * 60) },
      { weight: 2, arbitrary: fc.integer({ min: -60, max: -30 }).map((day) => day * 86_400) },
      { weight: 1, arbitrary: fc.constantFrom(-9000 * 86_400, 400 * 86_400) },
    ),
    value: fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.constantFrom(-0, 0, 5e-324, Number.MAX_VALUE),
      fc.constant(Number.NaN),
    ),
    code: fc.constantFrom(quality.good, quality.estimated, quality.suspect),
  })
  .map(({ site, point, source, second, value, code }) =>
    observation({
      ...{ site, point, source, value },
      timestampMs: dayStartMs + second * 1000,
      quality: (Number.isNaN(value) ? quality.missing : code) as Quality,
    }),
  )

const text = fc.string({ unit: 'binary', maxLength: 20 })

export const anyStep = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('put' as const), rows: fc.array(row, { minLength: 1, maxLength: 30 }) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('upkeep' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('seal' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('counter' as const), site: fc.constantFrom(...sites) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('retain' as const), site: fc.constantFrom(...sites) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('prune' as const), source: fc.constantFrom(...sources) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('document' as const), content: fc.dictionary(text, fc.jsonValue()) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('record' as const),
      key: fc.constantFrom('a', 'b', 'é'),
      content: fc.jsonValue(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('journal' as const), content: fc.jsonValue() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('run' as const), content: text }) },
)

export type Step = typeof anyStep extends fc.Arbitrary<infer T> ? T : never

/** Does what a step says. */
export async function take(store: TestStore, step: Step): Promise<void> {
  switch (step.kind) {
    case 'put':
      // Values older than their retention are refused; what is refused is not there.
      return void (await store.observations.put(step.rows).catch(() => undefined))
    case 'upkeep':
      store.clock.nowMs += 3_600_000
      return void (await store.upkeep.turn())
    case 'seal':
      store.clock.nowMs += 20 * 86_400_000
      return void (await store.upkeep.seal())
    case 'counter':
      return store.observations.declare([{ site: step.site, name: 'c.energyKwh', unit: 'kW', rules: { counter: {} } }])
    case 'retain':
      return store.observations.declare([
        { site: step.site, name: 'a.powerKw', unit: 'kW', rules: { retentionDays: 45 } },
      ])
    case 'prune':
      return void (await store.observations.prune('park', step.source, dayStartMs))
    case 'document':
      return void (await store.documents.put('plan', "o'site", step.content))
    case 'record':
      return void (await store.records.put('user', step.key, step.content))
    case 'journal':
      return void (await store.journal.append('audit', step.content))
    case 'run':
      return putRun(store, step.content)
  }
}

/** Keeps evidence of a run of which only the input says something. */
export async function putRun(store: TestStore, input: string): Promise<void> {
  const blob = JSON.stringify(input)
  const sha256 = sha256Hex(blob)
  const rest: Omit<EvidenceRecord, 'id'> = {
    ...{ engine: 'test', engineVersion: '1', clockMs: 0, seed: 0 },
    inputSha256: sha256,
    outputSha256: sha256,
    readings: [],
  }
  await store.evidence.put({ id: hashOf(rest), ...rest }, new Map([[sha256, blob]]))
}

/** What people read of a store. */
export async function answersOf({ observations, documents, records, journal }: TestStore): Promise<unknown> {
  const answers: unknown[] = []
  for (const site of sites) {
    const range = { site, points: names, fromMs: dayStartMs - 9001 * 86_400_000, toMs: dayStartMs + 401 * 86_400_000 }
    const edgesMs = Float64Array.from({ length: 80 }, (_, day) => dayStartMs + (day - 70) * 86_400_000)
    const { receivedMs: _, ...latest } = { receivedMs: 0, latest: await observations.latest(site) }
    answers.push(latest, await observations.range(range), await observations.buckets({ site, points: names, edgesMs }))
  }
  answers.push(await documents.latest('plan', "o'site"), await records.list('user'), await journal.read('audit'))
  return answers
}
