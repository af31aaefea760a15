import { quality, qualityNames } from '../../kernel/index.ts'
import type { BatchSeries } from '../../store/index.ts'

/** Observations of one message, and the message. */
export interface ForwardMessage {
  readonly payload: string
  readonly series: readonly BatchSeries[]
  readonly sources: readonly string[]
  readonly timestampsMs: readonly number[]
  /** NaN = missing. */
  readonly values: readonly number[]
  readonly quality: readonly number[]
}

/** Collects observations until a message is full. */
export interface MessageWriter {
  /** @returns the message that is full, without this observation */
  add(series: BatchSeries, source: string, timestampMs: number, value: number, code: number): ForwardMessage | undefined
  /** What is left; undefined where nothing is. */
  flush(): ForwardMessage | undefined
  /** Observations that wait in it. */
  rows(): number
}

const head = '{"observations":['
const tail = ']}'
/** What stands for a value and its time at most. */
const numberBytes = 60

/** Messages of JSON as the ingest over MQTT reads them, each of at most so many bytes, or of one observation. */
export function createMessageWriter(maxBytes: number): MessageWriter {
  const prefixes = new WeakMap<BatchSeries, { readonly text: string; readonly bytes: number }>()
  const prefixOf = (series: BatchSeries) => {
    const known = prefixes.get(series)
    if (known) return known
    const { point, unit } = series
    const told = JSON.stringify({ point, ...(unit === undefined ? {} : { unit }) }).slice(0, -1)
    const made = { text: told, bytes: Buffer.byteLength(told) }
    prefixes.set(series, made)
    return made
  }
  const suffixes = new Map<string, { readonly text: string; readonly bytes: number }>()
  const suffixOf = (source: string) => {
    const known = suffixes.get(source)
    if (known) return known
    if (suffixes.size > 10_000) suffixes.clear()
    const text = `,"source":${JSON.stringify(source)}`
    const made = { text, bytes: Buffer.byteLength(text) }
    suffixes.set(source, made)
    return made
  }
  const empty = () => ({
    ...{ texts: [] as string[], series: [] as BatchSeries[], sources: [] as string[] },
    ...{ timestampsMs: [] as number[], values: [] as number[], quality: [] as number[] },
  })
  let open = empty()
  let bytes = head.length + tail.length
  const flush = (): ForwardMessage | undefined => {
    if (open.texts.length === 0) return undefined
    const { texts, ...rows } = open
    open = empty()
    bytes = head.length + tail.length
    return { payload: `${head}${texts.join(',')}${tail}`, ...rows }
  }
  return {
    add(series, source, timestampMs, value, code) {
      const prefix = prefixOf(series)
      const suffix = suffixOf(source)
      const missing = Number.isNaN(value)
      const usual = code === (missing ? quality.missing : quality.good)
      const told = usual ? '' : `,"quality":"${qualityNames[code]}"`
      const more = prefix.bytes + suffix.bytes + told.length + numberBytes
      const full = bytes + more > maxBytes ? flush() : undefined
      bytes += more
      open.texts.push(
        `${prefix.text},"timestampMs":${timestampMs},"value":${missing ? 'null' : value + 0}${suffix.text}${told}}`,
      )
      open.series.push(series)
      open.sources.push(source)
      open.timestampsMs.push(timestampMs)
      open.values.push(value + 0)
      open.quality.push(code)
      return full
    },
    flush,
    rows: () => open.texts.length,
  }
}
