import type { BatchSeries, ObservationBatch } from '../../store/index.ts'

/** Batches as one, in their order: of several observations with one identity the last counts. */
export function joinBatches(batches: readonly ObservationBatch[]): ObservationBatch {
  if (batches.length === 1) return batches[0]!
  const count = batches.reduce((sum, batch) => sum + batch.count, 0)
  const series: BatchSeries[] = []
  const sources: string[] = []
  const placeOfSeries = new Map<string, number>()
  const placeOfSource = new Map<string, number>()
  const joined = {
    seriesOf: new Uint32Array(count),
    sourceOf: new Uint16Array(count),
    timestampsMs: new Float64Array(count),
    values: new Float64Array(count),
    quality: new Uint8Array(count),
  }
  let at = 0
  for (const batch of batches) {
    const ownSeries = batch.series.map((one) =>
      placeOf(placeOfSeries, JSON.stringify([one.site, one.point, one.unit]), series, one),
    )
    const ownSources = batch.sources.map((one) => placeOf(placeOfSource, one, sources, one))
    for (let row = 0; row < batch.count; row += 1) {
      joined.seriesOf[at + row] = ownSeries[batch.seriesOf[row]!]!
      joined.sourceOf[at + row] = ownSources[batch.sourceOf[row]!]!
    }
    joined.timestampsMs.set(batch.timestampsMs.subarray(0, batch.count), at)
    joined.values.set(batch.values.subarray(0, batch.count), at)
    joined.quality.set(batch.quality.subarray(0, batch.count), at)
    at += batch.count
  }
  return { count, series, sources, ...joined }
}

function placeOf<T>(places: Map<string, number>, key: string, list: T[], one: T): number {
  const found = places.get(key) ?? list.push(one) - 1
  places.set(key, found)
  return found
}
