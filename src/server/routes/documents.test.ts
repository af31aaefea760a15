import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishPlan } from '../published-plan.ts'
import { openTestServer, type TestServer } from '../server.fixture.ts'

let test: TestServer
const site = 'quarry-microgrid'
const url = `/api/v1/sites/${site}/documents`
beforeAll(async () => {
  test = await openTestServer()
})
afterAll(() => test.close())

const put = (path: string, payload: unknown, headers: Readonly<Record<string, string>> = {}) =>
  test.inject({
    method: 'PUT',
    url: `${url}/${path}`,
    payload: JSON.stringify(payload),
    headers: { 'content-type': 'application/json', ...headers },
  })

describe('documents of a site', () => {
  it('grow by versions, of which each stays as it was', async () => {
    const first = await put('contract/supplier', { price: 1 })
    expect([first.statusCode, first.headers.etag]).toEqual([201, '"1"'])
    expect((await put('contract/supplier', { price: 2 })).json().code).toBe('server.precondition-failed')
    const second = await put('contract/supplier', { price: 2 }, { 'if-match': '"1"' })
    expect([second.statusCode, second.headers.etag]).toEqual([200, '"2"'])
    expect((await put('contract/supplier', { price: 3 }, { 'if-match': '"1"' })).statusCode).toBe(412)
    const newest = await test.inject(`${url}/contract/supplier`)
    expect(newest.json()).toMatchObject({ kind: 'contract', name: 'supplier', version: 2, content: { price: 2 } })
    const known = await test.inject({ url: `${url}/contract/supplier`, headers: { 'if-none-match': '"2"' } })
    expect(known.statusCode).toBe(304)
    const old = await test.inject(`${url}/contract/supplier?version=1`)
    expect(old.json()).toMatchObject({ version: 1, content: { price: 1 } })
    const page = (await test.inject(`${url}/contract/supplier/versions?limit=1`)).json()
    expect(page.versions).toMatchObject([{ version: 2 }])
    const rest = (await test.inject(`${url}/contract/supplier/versions?limit=1&cursor=${page.next}`)).json()
    expect(rest).toMatchObject({ versions: [{ version: 1 }] })
    expect(rest.next).toBeUndefined()
  })

  it('are listed page by page beside the published plan, which nobody writes here', async () => {
    await publishPlan(test.store, site, { evidence: 'x', publishedMs: 0 } as never)
    await put('note/a', null)
    const seen: string[] = []
    let next: string | undefined = `${url}?limit=1`
    while (next !== undefined) {
      const answer = await test.inject(next)
      seen.push(...answer.json().documents.map((one: { kind: string; name: string }) => `${one.kind}/${one.name}`))
      next = /<(.*)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1]
    }
    expect(seen).toEqual(['contract/supplier', 'note/a', 'plan/site'])
    expect((await test.inject(`${url}/plan/site`)).json().content).toEqual({ evidence: 'x', publishedMs: 0 })
    const refused = await put('plan/site', { evil: true }, { 'if-match': '"1"' })
    expect([refused.statusCode, refused.json().code]).toEqual([403, 'server.document-reserved'])
  })

  it('are not those of another site, nor ones that are not there', async () => {
    expect((await test.inject('/api/v1/sites/liyang-park/documents')).json()).toEqual({ documents: [] })
    for (const path of ['contract/nothing', 'contract/nothing/versions', 'contract/supplier?version=9']) {
      const answer = await test.inject(`${url}/${path}`)
      expect([answer.statusCode, answer.json().code], path).toEqual([404, 'server.unknown-document'])
    }
    for (const path of ['Contract/x', 'contract/..%2fx', 'contract/x?version=0']) {
      expect((await test.inject(`${url}/${path}`)).statusCode, path).toBe(422)
    }
  })
})
