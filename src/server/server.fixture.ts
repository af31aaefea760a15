import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import type { InjectOptions, LightMyRequestResponse } from 'fastify'
import { type Quality, quality, type SolverPort } from '../kernel/index.ts'
import { packs } from '../packs.ts'
import { createSolverPool } from '../solve/index.ts'
import { type Observation, openStore, type Store } from '../store/index.ts'
import { type MovableClock, movableClock } from '../store/store.fixture.ts'
import { createServer, type MangroveServer, type ServerOptions } from './create-server.ts'
import type { OpenApiDocument } from './openapi/document.ts'

const inClone = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url))
export const quarry = inClone('examples/quarry-microgrid/site.yaml')
export const liyang = inClone('examples/liyang-park/site.yaml')

/** Noon in Liyang on a Monday in July. */
export const noonMs = Date.UTC(2026, 6, 6, 4)

export interface TestServer {
  readonly server: MangroveServer
  readonly store: Store
  readonly clock: MovableClock
  readonly solver: SolverPort
  inject(options: InjectOptions | string): Promise<LightMyRequestResponse>
  close(): Promise<void>
}

/** Threads that solve are begun once for all servers of this process. */
let threads: SolverPort | undefined
let servers = 0

/** Solvers of one server: where its solves ended, no other begins. */
function solverOfServer(): SolverPort {
  servers += 1
  const own = servers
  return {
    solve(model, { sessionKey, ...options } = {}) {
      threads ??= createSolverPool()
      const named = sessionKey === undefined ? {} : { sessionKey: `${own} ${sessionKey}` }
      return threads.solve(model, { ...options, ...named })
    },
  }
}

/** A server over a folder of its own with the real packs and both example sites; nothing lives. */
export async function openTestServer(options: Partial<ServerOptions> = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mangrove-server-'))
  const clock = movableClock(noonMs)
  const store = await openStore(folder, clock)
  const solver = solverOfServer()
  const server = await createServer({
    packs,
    store,
    solver,
    clock,
    sites: [{ file: quarry }, { file: liyang }],
    log: false,
    ...options,
  })
  return {
    server,
    store,
    clock,
    solver,
    inject: (request) => server.app.inject(request),
    async close() {
      await server.close()
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A plan of the quarry that is made in a moment: two hours, in hours. */
export const shortPlan = { site: 'quarry-microgrid', at: '2026-07-06T00:00', hours: 2, step: '1h' }

/** One meter value of the quarry’s PV field. */
export const observed = (timestampMs: number, value: number, over: Partial<Observation> = {}): Observation => ({
  site: 'quarry-microgrid',
  point: 'pv.powerKw',
  unit: 'kW',
  timestampMs,
  value,
  quality: quality.good as Quality,
  source: 'meter',
  ...over,
})

/** Validates answers against the schema that the OpenAPI document declares for them. */
export interface DeclaredSchemas {
  /** Validator of an operation’s answer; undefined where no schema is declared for it. */
  answer(path: string, method: string, status: number): ValidateFunction | undefined
}

/** Reads the schemas of the server’s own document. */
export async function declaredSchemas({ inject }: TestServer): Promise<DeclaredSchemas> {
  const document: OpenApiDocument = (await inject('/api/openapi.json')).json()
  // OpenAPI's own words and `x-…` annotations are no JSON Schema keywords.
  const ajv = new Ajv2020({ strict: false, validateSchema: true, allErrors: true, validateFormats: false })
  ajv.addSchema(document, 'openapi', false, false)
  const pointer = (parts: readonly string[]): string =>
    parts.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')
  return {
    answer(path, method, status) {
      const responses = document.paths[path]?.[method.toLowerCase()]?.responses
      const key = responses?.[status] ? String(status) : 'default'
      const mediaType = Object.keys(responses?.[key]?.content ?? {})[0]
      if (mediaType === undefined) return undefined
      const where = ['paths', path, method.toLowerCase(), 'responses', key, 'content', mediaType, 'schema']
      return ajv.compile({ $ref: `openapi#/${pointer(where)}` })
    },
  }
}

/** Why a body does not fit; empty when it does. */
export function misfits(validate: ValidateFunction | undefined, body: unknown): readonly string[] {
  if (!validate) return ['no schema is declared']
  if (validate(body)) return []
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}
