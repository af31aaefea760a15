import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type EvidenceRecord, hashOf, sha256Hex } from '../../kernel/index.ts'
import { type GuardedServer, openGuardedServer, tenants } from '../guarded.fixture.ts'
import { noonMs, shortPlan } from '../server.fixture.ts'

let test: GuardedServer
let planned: string

/** Keeps evidence of a run of which only the list says something. */
async function keep(engine: string, input: unknown, clockMs: number): Promise<string> {
  const text = JSON.stringify(input)
  const sha256 = sha256Hex(text)
  const rest: Omit<EvidenceRecord, 'id'> = {
    ...{ engine, engineVersion: '1.0.0', clockMs, seed: 1, inputSha256: sha256, outputSha256: sha256 },
    readings: [],
  }
  const id = hashOf(rest)
  await test.store.evidence.put({ id, ...rest }, new Map([[sha256, text]]))
  return id
}

beforeAll(async () => {
  test = await openGuardedServer()
  const plan = { method: 'POST', url: '/api/v1/engines/energy.plan', payload: shortPlan } as const
  planned = (await test.as(test.nameOf('north', 'planner'), plan)).json().evidence
  for (const hour of [1, 2, 3]) await keep('energy.bill', { site: tenants.north }, noonMs - hour * 3_600_000)
  await keep('energy.plan', { site: tenants.south }, noonMs - 1)
  await keep('energy.plan', { site: 'examples/quarry-microgrid/site.yaml' }, noonMs - 2)
  await keep('energy.plan', {}, noonMs - 3)
})
afterAll(() => test.close())

interface Listed {
  readonly id: string
  readonly engine: string
  readonly site: string | null
  readonly clockMs: number
}

const asked = async (user: string, query: string) => {
  const answer = await test.as(user, { url: `/api/v1/runs${query}` })
  expect(answer.statusCode, answer.body).toBe(200)
  return answer.json() as { readonly runs: readonly Listed[]; readonly next?: string }
}
const north = () => test.nameOf('north', 'viewer')

describe('the list of runs', () => {
  it('tells the runs of the caller’s sites, newest first, each with its evidence', async () => {
    const { runs, next } = await asked(north(), '')
    expect(next).toBeUndefined()
    expect(runs[0]).toEqual({ id: planned, engine: 'energy.plan', site: tenants.north, clockMs: noonMs })
    expect(runs.map(({ clockMs }) => (noonMs - clockMs) / 3_600_000)).toEqual([0, 1, 2, 3])
    expect(runs.every(({ site }) => site === tenants.north)).toBe(true)
    const evidence = await test.as(north(), { url: `/api/v1/runs/${planned}` })
    expect(evidence.json()).toMatchObject({ id: planned, engine: 'energy.plan', clockMs: noonMs })
    expect((await asked(test.nameOf('south', 'viewer'), '')).runs.map(({ site }) => site)).toEqual([tenants.south])
  })

  it('tells who administers the platform of runs without a site, and of those of the command line, too', async () => {
    const { runs } = await asked('platform-admin', '')
    expect(runs.map(({ site }) => site)).toEqual([
      ...[tenants.north, tenants.south, 'examples/quarry-microgrid/site.yaml', null],
      ...[tenants.north, tenants.north, tenants.north],
    ])
    const one = await asked('platform-admin', '?site=examples%2Fquarry-microgrid%2Fsite.yaml')
    expect(one.runs).toHaveLength(1)
    const refused = await test.as(test.nameOf('north', 'admin'), {
      url: '/api/v1/runs?site=examples%2Fquarry-microgrid%2Fsite.yaml',
    })
    expect([refused.statusCode, refused.json().code]).toEqual([404, 'server.unknown-site'])
  })

  it('is that of an engine and of a span', async () => {
    expect((await asked(north(), '?engine=energy.plan')).runs).toHaveLength(1)
    expect((await asked(north(), '?engine=no.such')).runs).toEqual([])
    const from = new Date(noonMs - 2 * 3_600_000).toISOString()
    const { runs } = await asked(north(), `?from=${from}&to=${noonMs}`)
    expect(runs.map(({ clockMs }) => (noonMs - clockMs) / 3_600_000)).toEqual([1, 2])
  })

  it('comes in pages that lead to each other, by cursor or by Link', async () => {
    const seen: string[] = []
    let url: string | undefined = '/api/v1/runs?limit=3'
    while (url !== undefined) {
      const answer = await test.as('platform-admin', { url })
      const { runs, next } = answer.json()
      expect(runs.length).toBeLessThanOrEqual(3)
      seen.push(...runs.map(({ id }: Listed) => id))
      url = /<(.*)>; rel="next"/.exec(String(answer.headers.link ?? ''))?.[1]
      expect(url === undefined).toBe(next === undefined)
    }
    expect(seen).toEqual((await asked('platform-admin', '')).runs.map(({ id }) => id))
  })

  it('is not sent again to who has it', async () => {
    const first = await test.as(north(), { url: '/api/v1/runs' })
    const headers = { 'if-none-match': String(first.headers.etag) }
    const again = await test.as(north(), { url: '/api/v1/runs', headers })
    expect([again.statusCode, again.body]).toEqual([304, ''])
    await keep('energy.bill', { site: tenants.north }, noonMs - 4 * 3_600_000)
    expect((await test.as(north(), { url: '/api/v1/runs', headers })).statusCode).toBe(200)
  })

  it.each([
    'limit=0',
    'limit=501',
    'from=yesterday',
    'to=2026-07-06',
    'cursor=x',
    `cursor=${Buffer.from('[1e99,"a"]').toString('base64url')}`,
    `cursor=${Buffer.from('[1,"\\u0000"]').toString('base64url')}`,
  ])('with %s is refused by the name of what is wrong', async (query) => {
    const answer = await test.as(north(), { url: `/api/v1/runs?${query}` })
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'server.bad-input'])
    expect(answer.body).toContain(`query.${query.split('=')[0]}`)
  })
})
