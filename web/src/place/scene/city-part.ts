import { BufferAttribute, BufferGeometry, type Color, Group, Mesh } from 'three'
import type { CityModel, Surface } from '../city-json.ts'
import type { PlacedModel } from '../place-types.ts'
import type { Palette } from './palette.ts'
import { type Skin, skinOf, tintAll } from './skins.ts'
import { shaded } from './solids.ts'

const tokens: Readonly<Record<Surface, string>> = {
  roof: 'place-roof',
  wall: 'place-wall',
  ground: 'place-paved',
  other: 'place-wall',
}

/** Puts a model where it belongs: its origin to `at`, turned by its heading. Coordinates of models have z upwards. */
export function placeModel(root: Group, { atM: [east, north], upM, headingDeg, scale }: PlacedModel): void {
  root.position.set(east, upM, -north)
  root.rotation.y = (-headingDeg * Math.PI) / 180
  root.scale.setScalar(scale)
}

export interface CityParts {
  readonly root: Group
  /** Colours what is a thing of the place. */
  tint(colours: (thing: string) => Color | undefined): void
}

/** The objects of a city model; those that are a thing of the place are chosen as it. */
export function cityParts(city: CityModel, model: PlacedModel, palette: Palette): CityParts {
  const root = new Group()
  placeModel(root, model)
  const [x, y, z] = model.originM ?? [
    (city.least[0] + city.most[0]) / 2,
    (city.least[1] + city.most[1]) / 2,
    city.least[2],
  ]
  const byThing = new Map<string, Group>()
  const skins = new Map<string, Skin[]>()
  const groupOf = (thing: string): Group => {
    const found = byThing.get(thing)
    if (found) return found
    const group = new Group()
    if (thing !== '') group.userData.thing = thing
    byThing.set(thing, group)
    root.add(group)
    return group
  }
  // One mesh a surface for all objects that are the same thing: a town has thousands of objects.
  const positions = new Map<string, number[]>()
  for (const { id, triangles } of city.objects) {
    const thing = model.objects[id] ?? ''
    for (const [surface, list] of Object.entries(triangles)) {
      const key = `${surface} ${thing}`
      const all = positions.get(key) ?? []
      positions.set(key, all)
      for (let at = 0; at < list.length; at += 3) all.push(list[at]! - x, list[at + 2]! - z, y - list[at + 1]!)
    }
  }
  for (const [key, list] of positions) {
    if (list.length === 0) continue
    const [surface, thing] = [key.slice(0, key.indexOf(' ')) as Surface, key.slice(key.indexOf(' ') + 1)]
    const skin = skinOf(palette, tokens[surface])
    skins.set(thing, [...(skins.get(thing) ?? []), skin])
    const geometry = new BufferGeometry()
    geometry.setAttribute('position', new BufferAttribute(new Float32Array(list), 3))
    geometry.computeVertexNormals()
    groupOf(thing).add(shaded(new Mesh(geometry, skin.material)))
  }
  return {
    root,
    tint: (colours) => {
      for (const [thing, own] of skins) tintAll(...own)(thing === '' ? undefined : colours(thing))
    },
  }
}
