import type { Socket } from 'node:net'
import { createRPCError } from 'ocpp-rpc'
import { type Clock, quality } from '../../../kernel/index.ts'
import type { FieldReading } from '../../field-protocol.ts'
import { createSeldomReport } from '../../mqtt/seldom-report.ts'
import { ocppErrors } from '../errors.ts'
import { handlersOf, isOcppVersion, type OcppVersion } from '../versions.ts'
import { callStation } from './call-station.ts'
import { createGuessLimit } from './guess-limit.ts'
import type { TokenRegister } from './id-tokens.ts'
import { type ListenSettings, listen, type RefusalKind } from './listen.ts'
import { createPings } from './pings.ts'
import type { OcppJournal, OcppRecord } from './records.ts'
import type { ConfiguredStation, Scene, VendorAnswer, VendorData } from './scene.ts'
import { StationBook } from './station-book.ts'

export interface CentralSystemOptions {
  readonly listen: ListenSettings
  readonly stations: readonly ConfiguredStation[]
  /** Whether a password is that of a station; not asked in security profiles 0 and 3. */
  passwordFits(stationId: string, password: Buffer): boolean
  readonly tokens: TokenRegister
  readonly journal: OcppJournal
  readonly clock: Clock
  readonly heartbeatS: number
  take(readings: readonly FieldReading[]): Promise<void>
  report(error: unknown, message: string): void
  readonly dataTransfer?: (request: VendorData) => VendorAnswer | undefined
}

export interface StationFigures {
  readonly connected: boolean
  readonly version: OcppVersion | undefined
  readonly sinceMs: number | undefined
  readonly lastHeardMs: number | undefined
}

export interface CentralFigures {
  readonly connected: number
  readonly connects: number
  readonly refusedConnects: number
  /** Of these not heard, after too many wrong passwords. */
  readonly unheardConnects: number
  readonly messages: number
  readonly readings: number
  /** Frames and messages that break their schema. */
  readonly malformed: number
  readonly failures: number
  readonly lastHeardMs: number | undefined
  readonly lastProblem: string | undefined
}

/** A connection that was not let in. */
export interface Refusal {
  /** As the caller named itself. */
  readonly stationId: string
  /** Address of the caller, where it is known. */
  readonly from: string | undefined
  readonly why: RefusalKind
}

/** The charging-station management system: stations call it, it answers, and calls them. */
export interface CentralSystem {
  readonly port: number
  readonly book: StationBook
  readonly clock: Clock
  /** Cards that may charge; what is put in counts at once. */
  readonly tokens: TokenRegister
  readonly stations: readonly ConfiguredStation[]
  /** Version that a connected station speaks. @throws `ocpp.unknown-station`, `ocpp.no-link` */
  versionOf(stationId: string): OcppVersion
  /** Sends a call and waits for its answer; one at a time goes to a station. @throws `ocpp.no-link` and those of `callStation` */
  call(stationId: string, method: string, params: unknown): Promise<Readonly<Record<string, unknown>>>
  /** Keeps records that a command makes. */
  keep(records: readonly OcppRecord[]): Promise<void>
  /** Tells of each record after it is on the disk. Returns how to stop it. */
  onRecord(listener: (record: OcppRecord) => void): () => void
  /** Tells of a station that has come, after it may be called. */
  onConnect(listener: (stationId: string) => void): () => void
  /** Tells of each connection that was not let in. Returns how to stop it. */
  onRefusal(listener: (refusal: Refusal) => void): () => void
  stationFigures(stationId: string): StationFigures
  figures(): CentralFigures
  report(error: unknown, message: string): void
  close(): Promise<void>
}

interface Link {
  readonly client: RpcClient
  readonly version: OcppVersion
  readonly sinceMs: number
  lastHeardMs: number
  /** Messages are handled one after another, in the order they came. */
  turn: Promise<unknown>
  waiting: number
  /** Units of the points that it told. */
  readonly units: Map<string, string>
}

interface RpcClient {
  readonly identity: string
  readonly handshake: { readonly request: { readonly socket: Socket } }
  readonly protocol: string | undefined
  handle(method: string, handler: (request: { method: string; params: never }) => Promise<unknown>): void
  on(event: string, listener: (...details: never[]) => void): void
  call(method: string, params: unknown): Promise<unknown>
  close(options: { code?: number; reason?: string; force?: boolean }): Promise<unknown>
}

/** A station that sends more than this without waiting for answers is cut off. */
const maxWaiting = 200

/** Opens the door for stations. Settles when they can call. */
export async function createCentralSystem(options: CentralSystemOptions): Promise<CentralSystem> {
  const { clock, journal, tokens, heartbeatS, dataTransfer } = options
  const report = createSeldomReport(options.report)
  const book = new StationBook()
  for await (const record of journal.read()) book.apply(record)
  const byId = new Map(options.stations.map((station) => [station.id, station]))
  const links = new Map<string, Link>()
  const recordListeners = new Set<(record: OcppRecord) => void>()
  const connectListeners = new Set<(stationId: string) => void>()
  const refusalListeners = new Set<(refusal: Refusal) => void>()
  const guesses = createGuessLimit(clock)
  const pings = createPings(options.listen.pingIntervalMs)
  const counts = {
    connects: 0,
    refusedConnects: 0,
    unheardConnects: 0,
    messages: 0,
    readings: 0,
    malformed: 0,
    failures: 0,
  }
  const gapsUnderWay = new Set<Promise<void>>()
  let lastHeardMs: number | undefined
  let lastProblem: string | undefined

  const fail = (error: unknown, message: string): void => {
    counts.failures += 1
    lastProblem = message
    report(error, message)
  }

  const door = await listen(options.listen, {
    admits(stationId, password, remote = '') {
      if (password === undefined) return byId.has(stationId) || 'refused'
      if (guesses.waitMs(stationId, remote) > 0) return 'unheard'
      // The password of a station that is not known is compared too: the time tells nobody which ones are.
      if (options.passwordFits(stationId, password) && byId.has(stationId)) {
        guesses.succeeded(stationId, remote)
        return true
      }
      guesses.failed(stationId, remote)
      return 'refused'
    },
    refused(stationId, remote, why, kind) {
      counts.refusedConnects += 1
      if (kind === 'unheard') counts.unheardConnects += 1
      lastProblem = why
      for (const listener of refusalListeners) listener({ stationId, from: remote, why: kind })
      report(
        ocppErrors.noLink({ detail: why, found: stationId }),
        `A station from ${remote ?? 'somewhere'} did not come in`,
      )
    },
  })
  door.server.on('error', (error: unknown) => fail(error, 'The door for charging stations failed'))
  door.server.on('client', (client: RpcClient) => welcome(client))

  function welcome(client: RpcClient): void {
    const { identity: stationId, protocol } = client
    const station = byId.get(stationId)
    if (!station || !isOcppVersion(protocol)) return void client.close({ force: true })
    const nowMs = clock.now()
    const link: Link = {
      client,
      version: protocol,
      sinceMs: nowMs,
      lastHeardMs: nowMs,
      turn: Promise.resolve(),
      waiting: 0,
      units: new Map(),
    }
    const before = links.get(stationId)
    links.set(stationId, link)
    counts.connects += 1
    // Two lines with one name: the newer one is the station, the older one is what a lost network left behind.
    if (before) void before.client.close({ code: 1000, reason: 'Another connection of this station' })
    const onCall = ({ method, params }: { method: string; params: never }): Promise<unknown> => {
      link.waiting += 1
      if (link.waiting > maxWaiting) void client.close({ code: 1008, reason: 'Too many messages at once' })
      const answer = link.turn.then(() => handle(station, link, method, params))
      link.turn = answer.then(
        () => {
          link.waiting -= 1
        },
        () => {
          link.waiting -= 1
        },
      )
      return answer
    }
    for (const method of Object.keys(handlersOf[protocol])) client.handle(method, onCall)
    client.on('badMessage', ({ error }: { error: Error }) => {
      counts.malformed += 1
      report(error, `A frame of ${stationId} cannot be read: ${error.message}`)
    })
    client.on('strictValidationFailure', ({ method, error }: { method: string; error: Error }) => {
      counts.malformed += 1
      report(
        ocppErrors.badMessage({ detail: error.message, place: { path: method } }),
        `${method} of ${stationId} breaks its schema`,
      )
    })
    client.on('socketError', (error: Error) => report(error, `The line to ${stationId} broke: ${error.message}`))
    pings.watch(client.handshake.request.socket)
    client.on('close', () => leave(stationId, link))
    for (const listener of connectListeners) listener(stationId)
  }

  function leave(stationId: string, link: Link): void {
    if (links.get(stationId) !== link) return
    links.delete(stationId)
    const timestampMs = clock.now()
    const gaps = [...link.units].map(
      ([ref, unit]): FieldReading => ({ ref, timestampMs, value: Number.NaN, quality: quality.missing, unit }),
    )
    if (gaps.length === 0) return
    const kept = options
      .take(gaps)
      .catch((error: unknown) => fail(error, `The gap of ${stationId} was not kept`))
      .finally(() => gapsUnderWay.delete(kept))
    gapsUnderWay.add(kept)
  }

  async function handle(station: ConfiguredStation, link: Link, method: string, params: never): Promise<unknown> {
    const nowMs = clock.now()
    link.lastHeardMs = nowMs
    lastHeardMs = nowMs
    counts.messages += 1
    try {
      const handler = handlersOf[link.version][method]
      if (!handler) throw createRPCError('NotImplemented', `${method} is not known`)
      const scene: Scene = { station, book, tokens, nowMs, heartbeatS, ...(dataTransfer ? { dataTransfer } : {}) }
      const { answer, records = [], readings = [], complaint } = handler(params, scene)
      if (complaint) report(ocppErrors.badMessage({ detail: complaint }), complaint)
      if (records.length > 0 && readings.length > 0)
        await Promise.all([journal.append(records), options.take(readings)])
      else if (records.length > 0) await journal.append(records)
      else if (readings.length > 0) await options.take(readings)
      counts.readings += readings.length
      for (const { ref, unit } of readings) link.units.set(ref, unit)
      enter(records)
      return answer
    } catch (error) {
      if ((error as { rpcErrorCode?: string }).rpcErrorCode) throw error
      fail(error, `${method} of ${station.id} could not be handled`)
      throw createRPCError('InternalError', 'The message could not be kept; send it again')
    }
  }

  function enter(records: readonly OcppRecord[]): void {
    for (const record of records) {
      book.apply(record)
      for (const listener of recordListeners) {
        try {
          listener(record)
        } catch (error) {
          fail(error, 'A listener of records failed')
        }
      }
    }
  }

  const linkTo = (stationId: string): Link => {
    if (!byId.has(stationId)) throw ocppErrors.unknownStation({ detail: `No station ${stationId}`, found: stationId })
    const link = links.get(stationId)
    if (!link) throw ocppErrors.noLink({ detail: `${stationId} is not connected`, found: stationId })
    return link
  }

  return {
    port: door.port,
    book,
    clock,
    tokens,
    stations: options.stations,
    versionOf: (stationId) => linkTo(stationId).version,
    call: async (stationId, method, params) => callStation(linkTo(stationId).client, stationId, method, params),
    async keep(records) {
      await journal.append(records)
      enter(records)
    },
    onRecord(listener) {
      recordListeners.add(listener)
      return () => recordListeners.delete(listener)
    },
    onConnect(listener) {
      connectListeners.add(listener)
      return () => connectListeners.delete(listener)
    },
    onRefusal(listener) {
      refusalListeners.add(listener)
      return () => refusalListeners.delete(listener)
    },
    stationFigures(stationId) {
      const link = links.get(stationId)
      return {
        connected: link !== undefined,
        version: link?.version,
        sinceMs: link?.sinceMs,
        lastHeardMs: link?.lastHeardMs,
      }
    },
    figures: () => ({ ...counts, connected: links.size, lastHeardMs, lastProblem }),
    report,
    async close() {
      pings.stop()
      const turns = [...links.values()].map(({ turn }) => turn)
      await door.close()
      await Promise.allSettled([...turns, ...gapsUnderWay])
      await journal.close()
    },
  }
}
