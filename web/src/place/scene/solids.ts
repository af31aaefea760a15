import {
  BoxGeometry,
  type BufferGeometry,
  CylinderGeometry,
  ExtrudeGeometry,
  type Material,
  Mesh,
  Shape,
  ShapeGeometry,
} from 'three'
import { edgesOf } from '../geometry.ts'
import type { PlacePoint } from '../place-types.ts'

/** East, up and north of the place to x, y, z of the scene. */
export const at = (mesh: Mesh, [east, north]: PlacePoint, upM: number, headingDeg = 0): Mesh => {
  mesh.position.set(east, upM, -north)
  mesh.rotation.y = (-headingDeg * Math.PI) / 180
  return mesh
}

const shapeOf = (outline: readonly PlacePoint[]): Shape => {
  const shape = new Shape()
  outline.forEach(([east, north], index) => {
    if (index === 0) shape.moveTo(east, north)
    else shape.lineTo(east, north)
  })
  return shape
}

/** An outline drawn up to a height; its roof is the first group of the geometry, its walls the second. */
export function extruded(outline: readonly PlacePoint[], heightM: number): BufferGeometry {
  const geometry = new ExtrudeGeometry(shapeOf(outline), { depth: heightM, bevelEnabled: false, curveSegments: 1 })
  return geometry.rotateX(-Math.PI / 2)
}

/** A flat piece of ground. */
export const flat = (outline: readonly PlacePoint[]): BufferGeometry =>
  new ShapeGeometry(shapeOf(outline)).rotateX(-Math.PI / 2)

/** A line of a width on the ground. */
export function flatLine(line: readonly PlacePoint[], widthM: number): BufferGeometry {
  const { left, right } = edgesOf(line, widthM)
  return flat([...right, ...left.toReversed()])
}

/** A box on its foot, in the frame of whoever places it. */
export function box(widthM: number, heightM: number, depthM: number, material: Material): Mesh {
  const mesh = new Mesh(new BoxGeometry(widthM, heightM, depthM).translate(0, heightM / 2, 0), material)
  return shaded(mesh)
}

export interface Round {
  readonly radiusM: number
  readonly topM?: number
  readonly heightM: number
  readonly sides?: number
}

/** A round thing on its foot. */
export function round({ radiusM, topM = radiusM, heightM, sides = 16 }: Round, material: Material): Mesh {
  const mesh = new Mesh(new CylinderGeometry(topM, radiusM, heightM, sides).translate(0, heightM / 2, 0), material)
  return shaded(mesh)
}

export function shaded(mesh: Mesh): Mesh {
  mesh.castShadow = true
  mesh.receiveShadow = true
  return mesh
}
