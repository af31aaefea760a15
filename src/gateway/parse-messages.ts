import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Problem } from '../kernel/index.ts'
import type { BatchSeries, ObservationBatch } from '../store/index.ts'
import type { ContentEncoding } from './decompress.ts'
import type { ObservationFormat, ParseContext, ParsedObservations } from './formats/index.ts'

/** A body to read, as it came. */
export interface ParseRequest {
  readonly format: ObservationFormat
  readonly encoding: ContentEncoding
  /** Given away where it fills its buffer: do not use it any more. */
  readonly bytes: Uint8Array
  readonly context: ParseContext
}

/** What a thread is told. */
export interface ParseTask extends ParseRequest {
  readonly id: number
}

/** What a thread answers. */
export type ParseReply =
  | { readonly id: number; readonly kind: 'parsed'; readonly parsed: PackedObservations }
  | { readonly id: number; readonly kind: 'refused'; readonly problems: readonly Problem[] }
  | { readonly id: number; readonly kind: 'failed'; readonly message: string }

/**
 * Observations as a message: typed arrays are handed over, and names are one text, for a hundred thousand objects
 * would hold up who receives them.
 */
export interface PackedObservations extends Omit<ParsedObservations, 'batch'> {
  readonly batch: Omit<ObservationBatch, 'series' | 'sources'>
  readonly series: string
  readonly sources: string
}

/** No name has a control character. */
const separator = '\n'

export function packObservations({ batch, ...rest }: ParsedObservations): {
  readonly packed: PackedObservations
  readonly transfer: readonly ArrayBuffer[]
} {
  const { series, sources, ...columns } = batch
  const names = series.map(({ site, point, unit }) => [site, point, unit ?? ''].join(separator)).join(separator)
  const arrays = [columns.seriesOf, columns.sourceOf, columns.timestampsMs, columns.values, columns.quality]
  return {
    packed: { ...rest, batch: columns, series: names, sources: sources.join(separator) },
    transfer: arrays.map(({ buffer }) => buffer as ArrayBuffer),
  }
}

/** Series that are made in one turn of the event loop: a few milliseconds at most. */
const seriesATurn = 8192

/** Observations from a message, in turns. */
export async function unpackObservations(packed: PackedObservations): Promise<ParsedObservations> {
  const { batch, series: names, sources, ...rest } = packed
  const series: BatchSeries[] = []
  let at = 0
  const next = (): string => {
    const found = names.indexOf(separator, at)
    const end = found < 0 ? names.length : found
    const text = names.slice(at, end)
    at = end + 1
    return text
  }
  while (at < names.length) {
    const [site, point, unit] = [next(), next(), next()]
    series.push(unit === '' ? { site, point } : { site, point, unit })
    if (series.length % seriesATurn === 0) await nextTurn()
  }
  return { batch: { ...batch, series, sources: sources === '' ? [] : sources.split(separator) }, ...rest }
}
