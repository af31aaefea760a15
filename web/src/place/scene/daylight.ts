import { Color, DirectionalLight, HemisphereLight, type Scene } from 'three'
import type { Extent } from '../geometry.ts'
import { daylightAt, type Sun, sunVector } from '../sun.ts'
import type { Palette } from './palette.ts'

export interface Daylight {
  /** Shows the light of a height of the sun; returns how much day it is, 0 to 1. */
  show(sun: Sun): number
}

const shadowMap = 1024

/** The sun with its shadows, the light of the sky, and the colour behind everything. */
export function addDaylight(scene: Scene, extent: Extent, palette: Palette): Daylight {
  const sunLight = new DirectionalLight()
  const sky = new HemisphereLight()
  const [east, north] = [(extent.minEast + extent.maxEast) / 2, (extent.minNorth + extent.maxNorth) / 2]
  const reachM = Math.hypot(extent.maxEast - extent.minEast, extent.maxNorth - extent.minNorth) / 2 + 40
  sunLight.castShadow = true
  sunLight.shadow.mapSize.set(shadowMap, shadowMap)
  const { camera } = sunLight.shadow
  camera.left = -reachM
  camera.right = reachM
  camera.top = reachM
  camera.bottom = -reachM
  camera.near = 1
  camera.far = reachM * 4
  sunLight.shadow.normalBias = reachM / 700
  sunLight.shadow.bias = -0.0006
  sunLight.target.position.set(east, 0, -north)
  scene.add(sunLight, sunLight.target, sky)
  const [noon, dusk, night, gold] = [
    palette('place-sky'),
    palette('place-dusk'),
    palette('place-night'),
    palette('place-sunrise'),
  ]
  const white = new Color(1, 1, 1)
  const background = new Color()
  scene.background = background
  return {
    show(sun) {
      const { day, direct, warmth } = daylightAt(sun.altitudeDeg)
      const to = sunVector({ ...sun, altitudeDeg: Math.max(sun.altitudeDeg, 2) })
      sunLight.position.set(east + to.east * reachM * 2, to.up * reachM * 2, -north - to.north * reachM * 2)
      sunLight.color.copy(white).lerp(gold, warmth * 0.75)
      sunLight.intensity = direct * 2.7
      sunLight.visible = direct > 0.01
      sky.color.copy(palette('place-night-light')).lerp(white, day)
      sky.groundColor.copy(palette('place-ground')).multiplyScalar(0.45 + 0.25 * day)
      sky.intensity = 1.5
      background.copy(night).lerp(noon, day)
      // Between day and night the sky is neither.
      background.lerp(dusk, Math.max(0, 1 - Math.abs(day - 0.5) * 2) * 0.8)
      return day
    },
  }
}
