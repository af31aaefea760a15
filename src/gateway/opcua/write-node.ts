import type { ClientSession } from 'node-opcua-client'
import { gatewayErrors } from '../errors.ts'
import type { FieldWrite } from '../field-protocol.ts'
import { within } from '../link/within.ts'
import type { OpcuaLibrary } from './load-library.ts'
import { numberedNodeId } from './node-id.ts'
import type { NodePoint } from './node-points.ts'
import { readNumber, severityOf, writeNumber } from './read-value.ts'

export interface WriteParts {
  readonly library: OpcuaLibrary
  readonly session: ClientSession
  readonly timeoutMs: number
  nowMs(): number
}

/**
 * Writes a setpoint in the unit of its point, in the type that the node has, and reads it back from the device.
 *
 * @throws `gateway.write-refused` with the server's own word; `gateway.no-link` when it is not known whether it was written
 */
export async function writeNode(point: NodePoint, value: number, parts: WriteParts): Promise<FieldWrite> {
  const { library, session, timeoutMs, nowMs } = parts
  const { ref } = point
  const unknown = () =>
    gatewayErrors.noLink({ detail: `Whether ${ref} was written is not known: the server did not say so`, found: ref })
  const silent = () => gatewayErrors.noLink({ detail: `${ref} was not written: the server is silent`, found: ref })
  const refuse = (detail: string, found: unknown) => gatewayErrors.writeRefused({ detail, found })
  const ask = async () => {
    const namespaces =
      point.node.namespaceUri === undefined ? [] : await within(session.readNamespaceArray(), timeoutMs, silent)
    const found = numberedNodeId(point.node, namespaces)
    if (found === undefined) throw refuse(`The server has no namespace of ${ref}`, point.text)
    const dataType: number = await within(session.getBuiltInDataType(library.coerceNodeId(found)), timeoutMs, silent)
    return { nodeId: found, dataType }
  }
  const { nodeId, dataType } = await ask().catch((error: unknown) => {
    throw error instanceof Error && 'problems' in error
      ? error
      : refuse(`The server does not tell the type of ${ref}: ${messageOf(error)}`, point.text)
  })
  const held = writeNumber(dataType, point.toRaw(value))
  if (!held) throw refuse(`The node of ${ref} cannot hold the value; its type is ${library.DataType[dataType]}`, value)
  const status = await within(
    session.write({
      ...{ nodeId, attributeId: library.AttributeIds.Value },
      value: { value: { dataType, value: held.value } },
    }),
    timeoutMs,
    unknown,
  ).catch((error: unknown) => {
    throw error instanceof Error && 'problems' in error ? error : unknown()
  })
  if (severityOf(status.value) !== 0) throw refuse(`${ref} was not written; the server says ${status.name}`, value)
  const acknowledgedMs = nowMs()
  const read = await within(
    session.read({ nodeId, attributeId: library.AttributeIds.Value }, 0),
    timeoutMs,
    unknown,
  ).catch(() => undefined)
  const back = read === undefined ? Number.NaN : point.fromRaw(readNumber(read).raw)
  return {
    ...{ ref, written: point.fromRaw(held.held), acknowledgedMs },
    readBack: Number.isNaN(back) ? undefined : back,
  }
}

const messageOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n')[0]!.slice(0, 200)
