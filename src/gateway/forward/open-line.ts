import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { MqttClient } from 'mqtt'
import type { Random, Site } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import { createSeldomReport } from '../mqtt/seldom-report.ts'
import { type ForwardSettings, forwardTopic } from './settings.ts'

/** The line to the centre. It connects again by itself; what was not acknowledged when it broke, its sender sends again. */
export interface ForwardLine {
  isUp(): boolean
  /** Settles when it is up, or when it is stopped. */
  up(): Promise<void>
  /**
   * Settles when the broker has acknowledged it.
   *
   * @throws `gateway.no-link` when the line is down, or breaks before
   */
  publish(payload: string): Promise<void>
  /** Messages that are not acknowledged yet. */
  inFlight(): number
  /** Settles when what is in flight now is acknowledged. @throws as {@link publish} */
  settled(): Promise<void>
  figures(): ForwardLineFigures
  stop(): Promise<void>
}

export interface ForwardLineFigures {
  readonly connected: boolean
  readonly connects: number
  /** Connections that broke or were not made. */
  readonly failures: number
  /** Acknowledged. */
  readonly messages: number
  /** Of these, before compression and TLS. */
  readonly bytes: number
  readonly lastProblem: string | undefined
}

export interface ForwardLineParts {
  readonly settings: ForwardSettings
  readonly site: Site
  readonly clientId: string
  readonly random: Random
  report(error: unknown, message: string): void
}

const firstWaitMs = 250
const longestWaitMs = 60_000
/** A broker that says nothing for so long is none. */
const acknowledgeMs = 60_000
const farewellMs = 1000

/** Opens a line of MQTT 3.1.1 with quality of service 1. No message outlives its connection: order stays order. */
export function openForwardLine({ settings, site, clientId, random, report }: ForwardLineParts): ForwardLine {
  const topic = forwardTopic(settings, site.id)
  const counted = { connects: 0, failures: 0, messages: 0, bytes: 0 }
  const seldom = createSeldomReport(report)
  const open = new Map<Promise<void>, (error: Error) => void>()
  const stopping = new AbortController()
  let lastProblem: string | undefined
  let client: MqttClient | undefined
  let up = Promise.withResolvers<void>()
  let isUp = false
  let waitMs = firstWaitMs

  const down = (): Error =>
    gatewayErrors.noLink({
      detail: 'The centre is not connected',
      ...(lastProblem === undefined ? {} : { found: lastProblem }),
    })
  const failed = (error: unknown): void => {
    lastProblem = error instanceof Error ? error.message : String(error)
    seldom(error, `the centre of ${site.id} cannot be reached`)
  }
  const broke = (): void => {
    if (isUp) {
      isUp = false
      up = Promise.withResolvers<void>()
    }
    for (const fail of [...open.values()]) fail(down())
  }
  /** One connection from its beginning to its end. */
  const live = async (): Promise<void> => {
    const { connect } = await import('mqtt')
    const options = optionsOf(settings, site, clientId)
    const ended = Promise.withResolvers<void>()
    const made = connect(settings.url, options)
    client = made
    made.on('connect', () => {
      counted.connects += 1
      waitMs = firstWaitMs
      isUp = true
      up.resolve()
    })
    made.on('error', failed)
    made.on('close', () => ended.resolve())
    await ended.promise
    broke()
    made.removeAllListeners()
    made.on('error', () => undefined)
    made.end(true)
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await live().catch(failed)
      if (stopping.signal.aborted) break
      counted.failures += 1
      await pause(waitMs * (0.5 + random.next() / 2), stopping.signal)
      waitMs = Math.min(longestWaitMs, 2 * waitMs)
    }
  }
  const running = run()
  let stopped: Promise<void> | undefined
  const stop = async (): Promise<void> => {
    if (isUp) await Promise.race([Promise.allSettled(open.keys()), pause(farewellMs, stopping.signal)])
    stopping.abort()
    up.resolve()
    // Whoever still waits for an acknowledgement is told that there is none.
    await client?.endAsync(!isUp || open.size > 0).catch(() => undefined)
    client?.stream?.destroy()
    await running
  }

  return {
    isUp: () => isUp,
    up: () => up.promise,
    publish(payload) {
      const connection = client
      if (!isUp || !connection) return Promise.reject(down())
      const sent = Promise.withResolvers<void>()
      const { promise } = sent
      const late = setTimeout(() => {
        failed(new Error(`not acknowledged for ${acknowledgeMs / 1000} s`))
        connection.stream?.destroy()
      }, acknowledgeMs)
      open.set(promise, sent.reject)
      promise
        .finally(() => {
          clearTimeout(late)
          open.delete(promise)
        })
        .catch(() => undefined)
      connection.publish(topic, payload, { qos: 1 }, (error) => {
        if (error) return sent.reject(down())
        counted.messages += 1
        counted.bytes += Buffer.byteLength(payload)
        sent.resolve()
      })
      return promise
    },
    inFlight: () => open.size,
    settled: async () => {
      await Promise.all(open.keys())
    },
    figures: () => ({ connected: isUp, ...counted, lastProblem }),
    stop() {
      stopped ??= stop()
      return stopped
    },
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end, { once: true })
  })
}

/** @throws `gateway.bad-settings` for a variable or a file that is not there */
function optionsOf({ user, passwordVariable, caFile }: ForwardSettings, site: Site, clientId: string) {
  const password = passwordVariable === undefined ? undefined : process.env[passwordVariable]
  if (passwordVariable !== undefined && !password) {
    throw gatewayErrors.badSettings({ detail: 'The password is missing', found: passwordVariable })
  }
  const read = (name: string): Buffer => {
    try {
      return readFileSync(resolve(dirname(site.source.file), name))
    } catch (cause) {
      throw gatewayErrors.badSettings({ detail: 'A file cannot be read', place: { file: name } }, { cause })
    }
  }
  return {
    ...{
      clientId,
      clean: true,
      protocolVersion: 4 as const,
      keepalive: 30,
      reconnectPeriod: 0,
      connectTimeout: 10_000,
    },
    ...{ resubscribe: false, queueQoSZero: false, rejectUnauthorized: true },
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
    ...(caFile === undefined ? {} : { ca: read(caFile) }),
  }
}
