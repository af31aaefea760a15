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

/** As far as the whole of an extent is seen in a picture of a shape. */
function wholeM({ minEast, maxEast, minNorth, maxNorth }: Extent, aspect: number): number {
  const reach = Math.max((maxEast - minEast) / Math.max(0.4, aspect), (maxNorth - minNorth) * 0.9, 60)
  return (reach / 2 / Math.tan((openDeg * Math.PI) / 360)) * 1.06
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
  const distanceM = wholeM(place.extent, aspect)
  const whole: View = { target: middleOf(place.extent), distanceM: distanceM * 0.98, headingDeg: 338, steepDeg: 40 }
  if (name === 'top') return { ...whole, distanceM: distanceM * 1.12, headingDeg: 0, steepDeg: steepest }
  const thing = name === 'whole' ? undefined : thingOf(place, name)
  return thing ? viewOfThing(thing) : whole
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

/** Turned by keys or pointer, within what can be looked at. */
export const turnedView = (view: View, byDeg: number, steeperDeg: number): View => ({
  ...view,
  headingDeg: (view.headingDeg + byDeg + 720) % 360,
  steepDeg: Math.min(steepest, Math.max(flattest, view.steepDeg + steeperDeg)),
})

export const nearerView = (view: View, factor: number, place: DrawnPlace): View => ({
  ...view,
  distanceM: Math.min(wholeM(place.extent, 1) * 2.5, Math.max(15, view.distanceM * factor)),
})

/** Moved over the ground: `across` to the right and `ahead` as it is looked at, in shares of the distance. */
export function movedView(view: View, across: number, ahead: number, { extent }: DrawnPlace): View {
  const angle = (view.headingDeg * Math.PI) / 180
  const [x, y] = [across * view.distanceM, ahead * view.distanceM]
  const east = view.target[0] + x * Math.cos(angle) + y * Math.sin(angle)
  const north = view.target[1] - x * Math.sin(angle) + y * Math.cos(angle)
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
