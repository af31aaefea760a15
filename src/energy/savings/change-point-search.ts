import { goldenSection } from './golden-section.ts'
import { groupedRegression } from './grouped-regression.ts'
import { type Grouping, groupCount, groupsOf, type Term } from './model.ts'
import type { Observations } from './observations.ts'
import { coolingDegrees, heatingDegrees, type Temperatures } from './temperatures.ts'

/** Points that the first search looks at; they lie closer than the 3 °F that CalTRACK 3.2.3 allows. */
const searched = 60
/** Days with degree days that a balance point needs on its side (CalTRACK 3.2.2.2.1). */
const leastDays = 10

/** Which sides a shape has, and which of its points each follows. */
type Side = 'heating' | 'cooling'
const sidesOf: Readonly<Record<'3PH' | '3PC' | '4P' | '5P', readonly (readonly [Side, 0 | 1])[]>> = {
  '3PH': [['heating', 0]],
  '3PC': [['cooling', 0]],
  '4P': [
    ['heating', 0],
    ['cooling', 0],
  ],
  '5P': [
    ['heating', 0],
    ['cooling', 1],
  ],
}
type Pointed = keyof typeof sidesOf

/**
 * The change points of least squares among those whose slopes have a physical sign. Every point, or pair, of a fine raster
 * is tried; between measured temperatures, where the sum of squares is smooth (Hudson 1966), a single point is then looked for
 * wherever the raster leaves room for a better one, and the best pair is sharpened until it moves by less than a microkelvin.
 *
 * @returns one point or two; undefined when the temperatures leave no room for the shape
 */
export function searchChangePoints(
  shape: Pointed,
  grouping: Grouping,
  observations: Observations,
  others: readonly Term[],
): readonly number[] | undefined {
  const { temperatures } = observations
  if (!temperatures) return undefined
  const sorted = temperatures.values.slice().sort()
  const low = sorted[leastDays - 1]
  const high = sorted[sorted.length - leastDays]
  if (low === undefined || high === undefined || !(low < high)) return undefined
  const width = (high - low) / (searched - 1)
  const raster = Float64Array.from({ length: searched }, (_, k) => low + k * width)
  const swept = sweeper(observations, grouping, others)
  if (!swept) return undefined
  const feature = keptFeatures(temperatures, swept)
  const found = searchRaster(shape, raster, swept.target, feature)
  if (!found) return undefined
  const knots = Float64Array.from(new Set(sorted))
  const { best, gains } = found
  const cells = best.length === 1 ? cellsThatMayHold(raster, gains) : undefined
  return sharpen(best, { shape, knots, width, bounds: [low, high], cells, target: swept.target, feature })
}

type Cell = readonly [from: number, to: number]

/** Cells of the raster in which a single point may be best: the gain rises above their ends by less than it bends there. */
function cellsThatMayHold(raster: Float64Array, gains: Float64Array): readonly Cell[] {
  const most = Math.max(...gains)
  const known = gains.map((value) => Math.max(0, value))
  const bend = known.map((value, k) => Math.abs((known[k - 1] ?? value) - 2 * value + (known[k + 1] ?? value)))
  const reached = (k: number): number => known[k]! + Math.max(bend[k]!, bend[k - 1] ?? 0, bend[k + 1] ?? 0)
  return Array.from(raster.subarray(1), (to, k): Cell => [raster[k]!, to]).filter(
    (_, k) => Math.max(reached(k), reached(k + 1)) >= most,
  )
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!
  return sum
}

type Sweep = (values: Float64Array) => Float64Array
interface Swept {
  readonly target: Float64Array
  readonly sweep: Sweep
}

/** Takes groups and further variables out of a column, so that only the slopes are left to find. */
function sweeper(observations: Observations, grouping: Grouping, others: readonly Term[]): Swept | undefined {
  const { weight, rate } = observations
  const group = groupsOf(observations, grouping)
  const groups = groupCount[grouping]
  const columns = others.map((term) => term.values(observations))
  const first = groupedRegression({ weight, group, groups, columns, target: rate })
  if (!first) return undefined
  const root = weight.map(Math.sqrt)
  const sweep: Sweep = (target) => {
    const left =
      columns.length === 0 ? target : groupedRegression({ weight, group, groups, columns, target })!.residuals
    return centred(left, weight, root, group, groups)
  }
  return { target: sweep(rate), sweep }
}

function centred(
  values: Float64Array,
  weight: Float64Array,
  root: Float64Array,
  group: Int32Array,
  groups: number,
): Float64Array {
  const [sums, weights] = [new Float64Array(groups), new Float64Array(groups)]
  for (let i = 0; i < values.length; i += 1) {
    sums[group[i]!]! += weight[i]! * values[i]!
    weights[group[i]!]! += weight[i]!
  }
  const left = new Float64Array(values.length)
  for (let i = 0; i < values.length; i += 1) left[i] = root[i]! * (values[i]! - sums[group[i]!]! / weights[group[i]!]!)
  return left
}

/** The swept degree days of a side at a point; kept, for points come again. */
type FeatureAt = (side: Side, point: number) => Float64Array

function keptFeatures(temperatures: Temperatures, { sweep }: Swept): FeatureAt {
  const kept = new Map<string, Float64Array>()
  return (side, point) => {
    const key = `${side} ${point}`
    const known = kept.get(key)
    if (known) return known
    const feature = sweep((side === 'heating' ? heatingDegrees(point) : coolingDegrees(point))(temperatures))
    kept.set(key, feature)
    return feature
  }
}

/**
 * Energy grows with the cold below the heating point and with the heat above the cooling point. With four parameters one
 * slope may go on beyond the point more gently, as where a building cools all year.
 */
const isPhysical = (shape: Pointed, heating: number, cooling: number): boolean =>
  shape === '4P' ? heating + cooling > 0 : heating > 0 && cooling > 0

/** Products of one or two columns with each other and with the target. */
interface Products {
  readonly own: readonly [first: number, both: number, second: number]
  readonly target: readonly [number, number]
}

/** What the columns take off the sum of squares; −∞ where a slope has a sign that no building has. */
function gain(shape: Pointed, { own: [aa, ab, bb], target: [ay, by] }: Products): number {
  if (sidesOf[shape].length === 1) return aa > 0 && ay > 0 ? ay ** 2 / aa : Number.NEGATIVE_INFINITY
  const determinant = aa * bb - ab * ab
  if (!(determinant > 1e-12 * aa * bb)) return Number.NEGATIVE_INFINITY
  const heating = (ay * bb - by * ab) / determinant
  const cooling = (by * aa - ay * ab) / determinant
  return isPhysical(shape, heating, cooling) ? heating * ay + cooling * by : Number.NEGATIVE_INFINITY
}

const productsOf = (columns: readonly Float64Array[], target: Float64Array): Products => {
  const [a, b] = columns as [Float64Array, Float64Array | undefined]
  return { own: [dot(a, a), b ? dot(a, b) : 0, b ? dot(b, b) : 0], target: [dot(a, target), b ? dot(b, target) : 0] }
}

function searchRaster(
  shape: Pointed,
  raster: Float64Array,
  target: Float64Array,
  feature: FeatureAt,
): { readonly best: readonly number[]; readonly gains: Float64Array } | undefined {
  const sides = sidesOf[shape]
  // Products of a side with itself and the target are needed once a point, not once a pair.
  const alone = sides.map(([side]) => Array.from(raster, (point) => productsOf([feature(side, point)], target)))
  let best: readonly number[] | undefined
  let most = Number.NEGATIVE_INFINITY
  const gains = new Float64Array(raster.length)
  const look = (first: number, second: number): void => {
    const a = alone[0]![first]!
    const b = alone[1]?.[second]
    const both = b ? dot(feature(sides[0]![0], raster[first]!), feature(sides[1]![0], raster[second]!)) : 0
    const found = gain(shape, { own: [a.own[0], both, b?.own[0] ?? 0], target: [a.target[0], b?.target[0] ?? 0] })
    gains[first] = found
    if (!(found > most)) return
    most = found
    best = shape === '5P' ? [raster[first]!, raster[second]!] : [raster[first]!]
  }
  for (let first = 0; first < raster.length; first += 1) {
    if (shape !== '5P') look(first, first)
    else for (let second = first + 1; second < raster.length; second += 1) look(first, second)
  }
  return best && { best, gains }
}

interface Sharpening {
  readonly shape: Pointed
  /** Measured temperatures, rising. */
  readonly knots: Float64Array
  /** Distance on the raster. */
  readonly width: number
  readonly bounds: readonly [number, number]
  /** Where a single point is looked for. */
  readonly cells: readonly Cell[] | undefined
  readonly target: Float64Array
  readonly feature: FeatureAt
}

/** A single point goes to the best place of its cells, each of a pair in turn within one raster width; from knot to knot. */
function sharpen(start: readonly number[], search: Sharpening): readonly number[] {
  const { knots, width, bounds, cells, target, shape, feature } = search
  let points = start
  for (let round = 0; round < (start.length === 1 ? 1 : 8); round += 1) {
    const before = points
    points.forEach((_, place) => {
      const from = Math.max(points[place]! - width, place === 1 ? points[0]! : bounds[0])
      const to = Math.min(points[place]! + width, place === 0 ? (points[1] ?? bounds[1]) : bounds[1])
      const columns = sidesOf[shape].map(([side, follows]) => feature(side, points[follows]!))
      let best = points[place]!
      let most = gain(shape, productsOf(columns, target))
      for (const span of cells ?? [[from, to] as const]) {
        for (const piece of cutAt(knots, span)) {
          const found = betterBetween(piece, most, points, place, search)
          if (found) [best, most] = found
        }
      }
      points = points.map((point, k) => (k === place ? best : point))
    })
    if (points.every((point, k) => Math.abs(point - before[k]!) < 1e-6)) break
  }
  return points
}

/** The parts of a span from knot to knot. */
function cutAt(knots: Float64Array, [from, to]: Cell): readonly Cell[] {
  const stops = [from, ...knots.filter((knot) => knot > from && knot < to), to]
  return stops.slice(1).map((end, k): Cell => [stops[k]!, end])
}

/** Between two knots degree days are straight lines of the point, so all products are known from both ends. */
function betterBetween(
  [low, high]: Cell,
  least: number,
  points: readonly number[],
  place: number,
  { shape, target, feature }: Sharpening,
): readonly [point: number, gain: number] | undefined {
  const sides = sidesOf[shape].map(([side, follows]) => {
    const start = feature(side, follows === place ? low : points[follows]!)
    const end = follows === place ? feature(side, high) : start
    return { start, rise: end.map((value, i) => value - start[i]!) }
  })
  const [a, b] = sides as [(typeof sides)[0], (typeof sides)[0] | undefined]
  const line = (p: Float64Array, q: Float64Array, r: Float64Array, s: Float64Array) => {
    const [c0, c1, c2] = [dot(p, r), dot(p, s) + dot(q, r), dot(q, s)]
    return (t: number): number => c0 + t * (c1 + t * c2)
  }
  const aa = line(a.start, a.rise, a.start, a.rise)
  const ab = b ? line(a.start, a.rise, b.start, b.rise) : () => 0
  const bb = b ? line(b.start, b.rise, b.start, b.rise) : () => 0
  const onTarget = (side: typeof b) => {
    const [c0, c1] = side ? [dot(side.start, target), dot(side.rise, target)] : [0, 0]
    return (t: number): number => c0 + t * c1
  }
  const [ay, by] = [onTarget(a), onTarget(b)]
  const at = (t: number): number => gain(shape, { own: [aa(t), ab(t), bb(t)], target: [ay(t), by(t)] })
  const [first, middle, last] = [at(0), at(0.5), at(1)]
  // A hill rises above these three by less than they bend.
  if (Math.max(first, middle, last) + Math.abs(first - 2 * middle + last) <= least) return undefined
  const t = goldenSection(at)
  const found = at(t)
  return found > least ? [low + t * (high - low), found] : undefined
}
