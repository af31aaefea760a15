import {
  type Color,
  Group,
  type Material,
  Mesh,
  type Object3D,
  PerspectiveCamera,
  Raycaster,
  Scene,
  Vector2,
  Vector3,
  WebGLRenderer,
} from 'three'
import type { SiteAsset } from '../../api/types.ts'
import type { CityModel } from '../city-json.ts'
import { drawingPower } from '../drawing-power.ts'
import { nextPace, type Pace } from '../frame-pace.ts'
import type { DrawnPlace, PlacedModel, PlacePoint } from '../place-types.ts'
import { between, eyeOf, openDeg, type View } from '../views.ts'
import { type CityParts, cityParts, placeModel } from './city-part.ts'
import { addDaylight } from './daylight.ts'
import { flowsPart } from './flow-ribbons.ts'
import { groundPart, treesPart } from './ground.ts'
import { readPalette } from './palette.ts'
import { thingParts } from './parts.ts'
import type { SceneState } from './scene-state.ts'
import { selectionLines } from './selection-part.ts'

/** Where the name of a thing stands in the picture; undefined behind the eye. */
export type Spots = ReadonlyMap<string, PlacePoint>

export interface SceneOptions {
  readonly place: DrawnPlace
  fieldsOf(thing: string): SiteAsset['fields']
  /** Nothing moves by itself. */
  readonly still: boolean
  /** After every picture. */
  onDrawn(spots: Spots): void
}

/** A drawn place, outside of React. */
export interface PlaceScene {
  show(state: SceneState): void
  select(thing: string | undefined): void
  /** Looks from somewhere else; `glide`: on a way there, unless nothing moves. */
  look(view: View, glide?: boolean): void
  readonly view: View
  resize(widthPx: number, heightPx: number): void
  /** The thing at a place of the picture. */
  thingAt(point: PlacePoint): string | undefined
  addCity(city: CityModel, model: PlacedModel): void
  addObject(object: Object3D, model: PlacedModel): void
  close(): void
}

const glideMs = 240
/** Nothing has moved for so long: the next picture is as fine as it can be. */
const restMs = 220
/** Every so many pictures the time they take is measured to the end. */
const measureEvery = 12

/** @throws where the browser cannot draw in three dimensions */
export function openPlaceScene(canvas: HTMLCanvasElement, options: SceneOptions): PlaceScene {
  const { place, still, onDrawn } = options
  const slow = drawingPower() === 'processor'
  // Without a card, a finer picture of what stands still costs less than smooth edges in every one.
  const finest = slow ? 1.25 : Math.min(2, globalThis.devicePixelRatio || 1)
  const context = canvas.getContext('webgl2', { antialias: !slow, alpha: false, powerPreference: 'high-performance' })
  if (!context) throw new Error('no WebGL 2')
  const renderer = new WebGLRenderer({ canvas, context })
  renderer.shadowMap.enabled = true
  renderer.shadowMap.autoUpdate = false
  const palette = readPalette()
  const scene = new Scene()
  const camera = new PerspectiveCamera(openDeg, 1, 4, 12_000)
  const daylight = addDaylight(scene, place.extent, palette)
  const parts = thingParts(place, options.fieldsOf, palette)
  const flows = flowsPart(place.routes, palette)
  const selection = selectionLines(palette)
  const cities: CityParts[] = []
  const all = [...parts.values(), flows]
  const world = new Group()
  world.add(
    groundPart(place, palette).root,
    treesPart(place, palette).root,
    ...all.map(({ root }) => root),
    selection.root,
  )
  scene.add(world)
  const byId = new Map(place.things.map((thing) => [thing.id, thing]))
  // An asset that is its buildings is chosen by them.
  const ownerOf = new Map(
    place.things.flatMap(({ id, buildings }) => buildings.map((building) => [building, id] as const)),
  )

  let view: View = { target: [0, 0], distanceM: 1000, headingDeg: 0, steepDeg: 45 }
  let glide: { readonly from: View; readonly to: View; readonly startMs: number } | undefined
  let pace: Pace = { ratio: Math.min(1, finest), everyMs: 50 }
  let ratio = pace.ratio
  /** Until when a hand, or a glide, moves the picture. */
  let busyUntilMs = 0
  let [widthPx, heightPx] = [0, 0]
  let state: SceneState | undefined
  let frames = 0
  let lastMs = 0
  let asked = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let closed = false

  const ask = (): void => {
    if (asked !== 0 || closed || widthPx === 0) return
    clearTimeout(timer)
    timer = undefined
    asked = requestAnimationFrame(draw)
  }

  function draw(nowMs: number): void {
    asked = 0
    if (closed || widthPx === 0 || !state) return
    if (glide) {
      const share = Math.min(1, (nowMs - glide.startMs) / glideMs)
      view = between(glide.from, glide.to, share)
      if (share === 1) glide = undefined
    }
    const seconds = lastMs === 0 ? 0 : Math.min(0.25, (nowMs - lastMs) / 1000)
    lastMs = nowMs
    const moving = !still && all.filter((part) => part.advance?.(seconds)).length > 0
    aim()
    refine(moving || glide !== undefined || nowMs < busyUntilMs ? pace.ratio : finest)
    const startMs = performance.now()
    renderer.render(scene, camera)
    if (frames < 3 || frames % measureEvery === 0) settle(startMs)
    frames += 1
    onDrawn(spots())
    if (glide) ask()
    else if (moving && !document.hidden) again(pace.everyMs - (performance.now() - nowMs))
    else if (ratio < finest) again(restMs)
  }

  const again = (afterMs: number): void => {
    clearTimeout(timer)
    timer = setTimeout(ask, Math.max(0, afterMs))
  }

  function refine(next: number): void {
    if (next === ratio) return
    ratio = next
    renderer.setPixelRatio(ratio)
    renderer.setSize(widthPx, heightPx, false)
  }

  /** Waits until the picture is drawn, and takes the pace from how long that took. The first also builds what later ones reuse. */
  function settle(startMs: number): void {
    context!.readPixels(0, 0, 1, 1, context!.RGBA, context!.UNSIGNED_BYTE, new Uint8Array(4))
    const costMs = performance.now() - startMs
    performance.measure(frames === 0 ? 'place-first-picture' : 'place-picture', { start: startMs, duration: costMs })
    // As if it had been drawn as coarsely as pictures that move.
    if (frames > 0) pace = nextPace(pace, costMs * (pace.ratio / ratio) ** 2, Math.min(1, finest))
  }

  function aim(): void {
    camera.position.set(...eyeOf(view))
    camera.near = Math.max(0.5, view.distanceM / 60)
    camera.far = view.distanceM * 4 + 3000
    camera.lookAt(view.target[0], 0, -view.target[1])
    camera.updateProjectionMatrix()
  }

  const spot = new Vector3()
  function spots(): Spots {
    const found = new Map<string, PlacePoint>()
    for (const { id, anchor } of place.things) {
      spot.set(anchor.point[0], anchor.heightM + 1.5, -anchor.point[1]).project(camera)
      if (spot.z < 1) found.set(id, [((spot.x + 1) / 2) * widthPx, ((1 - spot.y) / 2) * heightPx])
    }
    return found
  }

  function dress(): void {
    const tints = state?.tints
    const colourOf = (thing: string): Color | undefined => {
      const token = tints?.get(thing) ?? tints?.get(ownerOf.get(thing) ?? '')
      return token === undefined ? (tints ? palette('place-untold') : undefined) : palette(token)
    }
    for (const [id, part] of parts) part.tint?.(colourOf(id))
    for (const city of cities) city.tint(colourOf)
  }

  const shadowsAnew = (): void => {
    renderer.shadowMap.needsUpdate = true
    ask()
  }
  const restored = (): void => shadowsAnew()
  const seen = (): void => ask()
  canvas.addEventListener('webglcontextrestored', restored)
  document.addEventListener('visibilitychange', seen)

  return {
    get view() {
      return glide?.to ?? view
    },
    show(next) {
      const sunMoved = state?.sun.azimuthDeg !== next.sun.azimuthDeg || state.sun.altitudeDeg !== next.sun.altitudeDeg
      const before = state
      state = next
      const day = daylight.show(next.sun)
      for (const part of all) part.show?.(next, day)
      if (!before || before.tints !== next.tints) dress()
      if (sunMoved || before?.bays !== next.bays) renderer.shadowMap.needsUpdate = true
      ask()
    },
    select(thing) {
      selection.show(thing === undefined ? undefined : byId.get(thing))
      ask()
    },
    look(next, smoothly = false) {
      if (smoothly && !still && frames > 0) glide = { from: view, to: next, startMs: performance.now() }
      else {
        glide = undefined
        view = next
        if (frames > 0) busyUntilMs = performance.now() + restMs * 0.8
      }
      ask()
    },
    resize(width, height) {
      if (width === widthPx && height === heightPx) return
      widthPx = width
      heightPx = height
      if (width === 0 || height === 0) return
      renderer.setPixelRatio(ratio)
      renderer.setSize(width, height, false)
      camera.aspect = width / height
      if (state) {
        // Drawn at once: a canvas of another size is empty until it is.
        cancelAnimationFrame(asked)
        draw(performance.now())
      }
    },
    thingAt([x, y]) {
      if (widthPx === 0) return undefined
      const caster = new Raycaster()
      caster.setFromCamera(new Vector2((x / widthPx) * 2 - 1, 1 - (y / heightPx) * 2), camera)
      for (const { object } of caster.intersectObject(world, true)) {
        for (let at: Object3D | null = object; at; at = at.parent) {
          const thing = at.userData.thing as string | undefined
          if (thing !== undefined) return ownerOf.get(thing) ?? thing
        }
      }
      return undefined
    },
    addCity(city, model) {
      const added = cityParts(city, model, palette)
      cities.push(added)
      world.add(added.root)
      dress()
      shadowsAnew()
    },
    addObject(object, model) {
      const root = new Group()
      placeModel(root, model)
      const [x, y, z] = model.originM ?? [0, 0, 0]
      object.position.set(object.position.x - x, object.position.y - z, object.position.z + y)
      object.traverse((child) => {
        child.castShadow = true
        child.receiveShadow = true
        const thing = model.objects[child.name]
        if (thing !== undefined) child.userData.thing = thing
      })
      root.add(object)
      world.add(root)
      shadowsAnew()
    },
    close() {
      closed = true
      cancelAnimationFrame(asked)
      clearTimeout(timer)
      canvas.removeEventListener('webglcontextrestored', restored)
      document.removeEventListener('visibilitychange', seen)
      scene.traverse(release)
      renderer.dispose()
    },
  }
}

function release(object: Object3D): void {
  if (!(object instanceof Mesh)) return
  object.geometry.dispose()
  for (const material of [object.material].flat() as Material[]) material.dispose()
}
