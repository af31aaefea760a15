import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type DeclaredSchemas,
  declaredSchemas,
  misfits,
  openTestServer,
  shortPlan,
  type TestServer,
} from '../server.fixture.ts'

const path = '/api/v1/engines/energy.plan'
let test: TestServer
let schemas: DeclaredSchemas
beforeAll(async () => {
  test = await openTestServer()
  schemas = await declaredSchemas(test)
})
afterAll(() => test.close())

const run = (payload: object, prefer?: string) =>
  test.inject({ method: 'POST', url: path, payload, ...(prefer === undefined ? {} : { headers: { prefer } }) })

/** Asks until the job is in one of the states. */
async function settled(location: string, states: readonly string[] = ['done', 'failed', 'cancelled']) {
  for (let tries = 0; tries < 500; tries += 1) {
    const job = (await test.inject(location)).json()
    if (states.includes(job.state)) return job
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  throw new Error(`the job at ${location} did not settle`)
}

/** A month in quarter-hours: long enough to be cancelled. */
const longPlan = { site: 'liyang-park', at: '2026-07-01T00:00', hours: 744, step: '15m' }

describe('an engine’s endpoint', () => {
  it('accounts a year from the file beside the site, with no more than site and period', async () => {
    const payload = { site: 'liyang-park', period: { from: '2025-01-01', to: '2026-01-01' } }
    const answer = await test.inject({ method: 'POST', url: '/api/v1/engines/carbon.account', payload })
    expect(answer.statusCode, answer.body.slice(0, 500)).toBe(200)
    expect(answer.json()).toMatchObject({ sums: { scope2LocationKgCo2e: '8099530' }, period: payload.period })
  })

  it('answers with the result and its evidence', async () => {
    const answer = await run(shortPlan)
    expect(answer.statusCode, answer.body).toBe(200)
    const plan = answer.json()
    expect(plan).toMatchObject({
      site: 'quarry-microgrid',
      start: '2026-07-06T00:00:00+08:00',
      stepMinutes: 60,
      certificate: { ok: true },
      evidence: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    expect(plan.series['pv.powerKw']).toHaveLength(2)
  })

  it('takes the server’s clock for now, rounded down to a step', async () => {
    test.clock.nowMs += 23 * 60_000
    const { at: _, ...rest } = shortPlan
    expect((await run(rest)).json().start).toBe('2026-07-06T12:00:00+08:00')
    test.clock.nowMs -= 23 * 60_000
  })

  it('answers 202 with a job that ends done when the caller does not wait', async () => {
    const answer = await run(shortPlan, 'respond-async')
    expect(answer.statusCode).toBe(202)
    expect(misfits(schemas.answer(path, 'post', 202), answer.json())).toEqual([])
    const location = String(answer.headers.location)
    expect(location).toBe(`/api/v1/jobs/${answer.json().id}`)
    const job = await settled(location)
    expect(misfits(schemas.answer('/api/v1/jobs/{id}', 'get', 200), job)).toEqual([])
    expect(job).toMatchObject({ state: 'done', progress: { fraction: 1 }, problem: null, engine: 'energy.plan' })
    const { output } = (await test.inject(`/api/v1/runs/${job.result.evidence}`)).json()
    expect(job.result).toEqual({ ...output, evidence: job.result.evidence })
  })

  it('gives a caller whose patience ends the job instead', async () => {
    const answer = await run(longPlan, 'wait=0, respond-async')
    expect(answer.statusCode).toBe(202)
    await test.inject({ method: 'DELETE', url: String(answer.headers.location) })
    expect((await run(shortPlan, 'wait=20')).statusCode).toBe(200)
  })

  it('cancels a running job and says so', async () => {
    const location = String((await run(longPlan, 'respond-async')).headers.location)
    await settled(location, ['running'])
    const answer = await test.inject({ method: 'DELETE', url: location })
    expect(answer.statusCode).toBe(200)
    const job = await settled(location)
    expect(misfits(schemas.answer('/api/v1/jobs/{id}', 'delete', 200), job)).toEqual([])
    expect(job).toMatchObject({ state: 'cancelled', result: null, problem: { code: 'server.cancelled' } })
    // The server is as good as before.
    expect((await run(shortPlan)).statusCode).toBe(200)
  })

  it('does not change a job that is done', async () => {
    const location = String((await run(shortPlan, 'respond-async')).headers.location)
    const done = await settled(location)
    expect((await test.inject({ method: 'DELETE', url: location })).json()).toEqual(done)
  })
})

describe('bad input of an engine', () => {
  it('is refused with every problem and its place', async () => {
    const answer = await run({ hours: -3, step: 15, sites: 'x' })
    expect(answer.statusCode).toBe(422)
    expect(answer.headers['content-type']).toContain('application/problem+json')
    const paths = answer.json().problems.map(({ place }: { place?: { path?: string } }) => place?.path)
    expect(paths).toEqual(expect.arrayContaining(['hours', 'step', 'sites']))
    expect(answer.json().detail).toMatch(/site.*did you mean "site"/)
  })

  it('is said at once, not by a job that fails', async () => {
    expect((await run({}, 'respond-async')).statusCode).toBe(422)
  })

  it.each([
    ['a site of another server', { ...shortPlan, site: 'nowhere' }, 404],
    ['a site by the path of its file', { ...shortPlan, site: 'examples/liyang-park/site.yaml' }, 404],
    ['a horizon that is no whole number of steps', { ...shortPlan, hours: 1.3 }, 422],
    ['a step that does not divide the hour', { ...shortPlan, step: '7m' }, 422],
    ['a start that is no time', { ...shortPlan, at: 'soon' }, 422],
    [
      'changes that break the site',
      { ...shortPlan, changes: { assets: { pv: { capacityKwp: -1, tiltDeg: 'steep' } } } },
      422,
    ],
    [
      'changes that name a file beyond the site',
      { ...shortPlan, changes: { weather: { file: '../../package.json', synthetic: null } } },
      403,
    ],
  ])('%s is refused', async (_, input, status) => {
    const answer = await run(input)
    expect(answer.statusCode, answer.body).toBe(status)
    expect(answer.json().problems[0].detail).toMatch(/\S/)
  })

  it('of a site tells all its mistakes', async () => {
    const changes = { assets: { pv: { capacityKwp: -1, tiltDeg: 'steep' }, odd: { kind: 'flux' } } }
    const { problems } = (await run({ ...shortPlan, changes })).json()
    const paths = problems.map(({ place }: { place: { path: string } }) => place.path)
    expect(paths).toEqual(expect.arrayContaining(['assets.pv.capacityKwp', 'assets.pv.tiltDeg', 'assets.odd.kind']))
  })
})

describe('runs', () => {
  it('are kept with all they were given and gave, and replay to the same bytes', async () => {
    const plan = (await run(shortPlan)).json()
    const record = await test.inject(`/api/v1/runs/${plan.evidence}`)
    expect(record.headers['cache-control']).toContain('immutable')
    const { input, output } = record.json()
    expect(input).toMatchObject(shortPlan)
    expect({ ...output, evidence: plan.evidence }).toEqual(plan)
    const replay = await test.inject({ method: 'POST', url: `/api/v1/runs/${plan.evidence}/replay` })
    expect(replay.json()).toMatchObject({ id: plan.evidence, identical: true, differences: [] })
  })

  it('replay as a job for who does not wait', async () => {
    const { evidence } = (await run(shortPlan)).json()
    const asked = await test.inject({
      method: 'POST',
      url: `/api/v1/runs/${evidence}/replay`,
      headers: { prefer: 'respond-async' },
    })
    expect(asked.statusCode).toBe(202)
    expect((await settled(String(asked.headers.location))).result).toMatchObject({ identical: true })
  })
})
