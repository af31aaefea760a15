import type { FileSource } from '../site/series-source.ts'
import { type StepGrid, stepStartMs, type TimeGrid } from '../time/grid.ts'
import { localParts } from '../time/zone.ts'
import { createAligner } from './align.ts'
import { quality } from './quality.ts'
import type { Series } from './series.ts'
import { coversTime, meanBetween, type UniformValues } from './uniform.ts'

/** A series where NaN is missing and the rest is of one quality. */
export function seriesOfValues(grid: StepGrid, unit: string, values: Float64Array, known: number): Series {
  return {
    grid,
    unit,
    values,
    quality: Uint8Array.from(values, (value) => (Number.isNaN(value) ? quality.missing : known)),
  }
}

/** One value for every step. */
export const constantOnGrid = (value: number, grid: TimeGrid, unit: string): Series =>
  seriesOfValues(grid, unit, new Float64Array(grid.count).fill(value), quality.good)

/** A daily profile: `n` values share the local day by the clock. Said, not measured: `estimated`. */
export function profileOnGrid(profile: readonly number[], grid: TimeGrid, unit: string, zone: string): Series {
  const day: UniformValues = {
    startMs: 0,
    stepMs: 86_400_000 / profile.length,
    values: Float64Array.from([...profile, ...profile]),
  }
  const values = new Float64Array(grid.count)
  for (let k = 0; k < grid.count; k += 1) {
    const local = localParts(stepStartMs(grid, k), zone)
    const fromMs = (local.hour * 60 + local.minute) * 60_000 + (stepStartMs(grid, k) % 60_000)
    values[k] = meanBetween(day, fromMs, fromMs + grid.stepMs)
  }
  return seriesOfValues(grid, unit, values, quality.estimated)
}

/** Series of the segments of a grid, read one by one, as one. */
export function seriesOfSegments(grid: StepGrid, parts: readonly Series[]): Series {
  const [only] = parts
  if (only && parts.length === 1) return only
  const values = new Float64Array(grid.count)
  const marks = new Uint8Array(grid.count)
  let from = 0
  for (const part of parts) {
    values.set(part.values, from)
    marks.set(part.quality, from)
    from += part.values.length
  }
  return { grid, unit: only?.unit ?? '', values, quality: marks }
}

export interface Placement {
  readonly align: NonNullable<FileSource['align']>
  readonly zone: string
  /** Brings the values to the unit asked for: `value · scale + offset`. */
  readonly scale: number
  readonly offset: number
}

/** Values of a file or list on a grid; what another year lends is `estimated`. */
export function uniformOnGrid(source: UniformValues, grid: TimeGrid, unit: string, placement: Placement): Series {
  const { align, zone, scale, offset } = placement
  const values = new Float64Array(grid.count)
  const marks = new Uint8Array(grid.count)
  const middleMs = source.startMs + (source.stepMs * source.values.length) / 2
  const toDonor = align === 'none' ? undefined : createAligner(align, localParts(middleMs, zone).year, zone)
  for (let k = 0; k < grid.count; k += 1) {
    const fromMs = stepStartMs(grid, k)
    const lent = toDonor !== undefined && !coversTime(source, fromMs, fromMs + grid.stepMs)
    const beginMs = lent ? toDonor(fromMs) : fromMs
    const value = meanBetween(source, beginMs, beginMs + grid.stepMs) * scale + offset
    values[k] = value
    marks[k] = Number.isNaN(value) ? quality.missing : lent ? quality.estimated : quality.good
  }
  return { grid, unit, values, quality: marks }
}
