import { randomInt } from 'node:crypto'
import { join } from 'node:path'
import websocket from '@fastify/websocket'
import Fastify, { type FastifyInstance } from 'fastify'
import {
  type AnyFieldProtocol,
  type BrokerSettings,
  createParseThreads,
  fieldProtocols,
  type MqttBroker,
  type MqttConnection,
  type MqttIngest,
  openSpool,
  shrinkReadings,
} from '../gateway/index.ts'
import { type Clock, type Engine, type Pack, type SolverPort, seededRandom } from '../kernel/index.ts'
import { createFileData, type SiteFile, type Store } from '../store/index.ts'
import type { Accounts } from './accounts/accounts.ts'
import { type Admission, type AdmissionLimits, addAdmission } from './admission.ts'
import { createAlarms } from './alarms/create-alarms.ts'
import type { NotificationSettings } from './alarms/notifications/settings.ts'
import { createSteadyClock } from './alarms/steady-clock.ts'
import { createArrivals } from './arrivals.ts'
import { makeBackup } from './backups.ts'
import { createCharging } from './charging/create-charging.ts'
import { createCommands } from './commands/create-commands.ts'
import { addCompression } from './compress-answers.ts'
import { addConsole } from './console-files.ts'
import { createExecutor } from './create-executor.ts'
import { createDeclaredPoints } from './declared-points.ts'
import { createEngineThreads, type EngineThreadsOptions } from './engine-threads/engine-threads.ts'
import { serverErrors } from './errors.ts'
import { createField } from './field/create-field.ts'
import { createForward } from './forward/create-forward.ts'
import { createGuard } from './guard.ts'
import { createHealth, type Health } from './health.ts'
import { holderOfRequest } from './holder.ts'
import { createIngestGate } from './ingest/ingest-gate.ts'
import { startMqttBroker } from './ingest/mqtt-broker.ts'
import { startMqttIngest } from './ingest/mqtt-ingest.ts'
import { createJobs, defaultJobLimits, type JobLimits } from './jobs/create-jobs.ts'
import type { JobQueue } from './jobs/job-queue.ts'
import { openSharedQueue } from './jobs/shared-queue.ts'
import type { Jobs } from './jobs.ts'
import { createLiveCounts } from './live-counts.ts'
import { createLiveHub } from './live-hub.ts'
import { maxMessageBytes } from './live-socket/messages.ts'
import type { Twins } from './living-park/twins.ts'
import { createLog, type Log, logSettings, noLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics/create-metrics.ts'
import { diskRoomOf } from './metrics/machine.ts'
import { createLease } from './nodes/lease.ts'
import { createLiveWords } from './nodes/live-words.ts'
import { nodeName } from './nodes/node-name.ts'
import { createNodeWords } from './nodes/node-words.ts'
import { followPoints } from './nodes/point-words.ts'
import { computeNow, readStored } from './now.ts'
import { observeRequests } from './observe-requests.ts'
import { createOcpi } from './ocpi/create-ocpi.ts'
import { renderDocs } from './openapi/docs-page.ts'
import { createOpenApi } from './openapi/document.ts'
import { sendProblem } from './problem.ts'
import { requestIdOf } from './request-id.ts'
import { addRoute, type Route, refuseOtherMethods } from './route.ts'
import { accountRoutes } from './routes/accounts/account-routes.ts'
import { alarmRoutes } from './routes/alarms.ts'
import { backupRoutes } from './routes/backups.ts'
import { balanceRoutes } from './routes/balances.ts'
import { chargingRoutes } from './routes/charging.ts'
import { commandRoutes } from './routes/commands.ts'
import { documentRoutes } from './routes/documents.ts'
import { engineRoutes, refuseUnknownEngines } from './routes/engines.ts'
import { forecastQualityRoutes } from './routes/forecast-quality.ts'
import { gatewayRoutes } from './routes/gateways.ts'
import { healthRoutes } from './routes/health.ts'
import { type IngestParts, ingestRoutes } from './routes/ingest.ts'
import { jobRoutes } from './routes/jobs.ts'
import { latestRoutes } from './routes/latest.ts'
import { ledgerRoutes } from './routes/ledger.ts'
import { liveRoutes } from './routes/live.ts'
import { metricsRoutes } from './routes/metrics.ts'
import { observationRoutes } from './routes/observations.ts'
import { addOcpi } from './routes/ocpi.ts'
import { planRoutes } from './routes/plans.ts'
import { pointRoutes } from './routes/points.ts'
import { reportRoutes } from './routes/report.ts'
import { roamingPartyRoutes } from './routes/roaming-parties.ts'
import { runRoutes } from './routes/runs.ts'
import { siteRoutes } from './routes/sites.ts'
import { addSecurity, securityHeaders } from './security.ts'
import { sensorThingsRoutes } from './sensorthings/routes.ts'
import type { FillProgress, ServerParts } from './server-parts.ts'
import { createSiteBook } from './site-book.ts'
import { createStreamGate, streamLimits } from './stream-gate.ts'
import { createUpkeepLoop, type UpkeepLoop } from './upkeep-loop.ts'
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
  /** Address of the module that exports `packEntries`, or `packs`, to the threads that run engines. Default: that of this house. */
  readonly packsModule?: string
  readonly store: Store
  /** What the store was opened with, where it is PostgreSQL: threads open it too, and jobs wait in it. */
  readonly databaseUrl?: string | undefined
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
  /** True, by default: to standard error, as the environment says (`MANGROVE_LOG`, `MANGROVE_LOG_LEVEL`). */
  readonly log?: boolean | Log
  readonly limits?: Partial<ServerLimits>
  /** Where jobs wait for their turn; default: in the database where there is one, else in memory, for one node. */
  readonly jobQueue?: JobQueue
  /** Protocols of the field. Default: those of the house. */
  readonly protocols?: readonly AnyFieldProtocol[]
  /** A broker to take observations from. */
  readonly mqtt?: MqttConnection
  /** Where devices that speak MQTT come in; absent: nowhere. */
  readonly mqttBroker?: BrokerSettings
  /** How notifications of alarms leave the house; absent: they wait. */
  readonly notifications?: NotificationSettings
  /** A clock for differences; default: that of the machine. */
  readonly monotonic?: () => number
  /** Figures need no credential on this machine itself. Default false. */
  readonly openMetrics?: boolean
}

/** How much a server takes on, and how long it waits. */
export interface ServerLimits {
  readonly jobs: Partial<JobLimits>
  readonly admission: AdmissionLimits
  /** Bytes of observations on their way into the store. */
  readonly ingestBytes: number
  /** For a whole request to come, ms. */
  readonly requestMs: number
  /** For its head, ms. */
  readonly headersMs: number
  /** For open requests to be answered when the server stops, ms. */
  readonly drainMs: number
}

const usualLimits = { requestMs: 30_000, headersMs: 10_000, drainMs: 10_000 } as const

export interface MangroveServer {
  /** Where devices that speak MQTT come in: `mqtt://127.0.0.1:1883`. */
  readonly mqttUrl: string | undefined
  readonly app: FastifyInstance
  readonly parts: ServerParts
  readonly jobs: Jobs
  /** What the store wants done behind what is asked of it; whoever listens starts it. */
  readonly upkeep: UpkeepLoop
  readonly log: Log
  /**
   * Stops in order: no new requests, streams end, what is open is answered, jobs are kept as far as they are, upkeep, connections
   * and threads end. The store stays open: it is the caller's.
   */
  close(): Promise<void>
}

const bodyLimitBytes = 1_048_576
const housePacks = new URL(
  import.meta.url.endsWith('.ts') ? '../pack-entries.ts' : '../pack-entries.js',
  import.meta.url,
).href

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
  const log = options.log === false ? noLog : typeof options.log === 'object' ? options.log : createLog(logSettings())
  const report = (error: unknown, message: string): void => log.error(message, { error })
  const limits = { ...usualLimits, ...options.limits }
  const threads = createEngineThreads({
    setup: {
      packsModule: options.packsModule ?? housePacks,
      dataFolder: store.folder,
      databaseUrl: options.databaseUrl,
      siteFiles: options.sites.map(({ file }) => file),
    },
    answerers: { solver, observations: store.observations },
    ...options.threads,
  })
  const executor = createExecutor({ engines, evidence: store.evidence, threads, clock })
  const words = createNodeWords(store.news)
  // No site fills the queue for the others.
  const jobLimits = { ...defaultJobLimits, ...(served.length > 1 ? { queuedPerShare: 32 } : {}), ...limits.jobs }
  const sharedQueue =
    options.databaseUrl === undefined
      ? undefined
      : await openSharedQueue({ databaseUrl: options.databaseUrl, limits: jobLimits, words, report })
  const queue = options.jobQueue ?? sharedQueue
  const jobs = createJobs({
    ...{ records: store.records, evidence: store.evidence, clock, report, words },
    ...(queue ? { queue } : {}),
    limits: jobLimits,
    async perform(task, tools, clockMs) {
      if (task.kind === 'replay') return executor.replay(task.id, tools)
      if (task.kind === 'backup') return makeBackup(store, task.name, clock, tools)
      const engine = engines.get(task.engine)
      if (!engine)
        throw serverErrors.unknownEngine({ detail: 'This server has no engine of that id', found: task.engine })
      return executor.run(engine, task.input, tools, clockMs)
    },
    about(task) {
      const engine = task.kind === 'run' ? engines.get(task.engine) : undefined
      return { resumable: engine?.resumable ?? false, long: task.kind !== 'run' || (engine?.long ?? false) }
    },
  })
  const upkeep = createUpkeepLoop({ upkeep: store.upkeep, report })
  const ingest = { threads: createParseThreads(), gate: createIngestGate(limits.ingestBytes) }
  const health = createHealth({ disk: () => diskRoomOf(store.folder), upkeep: upkeep.figures, now: Date.now })
  let mqtt: MqttIngest | undefined
  let mqttBroker: MqttBroker | undefined
  const liveCounts = createLiveCounts()
  // Without accounts everybody is one caller.
  const streams = createStreamGate(options.accounts ? streamLimits : { ...streamLimits, each: streamLimits.most })
  const metrics = createMetrics({
    dataFolder: store.folder,
    admission: () => admission.figures(),
    ...{ streams: streams.figures, live: liveCounts.figures, newsDropped: store.news.dropped },
    alarms: () => alarms.figures(),
    ...(options.accounts ? { passwords: options.accounts.passwords.figures } : {}),
    ...{ gate: ingest.gate.figures, parse: ingest.threads.figures, store: store.upkeep.figures },
    ...{ upkeep: upkeep.figures, jobs: jobs.figures, logDropped: log.dropped, mqtt: () => mqtt?.figures() },
    mqttBroker: () => mqttBroker?.figures(),
    field: () => field.figures(),
    forward: () => forward.figures(),
    commands: () => commands.figures(),
    charging: () => charging.allFigures(),
  })
  const sites = createSiteBook(served, packs)
  const hub = createLiveHub({
    read: (site) => readStored(parts, site),
    now: () => clock.now(),
    compute: (site, newest, changed) => computeNow(sites, sites.get(site).site, newest, changed),
  })
  const liveWords = createLiveWords(words, hub)
  const arrivals = createArrivals(store.observations, liveWords.hub)
  const spool = await openSpool(join(store.folder, 'field'), { shrink: shrinkReadings, report })
  const field = createField({
    ...{ protocols: options.protocols ?? fieldProtocols, sites, arrivals, spool, clock, report },
    folder: join(store.folder, 'field'),
    random: seededRandom(randomInt(2 ** 32)),
    ...(store.news.shared && {
      lease: (name: string) =>
        createLease({
          records: store.records,
          name,
          node: nodeName(store.folder),
          monotonicMs: () => performance.now(),
        }),
    }),
  })
  const ocpi =
    options.accounts && createOcpi({ accounts: options.accounts, sites, field, records: store.records, clock, report })
  const forward = createForward({
    ...{ sites, store, arrivals, clock, report, node: nodeName(store.folder) },
    random: seededRandom(randomInt(2 ** 32)),
  })
  const commands = createCommands({
    ...{ store, sites, field, arrivals, clock, report },
    node: nodeName(store.folder),
  })
  const charging = createCharging({
    ...{ store, sites, field, arrivals, clock, report, accounts: options.accounts },
  })
  const alarms = createAlarms({
    ...{ sites, store, arrivals, words, report, node: nodeName(store.folder) },
    steady: createSteadyClock(clock, options.monotonic),
    notifications: options.notifications ?? {},
  })
  const parts: ServerParts = {
    packs,
    engines,
    store,
    evidence: store.evidence,
    clock,
    data,
    sites,
    declared: createDeclaredPoints({
      ...{ store, sites, report },
      changed: (site) => words.tell({ kind: 'points', site }),
    }),
    jobs,
    hub: liveWords.hub,
    arrivals,
    alarms,
    field,
    forward,
    ocpi,
    ...{ commands, charging },
    ...{ liveCounts, streams },
    executor,
    filling: new Map<string, FillProgress>(),
    twins: new Map<string, Twins>(),
    stopping: stopping.signal,
    report,
    metrics,
  }
  const unfollow = followPoints(words, parts.declared, report)
  const begin = async (): ReturnType<typeof createApp> => {
    const made = await createApp(parts, { ingest, log, metrics, health }, options)
    await parts.declared.load()
    await declarePoints(parts)
    await jobs.start()
    if (options.mqtt) mqtt = await startMqttIngest(options.mqtt, nodeName(store.folder), parts)
    if (options.mqttBroker) mqttBroker = await startMqttBroker(options.mqttBroker, options.accounts, parts)
    return made
  }
  const { app, admission } = await begin().catch(async (error: unknown) => {
    unfollow()
    liveWords.close()
    await queue?.close()
    throw error
  })
  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    log.info('stopping')
    admission.drain()
    stopping.abort()
    jobs.drain()
    // The last commands are heard out before their links close.
    await Promise.all([commands.stop(), charging.stop()])
    ocpi?.stop()
    await Promise.all([mqtt?.stop(), mqttBroker?.stop(), field.stop(), forward.stop()])
    const left = await admission.idle(limits.drainMs)
    if (left > 0) log.warn('requests were cut off', { left })
    await Promise.all([jobs.close(), alarms.stop()])
    await app.close()
    unfollow()
    liveWords.close()
    parts.hub.close()
    await Promise.all([upkeep.stop(), executor.close(), ingest.threads.close()])
    metrics.close()
    log.info('stopped')
    log.flush()
  }
  return {
    ...{ app, parts, jobs, upkeep, log, mqttUrl: mqttBroker?.url },
    close() {
      closing ??= close()
      return closing
    },
  }
}

/** What looks after the server itself. */
interface Care {
  readonly ingest: IngestParts
  readonly log: Log
  readonly metrics: Metrics
  readonly health: Health
}

async function createApp(
  parts: ServerParts,
  { ingest, log, metrics, health }: Care,
  options: ServerOptions,
): Promise<{ readonly app: FastifyInstance; readonly admission: Admission }> {
  const { requestMs, headersMs, admission: admissionLimits } = { ...usualLimits, ...options.limits }
  const app = Fastify({
    bodyLimit: bodyLimitBytes,
    // Lines of the log are written by observe-requests.ts.
    logger: false,
    genReqId: requestIdOf,
    requestIdHeader: false,
    forceCloseConnections: true,
    // Ids are short; a longer one is no id.
    routerOptions: { maxParamLength: 200 },
    requestTimeout: requestMs,
    http: { headersTimeout: headersMs, connectionsCheckingInterval: Math.min(2000, headersMs) },
    ...(options.trustedProxies === undefined ? {} : { trustProxy: options.trustedProxies }),
    // Addresses that cannot be read never reach the hooks and the error handler below.
    frameworkErrors: (error, request, reply) => void sendProblem(error, request, reply.headers(securityHeaders)),
  })
  const guard = createGuard(parts.sites, options.accounts)
  await app.register(websocket, { options: { maxPayload: maxMessageBytes, perMessageDeflate: false } })

  const { publicUrl } = options.accounts ?? {}
  const { ocpi } = parts
  const routes: readonly Route[] = [
    ...siteRoutes(parts),
    ...pointRoutes(parts),
    ...alarmRoutes(parts),
    ...balanceRoutes(parts),
    ...gatewayRoutes(parts),
    ...commandRoutes(parts),
    ...chargingRoutes(parts),
    ...documentRoutes(parts),
    ...ledgerRoutes(parts),
    ...liveRoutes(parts, publicUrl),
    ...planRoutes(parts),
    ...forecastQualityRoutes(parts),
    ...latestRoutes(parts),
    ...observationRoutes(parts),
    ...ingestRoutes(parts, ingest),
    ...sensorThingsRoutes(parts),
    ...engineRoutes(parts),
    ...jobRoutes(parts),
    ...backupRoutes(parts),
    ...runRoutes(parts),
    ...reportRoutes(parts),
    ...healthRoutes(parts, health, options.accounts === undefined),
    ...metricsRoutes({ text: metrics.text, open: options.openMetrics ?? false }),
    ...(options.accounts ? accountRoutes(options.accounts, parts) : []),
    ...(ocpi ? roamingPartyRoutes(ocpi, parts) : []),
  ]
  observeRequests(app, routes, { log, metrics, guard, failed: health.failed })
  addSecurity(app, { allowedHosts: options.allowedHosts ?? [], secure: options.accounts?.secure ?? false })
  await addCompression(app)
  const admission = addAdmission(app, routes, {
    holderOf: (request) => holderOfRequest(guard, request),
    ...(admissionLimits ? { limits: admissionLimits } : {}),
  })
  app.setErrorHandler(sendProblem)
  // Routes validate by their own schema (route.ts) and answer plain JSON.
  app.setValidatorCompiler(() => () => true)
  app.setSerializerCompiler(() => (value) => JSON.stringify(value))

  for (const route of routes) addRoute(app, route, guard, ingest.gate)
  if (ocpi && options.accounts) addOcpi(app, { ocpi, accounts: options.accounts, clock: parts.clock })
  refuseUnknownEngines(app, parts)
  addDocs(app, routes)
  refuseOtherMethods(app, [...routes, { method: 'GET', url: '/api/openapi.json' }, { method: 'GET', url: '/api/docs' }])
  await addConsole(app, options.webRoot)
  return { app, admission }
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
