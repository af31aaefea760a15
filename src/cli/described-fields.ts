import type { TSchema } from 'typebox'
import type { SeriesSource } from '../kernel/index.ts'

/** A quantity that a schema names, as found in a document. */
export interface FoundQuantity {
  readonly path: string
  readonly value: number
  readonly unit: string
}

/** A series that a schema names, as found in a document. */
export interface FoundSeries {
  readonly path: string
  readonly source: SeriesSource
  readonly unit: string
}

type Annotated = TSchema & {
  readonly properties?: Readonly<Record<string, Annotated>>
  readonly default?: unknown
  readonly 'x-unit'?: string
  readonly 'x-series'?: string
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Quantities at the top of a document that have no default: the ones its author had to decide. */
export function decidedQuantities(schema: TSchema, document: unknown): readonly FoundQuantity[] {
  if (!isRecord(document)) return []
  return Object.entries((schema as Annotated).properties ?? {}).flatMap(([path, field]) => {
    const value = document[path]
    const unit = field['x-unit']
    return unit !== undefined && field.default === undefined && typeof value === 'number' ? [{ path, value, unit }] : []
  })
}

/** All series of a document, however deep. */
export function seriesIn(schema: TSchema, document: unknown, path: string): readonly FoundSeries[] {
  const { properties, 'x-series': unit } = schema as Annotated
  if (document === undefined) return []
  if (unit !== undefined) return [{ path, source: document as SeriesSource, unit }]
  if (!properties || !isRecord(document)) return []
  return Object.entries(properties).flatMap(([name, field]) => seriesIn(field, document[name], `${path}.${name}`))
}
