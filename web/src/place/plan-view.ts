import type { PlacePoint, Thing } from './place-types.ts'
import type { PlanBox } from './plan-shapes.ts'

/** What of a plan is looked at: the point in the middle as SVG counts, m, and how many times larger than the whole. */
export interface PlanView {
  readonly middle: PlacePoint
  readonly times: number
}

/** So near that a parking bay fills a hand. */
const mostTimes = 24
/** A thing that one goes near to takes this share of the picture. */
const nearShare = 0.2

export const wholePlan = ({ x, y, width, height }: PlanBox): PlanView => ({
  middle: [x + width / 2, y + height / 2],
  times: 1,
})

/** The part of a plan that a view shows; it has the shape of the whole. */
export function shownPart({ width, height, rim }: PlanBox, { middle: [x, y], times }: PlanView): PlanBox {
  const [wide, high] = [width / times, height / times]
  return { x: x - wide / 2, y: y - high / 2, width: wide, height: high, rim }
}

const between = (low: number, value: number, high: number): number => Math.min(high, Math.max(low, value))

/** The same view with its middle moved so far that it shows nothing beyond the plan. */
function within(box: PlanBox, { middle: [x, y], times }: PlanView): PlanView {
  const [wide, high] = [box.width / times / 2, box.height / times / 2]
  return {
    middle: [between(box.x + wide, x, box.x + box.width - wide), between(box.y + high, y, box.y + box.height - high)],
    times,
  }
}

/** Moved by metres to the east and to the south. */
export const movedPlan = (box: PlanBox, { middle: [x, y], times }: PlanView, [east, south]: PlacePoint): PlanView =>
  within(box, { middle: [x + east, y + south], times })

/** Nearer for a factor below 1; what stands at a point stays where it is. */
export function nearerPlan(box: PlanBox, view: PlanView, factor: number, at: PlacePoint = view.middle): PlanView {
  const times = between(1, view.times / factor, mostTimes)
  const kept = view.times / times
  const [x, y] = [0, 1].map((axis) => at[axis]! + (view.middle[axis]! - at[axis]!) * kept) as [number, number]
  return within(box, { middle: [x, y], times })
}

/** Near to one thing. */
export function planOfThing(box: PlanBox, { anchor, bodies }: Thing): PlanView {
  const largestM = Math.max(10, ...bodies.map(({ rectangle: { widthM, depthM } }) => Math.max(widthM, depthM)))
  const times = between(1, (Math.min(box.width, box.height) * nearShare) / largestM, mostTimes)
  return within(box, { middle: [anchor.point[0], -anchor.point[1]], times })
}
