import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hashOf, sha256Hex } from '../../kernel/index.ts'
import { type GuardedServer, openGuardedServer, tenants } from '../guarded.fixture.ts'
import { cpuMs } from '../thread-time.fixture.ts'

let test: GuardedServer
let run: string
let viewer: string
let unreported: string

beforeAll(async () => {
  test = await openGuardedServer()
  viewer = test.nameOf('north', 'viewer')
  const inventory = {
    ...{ site: tenants.north, period: { from: '2023-01-01', to: '2024-01-01' }, region: 'CN-JS' },
    activities: [
      { id: 'grid', activity: 'electricity', amount: '84210.4', unit: 'kWh', from: '2023-01-01', to: '2023-02-01' },
    ],
  }
  const planner = test.nameOf('north', 'planner')
  const account = await test.as(planner, { method: 'POST', url: '/api/v1/engines/carbon.account', payload: inventory })
  expect(account.statusCode, account.body).toBe(200)
  run = account.json().evidence
  // Evidence of an engine that nothing reports.
  const text = JSON.stringify({ site: tenants.north })
  const sha256 = sha256Hex(text)
  const record = {
    ...{ engine: 'energy.bill', engineVersion: '1.0.0', clockMs: 0, seed: 1, readings: [] },
    ...{ inputSha256: sha256, outputSha256: sha256 },
  }
  unreported = hashOf(record)
  await test.store.evidence.put({ id: unreported, ...record }, new Map([[sha256, text]]))
})
afterAll(() => test.close())

/** Longest turn of this thread's event loop during some work, in time of its processor, to which other work of the machine adds nothing. */
async function longestTurnMs(work: () => Promise<unknown>): Promise<number> {
  let longest = 0
  let before = cpuMs()
  const look = (): void => {
    const now = cpuMs()
    longest = Math.max(longest, now - before)
    before = now
    timer = setTimeout(look, 0)
  }
  let timer = setTimeout(look, 0)
  await work()
  clearTimeout(timer)
  return longest
}

const ask = (query: string, user = viewer, id = run) => test.as(user, { url: `/api/v1/runs/${id}/report${query}` })

describe('GET /api/v1/runs/{id}/report', () => {
  it.each([
    ['?format=html&lang=es', 'text/html; charset=utf-8', /^<!doctype html>\n<html lang="es">/, 'html'],
    ['?format=xlsx', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', /^PK/, 'xlsx'],
    ['?format=json', 'application/json; charset=utf-8', /"value": "49069\.40008"/, 'json'],
  ])('answers %s with the file it asks for', async (query, mediaType, begins, ending) => {
    const answer = await ask(query)
    expect(answer.statusCode, answer.body.slice(0, 300)).toBe(200)
    expect(answer.headers['content-type']).toBe(mediaType)
    expect(answer.headers['content-disposition']).toMatch(
      new RegExp(`^inline; filename="carbon-account-[^"]+\\.${ending}"$`),
    )
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.rawPayload.toString('latin1')).toMatch(begins)
  })

  it('lets a page do nothing in the browser that shows it', async () => {
    expect((await ask('?format=html')).headers['content-security-policy']).toMatch(/^default-src 'none'.*sandbox$/)
  })

  it('is read by who may read the run, and by nobody else', async () => {
    expect((await ask('', test.nameOf('south', 'admin'))).statusCode).toBe(404)
    expect((await test.inject({ url: `/api/v1/runs/${run}/report` })).statusCode).toBe(401)
    expect((await ask('', viewer, '0'.repeat(64))).statusCode).toBe(404)
  })

  it('says which engines have reports, and which formats and languages there are', async () => {
    const other = await ask('', viewer, unreported)
    expect(other.statusCode).toBe(422)
    expect(other.body).toMatch(/report\.no-report/)
    expect(other.body).toMatch(/carbon\.park-verdict/)
    expect((await ask('?format=doc')).statusCode).toBe(422)
    expect((await ask('?lang=fr')).statusCode).toBe(422)
  })

  it('answers with a PDF where nothing is said, and does not hold the event loop while it draws', async () => {
    const heldMs: number[] = []
    // The process has the heap of all tests before it: a turn in which their rest is swept says nothing. Drawing takes 400 ms.
    for (let tries = 0; tries < 6 && !heldMs.some((ms) => ms < 20); tries += 1) {
      let pdf = ''
      heldMs.push(
        await longestTurnMs(async () => {
          const { headers, rawPayload } = await ask('?lang=zh')
          expect(headers['content-type']).toBe('application/pdf')
          pdf = rawPayload.toString('latin1')
        }),
      )
      expect(pdf).toMatch(/^%PDF-1\.7/)
      expect(pdf).toContain('/Lang (zh-Hans)')
    }
    expect(Math.min(...heldMs)).toBeLessThan(20)
  })
})
