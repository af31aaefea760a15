import { BoxGeometry, type BufferGeometry, Color, Group, InstancedMesh, MeshLambertMaterial, Object3D } from 'three'
import type { Bay } from '../bays.ts'
import { pointOn, steadyChance } from '../geometry.ts'
import type { PlacePoint, Thing } from '../place-types.ts'
import type { Palette } from './palette.ts'
import type { Part } from './scene-state.ts'
import { skinOf, tintAll } from './skins.ts'

interface Stand {
  readonly point: PlacePoint
  readonly post: PlacePoint
  readonly headingDeg: number
}

/** Bays with a post each, and the vehicles that stand there; those that charge have the colour of charging. */
export function chargersPart(thing: Thing, palette: Palette): Part {
  const stands = standsOf(thing)
  const root = new Group()
  const posts = skinOf(palette, 'ev', 0.25)
  const paint = skinOf(palette, 'place-paint')
  root.add(many(new BoxGeometry(0.5, 1.7, 0.3).translate(0, 0.85, 0), posts.material, stands, ({ post }) => post))
  root.add(
    many(new BoxGeometry(0.14, 0.05, 5).translate(0, 0.28, 0), paint.material, stands, ({ point, headingDeg }) =>
      pointOn({ at: point, widthM: 0, depthM: 0, headingDeg }, 1.5, 0),
    ),
  )
  const skin = new MeshLambertMaterial()
  const glass = skinOf(palette, 'place-glass-night')
  const bodies = many(new BoxGeometry(1.85, 0.85, 4.4).translate(0, 0.75, 0), skin, stands, ({ point }) => point)
  const cabins = many(
    new BoxGeometry(1.6, 0.62, 2.2).translate(0, 1.45, 0.2),
    glass.material,
    stands,
    ({ point }) => point,
  )
  root.add(bodies, cabins)
  const [charging, resting] = [palette('ev'), [palette('place-car-1'), palette('place-car-2'), palette('place-car-3')]]
  const colour = new Color()
  const placed = new Object3D()
  let before = ''
  return {
    root,
    tint: tintAll(posts),
    show: ({ bays }) => {
      const there = bays.get(thing.id) ?? []
      const key = there.join()
      if (key === before) return
      before = key
      stands.forEach(({ point, headingDeg }, index) => {
        const bay: Bay = there[index] ?? 'empty'
        for (const mesh of [bodies, cabins]) {
          stand(placed, point, headingDeg)
          placed.scale.setScalar(bay === 'empty' ? 0 : 1)
          placed.updateMatrix()
          mesh.setMatrixAt(index, placed.matrix)
          mesh.instanceMatrix.needsUpdate = true
        }
        const own = resting[Math.floor(steadyChance(thing.id, index) * resting.length)] ?? charging
        bodies.setColorAt(index, colour.copy(bay === 'charges' ? charging : own))
      })
      if (bodies.instanceColor) bodies.instanceColor.needsUpdate = true
    },
  }
}

function standsOf({ bodies, bays }: Thing): readonly Stand[] {
  const perBody = Math.ceil(bays / Math.max(1, bodies.length))
  return bodies.flatMap(({ rectangle }) =>
    Array.from({ length: perBody }, (_, index) => {
      const across = ((index + 0.5) / perBody - 0.5) * rectangle.widthM
      return {
        point: pointOn(rectangle, across, 0),
        post: pointOn(rectangle, across, rectangle.depthM / 2 - 0.3),
        headingDeg: rectangle.headingDeg,
      }
    }),
  )
}

function stand(placed: Object3D, [east, north]: PlacePoint, headingDeg: number): void {
  placed.position.set(east, 0.2, -north)
  placed.rotation.y = (-headingDeg * Math.PI) / 180
}

function many(
  geometry: BufferGeometry,
  material: MeshLambertMaterial,
  stands: readonly Stand[],
  where: (stand: Stand) => PlacePoint,
): InstancedMesh {
  const mesh = new InstancedMesh(geometry, material, stands.length)
  const placed = new Object3D()
  stands.forEach((one, index) => {
    stand(placed, where(one), one.headingDeg)
    placed.updateMatrix()
    mesh.setMatrixAt(index, placed.matrix)
  })
  mesh.castShadow = true
  return mesh
}
