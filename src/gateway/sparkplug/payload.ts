import protobuf from 'protobufjs/minimal.js'
import { gatewayErrors } from '../errors.ts'

/** Data types of metrics by their number (Sparkplug 3.0.0, 6.4.16). */
export const dataTypes = {
  ...{ Int8: 1, Int16: 2, Int32: 3, Int64: 4, UInt8: 5, UInt16: 6, UInt32: 7, UInt64: 8, Float: 9, Double: 10 },
  ...{ Boolean: 11, String: 12, DateTime: 13, Text: 14, UUID: 15, DataSet: 16, Bytes: 17, File: 18, Template: 19 },
} as const

export interface Metric {
  readonly name?: string
  readonly alias?: number
  readonly timestampMs?: number
  /** One of {@link dataTypes}; only births have to tell it. */
  readonly type?: number
  readonly historical?: boolean
  /** NaN: null. Undefined: a text, a template or another value that is no number. */
  readonly value?: number
}

export interface Payload {
  readonly timestampMs?: number
  readonly seq?: number
  readonly metrics: readonly Metric[]
}

const mostMetrics = 100_000

/**
 * Reads a payload of Sparkplug B (3.0.0, chapter 6; a message of protocol buffers, version 2). What it holds beside numbers is
 * skipped.
 *
 * @throws `gateway.bad-frame`
 */
export function readPayload(bytes: Uint8Array): Payload {
  try {
    const reader = protobuf.Reader.create(bytes)
    const metrics: Metric[] = []
    const head: { timestampMs?: number; seq?: number } = {}
    while (reader.pos < reader.len) {
      const tag = reader.uint32()
      if (tag === 0x08) head.timestampMs = wide(reader)
      else if (tag === 0x12) {
        if (metrics.length >= mostMetrics) throw new Error('too many metrics')
        metrics.push(readMetric(reader))
      } else if (tag === 0x18) head.seq = wide(reader)
      else reader.skipType(tag & 7)
    }
    return { ...head, metrics }
  } catch (cause) {
    throw gatewayErrors.badFrame(
      { detail: 'The payload is none of Sparkplug B', expected: 'protocol buffers' },
      { cause },
    )
  }
}

function readMetric(reader: protobuf.Reader): Metric {
  const end = reader.uint32() + reader.pos
  if (end > reader.len) throw new RangeError('a metric ends beyond the payload')
  const metric: { name?: string; alias?: number; timestampMs?: number; type?: number; historical?: boolean } = {}
  let value: number | undefined
  let isNull = false
  while (reader.pos < end) {
    const tag = reader.uint32()
    if (tag === 0x0a) metric.name = reader.string()
    else if (tag === 0x10) metric.alias = wide(reader)
    else if (tag === 0x18) metric.timestampMs = wide(reader)
    else if (tag === 0x20) metric.type = reader.uint32()
    else if (tag === 0x28) metric.historical = reader.bool()
    else if (tag === 0x38) isNull = reader.bool()
    else if (tag === 0x50) value = reader.uint32()
    else if (tag === 0x58) value = wide(reader, true)
    else if (tag === 0x65) value = reader.float()
    else if (tag === 0x69) value = reader.double()
    else if (tag === 0x70) value = Number(reader.bool())
    else reader.skipType(tag & 7)
  }
  if (reader.pos !== end) throw new RangeError('a metric ends inside a field')
  if (isNull) return { ...metric, value: Number.NaN }
  return value === undefined ? metric : { ...metric, value }
}

/**
 * Integers stand without their sign: the type, told at birth, says how they are meant (6.4.17). Those of 64 bits were read with
 * one, so that small negative numbers are exact.
 */
export function signed(value: number, type: number | undefined): number {
  if (type === dataTypes.Int8) return (value << 24) >> 24
  if (type === dataTypes.Int16) return (value << 16) >> 16
  if (type === dataTypes.Int32) return value | 0
  if (value < 0 && (type === dataTypes.UInt64 || type === dataTypes.DateTime)) return value + 2 ** 64
  return value
}

/** An integer of 64 bits. protobufjs gives an object of two halves where it finds `long`, else a number. */
function wide(reader: protobuf.Reader, withSign = false): number {
  const value: unknown = reader.uint64()
  if (typeof value !== 'object' || value === null) {
    const number = Number(value)
    return withSign && number >= 2 ** 63 ? number - 2 ** 64 : number
  }
  const { low, high } = value as { readonly low: number; readonly high: number }
  return (withSign ? high | 0 : high >>> 0) * 2 ** 32 + (low >>> 0)
}

/** Writes a payload; a metric that is NaN is null, its type says how its value is written. */
export function writePayload({ timestampMs, seq, metrics }: Payload): Buffer {
  const writer = protobuf.Writer.create()
  if (timestampMs !== undefined) writer.uint32(0x08).uint64(timestampMs)
  for (const metric of metrics) {
    writer.uint32(0x12).fork()
    writeMetric(writer, metric)
    writer.ldelim()
  }
  if (seq !== undefined) writer.uint32(0x18).uint64(seq)
  return Buffer.from(writer.finish())
}

function writeMetric(
  writer: protobuf.Writer,
  { name, alias, timestampMs, type = dataTypes.Double, historical, value }: Metric,
): void {
  if (name !== undefined) writer.uint32(0x0a).string(name)
  if (alias !== undefined) writer.uint32(0x10).uint64(alias)
  if (timestampMs !== undefined) writer.uint32(0x18).uint64(timestampMs)
  writer.uint32(0x20).uint32(type)
  if (historical) writer.uint32(0x28).bool(true)
  if (value === undefined) return
  if (Number.isNaN(value)) writer.uint32(0x38).bool(true)
  else if (type === dataTypes.Double) writer.uint32(0x69).double(value)
  else if (type === dataTypes.Float) writer.uint32(0x65).float(value)
  else if (type === dataTypes.Boolean) writer.uint32(0x70).bool(value !== 0)
  else if (type === dataTypes.Int64 || type === dataTypes.UInt64 || type === dataTypes.DateTime) {
    // Two's complement in ten bytes at most.
    const whole = BigInt.asUintN(64, BigInt(Math.round(value)))
    writer.uint32(0x58)
    writeLong(writer, whole)
  } else writer.uint32(0x50).uint32(Math.round(value) >>> 0)
}

function writeLong(writer: protobuf.Writer, value: bigint): void {
  writer.uint64({ low: Number(value & 0xffff_ffffn) | 0, high: Number(value >> 32n) | 0, unsigned: true } as never)
}
