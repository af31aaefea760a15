import fc from 'fast-check'
import { earliestMs, latestMs, qualityNames } from '../../kernel/index.ts'
import type { ObservationBatch } from '../../store/index.ts'
import type { ObservationFormat, ParsedObservations } from './observation-format.ts'
import { defaultLimits, type ParseContext } from './observation-format.ts'
import { parseObservations } from './parse-observations.ts'

export const context: ParseContext = {
  site: 'park',
  source: 'gateway',
  receivedMs: Date.UTC(2026, 6, 6),
  limits: defaultLimits,
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

export const parse = (
  format: ObservationFormat,
  body: string | Uint8Array,
  own: Partial<ParseContext> = {},
): ParsedObservations =>
  parseObservations(format, typeof body === 'string' ? bytesOf(body) : body, { ...context, ...own })

/** One observation as a sender means it. */
export interface Told {
  readonly point: string
  readonly ms: number
  /** NaN = missing. */
  readonly value: number
  readonly unit: string | undefined
  readonly quality: string
  readonly source: string
  readonly site: string
}

/** Rows of a batch, with their names. */
export const rowsOf = ({
  count,
  series,
  sources,
  seriesOf,
  sourceOf,
  timestampsMs,
  values,
  quality,
}: ObservationBatch): Told[] =>
  Array.from({ length: count }, (_, row) => {
    const { site, point, unit } = series[seriesOf[row]!]!
    return {
      site,
      point,
      unit,
      ms: timestampsMs[row]!,
      value: values[row]!,
      quality: qualityNames[quality[row]!]!,
      source: sources[sourceOf[row]!]!,
    }
  })

/** The codes of what was refused, with their lines or paths. */
export const refusals = ({
  refused,
}: ParsedObservations): readonly (readonly [string, string | number | undefined])[] =>
  refused.map(({ code, place }) => [code, place?.line ?? place?.path])

/** Names as people and machines make them: with separators, quotes and signs of all formats. */
export const anyName: fc.Arbitrary<string> = fc
  .oneof(
    fc.constantFrom(
      'battery.soc',
      'a.b',
      '__proto__',
      'constructor.x',
      'toString',
      '电池.soc',
      'x,y.z',
      'q"u.o',
      "it's.k",
      '🍭.on',
    ),
    fc.string({ minLength: 1, maxLength: 12, unit: 'grapheme' }),
    fc.stringMatching(/^[a-z]{1,6}\.[a-zA-Z]{1,8}$/),
  )
  .filter((name) => name.trim() === name && name !== '' && !/[\p{Cc}\u2028\u2029]/u.test(name))

export const anyValue: fc.Arbitrary<number> = fc.oneof(
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.integer({ min: -1e6, max: 1e6 }).map((value) => value / 100),
)

export const anyMs: fc.Arbitrary<number> = fc.integer({ min: earliestMs, max: latestMs - 1 })

export const anyTold: fc.Arbitrary<Told> = fc
  .record({
    point: anyName,
    ms: anyMs,
    value: fc.option(anyValue, { nil: Number.NaN, freq: 6 }),
    unit: fc.option(fc.constantFrom('kW', '°C', 'kWh/(m2·d)', '%'), { nil: undefined }),
    quality: fc.constantFrom('good', 'estimated', 'synthetic', 'suspect'),
    source: fc.oneof(fc.constant('gateway'), anyName),
    site: fc.oneof(fc.constant('park'), anyName),
  })
  .map((told) => (Number.isNaN(told.value) ? { ...told, quality: 'missing' } : told))

/** A number as a text that is the same number again. */
export const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))
