import { MangroveError, type Place } from '../errors.ts'
import { kernelErrors } from '../kernel-errors.ts'
import type { SeriesRequest } from '../ports/data.ts'
import type { Site } from '../site/model.ts'
import type { FileSource, SeriesSource, SeriesValues } from '../site/series-source.ts'
import { parseDuration } from '../time/duration.ts'
import { type TimeGrid, uniformGrids } from '../time/grid.ts'
import { parseInstant } from '../time/zone.ts'
import { conversion, inCurrency } from '../units/index.ts'
import { readFileSeries } from './file-series.ts'
import { constantOnGrid, profileOnGrid, seriesOfSegments, seriesOfValues, uniformOnGrid } from './on-grid.ts'
import type { Series } from './series.ts'
import { sourceConversion } from './source-unit.ts'
import type { UniformValues } from './uniform.ts'

export interface SeriesReaderPorts {
  /** Text of a file that the site names. */
  readText(site: Site, file: string): Promise<string>
  /** Means of a stored point on a grid, with the unit they are stored in; absent where no store is at hand. */
  readonly observed?: (site: Site, point: string, grid: TimeGrid) => Promise<Series>
}

/** Files that stay parsed; a site has a handful. */
const keptFiles = 16

/**
 * Brings any source of a site file onto a grid, in the unit asked for. Parsed files are kept while their text is the
 * same, so that planning again costs no parsing.
 */
export function createSeriesReader(ports: SeriesReaderPorts): (site: Site, request: SeriesRequest) => Promise<Series> {
  const parsed = new Map<string, { readonly text: string; readonly values: UniformValues }>()

  async function fileValues(site: Site, source: FileSource): Promise<UniformValues> {
    const text = await ports.readText(site, source.file)
    const key = JSON.stringify([site.source.file, source.file, source.column, source.time, source.step, site.zone])
    const known = parsed.get(key)
    if (known?.text === text) return known.values
    const values = readFileSeries(source, text, site.zone)
    parsed.delete(key)
    parsed.set(key, { text, values })
    const [oldest] = parsed.keys()
    if (parsed.size > keptFiles && oldest !== undefined) parsed.delete(oldest)
    return values
  }

  const readUniform = async (
    site: Site,
    { source, unit: asked, path }: SeriesRequest,
    grid: TimeGrid,
  ): Promise<Series> => {
    const unit = inCurrency(asked, site.currency)
    try {
      if (typeof source === 'number') return constantOnGrid(source, grid, unit)
      if (isProfile(source)) return profileOnGrid(source, grid, unit, site.zone)
      if ('observation' in source) return await observedOnGrid(ports, site, source.observation, grid, unit)
      if ('values' in source) return inlineOnGrid(source, grid, unit, site.zone)
      if ('file' in source) {
        const values = await fileValues(site, source)
        const { scale, offset } = sourceConversion(source, unit, values.stepMs)
        return uniformOnGrid(values, grid, unit, { align: source.align ?? 'none', zone: site.zone, scale, offset })
      }
    } catch (error) {
      throw error instanceof MangroveError ? placed(error, { file: site.source.file, path }) : error
    }
    throw kernelErrors.badSeries({ detail: 'This is no source of a series', place: { path }, found: source })
  }

  return async (site, request) => {
    const parts: Series[] = []
    for (const grid of uniformGrids(request.grid)) parts.push(await readUniform(site, request, grid))
    return seriesOfSegments(request.grid, parts)
  }
}

const isProfile = (source: SeriesSource): source is readonly number[] => Array.isArray(source)

/** Adds where in the site file the source stands to problems that do not say it. */
function placed(error: MangroveError, place: Place): MangroveError {
  return new MangroveError(
    error.problems.map((problem) => ({
      ...problem,
      place:
        problem.place?.file === undefined ? place : { ...problem.place, path: problem.place.path ?? place.path ?? '' },
    })),
    { cause: error },
  )
}

function inlineOnGrid(source: SeriesValues, grid: TimeGrid, unit: string, zone: string): Series {
  const values: UniformValues = {
    startMs: parseInstant(source.start, zone),
    stepMs: parseDuration(source.step),
    values: Float64Array.from(source.values, (value) => value ?? Number.NaN),
  }
  return uniformOnGrid(values, grid, unit, { align: 'none', zone, ...conversion(source.unit ?? unit, unit) })
}

async function observedOnGrid(
  ports: SeriesReaderPorts,
  site: Site,
  point: string,
  grid: TimeGrid,
  unit: string,
): Promise<Series> {
  if (!ports.observed) {
    throw kernelErrors.badSeries({
      detail: 'Observations are kept by a data folder; none is open here',
      found: point,
      expected: 'a file, values or a number',
    })
  }
  const series = await ports.observed(site, point, grid)
  if (series.values.every(Number.isNaN)) return { ...seriesOfValues(grid, unit, series.values, 0) }
  const { scale, offset } = conversion(series.unit, unit)
  return { ...series, unit, values: series.values.map((value) => value * scale + offset) }
}
