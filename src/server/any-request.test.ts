import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { anyRequestTo } from './any-request.fixture.ts'
import type { OpenApiDocument } from './openapi/document.ts'
import { type DeclaredSchemas, declaredSchemas, misfits, openTestServer, type TestServer } from './server.fixture.ts'

let test: TestServer
let document: OpenApiDocument
let schemas: DeclaredSchemas
beforeAll(async () => {
  test = await openTestServer()
  document = (await test.inject('/api/openapi.json')).json()
  schemas = await declaredSchemas(test)
})
afterAll(() => test.close())

/** Same requests in every run; a failure prints the seed and the smallest request that shows it. */
const seed = 20260706

describe('any request', () => {
  it('is answered in JSON, and never by a defect of the server', async () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        // Streams, and what is no JSON, have tests of their own.
        .filter(([, { operationId }]) => !['watchNow', 'watchJob', 'getMetrics'].includes(operationId))
        .map(([method]) => ({ path, method })),
    )
    const isProblem = schemas.answer('/health', 'get', 500)
    const seen = new Set<number>()
    const jobs: string[] = []
    await fc.assert(
      fc.asyncProperty(anyRequestTo(operations), async (request) => {
        const answer = await test.inject(request)
        seen.add(answer.statusCode)
        if (String(answer.headers.location ?? '').startsWith('/api/v1/jobs/'))
          jobs.push(String(answer.headers.location))
        const said = `${request.method} ${request.url} → ${answer.statusCode} ${answer.body.slice(0, 500)}`
        expect(answer.statusCode < 500 || answer.statusCode === 503, said).toBe(true)
        // Nothing to say beyond the status.
        if ([204, 304].includes(answer.statusCode)) {
          expect(answer.body, said).toBe('')
          return
        }
        expect(answer.headers['content-type'], said).toMatch(/^application\/(problem\+)?json/)
        const body: unknown = answer.json()
        if (answer.statusCode >= 400) expect(misfits(isProblem, body), said).toEqual([])
      }),
      { seed, numRuns: 400 },
    )
    for (const job of jobs) {
      const { problem } = (await test.inject(job)).json()
      expect(problem?.status ?? 200, JSON.stringify(problem)).toBeLessThan(500)
    }
    // It got past the first checks as well as being stopped by them.
    expect([...seen]).toEqual(expect.arrayContaining([400, 404, 422]))
    expect(Math.min(...seen)).toBeLessThan(300)
  })
})
