import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { checkInclusion, createLedger, type EntryDraft, openLogSigner } from '../../carbon/index.ts'
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
  expect((await test.inject(`${url}/proof?entry=0`)).statusCode).toBe(404)

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
