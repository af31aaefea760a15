import { BufferAttribute, BufferGeometry, DoubleSide, Group, Mesh, ShaderMaterial } from 'three'
import { distanceM, edgesOf } from '../geometry.ts'
import type { Route } from '../place-types.ts'
import type { Palette } from './palette.ts'
import type { Part, SceneState } from './scene-state.ts'
import { skinOf } from './skins.ts'
import { flatLine } from './solids.ts'

const restingKw = 0.5
const upM = 0.9
/** From one dash to the next. */
const periodM = 26
const speedMPerS = 22

/** Width of a flow, m: by the root of its power, so that small ones are seen beside large ones. */
export function ribbonM(powerKw: number, largestKw: number): number {
  return 3 + 9 * Math.sqrt(Math.min(1, Math.abs(powerKw) / Math.max(1, largestKw)))
}

const vertexShader = `
attribute vec3 paint;
attribute float along;
attribute float side;
varying vec3 vPaint;
varying float vAlong;
varying float vSide;
void main() {
  vPaint = paint;
  vAlong = along;
  vSide = side;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`

/** Dashes with a tip: their middle is ahead of their edges, in the direction of the flow. */
const fragmentShader = `
uniform float shift;
varying vec3 vPaint;
varying float vAlong;
varying float vSide;
void main() {
  float phase = fract(vAlong + abs(vSide) * 0.22 - shift);
  float dash = step(0.42, phase);
  gl_FragColor = vec4(vPaint, mix(0.28, 0.96, dash));
  #include <colorspace_fragment>
}`

/** Cables, and what flows along them: dashes that move where power goes, as wide as it is large. */
export function flowsPart(routes: readonly Route[], palette: Palette): Part {
  const root = new Group()
  const cable = skinOf(palette, 'place-cable')
  for (const { line } of routes) {
    const mesh = new Mesh(flatLine(line, 1.1), cable.material)
    mesh.position.y = upM - 0.15
    root.add(mesh)
  }
  const shift = { value: 0 }
  const material = new ShaderMaterial({
    uniforms: { shift },
    vertexShader,
    fragmentShader,
    transparent: true,
    side: DoubleSide,
    depthWrite: false,
  })
  const ribbons = new Mesh(new BufferGeometry(), material)
  ribbons.frustumCulled = false
  ribbons.raycast = () => undefined
  root.add(ribbons)
  let before = ''
  let moving = false
  return {
    root,
    show({ flows }: SceneState) {
      const key = flows.map(({ powerKw = 0, token }) => `${powerKw.toPrecision(3)}${token}`).join()
      if (key === before) return
      before = key
      ribbons.geometry.dispose()
      ribbons.geometry = ribbonsOf(routes, flows, palette)
      moving = flows.some(({ powerKw = 0 }) => Math.abs(powerKw) >= restingKw)
    },
    advance(seconds) {
      if (moving) shift.value = (shift.value + (seconds * speedMPerS) / periodM) % 1
      return moving
    },
  }
}

function ribbonsOf(routes: readonly Route[], flows: SceneState['flows'], palette: Palette): BufferGeometry {
  const [position, paint, along, side, index]: [number[], number[], number[], number[], number[]] = [[], [], [], [], []]
  const largestKw = Math.max(...flows.map(({ powerKw = 0 }) => Math.abs(powerKw)), 1)
  routes.forEach(({ line }, route) => {
    const { powerKw = 0, token = 'grid' } = flows[route] ?? {}
    if (Math.abs(powerKw) < restingKw) return
    // Dashes move towards greater `along`: where power goes back, the line is walked from its end.
    const way = powerKw > 0 ? line : line.toReversed()
    const { left, right } = edgesOf(way, ribbonM(powerKw, largestKw))
    const colour = palette(token)
    let walkedM = 0
    left.forEach((edge, at) => {
      if (at > 0) walkedM += distanceM(way[at - 1]!, way[at]!)
      const first = position.length / 3
      for (const [[east, north], sideOf] of [
        [edge, -1],
        [right[at]!, 1],
      ] as const) {
        position.push(east, upM, -north)
        paint.push(colour.r, colour.g, colour.b)
        along.push(walkedM / periodM)
        side.push(sideOf)
      }
      if (at > 0) index.push(first - 2, first - 1, first, first - 1, first + 1, first)
    })
  })
  const geometry = new BufferGeometry()
  geometry.setAttribute('position', new BufferAttribute(new Float32Array(position), 3))
  geometry.setAttribute('paint', new BufferAttribute(new Float32Array(paint), 3))
  geometry.setAttribute('along', new BufferAttribute(new Float32Array(along), 1))
  geometry.setAttribute('side', new BufferAttribute(new Float32Array(side), 1))
  geometry.setIndex(index)
  return geometry
}
