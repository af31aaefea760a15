import { type DataPort, quality, type Site, type TimeGrid } from '../../../kernel/index.ts'
import { powerSource } from './power-source.ts'

/** Steps of means: a settlement quarter of an hour. */
export const powerStepMs = 900_000
/** Time read at once: with a value a second it stays below what one answer of the store carries. */
const chunkMs = 2 * 86_400_000

/** Means of a power over quarters of an hour; NaN is missing. */
export interface PowerSteps {
  readonly grid: TimeGrid
  readonly powerKw: Float64Array
  readonly quality: Uint8Array
}

/**
 * What a point of power measured between two moments.
 *
 * @param path place of the row, for messages
 * @throws what the data port throws: another unit than one of power
 */
export async function readPower(
  data: DataPort,
  site: Site,
  {
    meter,
    fromMs,
    toMs,
    path,
  }: { readonly meter: string; readonly fromMs: number; readonly toMs: number; readonly path: string },
): Promise<PowerSteps> {
  const count = Math.round((toMs - fromMs) / powerStepMs)
  const powerKw = new Float64Array(count)
  const marks = new Uint8Array(count).fill(quality.missing)
  const read = powerSource(data, site, meter, path)
  const chunk = chunkMs / powerStepMs
  for (let at = 0; at < count; at += chunk) {
    const grid = { startMs: fromMs + at * powerStepMs, stepMs: powerStepMs, count: Math.min(chunk, count - at) }
    const series = await read(grid)
    powerKw.set(series.values, at)
    marks.set(series.quality, at)
  }
  return { grid: { startMs: fromMs, stepMs: powerStepMs, count }, powerKw, quality: marks }
}
