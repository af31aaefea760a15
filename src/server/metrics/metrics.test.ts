import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type GuardedServer, openGuardedServer } from '../guarded.fixture.ts'
import { noonMs, openTestServer, shortPlan, type TestServer } from '../server.fixture.ts'
import { expose, type MetricsFormat, metricsFormatOf, metricsMediaType } from './exposition.ts'
import { type ParsedFamily, parseStrictly } from './strict-exposition.fixture.ts'

const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8, text/plain; q=0.5'

describe('the text', () => {
  it('holds any label and help, which a strict reader gets back, in both formats', () => {
    const text = fc.string({ unit: 'binary' }).filter((one) => !one.includes('\r'))
    fc.assert(
      fc.property(
        text,
        text,
        fc.double(),
        fc.constantFrom<MetricsFormat>('prometheus', 'openmetrics'),
        (help, label, value, format) => {
          const family = {
            name: 'a_b',
            help: `x${help}`,
            type: 'gauge',
            aggregator: 'sum',
            values: [{ labels: { l: label }, value }],
          }
          const parsed = parseStrictly(expose([family as never], format), format).get('a_b')
          expect(parsed?.help).toBe(`x${help}`)
          expect(parsed?.samples[0]?.labels).toEqual({ l: label })
          expect(parsed?.samples[0]?.value).toBe(Object.is(value, -0) ? 0 : value)
        },
      ),
    )
  })

  it('is OpenMetrics where it is asked for', () => {
    expect(metricsFormatOf(openMetrics)).toBe('openmetrics')
    expect(metricsFormatOf('text/plain')).toBe('prometheus')
    expect(metricsFormatOf(undefined)).toBe('prometheus')
  })

  it('is refused by the strict reader where it is wrong', () => {
    for (const wrong of [
      'a 1\n',
      '# HELP a b\n# TYPE a gauge\na{x="1} 2\n',
      '# HELP a b\n# TYPE a gauge\na 1\na 1\n',
      '# HELP a b\n# TYPE a gauge\na one\n',
    ]) {
      expect(() => parseStrictly(wrong, 'prometheus')).toThrow()
    }
  })
})

describe('GET /metrics', () => {
  let test: TestServer
  beforeAll(async () => {
    test = await openTestServer()
  })
  afterAll(() => test.close())

  const scrape = async (accept = 'text/plain'): Promise<ReadonlyMap<string, ParsedFamily>> => {
    const answer = await test.inject({ url: '/metrics', headers: { accept } })
    expect(answer.statusCode, answer.body).toBe(200)
    const format = metricsFormatOf(accept)
    expect(answer.headers['content-type']).toBe(metricsMediaType[format])
    return parseStrictly(answer.body, format)
  }
  const sampleOf = (
    families: ReadonlyMap<string, ParsedFamily>,
    name: string,
    labels: object = {},
  ): number | undefined =>
    families.get(name)?.samples.find((sample) => JSON.stringify(sample.labels) === JSON.stringify(labels))?.value

  it('tells the same figures in both formats', async () => {
    const [plain, open] = [await scrape(), await scrape(openMetrics)]
    expect([...open.keys()]).toEqual(
      [...plain.keys()].map((name) => (plain.get(name)?.type === 'counter' ? name.replace(/_total$/, '') : name)),
    )
    expect(plain.size).toBeGreaterThan(40)
    for (const { name, type } of plain.values()) expect(name.endsWith('_total')).toBe(type === 'counter')
  })

  it('counts observations that were stored and refused, with their reason, and their way to the disk', async () => {
    const before = await scrape()
    const observations = [
      { point: 'pv.powerKw', timestampMs: noonMs, value: 1, unit: 'kW' },
      { point: 'pv.powerKw', timestampMs: noonMs + 1000, value: 1, unit: 'kg' },
      { point: 'no.such', timestampMs: noonMs, value: 1 },
    ]
    await test.inject({ method: 'POST', url: '/api/v1/observations?site=quarry-microgrid', payload: { observations } })
    const after = await scrape()
    const rise = (name: string, labels: object = {}) =>
      (sampleOf(after, name, labels) ?? 0) - (sampleOf(before, name, labels) ?? 0)
    expect(rise('mangrove_ingest_observations_total')).toBe(1)
    expect(rise('mangrove_committed_rows_total')).toBe(1)
    expect(rise('mangrove_commits_total')).toBe(1)
    expect(rise('mangrove_ingest_refused_total', { reason: 'server.unknown-point' })).toBe(1)
    expect(rise('mangrove_ingest_bytes_total')).toBeGreaterThan(100)
    expect(rise('mangrove_http_requests_total', { operation: 'writeObservations', status: '4xx' })).toBe(1)
    expect(sampleOf(after, 'mangrove_upkeep_stale_quarters')).toBeGreaterThanOrEqual(0)
    expect(sampleOf(after, 'mangrove_ingest_gate_bytes')).toBe(0)
    expect(sampleOf(after, 'mangrove_ingest_gate_holders')).toBe(0)
    expect(sampleOf(after, 'mangrove_store_open_rows')).toBe(0)
    expect(
      rise('mangrove_http_problems_total', { operation: 'writeObservations', code: 'server.refused-observations' }),
    ).toBe(1)
  })

  it('counts jobs by how they ended', async () => {
    const before = await scrape()
    await test.inject({ method: 'POST', url: '/api/v1/engines/energy.plan', payload: shortPlan })
    const after = await scrape()
    const ended = { state: 'done' }
    expect(sampleOf(after, 'mangrove_jobs_ended_total', ended)).toBe(
      1 + (sampleOf(before, 'mangrove_jobs_ended_total', ended) ?? 0),
    )
  })

  it('has as many series as before, whatever strangers ask for', async () => {
    const seriesOf = (families: ReadonlyMap<string, ParsedFamily>) =>
      [...families.values()].reduce((sum, { samples }) => sum + samples.length, 0)
    for (const url of ['/nothing', '/api/v1/sites/x', '/api/v1/jobs/x']) await test.inject(url)
    await scrape()
    const before = seriesOf(await scrape())
    for (let count = 0; count < 50; count += 1) {
      for (const url of [`/n${count}"\\`, `/api/v1/sites/${count}`, `/api/v1/jobs/${count}`]) {
        await test.inject({ url, headers: { 'user-agent': `agent ${count}`, 'x-request-id': `request-${count}` } })
      }
    }
    expect(seriesOf(await scrape())).toBe(before)
  })

  it('tells event loop, memory and disk in plausible figures', async () => {
    const families = await scrape()
    expect(sampleOf(families, 'mangrove_memory_bytes', { kind: 'resident' })).toBeGreaterThan(5e7)
    expect(sampleOf(families, 'mangrove_disk_free_bytes')).toBeGreaterThan(0)
    expect(sampleOf(families, 'mangrove_store_size_bytes', { part: 'database' })).toBeGreaterThan(4096)
    expect(sampleOf(families, 'mangrove_store_size_bytes', { part: 'sealed' })).toBe(0)
    expect(sampleOf(families, 'mangrove_event_loop_delay_seconds', { quantile: '1' })).toBeGreaterThanOrEqual(0)
    expect(sampleOf(families, 'mangrove_start_timestamp_seconds')).toBeGreaterThan(1.7e9)
  })
})

describe('who may read figures', () => {
  let guarded: GuardedServer
  beforeAll(async () => {
    guarded = await openGuardedServer()
  })
  afterAll(() => guarded.close())

  it('is who administers the platform, and a token that may do nothing else', async () => {
    const url = '/metrics'
    expect((await guarded.inject(url)).statusCode).toBe(401)
    expect((await guarded.as('north-admin', { url })).statusCode).toBe(403)
    expect((await guarded.as('platform-admin', { url })).statusCode).toBe(200)
    const admin = await guarded.accounts.users.get('platform-admin')
    const scope = { permissions: ['monitor'] as const, organisation: '*', sites: '*' as const }
    const { text } = await guarded.accounts.tokens.create(admin, {
      title: 'scraper',
      scope,
      expiresMs: guarded.accountsClock.nowMs + 1e6,
    })
    expect((await guarded.bearing(text, { url })).statusCode).toBe(200)
    expect((await guarded.bearing(text, { url: '/api/v1/health' })).json()).toEqual({ status: 'ok', reasons: [] })
    for (const other of ['/api/v1/users', '/api/v1/sites/quarry-microgrid', '/api/v1/audit']) {
      expect((await guarded.bearing(text, { url: other })).statusCode).not.toBe(200)
    }
  })

  it('tells sign-ins that were refused, and why', async () => {
    const figure = async (labels: string): Promise<number> => {
      const { body } = await guarded.as('platform-admin', { url: '/metrics' })
      const line = body.split('\n').find((one) => one.startsWith(`mangrove_http_problems_total{${labels}}`))
      return Number(line?.split(' ')[1] ?? 0)
    }
    const payload = { name: 'north-admin', password: 'not the one' }
    const signIn = () => guarded.inject({ method: 'POST', url: '/api/v1/session', payload })
    for (let count = 0; count < 6; count += 1) expect((await signIn()).statusCode).toBe(401)
    expect((await signIn()).statusCode).toBe(429)
    await guarded.bearing('mgv_none', { url: '/api/v1/sites' })
    expect(await figure('operation="signIn",code="accounts.sign-in-refused"')).toBe(6)
    expect(await figure('operation="signIn",code="accounts.too-many"')).toBe(1)
    expect(await figure('operation="listSites",code="accounts.credential-refused"')).toBe(1)
  })

  it('is everybody on this machine where the server was told so, but nobody through a proxy', async () => {
    const test = await openGuardedServer({}, { openMetrics: true })
    try {
      expect((await test.inject('/metrics')).statusCode).toBe(200)
      expect((await test.inject({ url: '/metrics', headers: { 'x-forwarded-for': '203.0.113.5' } })).statusCode).toBe(
        403,
      )
      expect((await test.inject({ url: '/metrics', remoteAddress: '203.0.113.5' })).statusCode).toBe(403)
    } finally {
      await test.close()
    }
  })
})
