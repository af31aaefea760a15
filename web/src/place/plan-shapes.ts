import type { Extent } from './geometry.ts'
import type { PlacePoint, Route } from './place-types.ts'
import type { SceneState } from './scene/scene-state.ts'

/** What a plan shows, in metres; y runs to the south. */
export interface PlanBox {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly rim: number
}

export function boundsForPlan({ minEast, maxEast, minNorth, maxNorth }: Extent): PlanBox {
  const edge = Math.max(maxEast - minEast, maxNorth - minNorth) * 0.04 + 10
  const rim = edge * 0.4
  return {
    x: minEast - edge,
    y: -maxNorth - edge,
    width: maxEast - minEast + 2 * edge,
    height: maxNorth - minNorth + 2 * edge,
    rim,
  }
}

const short = (value: number): string => String(Math.round(value * 10) / 10)

/** The path of an outline, or of a line, as SVG draws it. */
export const outlinePath = (points: readonly PlacePoint[], closed: boolean): string =>
  points.map(([east, north], index) => `${index === 0 ? 'M' : 'L'}${short(east)} ${short(-north)}`).join('') +
  (closed ? 'Z' : '')

const restingKw = 0.5

/** Routes with their flows; drawn in the direction of the flow, so that dashes move with it. */
export function planRoutes(routes: readonly Route[], flows: SceneState['flows']) {
  const largestKw = Math.max(1, ...flows.map(({ powerKw = 0 }) => Math.abs(powerKw)))
  return routes.map(({ line }, index) => {
    const { powerKw = 0, token = 'grid' } = flows[index] ?? {}
    return {
      d: outlinePath(powerKw < 0 ? line.toReversed() : line, false),
      widthM: 3 + 9 * Math.sqrt(Math.abs(powerKw) / largestKw),
      token,
      flows: Math.abs(powerKw) >= restingKw,
    }
  })
}
