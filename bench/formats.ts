// A million observations in each format through its parser, on one thread: bytes in, columns out. Time is that of the thread on
// its processor, to which other work of the machine adds nothing. Prints figures, asserts nothing.
import { compress } from 'snappyjs'
import { remoteWriteBody } from '../src/gateway/formats/remote-write.fixture.ts'
import { type ContentEncoding, defaultLimits, type ObservationFormat, type ParseContext } from '../src/gateway/index.ts'
import { parseBody } from '../src/gateway/parse-body.ts'
import { figure, percentile, report } from './report.ts'

const rows = 1_000_000
const points = 1000
const runs = 5
const startMs = Date.UTC(2026, 6, 6)
const context: ParseContext = {
  site: 'liyang-park',
  source: 'gateway',
  receivedMs: startMs,
  limits: { ...defaultLimits, maxBytes: 2 ** 28 },
}

const names = Array.from({ length: points }, (_, index) => `meter-${index}.powerKw`)
const stampOf = (row: number): number => startMs + Math.floor(row / points) * 10_000
/** Values as meters have them: a sign, up to four digits and two places. */
const valueAt = (row: number): number => Math.round(100 * (500 * Math.sin(row / 97) + ((row * 7919) % 1000))) / 100

const lines = (write: (name: string, row: number) => string): Uint8Array => {
  const parts: string[] = []
  for (let row = 0; row < rows; row += 1) parts.push(write(names[row % points]!, row))
  return new TextEncoder().encode(parts.join('\n'))
}
const iso = (row: number): string => new Date(stampOf(row)).toISOString()

function columns(): Uint8Array {
  const byPoint = names.map((name, index) => {
    const own = Array.from({ length: rows / points }, (_, step) => step * points + index)
    return [name, { unit: 'kW', timestampsMs: own.map(stampOf), values: own.map(valueAt) }] as const
  })
  return new TextEncoder().encode(JSON.stringify({ points: Object.fromEntries(byPoint) }))
}

function wide(): Uint8Array {
  const parts = [`time,${names.join(',')}`]
  for (let row = 0; row < rows; row += points) {
    parts.push(`${iso(row)},${names.map((_, index) => valueAt(row + index)).join(',')}`)
  }
  return new TextEncoder().encode(parts.join('\n'))
}

/** Remote write as Prometheus sends it: a series with five labels for each sample. */
const scraped = (): Uint8Array =>
  compress(
    remoteWriteBody(
      Array.from({ length: rows }, (_, row) => ({
        labels: {
          __name__: 'powerKw',
          asset: `meter-${row % points}`,
          instance: '10.0.0.7:9100',
          job: 'meters',
          unit: 'kW',
        },
        samples: [{ value: valueAt(row), timestampMs: stampOf(row) }],
      })),
    ),
  )

interface Case {
  readonly name: string
  /** Absent: one body of a million. A body of a thousand rows has each series once, which is the dearest. */
  readonly rowsABody?: number
  readonly format: ObservationFormat
  readonly encoding?: ContentEncoding
  readonly goalRows: number
  readonly body: () => Uint8Array
}
const cases: readonly Case[] = [
  {
    name: 'line protocol',
    format: 'line-protocol',
    goalRows: 1.5e6,
    body: () => lines((name, row) => `${name.split('.')[0]},unit=kW powerKw=${valueAt(row)} ${stampOf(row)}000000`),
  },
  {
    name: 'line protocol, a thousand a body',
    format: 'line-protocol',
    rowsABody: points,
    goalRows: 3e5,
    body: () => lines((name, row) => `${name.split('.')[0]},unit=kW powerKw=${valueAt(row)} ${stampOf(row)}000000`),
  },
  { name: 'JSON by columns', format: 'json', goalRows: 2e6, body: columns },
  {
    name: 'JSON by rows',
    format: 'json',
    goalRows: 5e5,
    body: () =>
      new TextEncoder().encode(
        `{"observations":[${new TextDecoder().decode(lines((point, row) => JSON.stringify({ point, time: iso(row), value: valueAt(row) }))).replaceAll('\n', ',')}]}`,
      ),
  },
  {
    name: 'NDJSON',
    format: 'ndjson',
    goalRows: 1e6,
    body: () => lines((point, row) => JSON.stringify({ point, time: iso(row), value: valueAt(row), unit: 'kW' })),
  },
  {
    name: 'NDJSON, values of 17 digits',
    format: 'ndjson',
    goalRows: 1e6,
    body: () => lines((point, row) => JSON.stringify({ point, timestampMs: stampOf(row), value: valueAt(row) / 3 })),
  },
  {
    name: 'CSV, long form',
    format: 'csv',
    goalRows: 1e6,
    body: () => lines((name, row) => (row === 0 ? 'time,point,value,unit' : `${iso(row)},${name},${valueAt(row)},kW`)),
  },
  { name: 'CSV, wide form', format: 'csv', goalRows: 1e6, body: wide },
  { name: 'remote write 1.0 with snappy', format: 'remote-write', encoding: 'snappy', goalRows: 1e6, body: scraped },
]

/** The lines of a body in bodies of `count` each. */
function linesOf(bytes: Uint8Array, count: number): readonly Uint8Array[] {
  const all = new TextDecoder().decode(bytes).split('\n')
  return Array.from({ length: all.length / count }, (_, part) =>
    new TextEncoder().encode(all.slice(part * count, (part + 1) * count).join('\n')),
  )
}

report(
  'formats',
  cases.map(({ name, format, encoding = 'identity', rowsABody, goalRows, body }) => {
    const bytes = body()
    const bodies = rowsABody === undefined ? [bytes] : linesOf(bytes, rowsABody)
    const times: number[] = []
    let read = 0
    for (let run = 0; run < runs; run += 1) {
      const begin = process.threadCpuUsage()
      read = 0
      for (const part of bodies) {
        const { batch, refusedCount } = parseBody({ format, encoding, bytes: part, context })
        if (refusedCount > 0) throw new Error(`${name}: ${refusedCount} rows were refused`)
        read += batch.count
      }
      const { user, system } = process.threadCpuUsage(begin)
      times.push((user + system) / 1000)
    }
    const tookMs = percentile(times.slice(1), 0.5)
    const rate = (read / tookMs / 1000).toFixed(2)
    const note = `${rate} M rows/s, ${(bytes.length / 1e6).toFixed(0)} MB; median of ${runs - 1} after the first`
    return figure(`a million rows of ${name}`, { value: (tookMs * 1e6) / read, goal: Math.round(1e9 / goalRows), note })
  }),
)
