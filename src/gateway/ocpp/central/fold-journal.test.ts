import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { openFileJournal } from './file-journal.ts'
import { foldJournal } from './fold-journal.ts'
import { killFolds } from './fold-kills.fixture.ts'
import { createMemoryJournal } from './memory-journal.ts'
import { numberedRecord, numberedStartMs, numberedStepMs } from './numbered-records.fixture.ts'
import { connectorStatuses, type OcppRecord } from './records.ts'
import { stateOf } from './state-of-book.fixture.ts'
import { StationBook } from './station-book.ts'

const folder = mkdtempSync(join(tmpdir(), 'mangrove-fold-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** As a file gives it back. */
const stored = <T>(value: T): T => JSON.parse(JSON.stringify(value))
const bookOf = (records: Iterable<OcppRecord>): StationBook => {
  const book = new StationBook()
  for (const record of records) book.apply(record)
  return book
}
async function folded(records: readonly OcppRecord[], beforeMs: number): Promise<OcppRecord[]> {
  const all: OcppRecord[] = []
  const journal = createMemoryJournal([...records])
  for await (const record of foldJournal(() => journal.read(), beforeMs)) all.push(stored(record))
  return all
}
const numbered = (count: number) => Array.from({ length: count }, (_, number) => numberedRecord(number))

const told = { stationId: fc.constantFrom('A', 'B'), atMs: fc.integer({ min: 0, max: 100 }) }
const evse = { evseId: fc.integer({ min: 0, max: 2 }) }
const profile = fc.record({
  ...{ id: fc.constant(1), kind: fc.constant('absolute' as const), stackLevel: fc.integer({ min: 0, max: 1 }) },
  ...{ purpose: fc.constantFrom('tx' as const, 'tx-default' as const), schedules: fc.constant([]) },
  transactionId: fc.constantFrom('1', '2'),
})
const anyRecord: fc.Arbitrary<OcppRecord> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc
      .record(
        {
          ...{ ...told, ...evse, kind: fc.constant('transaction' as const) },
          event: fc.constantFrom('started' as const, 'updated' as const, 'ended' as const),
          transactionId: fc.constantFrom('1', '2', '3', 'x'),
          seqNo: fc.integer({ min: 0, max: 9 }),
          startKey: fc.constant('key'),
          idToken: fc.constantFrom('C1', 'C2'),
          meterWh: fc.integer({ min: 0, max: 5000 }),
          reason: fc.constantFrom('Local', 'Other'),
          inferred: fc.constant(true as const),
          offline: fc.boolean(),
        },
        { requiredKeys: ['kind', 'event', 'stationId', 'atMs', 'transactionId', 'evseId'] },
      )
      // A start of one transaction has one key.
      .map(({ startKey, ...one }) => ({
        ...one,
        ...(startKey ? { startKey: `${one.stationId} ${one.transactionId}` } : {}),
      })),
  },
  fc.record({
    ...told,
    kind: fc.constant('boot' as const),
    admitted: fc.constant('accepted' as const),
    vendor: fc.constant('V'),
    model: fc.constant('M'),
  }),
  fc.record({
    ...told,
    ...evse,
    kind: fc.constant('status' as const),
    connectorId: fc.constant(1),
    status: fc.constantFrom(...connectorStatuses),
  }),
  fc.record({
    ...told,
    ...evse,
    kind: fc.constant('profile' as const),
    profile,
    state: fc.constantFrom('wanted' as const, 'accepted' as const, 'cleared' as const),
  }),
  fc.record({
    ...told,
    kind: fc.constant('reservation' as const),
    reservationId: fc.integer({ min: 1, max: 4 }),
    state: fc.constantFrom('accepted' as const, 'used' as const),
  }),
  fc.record({ ...told, kind: fc.constant('notice' as const), name: fc.constantFrom('n', 'm'), content: fc.integer() }),
  fc.record({ ...told, kind: fc.constant('local-list' as const), version: fc.integer({ min: 0, max: 9 }) }),
)

describe('a journal that is folded', () => {
  it('comes to the same as before, and after whatever follows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyRecord, { maxLength: 40 }),
        fc.array(anyRecord, { maxLength: 15 }),
        fc.integer({ min: 0, max: 101 }),
        async (before, after, atMs) => {
          const less = await folded(before, atMs)
          expect(stateOf(bookOf(less))).toEqual(stateOf(bookOf(before)))
          expect(stateOf(bookOf([...less, ...after]))).toEqual(stateOf(bookOf([...before, ...after])))
          // Folding what was folded changes nothing any more.
          expect(stateOf(bookOf(await folded(less, 101)))).toEqual(stateOf(bookOf(before)))
        },
      ),
      { numRuns: 120 },
    )
  })

  it('keeps every step of sessions that ended lately, and one record of those before', async () => {
    const less = await folded(numbered(1200), numberedStartMs + 1000 * numberedStepMs)
    const kinds = Map.groupBy(less, ({ kind }) => kind)
    expect(kinds.get('session')).toHaveLength(83)
    expect(kinds.get('transaction')).toHaveLength(17 * 9)
    expect(kinds.get('boot')).toHaveLength(2)
    expect(less.length).toBeLessThan(300)
  })

  it('is folded by itself as it grows, while records go on coming, and is read again as it was', async () => {
    const file = join(folder, 'grows.ndjson')
    writeFileSync(`${file}.folding`, 'what a crash left')
    const nowMs = () => numberedStartMs + 2000 * numberedStepMs
    const journal = await openFileJournal(file, { foldBeforeMs: nowMs, foldAboveBytes: 20_000 })
    await Promise.all(
      Array.from({ length: 40 }, async (_, part) => {
        for (let step = 0; step < 50; step += 1) await journal.append([numberedRecord(part * 50 + step)])
      }),
    )
    await journal.close()
    const whole = numbered(2000).reduce((sum, record) => sum + JSON.stringify(record).length + 1, 0)
    expect(statSync(file).size).toBeLessThan(0.9 * whole)
    expect(statSync(file).size).toBe(journal.size())
    expect(
      readFileSync(file, 'utf8')
        .split('\n')
        .filter((line) => line.includes('"session"')).length,
    ).toBeGreaterThan(0)
    const again = await openFileJournal(file)
    const records: OcppRecord[] = []
    for await (const record of again.read()) records.push(record)
    await again.close()
    expect(bookOf(records).tally()).toEqual(bookOf(numbered(2000)).tally())
  })

  it('loses nothing to a kill, wherever in the fold it comes', async () => {
    const { records, folds } = await killFolds(join(folder, 'killed.ndjson'), { kills: 2, seed: 7 })
    expect(records).toBeGreaterThan(30)
    expect(folds).toBeGreaterThan(3)
  }, 60_000)
})
