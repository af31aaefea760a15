import Fastify, { type FastifyInstance } from 'fastify'
import { createParseThreads } from '../gateway/index.ts'
import type { Clock, Engine, Pack, SolverPort } from '../kernel/index.ts'
import { createFileData, type SiteFile, type Store } from '../store/index.ts'
import type { Accounts } from './accounts/accounts.ts'
import { addConsole } from './console-files.ts'
import { createExecutor } from './create-executor.ts'
import { createEngineThreads, type EngineThreadsOptions } from './engine-threads/engine-threads.ts'
import { createGuard } from './guard.ts'
import { createIngestGate } from './ingest/ingest-gate.ts'
import { createJobs, type Jobs } from './jobs.ts'
import { createLiveHub } from './live-hub.ts'
import { readStored } from './now.ts'
import { renderDocs } from './openapi/docs-page.ts'
import { createOpenApi } from './openapi/document.ts'
import { sendProblem } from './problem.ts'
import { addRoute, type Route, refuseOtherMethods } from './route.ts'
import { accountRoutes } from './routes/accounts/account-routes.ts'
import { engineRoutes, refuseUnknownEngines } from './routes/engines.ts'
import { healthRoutes } from './routes/health.ts'
import { type IngestParts, ingestRoutes } from './routes/ingest.ts'
import { jobRoutes } from './routes/jobs.ts'
import { liveRoutes } from './routes/live.ts'
import { observationRoutes } from './routes/observations.ts'
import { planRoutes } from './routes/plans.ts'
import { runRoutes } from './routes/runs.ts'
import { siteRoutes } from './routes/sites.ts'
import { addSecurity, securityHeaders } from './security.ts'
import type { FillProgress, ServerParts } from './server-parts.ts'
import { createSiteBook } from './site-book.ts'
import { version } from './version.ts'

/** A site file to serve. */
export interface ServerSite {
  /** Path of the site file. */
  readonly file: string
  /** True: a simulation lives it in real time; its values say so. */
  readonly live?: boolean
}

export interface ServerOptions {
  readonly packs: readonly Pack[]
  /** Address of the module that exports `packs` to the threads that run engines. Default: that of this house. */
  readonly packsModule?: string
  readonly store: Store
  readonly solver: SolverPort
  readonly clock: Clock
  readonly sites: readonly ServerSite[]
  /** Folder of the built console; without it `/` leads to the API's documentation. */
  readonly webRoot?: string
  /** Host names besides loopback that requests may name; `'any'` behind a proxy that checks them. */
  readonly allowedHosts?: readonly string[] | 'any'
  /** Who may do what; absent: everybody who reaches the server may do everything (tests, tools, `--open`). */
  readonly accounts?: Accounts
  /** Proxies whose X-Forwarded-For is believed; absent: none. */
  readonly trustedProxies?: string
  /** How many threads run engines, and what each may take. */
  readonly threads?: Pick<EngineThreadsOptions, 'size' | 'graceMs' | 'heapMb'>
  /** Logs failures to standard error. Default true. */
  readonly log?: boolean
}

export interface MangroveServer {
  readonly app: FastifyInstance
  readonly parts: ServerParts
  readonly jobs: Jobs
  /** Ends streams, cancels jobs, closes connections, ends the threads of engines. The store stays open: it is the caller's. */
  close(): Promise<void>
}

const bodyLimitBytes = 1_048_576
const housePacks = new URL(import.meta.url.endsWith('.ts') ? '../packs.ts' : '../packs.js', import.meta.url).href

/**
 * The HTTP shell around packs: nothing listens yet and nothing lives yet.
 *
 * @throws every problem of the site files.
 */
export async function createServer(options: ServerOptions): Promise<MangroveServer> {
  const { packs, store, solver, clock } = options
  const files: readonly SiteFile[] = options.sites.map(({ file }) => ({ file }))
  const data = await createFileData({ packs, store, sites: files, onlyKnownSites: true })
  const served = await Promise.all(
    options.sites.map(async ({ file, live }) => ({ site: await data.siteOfFile(file), simulated: live ?? false })),
  )
  const engines = new Map<string, Engine>(packs.flatMap((pack) => pack.engines).map((engine) => [engine.id, engine]))
  const stopping = new AbortController()
  const jobs = createJobs(clock)
  const threads = createEngineThreads({
    setup: {
      packsModule: options.packsModule ?? housePacks,
      dataFolder: store.folder,
      siteFiles: options.sites.map(({ file }) => file),
    },
    answerers: { solver, observations: store.observations },
    ...options.threads,
  })
  const parts: ServerParts = {
    packs,
    engines,
    store,
    evidence: store.evidence,
    clock,
    data,
    sites: createSiteBook(served, packs),
    jobs,
    hub: createLiveHub((site) => readStored(parts, site)),
    executor: createExecutor({ engines, evidence: store.evidence, threads, clock }),
    filling: new Map<string, FillProgress>(),
    stopping: stopping.signal,
    report: (error, message) => app.log.error({ err: error }, message),
  }
  const ingest = { threads: createParseThreads(), gate: createIngestGate() }
  const app: FastifyInstance = await createApp(parts, ingest, options)
  await declarePoints(parts)
  return {
    app,
    parts,
    jobs,
    async close() {
      stopping.abort()
      await jobs.close()
      await app.close()
      parts.hub.close()
      await Promise.all([parts.executor.close(), ingest.threads.close()])
    },
  }
}

async function createApp(parts: ServerParts, ingest: IngestParts, options: ServerOptions): Promise<FastifyInstance> {
  const app = Fastify({
    bodyLimit: bodyLimitBytes,
    logger: (options.log ?? true) ? { level: 'error', stream: process.stderr } : false,
    forceCloseConnections: true,
    // Ids are short; a longer one is no id.
    routerOptions: { maxParamLength: 200 },
    requestTimeout: 30_000,
    ...(options.trustedProxies === undefined ? {} : { trustProxy: options.trustedProxies }),
    // Addresses that cannot be read never reach the hooks and the error handler below.
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply.headers(securityHeaders)),
  })
  addSecurity(app, { allowedHosts: options.allowedHosts ?? [], secure: options.accounts?.secure ?? false })
  app.setErrorHandler(sendProblem)
  // Routes validate by their own schema (route.ts) and answer plain JSON.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))

  const routes: readonly Route[] = [
    ...siteRoutes(parts),
    ...liveRoutes(parts),
    ...planRoutes(parts),
    ...observationRoutes(parts),
    ...ingestRoutes(parts, ingest),
    ...engineRoutes(parts),
    ...jobRoutes(parts),
    ...runRoutes(parts),
    ...healthRoutes(parts, options.accounts === undefined),
    ...(options.accounts ? accountRoutes(options.accounts, parts) : []),
  ]
  const guard = createGuard(parts.sites, options.accounts)
  for (const route of routes) addRoute(app, route, guard, ingest.gate)
  refuseUnknownEngines(app, parts)
  addDocs(app, routes)
  refuseOtherMethods(app, [...routes, { method: 'GET', url: '/api/openapi.json' }, { method: 'GET', url: '/api/docs' }])
  await addConsole(app, options.webRoot)
  return app
}

/** What the site files say of their points, told to the store before anything is stored. */
async function declarePoints({ sites, store }: ServerParts): Promise<void> {
  const declared = sites
    .all()
    .flatMap(({ site }) => [...sites.points(site).values()].map((point) => ({ ...point, site: site.id })))
    .filter(({ rules }) => Object.keys(rules).length > 0)
  if (declared.length > 0) {
    await store.observations.declare(declared.map(({ site, ref, unit, rules }) => ({ site, name: ref, unit, rules })))
  }
}

function addDocs(app: FastifyInstance, routes: readonly Route[]): void {
  const document = createOpenApi(routes, {
    title: 'Mangrove API',
    version,
    description:
      'Sites, observations, plans and engines. Times are UTC milliseconds, units stand beside every value, errors are problem details (RFC 9457).',
  })
  const json = JSON.stringify(document)
  let page: string | undefined
  app.get('/api/openapi.json', (_request, reply) => reply.type('application/json; charset=utf-8').send(json))
  app.get('/api/docs', (_request, reply) => {
    page ??= renderDocs(document)
    return reply.type('text/html; charset=utf-8').send(page)
  })
}
