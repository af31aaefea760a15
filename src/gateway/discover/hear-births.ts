import { gatewayErrors } from '../errors.ts'
import { rest } from '../link/rest.ts'
import { pointUnit } from '../modbus/devices/point-unit.ts'
import { dataTypes, type Metric, readPayload, writePayload } from '../sparkplug/payload.ts'
import { commandTopic, messageKinds, namespace } from '../sparkplug/topic.ts'
import type { FoundPoint, FoundSource } from './propose-points.ts'

export interface BirthOptions {
  readonly user?: string
  readonly passwordVariable?: string
  readonly listenMs: number
  readonly signal: AbortSignal
  /** The only group that is heard; default: all. */
  readonly group?: string
  /** Asks nodes that are heard to be born again; else nothing is sent. */
  readonly rebirth?: boolean
  heard(words: string): void
}

/** A node or a device behind one, as its birth told it. */
export interface FoundBirth {
  readonly group: string
  readonly node: string
  readonly device: string | undefined
  readonly metrics: readonly { readonly name: string; readonly type: number | undefined }[]
}

const connectMs = 10_000
const mostBirths = 10_000
const numbers: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])

/**
 * Hears births of Sparkplug B at a broker for a while. A birth is not kept by the broker: without `rebirth` only those are heard that
 * happen meanwhile.
 *
 * @throws `gateway.no-link`
 */
export async function hearBirths(url: string, options: BirthOptions): Promise<readonly FoundBirth[]> {
  const { user, passwordVariable, listenMs, signal, group: only = '+', rebirth = false, heard } = options
  const password = passwordVariable === undefined ? undefined : process.env[passwordVariable]
  const { connectAsync } = await import('mqtt')
  const client = await connectAsync(url, {
    ...{ protocolVersion: 4, reconnectPeriod: 0, connectTimeout: connectMs, rejectUnauthorized: true },
    ...(user === undefined ? {} : { username: user }),
    ...(password === undefined ? {} : { password }),
  }).catch((cause: Error) => {
    throw gatewayErrors.noLink({ detail: 'The broker cannot be reached', found: cause.message || url }, { cause })
  })
  const births = new Map<string, FoundBirth>()
  const asked = new Set<string>()
  client.on('error', () => undefined)
  client.on('message', (topic, bytes) => {
    const [space, group = '', kind = '', node = '', device] = topic.split('/')
    if (space !== namespace || !(messageKinds as readonly string[]).includes(kind) || node === '') return
    const key = `${group}/${node}/${device ?? ''}`
    if (kind === 'NBIRTH' || kind === 'DBIRTH') {
      if (births.size >= mostBirths) return
      try {
        const { metrics } = readPayload(bytes)
        births.set(key, { group, node, device, metrics: numbersOf(metrics) })
        heard(`${key.replace(/\/$/, '')}: ${metrics.length} metrics`)
      } catch {
        heard(`${key}: a birth that cannot be understood`)
      }
      return
    }
    if (!rebirth || births.has(`${group}/${node}/`) || asked.has(`${group}/${node}`)) return
    asked.add(`${group}/${node}`)
    const metric = { name: 'Node Control/Rebirth', type: dataTypes.Boolean, value: 1 }
    client.publish(commandTopic(group, node, undefined), writePayload({ timestampMs: Date.now(), metrics: [metric] }))
  })
  try {
    await client.subscribeAsync(`${namespace}/${only}/#`, { qos: 0 })
    await rest(listenMs, signal)
  } catch (cause) {
    throw gatewayErrors.noLink({ detail: 'The broker refuses to tell', found: (cause as Error).message }, { cause })
  } finally {
    await client.endAsync(true).catch(() => undefined)
  }
  return [...births.values()]
}

/** Metrics that are numbers, without those that Sparkplug has for itself. */
const numbersOf = (metrics: readonly Metric[]) =>
  metrics.flatMap(({ name, type }) => {
    if (name === undefined || name === 'bdSeq' || name.startsWith('Node Control/')) return []
    return type !== undefined && numbers.has(type) ? [{ name, type }] : []
  })

/** One gateway for each group of nodes. Births tell no units that are read here: they are guessed from names such as `powerKw`. */
export function birthSources(
  url: string,
  { user, passwordVariable }: Pick<BirthOptions, 'user' | 'passwordVariable'>,
  births: readonly FoundBirth[],
): readonly FoundSource[] {
  const own = {
    ...(user === undefined ? {} : { user }),
    ...(passwordVariable === undefined ? {} : { passwordVariable }),
  }
  return [...Map.groupBy(births, ({ group }) => group)].map(([group, some]) => ({
    ...{ group, gateway: `sparkplug-${group}`, settings: { protocol: 'sparkplug', url, ...own, group }, remarks: [] },
    points: some.flatMap(({ node, device, metrics }): readonly FoundPoint[] =>
      metrics.map(({ name }) => {
        const unit = pointUnit(name.split('/').at(-1) ?? name)
        return {
          name: [device ?? node, name].join(' '),
          title: [node, device, name].filter(Boolean).join(', '),
          unit: unit === '1' ? undefined : unit,
          use: { node, ...(device === undefined ? {} : { device }), metric: name },
        }
      }),
    ),
  }))
}
