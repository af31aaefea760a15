import { BoxGeometry, Group, InstancedMesh, Object3D } from 'three'
import { pointOn } from '../geometry.ts'
import { type ModuleTable, moduleRows } from '../module-rows.ts'
import type { Body, Thing } from '../place-types.ts'
import type { Palette } from './palette.ts'
import type { Part } from './scene-state.ts'
import { skinOf, tintAll } from './skins.ts'

/** A table with the height of its middle and its lean. */
interface Leaning extends ModuleTable {
  readonly upM: number
  readonly tiltDeg: number
  readonly azimuthDeg: number
}

interface Post {
  readonly east: number
  readonly north: number
  readonly heightM: number
}

/** Modules of PV: on roofs, on canopies with posts, or on the ground. */
export function modulesPart(thing: Thing, palette: Palette): Part {
  const { modules = { tiltDeg: 10, azimuthDeg: 180, areaM2: Number.POSITIVE_INFINITY }, bodies, form } = thing
  const total = bodies.reduce((sum, { rectangle }) => sum + rectangle.widthM * rectangle.depthM, 0)
  const tables: Leaning[] = []
  const posts: Post[] = []
  for (const body of bodies) {
    const { rectangle } = body
    if (form === 'canopy' || isSlender(body, modules.azimuthDeg)) {
      const canopy = canopyOf(body, modules)
      tables.push(...canopy.tables)
      posts.push(...canopy.posts)
      continue
    }
    const share = (rectangle.widthM * rectangle.depthM) / total
    const upM = form === 'roof' ? body.baseM + 0.7 : body.baseM + 1.2
    const rows = moduleRows({
      ...modules,
      outline: body.outline,
      areaM2: modules.areaM2 * share,
      marginM: form === 'roof' ? 2 : 1,
    })
    tables.push(...rows.map((row) => ({ ...row, upM, tiltDeg: modules.tiltDeg, azimuthDeg: modules.azimuthDeg })))
  }
  const face = skinOf(palette, 'place-module')
  const frame = skinOf(palette, 'place-metal')
  const root = new Group()
  root.add(tablesMesh(tables, face.material))
  if (posts.length > 0) root.add(postsMesh(posts, frame.material))
  return { root, tint: tintAll(face) }
}

/** Raised and narrow across the way its modules look: one slope, not rows of them. */
function isSlender({ rectangle, heightM }: Body, azimuthDeg: number): boolean {
  const turn = ((azimuthDeg - rectangle.headingDeg) * Math.PI) / 180
  return (
    heightM > 2.5 && rectangle.depthM < 14 && rectangle.widthM > rectangle.depthM * 2 && Math.abs(Math.cos(turn)) > 0.7
  )
}

const bayM = 10

function canopyOf(
  { rectangle, baseM, heightM }: Body,
  { tiltDeg, azimuthDeg }: { tiltDeg: number; azimuthDeg: number },
) {
  const { widthM, depthM, headingDeg } = rectangle
  const count = Math.max(1, Math.round(widthM / bayM))
  const lengthM = widthM / count
  // Along its length it leans; to which side, its modules say.
  const looksBack = Math.cos(((azimuthDeg - headingDeg) * Math.PI) / 180) < 0
  const tables = Array.from(
    { length: count },
    (_, index): Leaning => ({
      at: pointOn(rectangle, (index + 0.5) * lengthM - widthM / 2, 0),
      lengthM: lengthM - 0.3,
      slopeM: depthM,
      upM: baseM + heightM,
      tiltDeg,
      azimuthDeg: headingDeg + (looksBack ? 180 : 0),
    }),
  )
  const posts = Array.from({ length: count + 1 }, (_, index) => {
    const [east, north] = pointOn(
      rectangle,
      Math.min(widthM / 2 - 0.4, Math.max(0.4 - widthM / 2, index * lengthM - widthM / 2)),
      0,
    )
    return { east, north, heightM: baseM + heightM }
  })
  return { tables, posts }
}

function tablesMesh(
  tables: readonly Leaning[],
  material: ConstructorParameters<typeof InstancedMesh>[1],
): InstancedMesh {
  const mesh = new InstancedMesh(new BoxGeometry(1, 0.14, 1), material, Math.max(1, tables.length))
  mesh.count = tables.length
  const placed = new Object3D()
  placed.rotation.order = 'YXZ'
  tables.forEach(({ at: [east, north], upM, lengthM, slopeM, tiltDeg, azimuthDeg }, index) => {
    const tilt = (tiltDeg * Math.PI) / 180
    placed.position.set(east, upM + (Math.sin(tilt) * slopeM) / 2, -north)
    // Towards its azimuth is +z of a table that has been turned by it: its lower edge is there.
    placed.rotation.y = ((180 - azimuthDeg) * Math.PI) / 180
    placed.rotation.x = tilt
    placed.scale.set(lengthM, 1, slopeM)
    placed.updateMatrix()
    mesh.setMatrixAt(index, placed.matrix)
  })
  mesh.castShadow = true
  mesh.receiveShadow = true
  return mesh
}

function postsMesh(posts: readonly Post[], material: ConstructorParameters<typeof InstancedMesh>[1]): InstancedMesh {
  const mesh = new InstancedMesh(new BoxGeometry(0.35, 1, 0.35).translate(0, 0.5, 0), material, posts.length)
  const placed = new Object3D()
  posts.forEach(({ east, north, heightM }, index) => {
    placed.position.set(east, 0, -north)
    placed.scale.set(1, heightM, 1)
    placed.updateMatrix()
    mesh.setMatrixAt(index, placed.matrix)
  })
  return mesh
}
