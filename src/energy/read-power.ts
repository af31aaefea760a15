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
export async function readWhole(
  frame: Frame,
  data: DataPort,
  { source, unit, path, what }: Wanted,
): Promise<Float64Array> {
  const { grid, site } = frame
  const { values } = await data.series(site, { source, grid, unit, path })
  const place = { file: site.source.file, path }
  const when = (step: number): string => formatIso(stepStartMs(grid, step), site.zone)
  const gap = values.findIndex(Number.isNaN)
  if (gap >= 0) {
    const missing = values.reduce((count, value) => count + Number(Number.isNaN(value)), 0)
    throw energyErrors.missingData({
      detail: `${what} is missing in ${missing} of ${grid.count} steps, first at ${when(gap)}`,
      place,
      expected: 'a value for every step of the plan',
    })
  }
  const largest = values.reduce((most, value) => Math.max(most, value), 0)
  const below = values.findIndex((value) => value < -ownUseShare * largest)
  if (below >= 0) {
    throw energyErrors.belowZero({
      detail: `${what} is below zero at ${when(below)}`,
      place,
      found: values[below],
      expected: `0 ${unit} or more`,
    })
  }
  return values.map((value) => Math.max(0, value))
}
