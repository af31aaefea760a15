import { earliestMs, latestMs, quality, qualityNames } from '../../kernel/index.ts'
import { storeErrors } from '../errors.ts'
import type { ObservationBatch } from './observation-batch.ts'
import type { Observation } from './observation-types.ts'

export const maxNameLength = 200

/** @throws `store.bad-observation` for the first row that cannot be stored */
export function checkBatch(batch: ObservationBatch): void {
  if (!checkedLists.has(batch.series)) {
    for (const { point, site } of batch.series) {
      if (!isName(point)) throw badName(point)
      if (!isName(site)) throw badName(site)
    }
    checkedLists.add(batch.series)
  }
  for (const source of batch.sources) if (!isName(source)) throw badName(source)
  const { count, series, seriesOf, sourceOf, timestampsMs, values, quality: codes } = batch
  for (let row = 0; row < count; row += 1) {
    const timestampMs = timestampsMs[row]!
    const value = values[row]!
    const code = codes[row]!
    const fine =
      Number.isInteger(timestampMs) &&
      timestampMs >= earliestMs &&
      timestampMs < latestMs &&
      (Number.isFinite(value) ? code < quality.missing : Number.isNaN(value) && code === quality.missing) &&
      seriesOf[row]! < series.length &&
      sourceOf[row]! < batch.sources.length
    if (!fine) throw explain(series[seriesOf[row]!]?.point ?? '', timestampMs, value, code)
  }
}

/** Lists of series whose names are names; a list is not changed. */
const checkedLists = new WeakSet<ObservationBatch['series']>()

/** Text that every engine keeps as it is: PostgreSQL has no character zero. */
const isName = (name: string): boolean => name !== '' && name.length <= maxNameLength && !name.includes('\u0000')

function badName(name: string): Error {
  return storeErrors.badObservation({
    detail: 'The name is not one of a point, a site or a source',
    found: name.slice(0, 100),
    expected: `1 to ${maxNameLength} characters, none of them U+0000`,
  })
}

function explain(point: string, timestampMs: number, value: number, code: number): Error {
  const refuse = (detail: string, found: unknown, expected: string) =>
    storeErrors.badObservation({ detail, place: { path: point }, found, expected })
  if (!Number.isInteger(timestampMs) || timestampMs < earliestMs || timestampMs >= latestMs) {
    return refuse('The event time is not plausible', timestampMs, 'whole milliseconds between 1980 and 2200')
  }
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY) {
    return refuse('The value is not finite', String(value), 'a finite number, or missing')
  }
  if (qualityNames[code] === undefined) return refuse('The quality is unknown', code, '0 to 4')
  return refuse('Value and quality contradict each other', code, 'quality missing exactly where there is no value')
}

/** Observations one by one as a batch. */
export function batchOf(observations: readonly Observation[]): ObservationBatch {
  const count = observations.length
  const series: { site: string; point: string; unit: string }[] = []
  const seriesAt = new Map<string, number>()
  const sources: string[] = []
  const sourceAt = new Map<string, number>()
  const batch = {
    count,
    series,
    sources,
    seriesOf: new Uint32Array(count),
    sourceOf: new Uint16Array(count),
    timestampsMs: new Float64Array(count),
    values: new Float64Array(count),
    quality: new Uint8Array(count),
  }
  observations.forEach(({ site, point, unit, source, timestampMs, value, quality: code }, row) => {
    const key = `${site}\u0000${point}\u0000${unit}`
    if (!seriesAt.has(key)) seriesAt.set(key, series.push({ site, point, unit }) - 1)
    if (!sourceAt.has(source)) sourceAt.set(source, sources.push(source) - 1)
    batch.seriesOf[row] = seriesAt.get(key)!
    batch.sourceOf[row] = sourceAt.get(source)!
    batch.timestampsMs[row] = timestampMs
    batch.values[row] = value
    batch.quality[row] = code
  })
  return batch
}
