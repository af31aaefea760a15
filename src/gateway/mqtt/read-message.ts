import { gatewayErrors } from '../errors.ts'
import { type BatchBuilder, createBatchBuilder } from '../formats/batch-builder.ts'
import { createBodyMemory } from '../formats/body-memory.ts'
import { type ParseContext, type ParsedObservations, parseObservations } from '../formats/index.ts'
import { addJsonRow } from '../formats/json-row.ts'
import type { TopicNames } from './topic-template.ts'

export interface MessageContext extends Omit<ParseContext, 'receivedMs'> {
  readonly receivedMs: number
  /** The broker kept the message for whoever comes: it is not of now. */
  readonly retained: boolean
}

const plainNumber = /^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|true|false|null)$/

/**
 * Reads one message into a batch that may hold others: a number, an object or an array of JSON with the fields of an observation,
 * or line protocol. What the topic names need not be in the payload. A reading without a time is of the moment it came in; a
 * retained one without is refused.
 *
 * @throws `gateway.bad-body` for a payload that is none of these, `gateway.too-large`; nothing of it was added then
 */
export function addMessage(names: TopicNames, payload: Buffer, context: MessageContext, builder: BatchBuilder): void {
  const within: ParseContext = { ...context, site: names.site ?? context.site }
  const first = firstByte(payload)
  if (first === 0x7b || first === 0x5b) {
    addRows(rowsOf(payload, context), names, context, within, builder)
    return
  }
  const text = payload.length <= 64 ? payload.toString('latin1').trim() : ''
  if (plainNumber.test(text)) {
    const value = text === 'true' || text === 'false' || text === 'null' ? (JSON.parse(text) as unknown) : Number(text)
    addRows([{ value }], names, context, within, builder)
    return
  }
  if (first === undefined) throw gatewayErrors.badBody({ detail: 'The message is empty', expected })
  if (names.point !== undefined && !payload.includes(0x3d)) {
    throw gatewayErrors.badBody({
      detail: 'The message is no reading',
      found: payload.toString('utf8', 0, 80),
      expected,
    })
  }
  addParsed(parseObservations('line-protocol', payload, within), builder)
}

/** Reads one message by itself: as {@link addMessage}. */
export function readMessage(names: TopicNames, payload: Buffer, context: MessageContext): ParsedObservations {
  const builder = createBatchBuilder(context, createBodyMemory(), 1)
  addMessage(names, payload, context, builder)
  return builder.finish()
}

const expected = 'a number, JSON with a value, or line protocol'

function firstByte(payload: Buffer): number | undefined {
  for (const byte of payload) if (byte > 0x20) return byte
  return undefined
}

function rowsOf(payload: Buffer, { limits }: MessageContext): readonly unknown[] {
  if (payload.length > limits.maxBytes) {
    throw gatewayErrors.tooLarge({
      detail: 'The message is too large',
      found: payload.length,
      expected: `at most ${limits.maxBytes} bytes`,
    })
  }
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

function addRows(
  rows: readonly unknown[],
  { point }: TopicNames,
  { receivedMs, retained }: MessageContext,
  within: ParseContext,
  builder: BatchBuilder,
): void {
  for (let index = 0; index < rows.length; index += 1) {
    let row = rows[index]
    if (typeof row === 'object' && row !== null && !Array.isArray(row)) {
      const { time, timestampMs, point: own } = row as Readonly<Record<string, unknown>>
      const timed = retained || time !== undefined || timestampMs !== undefined
      if (point !== undefined && own === undefined)
        row = timed ? { ...row, point } : { ...row, point, timestampMs: receivedMs }
      else if (!timed) row = { ...row, timestampMs: receivedMs }
    }
    addJsonRow(row, builder, within, () => ({ path: `observations[${index}]` }))
  }
}

/** Rows of a batch, in their order, and what was refused beside them. */
function addParsed({ batch, refused, refusedCount }: ParsedObservations, builder: BatchBuilder): void {
  for (const problem of refused) builder.refuse(() => problem)
  const untold = refusedCount - refused.length
  if (untold > 0) builder.refuse(() => refused[0]!, untold)
  for (let row = 0; row < batch.count; row += 1) {
    const { site, point, unit } = batch.series[batch.seriesOf[row]!]!
    const series = builder.seriesIndex(site, point, unit)
    const source = builder.sourceIndex(batch.sources[batch.sourceOf[row]!]!)
    const problem =
      typeof series !== 'number'
        ? series
        : typeof source !== 'number'
          ? source
          : builder.add(series, source, batch.timestampsMs[row]!, batch.values[row]!, batch.quality[row]!)
    if (problem) builder.refuse(() => problem)
  }
}
