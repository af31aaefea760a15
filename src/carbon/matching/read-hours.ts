import type { DataPort, SeriesSource, Site, TimeGrid } from '../../kernel/index.ts'
import { powerSource } from '../account/metered/power-source.ts'

/** Hours of a point that are read at once: with a value a second they stay below what one answer of the store carries. */
const chunkHours = 48

/**
 * Values of a source on the hours of a grid; NaN is missing. A point of the data folder may be one that the site computes.
 *
 * @param path place of the source, for messages
 */
export async function readHours(
  data: DataPort,
  site: Site,
  { source, unit, path }: { readonly source: SeriesSource; readonly unit: string; readonly path: string },
  grid: TimeGrid,
): Promise<Float64Array> {
  if (typeof source !== 'object' || !('observation' in source)) {
    return (await data.series(site, { source, grid, unit, path })).values
  }
  const read =
    unit === 'kW'
      ? powerSource(data, site, source.observation, path)
      : (part: TimeGrid) => data.series(site, { source, grid: part, unit, path })
  const values = new Float64Array(grid.count)
  for (let at = 0; at < grid.count; at += chunkHours) {
    const startMs = grid.startMs + at * grid.stepMs
    const part = await read({ startMs, stepMs: grid.stepMs, count: Math.min(chunkHours, grid.count - at) })
    values.set(part.values, at)
  }
  return values
}
