import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { packs as hardPacks } from '../engine-threads/hard-engines.fixture.ts'
import { type GuardedServer, openGuardedServer } from '../guarded.fixture.ts'
import { publishPlan } from '../published-plan.ts'
import { openTestServer, shortPlan, type TestServer } from '../server.fixture.ts'

const packsModule = new URL('../engine-threads/hard-engines.fixture.ts', import.meta.url).href
const later = { prefer: 'respond-async' }

describe('jobs over HTTP', () => {
  let test: TestServer
  let url: string
  beforeAll(async () => {
    test = await openTestServer({ packs: hardPacks, packsModule, sites: [] })
    url = await test.server.app.listen({ host: '127.0.0.1', port: 0 })
  })
  afterAll(() => test.close())
  const run = (engine: string, payload: object, headers: object = later) =>
    test.inject({ method: 'POST', url: `/api/v1/engines/hard.${engine}`, payload, headers: { ...headers } })

  it('are streamed with their progress until they end', async () => {
    const { id } = (await run('counts', {})).json()
    const answer = await fetch(`${url}/api/v1/jobs/${id}/live`)
    expect(answer.headers.get('content-type')).toContain('text/event-stream')
    const events = (await answer.text()).trim().split('\n\n')
    const jobs = events
      .filter((event) => event.startsWith('event: job'))
      .map((event) => JSON.parse(event.split('data: ')[1]!))
    expect(jobs.at(-1)).toMatchObject({ id, state: 'done', result: null, progress: { fraction: 1 } })
    const fractions = jobs.map(({ progress }) => progress.fraction)
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b))
    expect(events.at(-1)).toBe('event: end\ndata: {"reason":"finished"}')
  })

  it('have a stream that ends at once when they have ended, and none for an id that is not there', async () => {
    const { id } = (await run('greets', {})).json()
    await vi.waitUntil(async () => (await test.inject(`/api/v1/jobs/${id}`)).json().state === 'done')
    const text = await (await fetch(`${url}/api/v1/jobs/${id}/live`)).text()
    expect(text).toMatch(/^event: job\ndata: .*"state":"done".*\n\nevent: end\ndata: \{"reason":"finished"\}\n\n$/)
    expect((await fetch(`${url}/api/v1/jobs/0/live`)).status).toBe(404)
  })

  it('are the same when a request is sent again with its key, whatever it prefers, and refused with another input', async () => {
    const headers = { 'idempotency-key': '7f0c-1' }
    const first = await run('waits', { ms: 100 }, { ...later, ...headers })
    expect(first.statusCode).toBe(202)
    const again = await run('waits', { ms: 100 }, { ...later, ...headers })
    expect(again.json().id).toBe(first.json().id)
    const waited = await run('waits', { ms: 100 }, headers)
    expect([waited.statusCode, waited.json().said]).toEqual([200, 'waited'])
    const other = await run('waits', { ms: 101 }, headers)
    expect([other.statusCode, other.json().code]).toEqual([422, 'server.key-reused'])
    const bad = await run('waits', { ms: 100 }, { 'idempotency-key': 'ü' })
    expect(bad.statusCode).toBe(400)
  })

  it('can be cancelled while they run, and tell it in the list', async () => {
    const { id } = (await run('waits', { ms: 60_000 })).json()
    await vi.waitUntil(async () => (await test.inject(`/api/v1/jobs/${id}`)).json().state === 'running')
    await test.inject({ method: 'DELETE', url: `/api/v1/jobs/${id}` })
    await vi.waitUntil(async () => (await test.inject(`/api/v1/jobs/${id}`)).json().finishedMs !== null)
    const { jobs } = (await test.inject('/api/v1/jobs?state=cancelled&engine=hard.waits')).json()
    expect(jobs).toMatchObject([{ id, state: 'cancelled', problem: { code: 'server.cancelled' }, result: null }])
  })

  it('keep their result as evidence: a job that is not in memory any more has it', async () => {
    const { id } = (await run('greets', {})).json()
    const view = async () => (await test.inject(`/api/v1/jobs/${id}`)).json()
    await vi.waitUntil(async () => (await view()).state === 'done')
    const { result, evidence } = await view()
    expect(result).toMatchObject({ said: expect.stringContaining('good day'), evidence })
    expect((await test.inject(`/api/v1/runs/${evidence}`)).json().output.said).toBe(result.said)
  })

  it('are told page by page', async () => {
    const seen: string[] = []
    let after = ''
    do {
      const page = (await test.inject(`/api/v1/jobs?limit=2${after}`)).json()
      expect(page.jobs.length).toBeLessThanOrEqual(2)
      seen.push(...page.jobs.map(({ id }: { readonly id: string }) => id))
      after = page.next === null ? '' : `&after=${page.next}`
    } while (after !== '')
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen.length).toBeGreaterThanOrEqual(5)
    expect((await test.inject('/api/v1/jobs?state=nonsense')).statusCode).toBe(422)
  })
})

describe('jobs of two organisations', () => {
  let test: GuardedServer
  beforeAll(async () => {
    test = await openGuardedServer()
  })
  afterAll(() => test.close())

  it('are listed for their own people only', async () => {
    const ask = { method: 'POST', url: '/api/v1/engines/energy.plan', payload: shortPlan, headers: later } as const
    const { id } = (await test.as('north-planner', ask)).json()
    const listFor = async (user: string, query = '') =>
      (await test.as(user, { url: `/api/v1/jobs${query}` })).json().jobs.map((job: { readonly id: string }) => job.id)
    expect(await listFor('north-viewer')).toEqual([id])
    expect(await listFor('platform-admin')).toEqual([id])
    expect(await listFor('south-admin')).toEqual([])
    expect(await listFor('south-admin', '?site=quarry-microgrid')).toEqual([])
    expect((await test.as('south-admin', { method: 'HEAD', url: `/api/v1/jobs/${id}/live` })).statusCode).toBe(404)
  })

  it('with the same key are two', async () => {
    const ask = (site: string) =>
      ({
        ...{ method: 'POST', url: '/api/v1/engines/energy.plan', payload: { ...shortPlan, site } },
        headers: { ...later, 'idempotency-key': 'the-same-key' },
      }) as const
    const north = (await test.as('north-planner', ask('quarry-microgrid'))).json()
    const south = (await test.as('south-planner', ask('liyang-park'))).json()
    expect(south.id).not.toBe(north.id)
  })

  it('that fail leave the published plan as it is', async () => {
    const planner = 'north-planner'
    const url = '/api/v1/engines/energy.plan'
    const planned = (await test.as(planner, { method: 'POST', url, payload: shortPlan })).json()
    await publishPlan(test.store, 'quarry-microgrid', { ...planned, publishedMs: 7 })
    // More sun than any number: the engine refuses it in the run, not before.
    const impossible = {
      ...shortPlan,
      changes: {
        assets: { crusher: { demand: { file: 'no-such.csv', column: 'x', unit: 'kW', time: { column: 't' } } } },
      },
    }
    const failed = await test.as(planner, { method: 'POST', url, payload: impossible })
    expect(failed.statusCode).toBeGreaterThanOrEqual(400)
    const { jobs } = (await test.as(planner, { url: '/api/v1/jobs?state=failed&limit=1' })).json()
    expect(jobs[0]).toMatchObject({ engine: 'energy.plan', state: 'failed' })
    const plan = (await test.as(planner, { url: '/api/v1/sites/quarry-microgrid/plan' })).json()
    expect(plan).toMatchObject({ publishedMs: 7, evidence: planned.evidence })
  })
})
