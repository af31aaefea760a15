import { ConeGeometry, Group, InstancedMesh, Mesh, Object3D } from 'three'
import { type Extent, extentOf, isInside, steadyChance } from '../geometry.ts'
import type { DrawnPlace, GroundArea, PlacePoint } from '../place-types.ts'
import { boardRimM } from '../views.ts'
import type { Palette } from './palette.ts'
import type { Part } from './scene-state.ts'
import { skinOf } from './skins.ts'
import { box, flat, flatLine } from './solids.ts'

const thicknessM = 5

/** Height of each cover above the board, m: roads lie over water, as on a bridge. */
const heights = { green: 0.08, water: 0.16, paved: 0.24, road: 0.34 } as const

/** The board that a place stands on, as a model does, with its water, green and roads. */
export function groundPart({ ground, extent }: DrawnPlace, palette: Palette): Part {
  const root = new Group()
  const board = box(
    extent.maxEast - extent.minEast + 2 * boardRimM,
    thicknessM,
    extent.maxNorth - extent.minNorth + 2 * boardRimM,
    skinOf(palette, 'place-ground').material,
  )
  board.castShadow = false
  board.position.set((extent.minEast + extent.maxEast) / 2, -thicknessM, -(extent.minNorth + extent.maxNorth) / 2)
  root.add(board)
  for (const area of ground) {
    const geometry = area.outlineM
      ? flat(area.outlineM)
      : area.lineM
        ? flatLine(area.lineM, area.widthM ?? 6)
        : undefined
    if (!geometry) continue
    const mesh = new Mesh(geometry, skinOf(palette, `place-${area.cover}`).material)
    mesh.position.y = heights[area.cover]
    mesh.receiveShadow = true
    root.add(mesh)
  }
  return { root }
}

const mostTrees = 700
const treeAreaM2 = 170

/** Trees on what is green: not in water, not in houses, not on roads; always the same. */
export function treesPart({ ground, things, routes }: DrawnPlace, palette: Palette): Part {
  const greens = ground.filter(({ cover, outlineM }) => cover === 'green' && outlineM !== undefined)
  const taken = [
    ...ground.filter(({ cover }) => cover !== 'green'),
    ...things.flatMap(({ bodies }) => bodies.map(({ outline }): GroundArea => ({ cover: 'paved', outlineM: outline }))),
    ...routes.map(({ line }): GroundArea => ({ cover: 'road', lineM: line, widthM: 5 })),
  ]
  const spots = greens.flatMap((area, index) => spotsIn(area.outlineM ?? [], `${area.title ?? ''} ${index}`))
  const free = spots.filter(({ point }) => !taken.some((area) => covers(area, point))).slice(0, mostTrees)
  const root = new Group()
  if (free.length === 0) return { root }
  const mesh = new InstancedMesh(
    new ConeGeometry(1, 1, 7).translate(0, 0.5, 0),
    skinOf(palette, 'place-tree').material,
    free.length,
  )
  const placed = new Object3D()
  free.forEach(({ point: [east, north], size }, index) => {
    placed.position.set(east, 0, -north)
    placed.rotation.y = size * 7
    placed.scale.set(2.2 + 1.6 * size, 5 + 6 * size, 2.2 + 1.6 * size)
    placed.updateMatrix()
    mesh.setMatrixAt(index, placed.matrix)
  })
  mesh.castShadow = true
  root.add(mesh)
  return { root }
}

function spotsIn(outline: readonly PlacePoint[], name: string) {
  const { minEast, maxEast, minNorth, maxNorth }: Extent = extentOf(outline)
  const count = Math.min(mostTrees, Math.round(((maxEast - minEast) * (maxNorth - minNorth)) / treeAreaM2))
  return Array.from({ length: count }, (_, index) => ({
    point: [
      minEast + steadyChance(name, index * 3) * (maxEast - minEast),
      minNorth + steadyChance(name, index * 3 + 1) * (maxNorth - minNorth),
    ] as PlacePoint,
    size: steadyChance(name, index * 3 + 2),
  })).filter(({ point }) => isInside(point, outline))
}

function covers({ outlineM, lineM, widthM = 6 }: GroundArea, point: PlacePoint): boolean {
  if (outlineM) return isInside(point, outlineM)
  return lineM?.slice(1).some((to, index) => distanceToM(point, lineM[index]!, to) < widthM / 2 + 3) ?? false
}

/** From a point to the stretch between two others. */
function distanceToM([east, north]: PlacePoint, from: PlacePoint, to: PlacePoint): number {
  const [x, y] = [to[0] - from[0], to[1] - from[1]]
  const square = x * x + y * y
  const share = square === 0 ? 0 : Math.min(1, Math.max(0, ((east - from[0]) * x + (north - from[1]) * y) / square))
  return Math.hypot(east - from[0] - x * share, north - from[1] - y * share)
}
