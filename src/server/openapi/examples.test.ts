import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishPlan } from '../published-plan.ts'
import { declaredSchemas, misfits, openTestServer, type TestServer } from '../server.fixture.ts'
import type { OpenApiDocument, Operation } from './document.ts'

/** What names something that the server made a name for: there is nothing to show before it was made. */
const named = ['getRun', 'replayRun', 'getJob', 'cancelJob', 'watchJob']
/** Whatever is sent makes a backup; its own test does it. */
const unsent = ['createBackup']
/** Streams; their own tests read them. */
const streams = ['watchNow', 'openLive']
/** What the others need comes first, what takes away comes last. */
const first = ['listJobs', 'writeObservations', 'declarePoint', 'putDocument', 'run_energy_plan']
const last = ['removePoint']
/** Others of the kind take seconds; create-server.test.ts runs them all. Their examples are checked by their schemas. */
const isLong = (id: string): boolean => id.startsWith('run_') && id !== 'run_energy_plan'

interface Entry {
  readonly path: string
  readonly method: string
  readonly operation: Operation
}

let test: TestServer
let entries: readonly Entry[]
beforeAll(async () => {
  test = await openTestServer()
  const document: OpenApiDocument = (await test.inject('/api/openapi.json')).json()
  entries = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
})
afterAll(() => test.close())

const exampleBody = ({ operation }: Entry): unknown => operation.requestBody?.content['application/json']?.example
const hasExample = (entry: Entry): boolean =>
  exampleBody(entry) !== undefined ||
  entry.operation.parameters.some(({ example }) => example !== undefined) ||
  Object.values(entry.operation.responses).some(({ content }) =>
    Object.values(content ?? {}).some(({ example }) => example !== undefined),
  )

/** The request that the document shows, read from the document alone. */
function requestOf(entry: Entry) {
  const { parameters } = entry.operation
  const examplesIn = (place: string): readonly (readonly [string, string])[] =>
    parameters.flatMap(({ in: where, name, example }) =>
      where === place && example !== undefined ? [[name, example] as const] : [],
    )
  const path = examplesIn('path').reduce((url, [name, value]) => url.replace(`{${name}}`, value), entry.path)
  const body = exampleBody(entry)
  return {
    method: entry.method.toUpperCase() as 'GET',
    url: `${path}?${new URLSearchParams(Object.fromEntries(examplesIn('query')))}`,
    headers: Object.fromEntries(examplesIn('header')),
    ...(body === undefined ? {} : { payload: body as object }),
  }
}

describe('the examples of the document', () => {
  it('stand at every operation that needs something to be asked', () => {
    const without = entries.filter(
      (entry) =>
        // What a standard describes has its examples there.
        entry.path.startsWith('/api/') &&
        !hasExample(entry) &&
        (entry.operation.requestBody?.required || entry.operation.parameters.some(({ required }) => required)),
    )
    const missing = without
      .map(({ operation }) => operation.operationId)
      .filter((id) => !named.includes(id) && !unsent.includes(id) && !isLong(id))
    expect(missing).toEqual([])
  })

  it('fit the schemas that stand beside them', () => {
    // What has a default may be left out of what is sent.
    const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true, useDefaults: true })
    let checked = 0
    for (const { operation } of entries) {
      const contents = [operation.requestBody, ...Object.values(operation.responses)].flatMap((part) =>
        Object.values(part?.content ?? {}),
      )
      for (const { schema, example } of contents) {
        if (example === undefined) continue
        checked += 1
        const problems = misfits(ajv.compile(schema as object), structuredClone(example))
        expect(problems, `${operation.operationId} ${JSON.stringify(example).slice(0, 200)}`).toEqual([])
      }
    }
    expect(checked).toBeGreaterThan(20)
  })

  it('are answered by the server as they say, and as its schemas say', { timeout: 60_000 }, async () => {
    const schemas = await declaredSchemas(test)
    const rank = ({ operation }: Entry): number => {
      const place = first.indexOf(operation.operationId)
      return place >= 0 ? place - first.length : last.includes(operation.operationId) ? 1 : 0
    }
    const sent = entries
      .filter((entry) => hasExample(entry))
      .filter(({ operation }) => !streams.includes(operation.operationId) && !isLong(operation.operationId))
      .sort((a, b) => rank(a) - rank(b))
    expect(sent.length).toBeGreaterThan(15)
    for (const entry of sent) {
      const answer = await test.inject(requestOf(entry))
      const { operationId, responses } = entry.operation
      const said = `${operationId} → ${answer.statusCode} ${answer.body.slice(0, 400)}`
      expect(answer.statusCode, said).toBeLessThan(300)
      if (operationId === 'run_energy_plan') {
        await publishPlan(test.store, 'quarry-microgrid', { ...answer.json(), publishedMs: 0 })
      }
      if (answer.body === '') continue
      expect(misfits(schemas.answer(entry.path, entry.method, answer.statusCode), answer.json()), said).toEqual([])
      const shown = responses[answer.statusCode]?.content?.['application/json']?.example
      if (shown !== undefined) expect(answer.json(), said).toEqual(shown)
    }
  })
})
