import { quality as codes } from '../../kernel/index.ts'
import type { FieldReading } from '../field-protocol.ts'

/** Readings of one source of a site, as they wait together. */
export interface ReadingRecord {
  readonly site: string
  readonly source: string
  readonly readings: readonly FieldReading[]
}

type Row = readonly [ref: string, timestampMs: number, value: number | null, quality: number, unit: string]

export const encodeReadings = ({ site, source, readings }: ReadingRecord): Buffer =>
  Buffer.from(
    JSON.stringify([
      site,
      source,
      readings.map(
        ({ ref, timestampMs, value, quality, unit }): Row => [
          ref,
          timestampMs,
          Number.isNaN(value) ? null : value,
          quality,
          unit,
        ],
      ),
    ]),
  )

export function decodeReadings(record: Buffer): ReadingRecord {
  const [site, source, rows] = JSON.parse(record.toString('utf8')) as readonly [string, string, readonly Row[]]
  return {
    site,
    source,
    readings: rows.map(([ref, timestampMs, value, quality, unit]) => ({
      ref,
      timestampMs,
      value: value ?? Number.NaN,
      quality: quality as FieldReading['quality'],
      unit,
    })),
  }
}

/** What is left of readings that have to go: of each point that its values are missing from the first of them on. */
export function shrinkReadings(records: readonly Buffer[]): readonly Buffer[] {
  const bySource = new Map<string, ReadingRecord & { readonly first: Map<string, FieldReading> }>()
  for (const record of records) {
    const { site, source, readings } = decodeReadings(record)
    const key = JSON.stringify([site, source])
    const known = bySource.get(key) ?? { site, source, readings: [], first: new Map<string, FieldReading>() }
    bySource.set(key, known)
    for (const reading of readings) {
      const first = known.first.get(reading.ref)
      if (!first || reading.timestampMs < first.timestampMs) known.first.set(reading.ref, reading)
    }
  }
  return [...bySource.values()].map(({ site, source, first }) =>
    encodeReadings({
      site,
      source,
      readings: [...first.values()].map((reading) => ({ ...reading, value: Number.NaN, quality: codes.missing })),
    }),
  )
}
