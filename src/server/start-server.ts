import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { type Clock, type Pack, type SolverPort, systemClock } from '../kernel/index.ts'
import { openStore, type Store } from '../store/index.ts'
import { type Accounts, type AccountsOptions, createAccounts } from './accounts/accounts.ts'
import { administersAll } from './accounts/user-book.ts'
import type { NewPassword } from './accounts/users.ts'
import { readNotificationSettings } from './alarms/notifications/settings.ts'
import { type JudgedMeter, startAnomalyWatch } from './alarms/watch-anomalies.ts'
import { createServer, type MangroveServer, type ServerOptions, type ServerSite } from './create-server.ts'
import { serverErrors } from './errors.ts'
import { type LivingPark, startLivingPark } from './living-park/living-park.ts'
import { isLoopback } from './loopback.ts'

export interface StartOptions extends Partial<Omit<ServerOptions, 'packs' | 'sites' | 'solver' | 'accounts'>> {
  readonly packs: readonly Pack[]
  readonly solver: SolverPort
  readonly sites: readonly ServerSite[]
  /** Data folder when no store is given. Default `.mangrove`. */
  readonly dataFolder?: string
  /** PostgreSQL instead, which other nodes may share. */
  readonly databaseUrl?: string | undefined
  /** Where months are sealed to, on a folder that all nodes see; without it a database seals none. */
  readonly sealedFolder?: string | undefined
  /** Default 127.0.0.1: this machine only. */
  readonly host?: string
  /** 0 = any free one. Default 7420. */
  readonly port?: number
  /** Who may do what, kept in the store; absent: open to everybody who reaches it, which has to be this machine alone. */
  readonly accounts?: AccountSettings
  /** Stops in order on SIGINT and SIGTERM. Default false. */
  readonly handleSignals?: boolean
}

/** What of accounts the store does not hold. */
export type AccountSettings = Omit<AccountsOptions, 'records' | 'journal' | 'clock'>

export interface RunningServer {
  /** Address to open: `http://127.0.0.1:7420`. */
  readonly url: string
  readonly server: MangroveServer
  /** The user that the first start made; the password is told here and never again. */
  readonly firstUser: NewPassword | undefined
  /** Opens the console once, on this machine; absent where the server listens to others. */
  readonly signInUrl: string | undefined
  /** Settles when every living park has filled its history and published its first plan. */
  readonly alive: Promise<void>
  /** Ends everything in order; the store is closed when this server opened it. */
  stop(): Promise<void>
  /** Settles after {@link stop}, whoever called it. */
  readonly stopped: Promise<void>
}

export const defaultPort = 7420

/**
 * Listens first, then fills and lives the parks in the background.
 *
 * @throws `server.open-refused`, `server.port-in-use`, `server.bad-host`, `store.locked`, and every problem of the site files.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  const host = options.host ?? '127.0.0.1'
  if (!options.accounts && !isLoopback(host)) {
    throw serverErrors.openRefused({
      detail: 'A server without accounts lets everybody do everything; it listens on this machine only',
      found: host,
      expected: '127.0.0.1, or accounts',
    })
  }
  const clock: Clock = options.clock ?? systemClock
  const store: Store = options.store ?? (await openStore(options.dataFolder, clock, options))
  const closeStore = async (): Promise<void> => {
    if (!options.store) await store.close()
  }
  try {
    await store.ready()
    const { accounts: settings, ...rest } = options
    const { records, journal } = store
    const accounts = settings && createAccounts({ ...settings, records, journal, clock })
    // While the password of the first user is hashed, the server is put together.
    const making = accounts?.firstStart()
    making?.catch(() => undefined)
    const server = await createServer({
      openMetrics: process.env.MANGROVE_METRICS === 'open',
      notifications: readNotificationSettings(process.env, (file) => readFileSync(file, 'utf8')),
      ...{ ...rest, clock, store, ...(accounts ? { accounts } : {}) },
    })
    const firstUser = await making
    await accounts?.organisations.adopt(server.parts.sites.all().map(({ site }) => site.id))
    await server.parts.alarms.start()
    const url = await listen(server, host, options.port ?? defaultPort)
    const key = accounts && isLoopback(host) && accounts.publicUrl === undefined ? await linkKey(accounts) : undefined
    server.upkeep.start()
    watchAnomalies(server)
    server.parts.commands.start()
    server.parts.charging.start()
    // A folder of an older version makes its list of runs at the first look, which takes a while where there are many.
    store.runs.list({ limit: 1 }).catch((error: unknown) => server.parts.report(error, 'the list of runs was not made'))
    server.log.info('listening', { url })
    const parks = startParks(server)
    openGateways(server)
    server.parts.forward.start()
    server.parts.ocpi?.start()
    return {
      ...running(server, url, parks, closeStore, options.handleSignals ?? false),
      firstUser,
      // After the # it stays in the browser: no log and no Referer has it.
      signInUrl: key === undefined ? undefined : `${url}/sign-in#key=${key}`,
    }
  } catch (error) {
    await closeStore()
    throw error
  }
}

/** A key for who administers the platform. */
async function linkKey({ users, links }: Accounts): Promise<string | undefined> {
  const admin = (await users.all()).find((user) => !user.disabled && administersAll(user))
  return admin && links.make(admin.name)
}

/** Ends when the server stops. */
function watchAnomalies({ parts }: MangroveServer): void {
  const { alarms, engines, executor, report, stopping } = parts
  const engine = engines.get('alarms.anomaly')
  const isAsked = alarms.all().some(({ rules }) => [...rules.values()].some(({ when }) => when.kind === 'anomaly'))
  if (!engine || !isAsked) return
  const watch = startAnomalyWatch({
    ...{ alarms, report },
    judge: async (input) =>
      (await executor.run(engine, input, { signal: stopping, progress: () => undefined })) as unknown as JudgedMeter,
  })
  stopping.addEventListener('abort', watch.stop, { once: true })
}

function startParks({ parts }: MangroveServer): readonly LivingPark[] {
  return parts.sites
    .all()
    .filter(({ simulated }) => simulated)
    .map(({ site }) =>
      startLivingPark(site, parts, (error) => parts.report(error, `the simulation of ${site.id} ended`)),
    )
}

/** Of sites that are real; what simulated ones measure, nobody has to ask for. */
function openGateways({ parts }: MangroveServer): void {
  for (const { site, simulated } of parts.sites.all()) if (!simulated) parts.field.open(site)
}

async function listen({ app }: MangroveServer, host: string, port: number): Promise<string> {
  try {
    await app.listen({ host, port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const cause = { cause: error }
    if (code === 'EADDRINUSE') {
      const detail = 'Another program listens there; choose another port'
      throw serverErrors.portInUse({ detail, found: port, expected: 'a free port, or 0 for any' }, cause)
    }
    if (code === 'EACCES') {
      const detail = 'The system keeps this port for itself'
      throw serverErrors.portInUse({ detail, found: port, expected: 'a port from 1024 on, or 0 for any' }, cause)
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'EINVAL') {
      const detail = 'This machine has no such address to listen on'
      throw serverErrors.badHost(
        { detail, found: host, expected: '127.0.0.1, 0.0.0.0 or an address of this machine' },
        cause,
      )
    }
    throw error
  }
  const address = app.server.address() as AddressInfo
  return `http://${address.family === 'IPv6' ? `[${address.address}]` : address.address}:${address.port}`
}

function running(
  server: MangroveServer,
  url: string,
  parks: readonly LivingPark[],
  closeStore: () => Promise<void>,
  handleSignals: boolean,
): Omit<RunningServer, 'firstUser' | 'signInUrl'> {
  const ended = Promise.withResolvers<void>()
  ended.promise.catch(() => undefined)
  let stopping = false
  const end = async (): Promise<void> => {
    // A second signal ends at once.
    for (const signal of signals) process.off(signal, onSignal)
    await Promise.all([server.close(), ...parks.map((park) => park.stop())])
    await closeStore()
  }
  const stop = (): Promise<void> => {
    if (!stopping) {
      stopping = true
      end().then(ended.resolve, ended.reject)
    }
    return ended.promise
  }
  const signals = ['SIGINT', 'SIGTERM'] as const
  const onSignal = (): void => void stop().catch((error) => server.parts.report(error, 'stopping failed'))
  if (handleSignals) for (const signal of signals) process.on(signal, onSignal)
  const alive = Promise.all(parks.map((park) => park.alive)).then(() => undefined)
  // Failures are in the log; nobody has to wait for this.
  alive.catch(() => undefined)
  return {
    url,
    server,
    alive,
    stop,
    stopped: ended.promise,
  }
}
