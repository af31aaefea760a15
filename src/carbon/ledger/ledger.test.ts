import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { fixedClock, MangroveError } from '../../kernel/index.ts'
import { engines } from '../../store/engines.fixture.ts'
import { memoryRecords } from '../../store/memory-records.fixture.ts'
import { factorBookWith, pedigreeOf } from '../factors/index.ts'
import {
  createLedger,
  createLogSigner,
  type EntryBody,
  type EntryDraft,
  type MadeDraft,
  newLogKey,
  openLogSigner,
  verifyExport,
} from './index.ts'
import {
  claimOf,
  emission,
  gridPedigree,
  hourMs,
  linesOf,
  memoryLedger,
  reversal,
  signer,
  yearStartMs,
} from './ledger.fixture.ts'
import { checkConsistency, checkInclusion } from './verify-proof.ts'

const clock = fixedClock(yearStartMs)
const script = join(import.meta.dirname, '../../../docs/verify-ledger.mjs')
const folder = mkdtempSync(join(tmpdir(), 'mangrove-ledger-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('an entry', () => {
  it.each<[string, Partial<EntryBody<'emission'>>, RegExp]>([
    ['an amount a thousand times too large', { amountKg: '58270' }, /not the product of its activity and factors/],
    [
      'kWh for MWh',
      { activity: { amount: '100', unit: 'MWh', subject: 'electricity' } },
      /found "58.27", expected 58270/,
    ],
    ['a unit that does not fit', { activity: { amount: '100', unit: 't', subject: 'coal' } }, /not mass/],
    [
      'lifecycle in scope 2',
      { boundary: 'lifecycle', factors: [{ ...gridPedigree, boundary: 'lifecycle' }] },
      /direct emissions alone/,
    ],
    [
      'a factor of something else',
      { activity: { amount: '100', unit: 'kWh', subject: 'heat' } },
      /is no factor of heat/,
    ],
    ['CO2e for a factor of CO2', { gas: 'CO2e', gwpSet: 'AR6' }, /The gas of the amount is not that of its factors/],
    ['scope 2 without a method', { scope: 1, method: 'market' }, /by location or by market/],
    ['a scope in the book of avoided emissions', { book: 'avoided' }, /never netted/],
    ['scope 3 without a category', { scope: 3, category: '16' }, /category/],
    ['a number with a comma', { amountKg: '58,27' }, /carbon.bad-entry/],
    ['a span that is none', { toMs: yearStartMs }, /ends before it begins/],
    ['a share of more than the whole', { claims: [claimOf(0, '1.5')] }, /carbon.bad-entry/],
    ['a field nobody knows', { amount: '1' } as object, /carbon.bad-entry/],
  ])('is refused for %s', async (_, over, message) => {
    const { ledger } = memoryLedger()
    const body = { ...emission('e').body, ...over } as EntryBody<'emission'>
    if ('scope' in over && over.scope === 3) delete (body as { method?: string }).method
    await expect(ledger.append({ ...emission('e'), body } as EntryDraft)).rejects.toThrow(message)
    expect(await ledger.size()).toBe(0)
  })

  it('may stand on several factors, and on 44/12 as a ratio (China: Q · NCV · CC · OF · 44/12)', async () => {
    const { ledger } = memoryLedger()
    const part = (value: string, unit: string, more: object = {}) => {
      const { gas: _, boundary: __, verify: ___, ...rest } = gridPedigree
      return { ...rest, factor: 'fuels/part', subject: 'diesel', value, unit, ...more }
    }
    const factors = [
      part('42.652', 'GJ/t'),
      part('0.0202', 't/GJ'),
      part('0.98', '1'),
      part('1', '44/12', { gas: 'CO2', boundary: 'direct' }),
    ]
    const over = {
      scope: 1,
      activity: { amount: '1', unit: 't', subject: 'diesel' },
      factors,
      amountKg: '3095.9',
    } as const
    const { method: _, ...body } = { ...emission('diesel').body, ...over } as EntryBody<'emission'>
    await ledger.append({ id: 'diesel', by: 'tester', kind: 'emission', body })
    expect((await ledger.read((state) => state.totals()))[0]?.amountKg).toBe('3095.9')
  })

  it('may weigh a gas by its GWP, and by that of no other gas', async () => {
    const { ledger } = memoryLedger()
    const { method: _, ...body } = emission('leak').body as EntryBody<'emission'>
    const pedigree = (id: string) => pedigreeOf(factorBookWith().get(id))
    const leak = (gwp: string): EntryDraft => ({
      ...{ id: gwp, by: 'tester', kind: 'emission' },
      body: {
        ...{ ...body, scope: 1, category: 'combustion', gas: 'CO2e', gwpSet: 'AR6', amountKg: '35.97426' },
        activity: { amount: '300', unit: 't', subject: 'diesel' },
        factors: ['fuels/ncv.diesel', 'fuels/ch4.road.diesel', gwp].map(pedigree),
      },
    })
    // 300 t · 43 TJ/Gg · 3.9 kg/TJ = 50.31 kg CH4.
    const right = leak('gwp/AR6.CH4')
    const weighed = { ...right, body: { ...right.body, amountKg: '1403.649' } } as EntryDraft
    await ledger.append(weighed)
    await expect(ledger.append(right)).rejects.toThrow(/carbon.other-content/)
    const wrong = leak('gwp/AR6.N2O')
    await expect(
      ledger.append({ ...wrong, body: { ...wrong.body, amountKg: '13734.63' } } as EntryDraft),
    ).rejects.toThrow(/gwp\/AR6.N2O is no factor of CH4/)
  })

  it('is written once, however often its operation is sent', async () => {
    const { ledger } = memoryLedger()
    const sent = await Promise.all(Array.from({ length: 5 }, () => ledger.append(emission('e1'))))
    expect(sent.map(({ number, fresh }) => [number, fresh])).toEqual([[0, true], ...Array(4).fill([0, false])])
    expect(await ledger.append(emission('e1'))).toMatchObject({ number: 0, fresh: false })
    const other = emission('e1', {
      activity: { amount: '200', unit: 'kWh', subject: 'electricity' },
      amountKg: '116.54',
    })
    await expect(ledger.append(other)).rejects.toThrow(/carbon.other-content/)
    expect(await ledger.size()).toBe(1)
  })
})

describe('corrections', () => {
  it('are reversals with a reason, once; what was claimed is free again', async () => {
    const { ledger } = memoryLedger()
    await ledger.append(emission('e1', { claims: [claimOf(0)] }))
    await expect(ledger.append(emission('e2', { claims: [claimOf(0)] }))).rejects.toThrow(
      /claimed by e1 \(share 1\).*e2 cannot/,
    )
    await ledger.append(reversal('r1', 'e1'))
    await expect(ledger.append(reversal('r2', 'e1'))).rejects.toThrow(/e1 was reversed by r1/)
    await expect(ledger.append(reversal('r3', 'r1'))).rejects.toThrow(/carbon.unknown-entry/)
    await ledger.append(emission('e2', { claims: [claimOf(0)] }))
    expect(await ledger.read((state) => state.totals())).toEqual([
      expect.objectContaining({ amountKg: '58.27', entries: 1, toVerify: 1, method: 'location', boundary: 'direct' }),
    ])
    expect(await ledger.size()).toBe(3)
  })

  it('of a closed period say why', async () => {
    const { ledger } = memoryLedger()
    await ledger.append(emission('e1'))
    const body = { fromMs: yearStartMs, toMs: yearStartMs + 8760 * hourMs, note: 'Reported for 2023' }
    await ledger.append({ id: 'close-2023', by: 'tester', kind: 'close', body })
    await expect(ledger.append(emission('e2'))).rejects.toThrow(/closed by close-2023/)
    await expect(ledger.append(reversal('r1', 'e1'))).rejects.toThrow(/carbon.period-closed/)
    await ledger.append(reversal('r1', 'e1', { restates: { reason: 'audit-finding', note: 'Finding 7' } }))
    await ledger.append(emission('e3', { fromMs: body.toMs, toMs: body.toMs + hourMs }))
  })
})

describe('proofs', () => {
  it('show offline that an entry is there, and that nothing before was changed', async () => {
    const { ledger } = memoryLedger()
    for (let k = 0; k < 5; k += 1) await ledger.append(emission(`e${k}`))
    const early = checkInclusion(await ledger.prove('e3'), ledger.verifierKey)
    for (let k = 5; k < 13; k += 1) await ledger.append(emission(`e${k}`))
    const proof = await ledger.prove(3)
    expect(checkInclusion(proof, ledger.verifierKey).size).toBe(13)
    const going = await ledger.proveConsistency(5)
    const knownRoot = early.root.toString('hex')
    expect(checkConsistency(going, { knownRoot, verifierKey: ledger.verifierKey }).size).toBe(13)
    expect(() => checkInclusion({ ...proof, entry: proof.entry.replace('58.27', '8.27') }, ledger.verifierKey)).toThrow(
      /carbon.bad-proof/,
    )
    expect(() => checkInclusion({ ...proof, number: 4 }, ledger.verifierKey)).toThrow(/carbon.bad-proof/)
    const wrong = { knownRoot: '00'.repeat(32), verifierKey: ledger.verifierKey }
    expect(() => checkConsistency(going, wrong)).toThrow(/carbon.bad-proof/)
    await expect(ledger.prove('nothing')).rejects.toThrow(/carbon.unknown-entry/)
    await expect(ledger.proveConsistency(14)).rejects.toThrow(/carbon.unknown-entry/)
  })
})

describe('an exported ledger', async () => {
  const { ledger } = memoryLedger()
  for (let k = 0; k < 12; k += 1) await ledger.append(emission(`e${k}`, { claims: [claimOf(k)] }))
  await ledger.append(reversal('r1', 'e4'))
  const lines = await linesOf(ledger)
  const file = join(folder, 'ledger.ndjson')
  writeFileSync(file, `${lines.join('\n')}\n`)
  const run = (...more: string[]) => spawnSync(process.execPath, [script, ...more], { encoding: 'utf8' })

  it('verifies by its lines, and by a script that needs Node alone', async () => {
    const verified = await verifyExport(lines, ledger.verifierKey)
    expect(verified.checkpoint.size).toBe(13)
    expect(verified.totals[0]).toMatchObject({ amountKg: '640.97', entries: 11 })
    const { stdout, status } = run(file, ledger.verifierKey)
    expect(status).toBe(0)
    expect(stdout).toContain('13 entries')
    expect(stdout).toContain(verified.checkpoint.root.toString('hex'))
  })

  it('is held against the key that a reader trusts', async () => {
    const other = createLogSigner('mangrove/park', newLogKey()).verifierKey
    await expect(verifyExport(lines, other)).rejects.toThrow(/another key/)
    expect(run(file, other).status).toBe(1)
  })

  it('law: any byte that is changed, left out or put in is found', async () => {
    const bytes = Buffer.from(`${lines.join('\n')}\n`)
    const how = fc.constantFrom('change', 'leave out', 'put in')
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: bytes.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        how,
        async (at, by, kind) => {
          const changed = Buffer.concat([
            bytes.subarray(0, at),
            ...(kind === 'leave out' ? [] : [Buffer.from([kind === 'change' ? bytes[at]! ^ by : by])]),
            bytes.subarray(kind === 'put in' ? at : at + 1),
          ])
          const text = changed.toString()
          // The line feed at the end closes the last line; without it nothing is missing.
          if (text === bytes.toString().trimEnd()) return
          const told = text.endsWith('\n') ? text.slice(0, -1).split('\n') : text.split('\n')
          await expect(verifyExport(told, ledger.verifierKey)).rejects.toThrow(MangroveError)
        },
      ),
      { numRuns: 150 },
    )
  })

  it.each([
    ['an entry changed', (text: string) => text.replace('"58.27"', '"58.28"')],
    ['an entry left out', (text: string) => text.split('\n').toSpliced(3, 1).join('\n')],
    ['the end cut off', (text: string) => text.split('\n').slice(0, -2).join('\n')],
    ['a line put behind', (text: string) => `${text}{}\n`],
    ['a carriage return', (text: string) => text.replace('\n', '\r\n')],
  ])('with %s is refused by the script too', (_, change) => {
    const other = join(folder, 'changed.ndjson')
    writeFileSync(other, change(`${lines.join('\n')}\n`))
    const { status, stderr } = run(other)
    expect(status).toBe(1)
    expect(stderr).not.toMatch(/\n\s+at /)
  })
})

describe('a ledger of several writers', () => {
  it('is the same on two nodes, whoever wrote; no operation is written twice or lost', async () => {
    const { journal } = memoryRecords(clock)
    const nodes = [0, 1].map(() => createLedger({ journal, clock, signer, site: 'park' }))
    const written = await Promise.all(
      Array.from({ length: 30 }, (_, k) => nodes[k % 2]!.append(emission(`e${k >> 1}`, { claims: [claimOf(k >> 1)] }))),
    )
    expect(new Set(written.map(({ number }) => number)).size).toBe(15)
    expect(written.filter(({ fresh }) => fresh)).toHaveLength(15)
    expect(await nodes[0]!.checkpoint()).toBe(await nodes[1]!.checkpoint())
    expect((await verifyExport(await linesOf(nodes[1]!))).checkpoint.size).toBe(15)
  })

  it('lets others have their turn while it writes and reads a thousand entries', async () => {
    const { ledger, journal } = memoryLedger()
    const turnsDuring = async (work: () => Promise<unknown>): Promise<number> => {
      let turns = 0
      let isOver = false
      const look = (): void => {
        turns += 1
        if (!isOver) setImmediate(look)
      }
      look()
      await work()
      isOver = true
      return turns
    }
    // One turn has 8 ms; without others in between there is one turn, or two.
    const write = () => Promise.all(Array.from({ length: 1000 }, (_, k) => ledger.append(emission(`e${k}`))))
    expect(await turnsDuring(write)).toBeGreaterThan(3)
    const again = createLedger({ journal, clock, signer, site: 'park' })
    expect(await turnsDuring(() => again.size())).toBeGreaterThan(1)
    expect(await again.checkpoint()).toBe(await ledger.checkpoint())
  })

  it('issues each serial once, from operations that come at the same time and again', async () => {
    const { ledger } = memoryLedger()
    const sha = 'b'.repeat(64)
    const event = (id: string, body: EntryBody<'credit'>['event']): EntryDraft => ({
      id,
      by: 'registry',
      kind: 'credit',
      body: { event: body },
    })
    const about = { title: 'Bay', country: 'CN', programme: 'CCER', methodology: 'M' }
    await ledger.append(event('p', { type: 'project', project: 'P', ...about }))
    await ledger.append(event('v', { type: 'validate', project: 'P', report: sha }))
    await ledger.append(event('q', { type: 'verify', project: 'P', vintage: 2023, quantity: '1000', report: sha }))
    const issue = (id: string): MadeDraft => ({
      ...{ id, by: 'registry', kind: 'credit' },
      make: ({ credits }) => ({ event: { type: 'issue', block: credits.nextBlock('P', 2023, 100n), to: 'owner' } }),
    })
    const operations = Array.from({ length: 24 }, (_, k) => issue(`issue-${k % 8}`))
    const written = await Promise.all(operations.map((one) => ledger.append(one)))
    expect(new Set(written.map(({ number }) => number)).size).toBe(8)
    expect(await ledger.read(({ credits }) => credits.totals('P', 2023).issued)).toBe(800n)
    await Promise.all([issue('more-1'), issue('more-2')].map((one) => ledger.append(one)))
    await expect(ledger.append(issue('too-many'))).rejects.toThrow(/carbon.not-authorised/)
  })
})

describe.each(engines)('a ledger in $name', (engine) => {
  it('is made anew from its log with the same root and totals; a changed line is found', async () => {
    const store = await engine.open()
    try {
      const ownSigner = await openLogSigner(store.records, 'park')
      expect((await openLogSigner(store.records, 'park')).verifierKey).toBe(ownSigner.verifierKey)
      const open = () => createLedger({ journal: store.journal, clock, signer: ownSigner, site: 'park' })
      const ledger = open()
      await Promise.all(Array.from({ length: 40 }, (_, k) => ledger.append(emission(`e${k}`))))
      await ledger.append(reversal('r', 'e7'))
      const again = open()
      expect(await again.checkpoint()).toBe(await ledger.checkpoint())
      expect(await again.read((state) => state.totals())).toEqual(await ledger.read((state) => state.totals()))
      const nodes = [ledger, again]
      const written = await Promise.all(
        Array.from({ length: 40 }, (_, k) =>
          nodes[k % 2]!.append(emission(`n${k >> 1}`, { claims: [claimOf(k >> 1)] })),
        ),
      )
      expect(new Set(written.map(({ number }) => number)).size).toBe(20)
      expect(written.filter(({ fresh }) => fresh)).toHaveLength(20)
      expect(await again.checkpoint()).toBe(await ledger.checkpoint())
      const ids: string[] = []
      for await (const { id } of again.entries(38, 41)) ids.push(id)
      expect(ids).toEqual(['e38', 'e39', 'r'])
      await store.engine.database.write((sql) =>
        sql.all(`UPDATE journal SET content = replace(content, '58.27', '58.26') WHERE stream = $1`, ['ledger/park']),
      )
      await expect(open().size()).rejects.toThrow(/carbon.broken-ledger/)
    } finally {
      await store.end()
    }
  })
})
