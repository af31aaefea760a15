import { type DataPort, formatIso, type SeriesSource, stepStartMs } from '../kernel/index.ts'
import { energyErrors } from './errors.ts'
import type { Frame } from './frame.ts'

export interface Wanted {
  readonly source: SeriesSource
  readonly unit: string
  readonly path: string
  /** In words, with a capital: `The demand`. */
  readonly what: string
}

/** Meters of sources that stand still show a little own use: up to this share of the largest value counts as zero. */
const ownUseShare = 0.01

/**
 * A series without which no plan can be made: complete and not below zero.
 *
 * @throws `energy.missing-data` with the first gap, `energy.below-zero` with the first value
 */
export async function readWhole(frame: Frame, data: DataPort, wanted: Wanted): Promise<Float64Array> {
  const values = await readComplete(frame, data, wanted)
  const largest = values.reduce((most, value) => Math.max(most, value), 0)
  const below = values.findIndex((value) => value < -ownUseShare * largest)
  if (below >= 0) {
    throw energyErrors.belowZero({
      detail: `${wanted.what} is below zero at ${formatIso(stepStartMs(frame.grid, below), frame.site.zone)}`,
      place: { file: frame.site.source.file, path: wanted.path },
      found: values[below],
      expected: `0 ${wanted.unit} or more`,
    })
  }
  return values.map((value) => Math.max(0, value))
}

/**
 * A series of any sign that has a value in every step, such as a temperature.
 *
 * @throws `energy.missing-data` with the first gap
 */
export async function readComplete(
  frame: Frame,
  data: DataPort,
  { source, unit, path, what }: Wanted,
): Promise<Float64Array> {
  const { grid, site } = frame
  const { values } = await data.series(site, { source, grid, unit, path })
  const gap = values.findIndex(Number.isNaN)
  if (gap < 0) return values
  const missing = values.reduce((count, value) => count + Number(Number.isNaN(value)), 0)
  throw energyErrors.missingData({
    detail: `${what} is missing in ${missing} of ${grid.count} steps, first at ${formatIso(stepStartMs(grid, gap), site.zone)}`,
    place: { file: site.source.file, path },
    expected: 'a value for every step of the plan',
  })
}
