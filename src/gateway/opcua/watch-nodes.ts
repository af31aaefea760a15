import type { ClientSession, ClientSubscription, DataValue } from 'node-opcua-client'
import { within } from '../link/within.ts'
import type { OpcuaLibrary } from './load-library.ts'
import { numberedNodeId } from './node-id.ts'
import type { NodePoint } from './node-points.ts'

export interface WatchParts {
  readonly library: OpcuaLibrary
  readonly session: ClientSession
  readonly points: readonly NodePoint[]
  readonly publishingMs: number
  readonly queueSize: number
  readonly timeoutMs: number
  heard(point: NodePoint, value: DataValue): void
  /** The server has no such node, or does not let it be watched. */
  refused(point: NodePoint, why: string): void
}

/** Points that the server is asked for in one request. */
const mostInRequest = 500
/** Status, value or source time: a device that measures the same again has measured it. */
const triggerAll = 2

/**
 * Subscribes to nodes. Those that the server refuses with a filter are asked for without one.
 *
 * @returns why the subscription ended, once it has
 */
export async function watchNodes(parts: WatchParts): Promise<{ readonly ended: Promise<string> }> {
  const { session, points, publishingMs, timeoutMs } = parts
  const ended = Promise.withResolvers<string>()
  const subscription = await within(
    session.createSubscription2({
      ...{ requestedPublishingInterval: publishingMs, publishingEnabled: true, priority: 1 },
      ...{ requestedMaxKeepAliveCount: 10, requestedLifetimeCount: 100, maxNotificationsPerPublish: 0 },
    }),
    timeoutMs,
    silent,
  )
  subscription.on('terminated', () => ended.resolve('the subscription ended'))
  subscription.on('status_changed', (status: { readonly name: string }) => ended.resolve(status.name))
  // Without a listener the library would throw it at the process.
  subscription.on('error', (error: Error) => ended.resolve(error.message))
  subscription.on('internal_error', (error: Error) => ended.resolve(error.message))
  const isNamed = points.some(({ node }) => node.namespaceUri !== undefined)
  const namespaces = isNamed ? await within(session.readNamespaceArray(), timeoutMs, silent) : []
  const known: Known[] = []
  for (const point of points) {
    const node = numberedNodeId(point.node, namespaces)
    if (node === undefined) parts.refused(point, `the server has no namespace ${point.node.namespaceUri}`)
    else known.push([point, node])
  }
  for (const [samplingMs, some] of Map.groupBy(known, ([{ samplingMs }]) => samplingMs)) {
    for (let from = 0; from < some.length; from += mostInRequest) {
      const left = await monitor(parts, subscription, some.slice(from, from + mostInRequest), samplingMs, true)
      if (left.length > 0) await monitor(parts, subscription, left, samplingMs, false)
    }
  }
  return { ended: ended.promise }
}

type Known = readonly [point: NodePoint, nodeId: string]

const silent = () => new Error('The server does not answer to a subscription')

/** Watches some nodes. @returns those that the server refuses to watch with a filter */
async function monitor(
  { library, queueSize, heard, refused, timeoutMs }: WatchParts,
  to: ClientSubscription,
  some: readonly Known[],
  samplingInterval: number,
  withFilter: boolean,
): Promise<readonly Known[]> {
  const filter = withFilter ? new library.DataChangeFilter({ trigger: triggerAll }) : null
  const group = library.ClientMonitoredItemGroup.create(
    to,
    some.map(([, nodeId]) => ({ nodeId, attributeId: library.AttributeIds.Value })),
    { samplingInterval, queueSize, discardOldest: true, filter },
    library.TimestampsToReturn.Both,
  )
  const settled = Promise.withResolvers<void>()
  group.on('changed', (_, value, index) => heard(some[index]![0], value))
  group.on('initialized', () => settled.resolve())
  group.on('err', (message) => settled.reject(new Error(message)))
  group.on('terminated', (error) => settled.reject(error ?? new Error('the subscription ended')))
  await within(settled.promise, timeoutMs, silent)
  return group.monitoredItems.flatMap(({ statusCode }, index) => {
    if (statusCode.isGood()) return []
    const isOfFilter = /filter/i.test(statusCode.name)
    if (withFilter && isOfFilter) return [some[index]!]
    refused(some[index]![0], statusCode.name)
    return []
  })
}
