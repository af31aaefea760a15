import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  checkConsistency,
  checkInclusion,
  createLedger,
  type EntryDraft,
  openLogSigner,
  verifyExport,
} from '../../carbon/index.ts'
import { systemClock } from '../../kernel/index.ts'
import { declaredSchemas, misfits, openTestServer, type TestServer } from '../server.fixture.ts'

let test: TestServer
const site = 'quarry-microgrid'
const url = `/api/v1/sites/${site}/ledger`
const drafts = readFileSync(join(import.meta.dirname, '../../../docs/guides/carbon-entries.ndjson'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as EntryDraft)

beforeAll(async () => {
  test = await openTestServer()
})
afterAll(() => test.close())

it('tells the ledger of a site, pages its entries, and proves each', async () => {
  const schemas = await declaredSchemas(test)
  expect((await test.inject(url)).json()).toMatchObject({ size: 0, verifierKey: null, totals: [] })
  for (const path of ['proof?entry=0', 'consistency?first=0', 'export']) {
    expect((await test.inject(`${url}/${path}`)).statusCode, path).toBe(404)
  }

  const { journal, records } = test.store
  const signer = await openLogSigner(records, site)
  const ledger = createLedger({ journal, clock: systemClock, signer, site })
  for (const draft of drafts) await ledger.append(draft)

  const told = (await test.inject(url)).json()
  expect(told).toMatchObject({ size: 5, verifierKey: signer.verifierKey })
  expect(told.totals).toContainEqual(
    expect.objectContaining({ scope: 1, amountKg: '2867.67', entries: 1, toVerify: 1 }),
  )
  expect(misfits(schemas.answer('/api/v1/sites/{id}/ledger', 'GET', 200), told)).toEqual([])

  const page = (await test.inject(`${url}/entries?limit=3`)).json()
  const rest = (await test.inject(`${url}/entries?limit=3&cursor=${page.next}`)).json()
  expect([page.first, page.entries.length, rest.first, rest.entries.length, rest.next]).toEqual([0, 3, 3, 2, undefined])
  expect([...page.entries, ...rest.entries].map(({ id }) => id)).toEqual(drafts.map(({ id }) => id))
  expect((await test.inject(`${url}/entries?cursor=x`)).statusCode).toBe(422)

  for (const entry of [drafts[1]!.id, '4']) {
    const proof = (await test.inject(`${url}/proof?entry=${entry}`)).json()
    expect(checkInclusion(proof, signer.verifierKey).size).toBe(5)
    expect(misfits(schemas.answer('/api/v1/sites/{id}/ledger/proof', 'GET', 200), proof)).toEqual([])
  }
  expect((await test.inject(`${url}/proof?entry=nothing`)).json()).toMatchObject({ code: 'carbon.unknown-entry' })
  expect((await test.inject('/api/v1/sites/nowhere/ledger')).statusCode).toBe(404)
})

it('finds entries by what they are, from either end', async () => {
  const schemas = await declaredSchemas(test)
  const find = async (query: string) => (await test.inject(`${url}/entries?${query}`)).json()
  const ids = async (query: string) => (await find(query)).entries.map(({ id }: { id: string }) => id)
  const [first, second, genset, reversal, again] = drafts.map(({ id }) => id)
  expect(await ids('kind=reversal')).toEqual([reversal])
  expect(await ids('scope=1&order=newest')).toEqual([again, genset])
  expect(await ids('asset=grid&from=2023-02-01T00:00:00Z')).toEqual([second])
  expect(await ids('asset=grid&to=2023-01-31T00:00:00Z')).toEqual([first])
  expect(await ids('text=0.9%20T')).toEqual([reversal])
  expect(await ids('text=nowhere')).toEqual([])
  const newest = await find('order=newest&limit=2')
  expect([newest.numbers, newest.first]).toEqual([[4, 3], 4])
  expect((await find(`order=newest&limit=9&cursor=${newest.next}`)).numbers).toEqual([2, 1, 0])
  expect((await find('kind=emission')).reversedBy).toEqual({ [genset!]: reversal })
  expect(misfits(schemas.answer('/api/v1/sites/{id}/ledger/entries', 'GET', 200), newest)).toEqual([])
  expect((await test.inject(`${url}/entries?kind=magic`)).statusCode).toBe(422)
})

it('proves that it goes on, and gives itself away whole', async () => {
  const schemas = await declaredSchemas(test)
  const proof = (await test.inject(`${url}/consistency?first=3`)).json()
  const known = { knownRoot: proof.firstRoot, verifierKey: proof.verifierKey }
  expect(checkConsistency(proof, known).size).toBe(5)
  expect(() => checkConsistency(proof, { ...known, knownRoot: 'a'.repeat(64) })).toThrow('does not go on')
  expect(misfits(schemas.answer('/api/v1/sites/{id}/ledger/consistency', 'GET', 200), proof)).toEqual([])
  expect((await test.inject(`${url}/consistency?first=6`)).statusCode).toBe(404)
  expect((await test.inject(`${url}/consistency?first=-1`)).statusCode).toBe(422)

  const file = await test.inject(`${url}/export`)
  expect(file.headers['content-type']).toBe('application/x-ndjson')
  const lines = file.body.split('\n')
  expect(lines.pop()).toBe('')
  expect((await verifyExport(lines, proof.verifierKey)).checkpoint.size).toBe(5)
})

it('takes entries, each once, says who wrote them, and tells each that is refused with its place', async () => {
  const there = '/api/v1/sites/liyang-park/ledger'
  const send = (entries: readonly object[]) =>
    test.inject({ method: 'POST', url: `${there}/entries`, payload: { entries } })
  const sent = drafts.map(({ by: _, ...draft }) => draft)
  const first = await send(sent)
  expect(first.statusCode, first.body).toBe(200)
  expect(first.json()).toMatchObject({ size: 5, written: sent.map(({ id }, number) => ({ id, number, fresh: true })) })
  expect((await send(sent)).json().written.every(({ fresh }: { fresh: boolean }) => !fresh)).toBe(true)
  const { entries } = (await test.inject(`${there}/entries`)).json()
  expect(new Set(entries.map(({ by }: { by: string }) => by))).toEqual(new Set(['local']))

  const [emission] = sent
  const body = { ...emission!.body, claims: [] }
  const wrong = { ...emission!, id: 'wrong', body: { ...body, amountKg: '1' } }
  const refused = await send([{ ...emission!, id: 'another', body }, wrong, { ...emission!, kind: 'magic' }])
  expect(refused.statusCode).toBe(422)
  const places = refused.json().problems.map(({ place, code }: { place: object; code: string }) => ({ code, ...place }))
  expect(places).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ code: 'carbon.bad-entry', path: 'entries.1.body.amountKg' }),
      expect.objectContaining({ code: 'carbon.bad-entry', path: expect.stringMatching(/^entries\.2/) }),
    ]),
  )
  expect((await test.inject(there)).json().size).toBe(6)
  expect((await send([])).statusCode).toBe(422)
})

it('tells credits with serials of any length, and who holds them', async () => {
  const sha = 'a'.repeat(64)
  const block = { project: 'MGR-1', vintage: 2025, start: '1', end: '90071992547409931' }
  const events = [
    { type: 'project', project: 'MGR-1', title: 'Roof', country: 'CN', programme: 'own', methodology: 'AMS-I.D' },
    { type: 'validate', project: 'MGR-1', report: sha },
    { type: 'verify', project: 'MGR-1', vintage: 2025, quantity: block.end, report: sha },
    { type: 'issue', block, to: 'park' },
    { type: 'retire', block: { ...block, end: '40' }, from: 'park', beneficiary: 'A school', use: 'voluntary' },
  ]
  const address = '/api/v1/sites/liyang-park/ledger'
  expect((await test.inject(`${address}/credits`)).json()).toEqual({ projects: [] })
  for (const [k, event] of events.entries()) {
    const entries = [{ id: `credit-${k}`, kind: 'credit', body: { event } }]
    const answer = await test.inject({ method: 'POST', url: `${address}/entries`, payload: { entries } })
    expect(answer.statusCode, answer.body).toBe(200)
  }
  const told = (await test.inject(`${address}/credits`)).json()
  expect(told.projects[0].vintages[0]).toMatchObject({ issued: block.end, retired: '40', active: '90071992547409891' })
  expect(told.projects[0].vintages[0].runs).toMatchObject([
    { start: '1', end: '40', holder: 'park', status: 'retired', by: 'credit-4' },
    { start: '41', end: block.end, status: 'active' },
  ])
  const schemas = await declaredSchemas(test)
  expect(misfits(schemas.answer('/api/v1/sites/{id}/ledger/credits', 'GET', 200), told)).toEqual([])
})
