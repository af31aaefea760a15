import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MangroveError } from '../kernel/index.ts'
import { serverErrors } from './errors.ts'
import { problemMediaType, problemOf } from './problem.ts'
import { type DeclaredSchemas, declaredSchemas, misfits, openTestServer, type TestServer } from './server.fixture.ts'

describe('a problem', () => {
  it('carries every problem found, with place, value found and value expected', () => {
    const error = new MangroveError([
      serverErrors.badInput.problem({ detail: 'one', place: { path: 'body.a' }, found: 1, expected: '2' }),
      serverErrors.unknownSite.problem({ detail: 'two' }),
    ])
    expect(problemOf(error, '/here')).toEqual({
      type: 'urn:mangrove:problem:server.bad-input',
      title: 'Input does not match the schema',
      status: 422,
      detail: 'one; two',
      instance: '/here',
      code: 'server.bad-input',
      problems: [
        {
          code: 'server.bad-input',
          title: 'Input does not match the schema',
          detail: 'one',
          place: { path: 'body.a' },
          found: 1,
          expected: '2',
        },
        { code: 'server.unknown-site', title: 'Site is unknown', detail: 'two' },
      ],
    })
  })

  it.each([new Error('secret /etc/passwd'), new TypeError('x of undefined'), 'a text', undefined, null, 7])(
    'of a defect (%s) is 500 and tells nothing of the inside',
    (error) => {
      const problem = problemOf(error, '/here')
      expect(problem).toMatchObject({ status: 500, code: 'server.unexpected' })
      expect(JSON.stringify(problem)).not.toMatch(/secret|passwd|undefined|a text/)
    },
  )

  it('of an error whose status is below 400 or above 499 is still a defect', () => {
    expect(problemOf(Object.assign(new Error('odd'), { statusCode: 302 }), '/').status).toBe(500)
    expect(problemOf(Object.assign(new Error('odd'), { statusCode: 999 }), '/').status).toBe(500)
  })
})

describe('a request that is refused', () => {
  let test: TestServer
  let schemas: DeclaredSchemas
  beforeAll(async () => {
    test = await openTestServer()
    schemas = await declaredSchemas(test)
  })
  afterAll(() => test.close())

  const json = { 'content-type': 'application/json' }
  const plan = '/api/v1/engines/energy.plan'
  const large = JSON.stringify({ site: 'x'.repeat(1_048_577) })

  it.each([
    ['malformed JSON', { method: 'POST', url: plan, payload: '{"site":', headers: json }, 400, 'server.bad-request'],
    ['an empty JSON body', { method: 'POST', url: plan, payload: '', headers: json }, 400, 'server.bad-request'],
    [
      'a poisoned prototype',
      { method: 'POST', url: plan, payload: '{"__proto__":{}}', headers: json },
      400,
      'server.bad-request',
    ],
    ['an address that cannot be read', { method: 'GET', url: '/api/v1/jobs/%E0%A4%A' }, 400, 'server.bad-request'],
    ['an id that is no id', { method: 'GET', url: `/api/v1/jobs/${'x'.repeat(300)}` }, 400, 'server.bad-request'],
    ['an unknown address', { method: 'GET', url: '/api/v2/sites' }, 404, 'server.not-found'],
    [
      'an unknown engine',
      { method: 'POST', url: '/api/v1/engines/energy.plam', payload: {} },
      404,
      'server.unknown-engine',
    ],
    ['an unknown site', { method: 'GET', url: '/api/v1/sites/nowhere' }, 404, 'server.unknown-site'],
    ['an unknown site’s values', { method: 'GET', url: '/api/v1/sites/nowhere/now' }, 404, 'server.unknown-site'],
    ['an unknown site’s stream', { method: 'GET', url: '/api/v1/sites/nowhere/live' }, 404, 'server.unknown-site'],
    ['an unknown site’s plan', { method: 'GET', url: '/api/v1/sites/nowhere/plan' }, 404, 'server.unknown-site'],
    ['a plan before the first', { method: 'GET', url: '/api/v1/sites/liyang-park/plan' }, 404, 'server.no-plan'],
    ['an unknown job', { method: 'GET', url: '/api/v1/jobs/nothing' }, 404, 'server.unknown-job'],
    ['cancelling an unknown job', { method: 'DELETE', url: '/api/v1/jobs/nothing' }, 404, 'server.unknown-job'],
    ['an unknown run', { method: 'GET', url: `/api/v1/runs/${'0'.repeat(64)}` }, 404, 'kernel.unknown-run'],
    ['a run that is a path', { method: 'GET', url: '/api/v1/runs/..%2F..%2Fetc' }, 404, 'kernel.unknown-run'],
    ['replaying an unknown run', { method: 'POST', url: '/api/v1/runs/nothing/replay' }, 404, 'kernel.unknown-run'],
    ['another method', { method: 'PUT', url: '/api/v1/sites', payload: {} }, 405, 'server.method-not-allowed'],
    ['reading an engine', { method: 'GET', url: plan }, 405, 'server.method-not-allowed'],
    ['deleting the document', { method: 'DELETE', url: '/api/openapi.json' }, 405, 'server.method-not-allowed'],
    ['a body above 1 MiB', { method: 'POST', url: plan, payload: large, headers: json }, 413, 'server.too-large'],
    [
      'another media type',
      { method: 'POST', url: plan, payload: 'site: x', headers: { 'content-type': 'text/yaml' } },
      415,
      'server.media-type',
    ],
  ] as const)('for %s says so as problem+json', async (_, request, status, code) => {
    const answer = await test.inject({ ...request })
    expect(answer.statusCode, answer.body).toBe(status)
    expect(answer.headers['content-type']).toBe(problemMediaType)
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(answer.headers['x-content-type-options']).toBe('nosniff')
    const problem = answer.json()
    expect(problem).toMatchObject({ status, code, type: `urn:mangrove:problem:${code}` })
    expect(misfits(schemas.answer('/api/v1/sites', 'get', 599), problem)).toEqual([])
  })

  it('tells which methods and which engines there are', async () => {
    const method = await test.inject({ method: 'PATCH', url: '/api/v1/jobs/x' })
    expect(method.headers.allow).toBe('GET, HEAD, DELETE')
    const engine = await test.inject({ method: 'POST', url: '/api/v1/engines/nope', payload: {} })
    expect(engine.json().problems[0]).toMatchObject({ found: 'nope', expected: expect.stringContaining('energy.plan') })
  })
})
