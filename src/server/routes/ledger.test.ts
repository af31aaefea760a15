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
