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
 * Observations as a message: typed arrays are handed over. A series that was told before is told by its number, a new
 * one in one text with the others, for a hundred thousand objects would hold up who receives them.
 */
export interface PackedObservations extends Omit<ParsedObservations, 'batch'> {
  readonly batch: Omit<ObservationBatch, 'series' | 'sources'>
  /** Number of each series. */
  readonly series: Uint32Array
  /** Names of those that follow on from `known` that were told before; 0 known: all before are forgotten. */
  readonly names: string
  readonly known: number
  readonly sources: string
}

/** No name has a control character. */
const separator = '\n'

/** Series that both sides remember. */
const mostTold = 250_000

/** Tells series to one receiver, who {@link createUnpacking | unpacks} all that is told in this order. */
export function createPacking(most = mostTold) {
  const told = new Map<BatchSeries, number>()
  return ({
    batch,
    ...rest
  }: ParsedObservations): {
    readonly packed: PackedObservations
    readonly transfer: readonly ArrayBuffer[]
  } => {
    const { series, sources, ...columns } = batch
    if (told.size > most) told.clear()
    const known = told.size
    const numbers = new Uint32Array(series.length)
    const names: string[] = []
    for (let index = 0; index < series.length; index += 1) {
      const one = series[index]!
      let number = told.get(one)
      if (number === undefined) {
        number = told.size
        told.set(one, number)
        names.push(one.site, one.point, one.unit ?? '')
      }
      numbers[index] = number
    }
    const { seriesOf, sourceOf, timestampsMs, values, quality } = columns
    const arrays = [numbers, seriesOf, sourceOf, timestampsMs, values, quality]
    return {
      packed: {
        ...rest,
        batch: columns,
        series: numbers,
        names: names.join(separator),
        known,
        sources: sources.join(separator),
      },
      transfer: arrays.map(({ buffer }) => buffer as ArrayBuffer),
    }
  }
}

/** Series that are made in one turn of the event loop: a few milliseconds at most. */
const seriesATurn = 4096

/** Makes observations of messages again: a series is one object in all of them, and a list of series one list. */
export function createUnpacking() {
  let told: BatchSeries[] = []
  const lists = createSeriesLists()
  let before: Promise<unknown> = Promise.resolve()

  /** In turns: the next message waits for the names of this one. */
  const learn = async (names: string): Promise<void> => {
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
      told.push(unit === '' ? { site, point } : { site, point, unit })
      if (told.length % seriesATurn === 0) await nextTurn()
    }
  }
  const unpack = async (packed: PackedObservations): Promise<ParsedObservations> => {
    const { batch, series: numbers, names, known, sources, ...rest } = packed
    if (known === 0) {
      told = []
      lists.clear()
    }
    if (names !== '') await learn(names)
    const series = lists.of(numbers, told)
    return { batch: { ...batch, series, sources: sources === '' ? [] : sources.split(separator) }, ...rest }
  }
  return (packed: PackedObservations): Promise<ParsedObservations> => {
    const unpacked = before.then(() => unpack(packed))
    before = unpacked
    return unpacked
  }
}

/** Numbers in all lists that are remembered. */
const mostListed = 1_000_000

/**
 * Lists of series by their numbers. A meter or gateway names the same ones in each body: who gets the same list again
 * need not look at its names.
 */
function createSeriesLists() {
  const lists = new Map<number, { readonly numbers: Uint32Array; readonly series: readonly BatchSeries[] }>()
  let listed = 0
  const clear = (): void => {
    lists.clear()
    listed = 0
  }
  return {
    clear,
    of(numbers: Uint32Array, told: readonly BatchSeries[]): readonly BatchSeries[] {
      let hash = numbers.length
      for (let index = 0; index < numbers.length; index += 1) hash = Math.imul(hash ^ numbers[index]!, 0x01000193)
      const known = lists.get(hash)
      if (known && isSame(known.numbers, numbers)) return known.series
      const series = new Array<BatchSeries>(numbers.length)
      for (let index = 0; index < numbers.length; index += 1) series[index] = told[numbers[index]!]!
      if (listed + numbers.length > mostListed) clear()
      if (!known) listed += numbers.length
      lists.set(hash, { numbers, series })
      return series
    },
  }
}

function isSame(a: Uint32Array, b: Uint32Array): boolean {
  if (a.length !== b.length) return false
  for (let index = 0; index < a.length; index += 1) if (a[index] !== b[index]) return false
  return true
}
