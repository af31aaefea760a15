import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../../kernel/index.ts'
import { type Block, type CreditEvent, createCreditBook } from '../index.ts'
import { aefCsv, aefReport, type CreditEntry } from './index.ts'
import { partyCode, partyCodes } from './party-code.ts'

const sha = 'a'.repeat(64)
const block = (start: number, end: number): Block => ({
  ...{ project: 'MGR-1', vintage: 2025, start: String(start), end: String(end) },
})
const authorise = (use: 'ndc' | 'corsia' | 'international-mitigation'): CreditEvent => ({
  ...{ type: 'authorise', project: 'MGR-1', use, letter: sha },
  ndc: { document: sha, metric: 't CO2e', target: 'peak before 2030' },
})
const abroad = (start: number, end: number, from: string, to: string, party: string): CreditEvent => ({
  ...{ type: 'transfer-abroad', block: block(start, end), from, to, party },
})
const start: readonly CreditEvent[] = [
  {
    ...{ type: 'project', project: 'MGR-1', title: '=Mangrove, of the bay', country: 'CN' },
    ...{ programme: 'CCER', methodology: 'CCER-14-002-V01' },
  },
  { type: 'validate', project: 'MGR-1', report: sha },
  { type: 'verify', project: 'MGR-1', vintage: 2025, quantity: '1000', report: sha },
  { type: 'issue', block: block(1, 1000), to: 'owner' },
]
const day = (year: number, index: number): number => Date.UTC(year, 5, 1 + index)
const entriesOf = (events: readonly CreditEvent[], year = 2026): readonly CreditEntry[] =>
  events.map((event, k) => ({ id: `e${k}`, atMs: day(year, k), event }))

const story: readonly CreditEvent[] = [
  ...start,
  authorise('ndc'),
  authorise('corsia'),
  abroad(1, 300, 'owner', 'buyer', 'SG'),
  abroad(201, 300, 'buyer', 'airline', 'JP'),
  { type: 'adjust', block: block(1, 300), year: 2026, report: sha },
  { type: 'retire', block: block(1, 50), from: 'buyer', beneficiary: 'Singapore', use: 'ndc' },
  { type: 'retire', block: block(201, 220), from: 'airline', beneficiary: 'Airline', use: 'corsia' },
  { type: 'cancel', block: block(51, 60), from: 'buyer', reason: 'Overall mitigation' },
  // Never left the country: in no table.
  { type: 'retire', block: block(900, 950), from: 'owner', beneficiary: 'A plant', use: 'voluntary' },
]
const question = { party: 'CN', year: 2026, date: '01/03/2027', registry: 'CHN01', approaches: { 'MGR-1': 'CA0001' } }
const acted = (party: string, more: object = {}) =>
  aefReport(entriesOf(story), { ...question, party, ...more }).tables.actions.map((row) => [
    row['Action type'],
    row['First unit ID'],
    row['Last unit ID'],
    row['Quantity (t CO2 eq)'],
    row['Authorization ID'],
  ])

describe('tables of the agreed electronic format', () => {
  it('tell the same story from the side of each party', () => {
    expect(acted('CN')).toEqual([['First transfer', 'MGR-1-2025-1', 'MGR-1-2025-300', '300', 'e4, e5']])
    expect(acted('SG')).toEqual([
      ['Acquisition', 'MGR-1-2025-1', 'MGR-1-2025-300', '300', 'e4, e5'],
      ['Transfer', 'MGR-1-2025-201', 'MGR-1-2025-300', '100', 'e4, e5'],
      ['Use', 'MGR-1-2025-1', 'MGR-1-2025-50', '50', 'e4'],
      ['Cancellation', 'MGR-1-2025-51', 'MGR-1-2025-60', '10', 'e4, e5'],
    ])
    expect(acted('JP').map(([type, , , quantity]) => [type, quantity])).toEqual([
      ['Acquisition', '100'],
      ['Use', '20'],
    ])
  })

  it('adjust the balance by what was first transferred and what was used (2/CMA.3, annex, paragraph 8)', () => {
    expect(aefReport(entriesOf(story), question).adjustment).toEqual({
      ...{ firstTransferredT: '300', usedTowardsNdcT: '0', balanceT: '300', madeT: '300', dueT: '0' },
    })
    expect(aefReport(entriesOf(story), { ...question, party: 'SG' })).toMatchObject({
      adjustment: { firstTransferredT: '0', usedTowardsNdcT: '50', balanceT: '-50' },
      account: { acquiredT: '300', transferredOnT: '100', usedT: '50', cancelledT: '10', holdingsT: '140' },
    })
  })

  it('name an ITMO as 6/CMA.4, annex I, paragraph 5 does, and leave the name out where a part of it is not known', () => {
    const [row] = aefReport(entriesOf(story), question).tables.actions
    expect(row).toMatchObject({ 'First ID': 'CA0001-CHN01-CHN-1-2025', 'Last ID': 'CA0001-CHN01-CHN-300-2025' })
    // The expression of a public checker of the format.
    expect(row?.['First ID']).toMatch(/^CA\d{4}-[A-Z]{3}\d{2}-[A-Z]{3}-[1-9]\d*-\d{4}$/)
    const { approaches: _, ...without } = question
    const report = aefReport(entriesOf(story), without)
    expect(report.tables.actions[0]).toMatchObject({ 'First ID': null, 'Cooperative approach ID': null })
    expect(report.missing).toContain('actions: First ID')
    expect(report.missing).toContain('authorizations: Sector(s)')
    expect(report.tables.submission[0]).toMatchObject({ Party: 'China', 'Reported year': '2026', Version: null })
  })

  it('have the actions of their year, and the holdings of its end', () => {
    const entries = entriesOf(story).map((entry, k) => ({ ...entry, atMs: day(k < 8 ? 2025 : 2026, k) }))
    const sg = (year: number) => aefReport(entries, { ...question, party: 'SG', year })
    expect(sg(2025).tables.actions.map((row) => row['Action type'])).toEqual(['Acquisition', 'Transfer'])
    expect(sg(2025).account.holdingsT).toBe('200')
    expect(sg(2026).tables.actions.map((row) => row['Action type'])).toEqual(['Use', 'Cancellation'])
    expect(sg(2026).account.holdingsT).toBe('140')
    expect(sg(2024).tables.holdings).toEqual([])
  })

  it('are CSV that a spreadsheet reads as text', () => {
    const { tables } = aefReport(
      entriesOf([...story, { type: 'cancel', block: block(61, 61), from: 'buyer', reason: '=1+1, "x"' }]),
      {
        ...question,
        party: 'SG',
      },
    )
    const lines = aefCsv('actions', tables.actions).split('\r\n')
    expect(lines).toHaveLength(6)
    expect(lines[0]).toContain('Action date,Action type,Action subtype,Cooperative approach ID')
    expect(lines[5]).toContain(`,"'=1+1, ""x"""`)
  })

  it('refuse a party that is none, and one approach for two projects', () => {
    expect(() => aefReport([], { ...question, party: 'XX' })).toThrow(/carbon.bad-export/)
    const second = start.map((event) => JSON.parse(JSON.stringify(event).replaceAll('MGR-1', 'MGR-2')) as CreditEvent)
    const approaches = { 'MGR-1': 'CA0001', 'MGR-2': 'CA0001' }
    expect(() => aefReport(entriesOf([...story, ...second]), { ...question, approaches })).toThrow(
      /MGR-1 and MGR-2 would have the same identifiers/,
    )
  })
})

it('knows the countries of ISO 3166-1, each by its own three letters', () => {
  expect(partyCodes).toHaveLength(249)
  expect(new Set(partyCodes.map(partyCode)).size).toBe(249)
  expect(['CN', 'SG', 'GB', 'CH', 'TL'].map(partyCode)).toEqual(['CHN', 'SGP', 'GBR', 'CHE', 'TLS'])
  const source = readFileSync(new URL('party-code.ts', import.meta.url), 'utf8')
  expect(source.match(/\b[A-Z]{5}\b/g)).toHaveLength(249)
})

it('law: what a party got is what it passed on, used, cancelled and holds, and all parties together have what left the host', () => {
  const parties = ['CN', 'SG', 'JP', 'CH'] as const
  const account = fc.constantFrom('owner', 'a', 'b')
  const cut = fc
    .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 15 }))
    .map(([from, more]) => block(from, from + more))
  const event = fc.oneof(
    fc.record({
      type: fc.constant('transfer-abroad' as const),
      block: cut,
      from: account,
      to: account,
      party: fc.constantFrom(...parties),
    }),
    fc.record({ type: fc.constant('transfer' as const), block: cut, from: account, to: account }),
    fc.record({ type: fc.constant('adjust' as const), block: cut, year: fc.constant(2026), report: fc.constant(sha) }),
    fc.record({
      type: fc.constant('retire' as const),
      block: cut,
      from: account,
      beneficiary: fc.constant('x'),
      use: fc.constantFrom('ndc' as const, 'voluntary' as const, 'corsia' as const),
    }),
    fc.record({ type: fc.constant('cancel' as const), block: cut, from: account, reason: fc.constant('x') }),
  )
  fc.assert(
    fc.property(fc.array(event, { minLength: 5, maxLength: 25 }), (drawn) => {
      const book = createCreditBook()
      const taken: CreditEvent[] = []
      for (const one of [...start, authorise('ndc'), authorise('corsia'), ...drawn] as CreditEvent[]) {
        try {
          book.take(one, `e${taken.length}`)
          taken.push(one)
        } catch (error) {
          if (!(error instanceof MangroveError)) throw error
        }
      }
      const reports = parties.map((party) => aefReport(entriesOf(taken), { ...question, party }))
      let all = 0n
      for (const { account: own, tables } of reports) {
        const [got, on, used, cancelled, held] = [
          ...[own.acquiredT, own.transferredOnT, own.usedT, own.cancelledT, own.holdingsT],
        ].map(BigInt) as [bigint, bigint, bigint, bigint, bigint]
        expect(got).toBe(on + used + cancelled + held)
        const rows = tables.holdings.reduce((sum, row) => sum + BigInt(row['Quantity (t CO2 eq)']!), 0n)
        expect(rows).toBe(held)
        all += used + cancelled + held
      }
      const left = book
        .runs('MGR-1', 2025)
        .filter(({ adjustment }) => adjustment !== 'none')
        .reduce((sum, run) => sum + run.end - run.start + 1n, 0n)
      expect(all).toBe(left)
      expect(BigInt(reports[0]!.adjustment.firstTransferredT)).toBe(left)
    }),
    { numRuns: 40 },
  )
})
