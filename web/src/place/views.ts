import { type Extent, middleOf } from './geometry.ts'
import type { DrawnPlace, PlacePoint, Thing } from './place-types.ts'

/** From where a place is looked at: a point on the ground, and the eye around it. */
export interface View {
  readonly target: PlacePoint
  readonly distanceM: number
  /** In which direction one looks, clockwise from north. */
  readonly headingDeg: number
  /** How steeply one looks down: 90 from straight above. */
  readonly steepDeg: number
}

export const views = ['whole', 'canopy', 'battery', 'top'] as const
export type ViewName = (typeof views)[number]

const steepest = 89.5
const flattest = 8
/** The angle of the camera from top to bottom. */
export const openDeg = 34

/** What stays free at the edge of a picture of the whole, as a share of it. */
const rim = 0.92
/** Of the board that a place stands on, m. */
export const boardRimM = 30

/** Where a point of the ground is in the picture of a view: −1 to 1 from left to right and from bottom to top. */
function inPicture([east, north]: PlacePoint, view: View, aspect: number): PlacePoint {
  const [heading, steep] = [(view.headingDeg * Math.PI) / 180, (view.steepDeg * Math.PI) / 180]
  const [x, y] = [east - view.target[0], north - view.target[1]]
  const across = x * Math.cos(heading) - y * Math.sin(heading)
  const ahead = x * Math.sin(heading) + y * Math.cos(heading)
  const depth = view.distanceM + ahead * Math.cos(steep)
  const half = Math.tan((openDeg * Math.PI) / 360) * Math.max(1, depth)
  return [across / half / aspect, (ahead * Math.sin(steep)) / half]
}

const cornersOf = ({ minEast, maxEast, minNorth, maxNorth }: Extent): readonly PlacePoint[] => [
  [minEast - boardRimM, minNorth - boardRimM],
  [maxEast + boardRimM, minNorth - boardRimM],
  [maxEast + boardRimM, maxNorth + boardRimM],
  [minEast - boardRimM, maxNorth + boardRimM],
]

/** A view from a side that shows the whole of an extent, in the middle of the picture and as near as it can be. */
export function fittedView(extent: Extent, side: Pick<View, 'headingDeg' | 'steepDeg'>, aspect: number): View {
  const corners = cornersOf(extent)
  let view: View = {
    ...side,
    target: middleOf(extent),
    distanceM: 4 * Math.hypot(extent.maxEast - extent.minEast, extent.maxNorth - extent.minNorth),
  }
  for (let turn = 0; turn < 12; turn += 1) {
    const seen = corners.map((corner) => inPicture(corner, view, aspect))
    const [xs, ys] = [seen.map(([x]) => x), seen.map(([, y]) => y)]
    const [x, y] = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2]
    const size = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) / 2
    const half = Math.tan((openDeg * Math.PI) / 360) * view.distanceM
    const target = shifted(view, x * half * aspect, (y * half) / Math.sin((view.steepDeg * Math.PI) / 180))
    view = { ...view, target, distanceM: Math.max(40, view.distanceM * (1 + (size / rim - 1) * 0.8)) }
  }
  return view
}

/** A point beside the target: to the right, and ahead as it is looked at, m. */
function shifted({ target, headingDeg }: View, acrossM: number, aheadM: number): PlacePoint {
  const angle = (headingDeg * Math.PI) / 180
  return [
    target[0] + acrossM * Math.cos(angle) + aheadM * Math.sin(angle),
    target[1] - acrossM * Math.sin(angle) + aheadM * Math.cos(angle),
  ]
}

const thingOf = ({ things }: DrawnPlace, name: 'canopy' | 'battery'): Thing | undefined =>
  name === 'canopy'
    ? (things.find(({ form }) => form === 'chargers') ?? things.find(({ form }) => form === 'canopy'))
    : things.find(({ family }) => family === 'battery')

/** The views that a place has. */
export const viewsOf = (place: DrawnPlace): readonly ViewName[] =>
  views.filter((name) => (name === 'canopy' || name === 'battery' ? thingOf(place, name) !== undefined : true))

/** A view of a place in a picture `aspect` times as wide as it is high. */
export function viewOf(name: ViewName, place: DrawnPlace, aspect: number): View {
  if (name === 'top') return fittedView(place.extent, { headingDeg: 0, steepDeg: steepest }, aspect)
  const thing = name === 'whole' ? undefined : thingOf(place, name)
  return thing ? viewOfThing(thing) : fittedView(place.extent, { headingDeg: 334, steepDeg: 42 }, aspect)
}

/** A view near to one thing. */
export function viewOfThing({ anchor, bodies, form }: Thing): View {
  const largestM = Math.max(
    12,
    ...bodies.map(({ rectangle, heightM }) => Math.max(Math.min(160, rectangle.widthM), heightM)),
  )
  const count = Math.min(4, bodies.length)
  const heading = bodies[0]?.rectangle.headingDeg ?? 0
  return {
    target: anchor.point,
    distanceM: largestM * (1.5 + 0.35 * count),
    headingDeg: form === 'chargers' || form === 'canopy' ? heading + 30 : heading - 35,
    steepDeg: form === 'chargers' ? 24 : 28,
  }
}

const sizeM = ({ minEast, maxEast, minNorth, maxNorth }: Extent): number =>
  Math.hypot(maxEast - minEast, maxNorth - minNorth)

/** Turned by keys or pointer, within what can be looked at. */
export const turnedView = (view: View, byDeg: number, steeperDeg: number): View => ({
  ...view,
  headingDeg: (view.headingDeg + byDeg + 720) % 360,
  steepDeg: Math.min(steepest, Math.max(flattest, view.steepDeg + steeperDeg)),
})

export const nearerView = (view: View, factor: number, place: DrawnPlace): View => ({
  ...view,
  distanceM: Math.min(4 * sizeM(place.extent), Math.max(15, view.distanceM * factor)),
})

/** Moved over the ground: `across` to the right and `ahead` as it is looked at, in shares of the distance. */
export function movedView(view: View, across: number, ahead: number, { extent }: DrawnPlace): View {
  const [east, north] = shifted(view, across * view.distanceM, ahead * view.distanceM)
  return {
    ...view,
    target: [
      Math.min(extent.maxEast, Math.max(extent.minEast, east)),
      Math.min(extent.maxNorth, Math.max(extent.minNorth, north)),
    ],
  }
}

/** A view on the way from one to another; turns the short way round. */
export function between(from: View, to: View, share: number): View {
  const eased = share * share * (3 - 2 * share)
  const mix = (a: number, b: number): number => a + (b - a) * eased
  const turn = ((to.headingDeg - from.headingDeg + 540) % 360) - 180
  return {
    target: [mix(from.target[0], to.target[0]), mix(from.target[1], to.target[1])],
    distanceM: mix(from.distanceM, to.distanceM),
    headingDeg: from.headingDeg + turn * eased,
    steepDeg: mix(from.steepDeg, to.steepDeg),
  }
}

/** Where the eye of a view is, in the axes of the scene: x east, y up, z south. */
export function eyeOf({ target, distanceM, headingDeg, steepDeg }: View): readonly [number, number, number] {
  const [heading, steep] = [(headingDeg * Math.PI) / 180, (steepDeg * Math.PI) / 180]
  const flatM = distanceM * Math.cos(steep)
  return [target[0] - flatM * Math.sin(heading), distanceM * Math.sin(steep), -(target[1] - flatM * Math.cos(heading))]
}
