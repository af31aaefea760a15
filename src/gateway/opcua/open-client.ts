import type { ClientSession, DataValue } from 'node-opcua-client'
import { MangroveError, parseDuration } from '../../kernel/index.ts'
import { gatewayErrors } from '../errors.ts'
import type { FieldClient, FieldGateway, FieldPorts, FieldWrite } from '../field-protocol.ts'
import { backOffMs } from '../link/back-off.ts'
import { createLinkRecord } from '../link/link-record.ts'
import { createOutlet } from '../link/outlet.ts'
import { rest } from '../link/rest.ts'
import { within } from '../link/within.ts'
import { connect, type OpenConnection } from './connect.ts'
import { opcuaErrors } from './errors.ts'
import { loadOpcua, type OpcuaLibrary } from './load-library.ts'
import { type NodePoint, nodePoints } from './node-points.ts'
import { type OwnIdentity, ownIdentity } from './own-identity.ts'
import { readNumber, timeOf } from './read-value.ts'
import { serverTrust } from './server-trust.ts'
import type { OpcuaSettings } from './settings.ts'
import { watchNodes } from './watch-nodes.ts'
import { writeNode } from './write-node.ts'

const firstWaitMs = 500
/** How often the server is asked whether it lives, at the longest. */
const heartbeatMs = 5000
/** ServerStatus.State (OPC UA part 6, NodeIds.csv); 0 is running. */
const stateNode = 'i=2259'
/** Nodes that a server did not have may come with another program of it. */
const seldomMs = 600_000

/**
 * A subscription to the nodes of a server, which is opened again by itself.
 *
 * @throws what is wrong with the settings
 */
export function openOpcua(gateway: FieldGateway<OpcuaSettings>, ports: FieldPorts): FieldClient {
  const { id, settings } = gateway
  const { points, problems } = nodePoints(gateway)
  if (problems.length > 0) throw new MangroveError(problems.map((one) => opcuaErrors.badNode.problem(one)))
  const timeoutMs = parseDuration(settings.timeout ?? '5s')
  const longestWaitMs = parseDuration(settings.longestWait ?? '1m')
  const record = createLinkRecord(ports.clock)
  const outlet = createOutlet(ports, record, id)
  const trust = serverTrust(ports.folder, settings.serverFingerprint, (message) =>
    ports.report(new Error(settings.url), message),
  )
  const stopping = new AbortController()
  const { signal } = stopping
  const now = (): number => ports.clock.now()
  const toldMalformed = new Set<string>()
  let open: { readonly session: ClientSession; readonly library: OpcuaLibrary } | undefined

  const hear = (point: NodePoint, told: DataValue): void => {
    record.heard()
    const { raw, quality, malformed } = readNumber(told)
    const nowMs = now()
    if (malformed !== undefined) {
      record.malformed(1)
      if (!toldMalformed.has(point.ref)) {
        toldMalformed.add(point.ref)
        ports.report(
          opcuaErrors.badNode({ detail: malformed, found: point.text }),
          `${point.ref} of ${id} has no value`,
        )
      }
    } else toldMalformed.delete(point.ref)
    const value = point.fromRaw(raw)
    const isGap = !Number.isFinite(value)
    const { ref, unit } = point
    outlet.put([{ ref, unit, value, quality, timestampMs: isGap ? nowMs : timeOf(told, nowMs, outlet.lastMs(ref)) }])
  }

  /** Watches until the connection is of no use any more. @returns why */
  const watch = async (connection: OpenConnection, library: OpcuaLibrary): Promise<string> => {
    const { session } = connection
    const absent: NodePoint[] = []
    const { ended } = await watchNodes({
      ...{ library, session, points, timeoutMs, heard: hear },
      publishingMs: parseDuration(settings.publishing ?? '1s'),
      queueSize: settings.queue ?? 10,
      refused(point, why) {
        absent.push(point)
        ports.report(opcuaErrors.badNode({ detail: why, found: point.text }), `${point.ref} of ${id} cannot be watched`)
      },
    })
    outlet.gaps(absent, now())
    record.become('connected')
    record.heard()
    const since = performance.now()
    const gone = Promise.race([connection.lost, ended])
    const over = new AbortController()
    void gone.then(() => over.abort())
    const either = AbortSignal.any([signal, over.signal])
    while (!either.aborted) {
      await rest(Math.min(heartbeatMs, timeoutMs), either)
      if (either.aborted) break
      if (outlet.isFull) return 'there is no room for its readings'
      if (absent.length > 0 && performance.now() - since > seldomMs)
        return 'nodes that were not there are looked for again'
      const state = await within(
        session.read({ nodeId: stateNode, attributeId: library.AttributeIds.Value }),
        timeoutMs,
        () => new Error('the server does not answer'),
        signal,
      ).catch((error: Error) => error)
      if (state instanceof Error) return state.message
      record.heard()
      const { raw } = readNumber(state)
      if (raw > 0) return `the server is not running (state ${raw})`
    }
    return signal.aborted ? 'stopped' : await gone
  }

  let identity: OwnIdentity | undefined
  const running = (async (): Promise<void> => {
    for (let inVain = 0; !signal.aborted; ) {
      record.become('connecting')
      let connection: OpenConnection | undefined
      try {
        const library = await loadOpcua()
        identity ??= await ownIdentity(library, ports.folder, now())
        if (signal.aborted) break
        connection = await connect(settings, { library, identity, trust, timeoutMs, signal })
        open = { session: connection.session, library }
        const why = await watch(connection, library)
        if (signal.aborted) break
        inVain = 1
        throw gatewayErrors.noLink({ detail: 'The connection is gone', found: why })
      } catch (error) {
        if (signal.aborted) break
        if (record.figures().state !== 'connected') inVain += 1
        record.failed(error)
        ports.report(error, `The link ${id} is down; it is opened again`)
        outlet.gaps(points, now())
      } finally {
        open = undefined
        await connection?.close()
      }
      record.become('waiting')
      if (outlet.isFull) await Promise.race([outlet.room(), rest(longestWaitMs, signal)])
      await rest(backOffMs(inVain, firstWaitMs, longestWaitMs, ports.random), signal)
    }
    record.become('stopped')
  })()

  const write = async (ref: string, value: number): Promise<FieldWrite> => {
    const point = points.find((one) => one.ref === ref && one.write)
    if (!point) {
      throw gatewayErrors.writeRefused({
        ...{ detail: 'No node of this gateway takes it', found: ref },
        expected: 'a node with `write: true`',
      })
    }
    const { least, most, unit } = point
    if (!(value >= least && value <= most)) {
      throw gatewayErrors.writeRefused({
        ...{ detail: `${ref} must not be set so`, found: value },
        expected: `${least} to ${most} ${unit}`,
      })
    }
    if (!open || signal.aborted) {
      throw gatewayErrors.noLink({ detail: `${ref} was not written: there is no link to its server`, found: ref })
    }
    return writeNode(point, value, { ...open, timeoutMs, nowMs: now })
  }

  return {
    figures: record.figures,
    // One that only reads says so.
    ...(points.some((point) => point.write)
      ? { write, writes: (ref) => points.some((point) => point.ref === ref && point.write) }
      : {}),
    async stop() {
      stopping.abort()
      await running
      await outlet.close()
    },
  }
}
