import type { ElectrolyserAsset } from '../schema/index.ts'
import { hydrogenKwhPerKg } from './hydrogen.ts'

/** A corner of the hydrogen that a load gives: both as shares of the rated electricity, hydrogen by its lower heating value. */
export interface CurvePoint {
  readonly load: number
  readonly hydrogen: number
}

/** Between two corners hydrogen rises in a straight line. */
export interface CurveSegment {
  readonly width: number
  readonly slope: number
}

const hydrogenOf = ([load, kwhPerKg]: readonly [number, number]): CurvePoint => ({
  load,
  hydrogen: (load * hydrogenKwhPerKg) / kwhPerKg,
})

/** The corners from the least load to full load. */
export function curvePoints(asset: Pick<ElectrolyserAsset, 'consumption' | 'minLoad'>): CurvePoint[] {
  const given = asset.consumption.map(hydrogenOf)
  const above = given.filter(({ load }) => load > asset.minLoad + 1e-9)
  return [{ load: asset.minLoad, hydrogen: interpolated(given, asset.minLoad) }, ...above]
}

function interpolated(points: readonly CurvePoint[], load: number): number {
  const right = points.findIndex((point) => point.load >= load - 1e-12)
  const after = points[right < 0 ? points.length - 1 : right]!
  const before = points[right - 1]
  if (!before || after.load === load) return after.hydrogen
  return before.hydrogen + ((after.hydrogen - before.hydrogen) * (load - before.load)) / (after.load - before.load)
}

/** Hydrogen at a load between the least and full load, as a share of the rated electricity. */
export function hydrogenAt(points: readonly CurvePoint[], load: number): number {
  return interpolated(points, Math.min(1, Math.max(points[0]!.load, load)))
}

export const segmentsOf = (points: readonly CurvePoint[]): CurveSegment[] =>
  points.slice(1).map(({ load, hydrogen }, index) => {
    const before = points[index]!
    return { width: load - before.load, slope: (hydrogen - before.hydrogen) / (load - before.load) }
  })

/**
 * The curve of a machine of which any part may run: from nothing straight to its best load, then on along the curve. The
 * convex hull of standing still and running, hence what the relaxation of the integers allows.
 */
export function relaxedPoints(points: readonly CurvePoint[]): CurvePoint[] {
  const best = points.reduce(
    (most, point, index) => (point.hydrogen / point.load > points[most]!.hydrogen / points[most]!.load ? index : most),
    0,
  )
  return [{ load: 0, hydrogen: 0 }, ...points.slice(best)]
}

/** What is wrong with a curve: it has to rise, to bend downwards only, and to reach from the least to full load. */
export function checkCurve(asset: Pick<ElectrolyserAsset, 'consumption' | 'minLoad'>) {
  const { consumption, minLoad } = asset
  const problem = (detail: string, found: unknown, expected: string) => [
    { detail, place: { path: 'consumption' }, found, expected },
  ]
  const loads = consumption.map(([load]) => load)
  if (loads.some((load, index) => index > 0 && load <= loads[index - 1]!)) {
    return problem('The loads of the consumption do not rise', loads.join(', '), 'each load above the one before')
  }
  if (loads[0]! > minLoad + 1e-9 || loads.at(-1) !== 1) {
    return problem(
      'The consumption does not reach from the least load to full load',
      `${loads[0]} to ${loads.at(-1)}`,
      `from ${minLoad} or below to 1`,
    )
  }
  const segments = segmentsOf(curvePoints(asset))
  const wrong = segments.findIndex(
    ({ slope }, index) => slope <= 0 || (index > 0 && slope > segments[index - 1]!.slope + 1e-9),
  )
  if (wrong < 0) return []
  return problem(
    'A further kW must give some hydrogen, and never more than the kW before it',
    `${segments[wrong]!.slope.toFixed(4)} kW of hydrogen per further kW in stretch ${wrong + 1} above the least load`,
    'a consumption per kg that falls with load at most as a fixed auxiliary load makes it fall, then rises',
  )
}
