import { Group, type Mesh, type Object3D, Mesh as SolidMesh } from 'three'
import { rotorOf } from '../forms.ts'
import { type Rectangle, steadyChance } from '../geometry.ts'
import type { Body, Thing } from '../place-types.ts'
import type { Palette } from './palette.ts'
import type { Part } from './scene-state.ts'
import { type Skin, skinOf, tintAll } from './skins.ts'
import { box, extruded, round, shaded } from './solids.ts'

const toRadians = Math.PI / 180

/** A frame that stands and looks like a rectangle: x across it, −z along its heading. */
function frameOf({ at: [east, north], headingDeg }: Rectangle, baseM: number): Group {
  const frame = new Group()
  frame.position.set(east, baseM, -north)
  frame.rotation.y = -headingDeg * toRadians
  return frame
}

const move = <Thing3D extends Object3D>(mesh: Thing3D, x: number, y: number, z: number): Thing3D => {
  mesh.position.set(x, y, z)
  return mesh
}

/** A plate under a machine. */
function pad({ outline }: Body, skin: Skin): Mesh {
  const mesh = new SolidMesh(extruded(outline, 0.3), skin.material)
  mesh.receiveShadow = true
  return mesh
}

export function turbinePart(thing: Thing, fields: Readonly<Record<string, unknown>>, palette: Palette): Part {
  const root = new Group()
  const tower = skinOf(palette, 'place-mast')
  const blades = skinOf(palette, 'wind', 0.1)
  const rotors: Object3D[] = []
  for (const { rectangle, baseM, heightM } of thing.bodies) {
    const frame = frameOf(rectangle, baseM)
    const { bladeM } = rotorOf(fields, heightM)
    frame.add(
      round({ radiusM: heightM * 0.028 + 0.4, topM: heightM * 0.014 + 0.2, heightM, sides: 12 }, tower.material),
    )
    const noseM = bladeM * 0.1
    frame.add(move(box(noseM * 0.8, noseM * 0.8, noseM * 2.4, tower.material), 0, heightM - noseM * 0.4, noseM * 0.2))
    const rotor = move(new Group(), 0, heightM, -noseM * 1.3)
    for (let blade = 0; blade < 3; blade += 1) {
      const arm = round({ radiusM: bladeM * 0.05, topM: bladeM * 0.014, heightM: bladeM, sides: 6 }, blades.material)
      arm.scale.z = 0.35
      arm.rotation.z = (blade * 2 * Math.PI) / 3
      rotor.add(arm)
    }
    rotor.rotation.z = steadyChance(thing.id, 1) * 2
    frame.add(rotor)
    rotors.push(rotor)
    root.add(frame)
  }
  let spin = 0
  return {
    root,
    tint: tintAll(blades, tower),
    show: (state) => {
      spin = state.spin.get(thing.id) ?? 0
    },
    advance(seconds) {
      if (spin <= 0.01) return false
      for (const rotor of rotors) rotor.rotation.z -= seconds * (0.5 + 1.4 * spin)
      return true
    },
  }
}

/** Containers, or round tanks, whose lower part is as high as they are full. */
export function storePart(thing: Thing, palette: Palette): Part {
  const root = new Group()
  const shell = skinOf(palette, 'place-container')
  const level = skinOf(
    palette,
    thing.family === 'heat-store' || thing.family === 'hydrogen' ? thing.family : 'battery',
    0.35,
  )
  const plate = skinOf(palette, 'place-paved')
  const isTank = thing.form === 'tank'
  const levels: { readonly mesh: Mesh; readonly heightM: number }[] = []
  for (const body of thing.bodies) {
    const { rectangle, baseM, heightM } = body
    const { widthM, depthM } = rectangle
    const frame = frameOf(rectangle, baseM)
    const radiusM = Math.min(widthM, depthM) / 2
    const made = isTank
      ? [round({ radiusM, heightM }, shell.material), round({ radiusM: radiusM + 0.08, heightM: 1 }, level.material)]
      : [box(widthM, heightM, depthM, shell.material), box(widthM + 0.12, 1, depthM + 0.12, level.material)]
    const [outside, full] = made as [Mesh, Mesh]
    frame.add(outside, full)
    if (!isTank) {
      for (const side of [-1, 0, 1])
        frame.add(move(box(1.4, 0.35, 1.4, plate.material), (side * widthM) / 3.4, heightM, 0))
    }
    levels.push({ mesh: full, heightM })
    root.add(frame)
  }
  return {
    root,
    tint: tintAll(shell, level),
    show: ({ soc }) => {
      const share = Math.min(1, Math.max(0, soc.get(thing.id) ?? 0))
      for (const { mesh, heightM } of levels) {
        mesh.visible = share > 0.005
        mesh.scale.y = Math.max(0.01, share * (heightM - 0.25))
      }
    },
  }
}

/** Transformers, a house for the switchgear, and the mast where the line of the grid ends. */
export function substationPart(thing: Thing, palette: Palette): Part {
  const root = new Group()
  const [steel, house, plate] = [
    skinOf(palette, 'grid', 0.08),
    skinOf(palette, 'place-wall'),
    skinOf(palette, 'place-paved'),
  ]
  for (const body of thing.bodies) {
    const { rectangle, baseM } = body
    const { widthM, depthM } = rectangle
    root.add(pad(body, plate))
    const frame = frameOf(rectangle, baseM)
    const unitM = Math.min(6, widthM / 5)
    for (const side of [-1, 1]) {
      const x = side * unitM * 0.95 - widthM * 0.1
      frame.add(move(box(unitM, unitM * 0.75, unitM * 1.2, steel.material), x, 0.3, depthM * 0.08))
      for (const fin of [-0.3, 0, 0.3]) {
        frame.add(
          move(
            box(unitM * 0.08, unitM * 0.5, unitM * 0.08, steel.material),
            x + fin * unitM,
            unitM * 0.75,
            depthM * 0.08,
          ),
        )
      }
    }
    frame.add(move(box(widthM * 0.22, 3.6, depthM * 0.55, house.material), widthM * 0.33, 0.3, 0))
    const mastM = thing.family === 'grid' ? 22 : 0
    if (mastM > 0) frame.add(move(mast(mastM, steel), -widthM * 0.36, 0.3, -depthM * 0.25))
    root.add(frame)
  }
  return { root, tint: tintAll(steel, house) }
}

/** A lattice mast, as far as one sees it: four legs that meet, and three arms. */
function mast(heightM: number, steel: Skin): Group {
  const group = new Group()
  for (const [x, z] of [
    [-1, -1],
    [1, -1],
    [1, 1],
    [-1, 1],
  ] as const) {
    const leg = round({ radiusM: 0.16, heightM: heightM * 1.005, sides: 4 }, steel.material)
    leg.position.set(x * 1.7, 0, z * 1.7)
    leg.rotation.set(-z * 0.075, 0, x * 0.075)
    group.add(leg)
  }
  for (const level of [0.62, 0.78, 0.94]) {
    group.add(move(box(9 - level * 4, 0.3, 0.3, steel.material), 0, heightM * level, 0))
  }
  return group
}

export function gensetPart(thing: Thing, palette: Palette): Part {
  const root = new Group()
  const family = thing.family === 'chp' ? 'chp' : 'genset'
  const [shell, metal] = [skinOf(palette, family, 0.06), skinOf(palette, 'place-metal')]
  for (const { rectangle, baseM, heightM } of thing.bodies) {
    const { widthM, depthM } = rectangle
    const frame = frameOf(rectangle, baseM)
    frame.add(box(widthM, heightM, depthM, shell.material))
    frame.add(
      move(round({ radiusM: 0.35, heightM: heightM * 1.4, sides: 10 }, metal.material), widthM * 0.32, heightM, 0),
    )
    frame.add(move(box(widthM * 0.16, heightM * 0.8, depthM * 0.8, metal.material), -widthM * 0.62, 0, 0))
    root.add(frame)
  }
  return { root, tint: tintAll(shell) }
}

/** A weir across the water with its house, and piers. */
export function weirPart(thing: Thing, palette: Palette): Part {
  const root = new Group()
  const [stone, house, foam] = [
    skinOf(palette, 'place-stone'),
    skinOf(palette, 'hydro', 0.12),
    skinOf(palette, 'place-foam', 0.25),
  ]
  for (const { rectangle, baseM, heightM } of thing.bodies) {
    const { widthM, depthM } = rectangle
    const frame = frameOf(rectangle, baseM)
    frame.add(box(widthM * 0.35, heightM * 0.45, depthM, stone.material))
    for (const pier of [-0.5, -0.18, 0.14, 0.46]) {
      frame.add(move(box(widthM, heightM * 0.75, 1.6, stone.material), 0, 0, pier * depthM))
    }
    frame.add(move(box(widthM, heightM * 1.3, depthM * 0.22, house.material), 0, 0, -depthM * 0.58))
    frame.add(move(box(widthM * 0.7, 0.35, depthM * 0.94, foam.material), widthM * 0.5, 0.1, 0))
    root.add(frame)
  }
  return { root, tint: tintAll(house, stone) }
}

/** Any other machine: a house with a unit on its roof, in the colour of its family. */
export function blockPart(thing: Thing, palette: Palette): Part {
  const root = new Group()
  const skin = skinOf(
    palette,
    thing.family && thing.family !== 'network' && thing.family !== 'reserve' ? thing.family : 'grid',
    0.06,
  )
  const metal = skinOf(palette, 'place-metal')
  for (const body of thing.bodies) {
    const mesh = new SolidMesh(extruded(body.outline, body.heightM), skin.material)
    mesh.position.y = body.baseM
    root.add(shaded(mesh))
    const { widthM, depthM } = body.rectangle
    const frame = frameOf(body.rectangle, body.baseM + body.heightM)
    frame.add(box(widthM * 0.3, 1.2, depthM * 0.4, metal.material))
    root.add(frame)
  }
  return { root, tint: tintAll(skin) }
}
