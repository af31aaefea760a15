import type { PlacePoint } from '../api/types.ts'

const toRadians = Math.PI / 180

/** A point turned clockwise around the origin by a heading: what looked north looks there. */
export function turned([east, north]: PlacePoint, headingDeg: number): PlacePoint {
  const angle = headingDeg * toRadians
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return [east * cos + north * sin, north * cos - east * sin]
}

/** A rectangle around a point in the frame of its heading: `across` to the right of it, `along` in its direction. */
export interface Rectangle {
  readonly at: PlacePoint
  readonly widthM: number
  readonly depthM: number
  readonly headingDeg: number
}

/** A point of the frame of a rectangle, in metres east and north. */
export function pointOn({ at, headingDeg }: Rectangle, across: number, along: number): PlacePoint {
  const [east, north] = turned([across, along], headingDeg)
  return [at[0] + east, at[1] + north]
}

/** Corners against the clock seen from above. */
export const outlineOf = (rectangle: Rectangle): readonly PlacePoint[] => {
  const [x, y] = [rectangle.widthM / 2, rectangle.depthM / 2]
  return [pointOn(rectangle, -x, -y), pointOn(rectangle, x, -y), pointOn(rectangle, x, y), pointOn(rectangle, -x, y)]
}

/** Area of a polygon, m². */
export function areaM2(outline: readonly PlacePoint[]): number {
  return Math.abs(signedAreaM2(outline))
}

/** Positive against the clock. */
export function signedAreaM2(outline: readonly PlacePoint[]): number {
  let twice = 0
  outline.forEach(([east, north], index) => {
    const [nextEast, nextNorth] = outline[(index + 1) % outline.length] ?? [0, 0]
    twice += east * nextNorth - nextEast * north
  })
  return twice / 2
}

/** The same outline, against the clock. */
export const againstTheClock = (outline: readonly PlacePoint[]): readonly PlacePoint[] =>
  signedAreaM2(outline) < 0 ? outline.toReversed() : outline

export interface Extent {
  readonly minEast: number
  readonly maxEast: number
  readonly minNorth: number
  readonly maxNorth: number
}

/** What holds all points; a square of 100 m where there is none. */
export function extentOf(points: readonly PlacePoint[]): Extent {
  if (points.length === 0) return { minEast: -50, maxEast: 50, minNorth: -50, maxNorth: 50 }
  const extent = { minEast: Infinity, maxEast: -Infinity, minNorth: Infinity, maxNorth: -Infinity }
  for (const [east, north] of points) {
    extent.minEast = Math.min(extent.minEast, east)
    extent.maxEast = Math.max(extent.maxEast, east)
    extent.minNorth = Math.min(extent.minNorth, north)
    extent.maxNorth = Math.max(extent.maxNorth, north)
  }
  return extent
}

export const middleOf = ({ minEast, maxEast, minNorth, maxNorth }: Extent): PlacePoint => [
  (minEast + maxEast) / 2,
  (minNorth + maxNorth) / 2,
]

/** The rectangle of an outline in the frame of a heading. */
export function boundsOf(outline: readonly PlacePoint[], headingDeg: number): Rectangle {
  const own = extentOf(outline.map((point) => turned(point, -headingDeg)))
  return {
    at: turned(middleOf(own), headingDeg),
    widthM: own.maxEast - own.minEast,
    depthM: own.maxNorth - own.minNorth,
    headingDeg,
  }
}

/** Whether a point lies within a polygon; its edge is either. */
export function isInside([east, north]: PlacePoint, outline: readonly PlacePoint[]): boolean {
  let inside = false
  for (let index = 0; index < outline.length; index += 1) {
    const [ae, an] = outline[index]!
    const [be, bn] = outline[(index + 1) % outline.length]!
    if (an > north !== bn > north && east < ae + ((north - an) / (bn - an)) * (be - ae)) inside = !inside
  }
  return inside
}

/** Length of a line, m. */
export const lengthM = (line: readonly PlacePoint[]): number =>
  line.slice(1).reduce((sum, point, index) => sum + distanceM(line[index]!, point), 0)

export const distanceM = (a: PlacePoint, b: PlacePoint): number => Math.hypot(b[0] - a[0], b[1] - a[1])

/** Heading of the way from one point to another, degrees clockwise from north. */
export const headingTo = (from: PlacePoint, to: PlacePoint): number =>
  (Math.atan2(to[0] - from[0], to[1] - from[1]) / toRadians + 360) % 360

/** Both edges of a line of a width: mitred at corners, so that a road has no gaps. */
export function edgesOf(
  line: readonly PlacePoint[],
  widthM: number,
): { readonly left: readonly PlacePoint[]; readonly right: readonly PlacePoint[] } {
  const clean = line.filter((point, index) => index === 0 || distanceM(line[index - 1]!, point) > 1e-6)
  const left: PlacePoint[] = []
  const right: PlacePoint[] = []
  clean.forEach(([east, north], index) => {
    const before = clean[index - 1] ?? [east, north]
    const after = clean[index + 1] ?? [east, north]
    const [inward, outward] = [direction(before, [east, north]), direction([east, north], after)]
    const [a, b] = [inward ?? outward ?? [0, 1], outward ?? inward ?? [0, 1]]
    const normal = unit([-(a[1] + b[1]), a[0] + b[0]]) ?? [-a[1], a[0]]
    // A mitre of a sharp corner would reach far: twice the half width is enough.
    const stretch = Math.min(2, 1 / Math.max(0.1, normal[0] * -a[1] + normal[1] * a[0]))
    const half = (widthM / 2) * stretch
    left.push([east + normal[0] * half, north + normal[1] * half])
    right.push([east - normal[0] * half, north - normal[1] * half])
  })
  return { left, right }
}

const unit = ([x, y]: PlacePoint): PlacePoint | undefined => {
  const length = Math.hypot(x, y)
  return length > 1e-9 ? [x / length, y / length] : undefined
}

const direction = (a: PlacePoint, b: PlacePoint): PlacePoint | undefined => unit([b[0] - a[0], b[1] - a[1]])

/** A number between 0 and 1 that is always the same for the same text and index: trees and windows stand still. */
export function steadyChance(text: string, index: number): number {
  let hash = 2166136261 ^ index
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16777619)
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507)
  hash = Math.imul(hash ^ (hash >>> 13), 3266489909)
  return ((hash ^ (hash >>> 16)) >>> 0) / 4294967296
}
