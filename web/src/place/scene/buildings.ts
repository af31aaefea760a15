import { Color, DynamicDrawUsage, Group, InstancedMesh, Mesh, MeshBasicMaterial, Object3D, PlaneGeometry } from 'three'
import { distanceM, headingTo, steadyChance } from '../geometry.ts'
import type { Body, Thing } from '../place-types.ts'
import type { Palette } from './palette.ts'
import type { Part } from './scene-state.ts'
import { skinOf, tintAll } from './skins.ts'
import { extruded, shaded } from './solids.ts'

/** A building: walls, a roof, and windows that are lit where there is load. */
export function buildingPart(thing: Thing, palette: Palette): Part {
  const root = new Group()
  const walls = skinOf(palette, 'place-wall')
  const roof = skinOf(palette, 'place-roof')
  for (const body of thing.bodies) {
    const mesh = new Mesh(extruded(body.outline, body.heightM), [roof.material, walls.material])
    mesh.position.y = body.baseM
    root.add(shaded(mesh))
  }
  const windows = windowsOf(thing, palette)
  if (windows) root.add(windows.mesh)
  return {
    root,
    tint: tintAll(walls, roof),
    ...(windows ? { show: (state, day) => windows.light(state.lit.get(thing.id) ?? 0, day) } : {}),
  }
}

interface Window {
  readonly east: number
  readonly north: number
  readonly upM: number
  readonly headingDeg: number
  readonly widthM: number
  readonly heightM: number
}

const storeyM = 3.7
/** Above this a building has storeys, below it is a hall with one band of light. */
const hallM = 14
const mostWindows = 2400

function windowsIn({ outline, baseM, heightM }: Body): readonly Window[] {
  const hall = heightM < hallM
  const storeys = hall ? 1 : Math.floor(heightM / storeyM)
  const [stepM, widthM, windowM] = hall ? [7, 5.2, Math.min(1.6, heightM * 0.2)] : [4.4, 2.6, 1.7]
  return outline.flatMap((from, index) => {
    const to = outline[(index + 1) % outline.length]!
    const wallM = distanceM(from, to)
    const count = Math.floor((wallM - 2) / stepM)
    // The outline runs against the clock: outside is to the right of the way.
    const headingDeg = headingTo(from, to) + 90
    const [outEast, outNorth] = [(to[1] - from[1]) / wallM, -(to[0] - from[0]) / wallM]
    return Array.from({ length: Math.max(0, count) * storeys }, (_, number) => {
      const share = ((number % count) + 0.5) / count
      const upM = hall ? heightM * 0.68 : (Math.floor(number / count) + 0.55) * (heightM / storeys)
      return {
        east: from[0] + (to[0] - from[0]) * share + outEast * 0.12,
        north: from[1] + (to[1] - from[1]) * share + outNorth * 0.12,
        upM: baseM + upM,
        headingDeg,
        widthM,
        heightM: windowM,
      }
    })
  })
}

function windowsOf({ id, bodies }: Thing, palette: Palette) {
  const windows = bodies.flatMap(windowsIn).slice(0, mostWindows)
  if (windows.length === 0) return undefined
  const mesh = new InstancedMesh(new PlaneGeometry(1, 1), new MeshBasicMaterial(), windows.length)
  mesh.instanceMatrix.setUsage(DynamicDrawUsage)
  const placed = new Object3D()
  windows.forEach(({ east, north, upM, headingDeg, widthM, heightM }, index) => {
    placed.position.set(east, upM, -north)
    // A plane looks to the south of the scene.
    placed.rotation.y = ((180 - headingDeg) * Math.PI) / 180
    placed.scale.set(widthM, heightM, 1)
    placed.updateMatrix()
    mesh.setMatrixAt(index, placed.matrix)
  })
  const [glass, lamp, dark] = [palette('place-glass'), palette('place-lamp'), palette('place-glass-night')]
  const chances = windows.map((_, index) => steadyChance(id, index))
  const shown = new Color()
  let before = ''
  const light = (share: number, day: number): void => {
    const key = `${share.toFixed(2)} ${day.toFixed(2)}`
    if (key === before) return
    before = key
    chances.forEach((chance, index) => {
      shown.copy(chance < share ? lamp : dark).lerp(glass, day)
      mesh.setColorAt(index, shown)
    })
    if (mesh.instanceColor) mesh.instanceColor.needsUpdate = true
  }
  light(0, 1)
  mesh.raycast = () => undefined
  return { mesh, light }
}
