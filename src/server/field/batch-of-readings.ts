import type { FieldReading } from '../../gateway/index.ts'
import type { BatchSeries, ObservationBatch } from '../../store/index.ts'

/** Makes batches of readings of one source; a series is one object in all of them. */
export function createReadingBatches(
  site: string,
  source: string,
): (readings: readonly FieldReading[]) => ObservationBatch {
  const known = new Map<string, BatchSeries>()
  const sources = [source]
  const seriesFor = ({ ref, unit }: FieldReading): BatchSeries => {
    const found = known.get(ref)
    if (found?.unit === unit) return found
    const made = { site, point: ref, unit }
    known.set(ref, made)
    return made
  }
  return (readings) => {
    const count = readings.length
    const series: BatchSeries[] = []
    const placeOf = new Map<BatchSeries, number>()
    const batch = {
      ...{ count, series, sources },
      seriesOf: new Uint32Array(count),
      sourceOf: new Uint16Array(count),
      timestampsMs: new Float64Array(count),
      values: new Float64Array(count),
      quality: new Uint8Array(count),
    }
    for (let row = 0; row < count; row += 1) {
      const reading = readings[row]!
      const one = seriesFor(reading)
      const place = placeOf.get(one) ?? series.push(one) - 1
      placeOf.set(one, place)
      batch.seriesOf[row] = place
      batch.timestampsMs[row] = reading.timestampMs
      batch.values[row] = reading.value
      batch.quality[row] = reading.quality
    }
    return batch
  }
}
