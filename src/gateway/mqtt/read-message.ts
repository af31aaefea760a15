import { gatewayErrors } from '../errors.ts'
import { type ParseContext, type ParsedObservations, parseObservations } from '../formats/index.ts'
import type { TopicNames } from './topic-template.ts'

export interface MessageContext extends Omit<ParseContext, 'receivedMs'> {
  readonly receivedMs: number
  /** The broker kept the message for whoever comes: it is not of now. */
  readonly retained: boolean
}

const plainNumber = /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|true|false|null)$/

/**
 * Reads one message: a number, an object or an array of JSON with the fields of an observation, or line protocol. What the topic
 * names need not be in the payload. A reading without a time is of the moment it came in; a retained one without is refused.
 *
 * @throws `gateway.bad-body` for a payload that is none of these, `gateway.too-large`
 */
export function readMessage(names: TopicNames, payload: Buffer, context: MessageContext): ParsedObservations {
  const within: ParseContext = { ...context, site: names.site ?? context.site }
  const first = firstByte(payload)
  if (first === 0x7b || first === 0x5b) return readRows(rowsOf(payload), names, context, within)
  const text = payload.length <= 64 ? payload.toString('latin1').trim() : ''
  if (plainNumber.test(text)) {
    const value = text === 'true' || text === 'false' || text === 'null' ? (JSON.parse(text) as unknown) : Number(text)
    return readRows([{ value }], names, context, within)
  }
  if (first === undefined) throw gatewayErrors.badBody({ detail: 'The message is empty', expected })
  if (names.point !== undefined && !payload.includes(0x3d)) {
    throw gatewayErrors.badBody({
      detail: 'The message is no reading',
      found: payload.toString('utf8', 0, 80),
      expected,
    })
  }
  return parseObservations('line-protocol', payload, within)
}

const expected = 'a number, JSON with a value, or line protocol'

function firstByte(payload: Buffer): number | undefined {
  for (const byte of payload) if (byte > 0x20) return byte
  return undefined
}

function rowsOf(payload: Buffer): readonly unknown[] {
  let value: unknown
  try {
    value = JSON.parse(payload.toString('utf8'))
  } catch (cause) {
    throw gatewayErrors.badBody(
      { detail: 'The message begins as JSON and is none', found: payload.toString('utf8', 0, 80), expected },
      { cause },
    )
  }
  if (Array.isArray(value)) return value
  const { observations } = value as { readonly observations?: unknown }
  return Array.isArray(observations) ? observations : [value]
}

function readRows(
  rows: readonly unknown[],
  { point }: TopicNames,
  { receivedMs, retained }: MessageContext,
  within: ParseContext,
): ParsedObservations {
  const filled = rows.map((row) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) return row
    const { time, timestampMs, point: own } = row as Readonly<Record<string, unknown>>
    const timed = retained || time !== undefined || timestampMs !== undefined
    return {
      ...row,
      ...(point !== undefined && own === undefined ? { point } : {}),
      ...(timed ? {} : { timestampMs: receivedMs }),
    }
  })
  return parseObservations('json', Buffer.from(JSON.stringify({ observations: filled })), within)
}
