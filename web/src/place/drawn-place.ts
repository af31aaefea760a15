import type { PlacedAsset, PlacedBuilding, PlaceSection, Site, SiteAsset } from '../api/types.ts'
import { familyOf } from '../ui/families.ts'
import { baysOf } from './bays.ts'
import { modulesOf, rotorOf, usualForm, usualSizes } from './forms.ts'
import { againstTheClock, boundsOf, distanceM, extentOf, outlineOf, pointOn, type Rectangle } from './geometry.ts'
import type { Body, DrawnPlace, PlaceForm, PlacePoint, Route, Thing } from './place-types.ts'
import { schematicPlace } from './schematic-place.ts'

/** The place of a site: as its file lays it out, or as a scheme where it does not. */
export function drawnPlace(site: Site): DrawnPlace {
  const section = site.sections.place as PlaceSection | undefined
  const schematic = section === undefined || Object.keys(section.assets).length === 0
  const given = schematic ? schematicPlace(site.assets) : section
  const things = thingsOf(site, given)
  const routes = routesOf(given, things)
  const points = [
    ...things.flatMap(({ bodies }) => bodies.flatMap(({ outline }) => outline)),
    ...routes.flatMap(({ line }) => line),
    ...given.ground.flatMap(({ outlineM, lineM }) => outlineM ?? lineM ?? []),
    ...Object.values(given.models).map(({ atM }) => atM),
  ]
  return { schematic, things, ground: given.ground, routes, models: given.models, extent: extentOf(points) }
}

function thingsOf(site: Site, place: PlaceSection): readonly Thing[] {
  const buildings = Object.entries(place.buildings).map(([id, building]) => buildingThing(id, building))
  const byId = new Map(buildings.map((thing) => [thing.id, thing]))
  const placed = site.assets.flatMap((asset) => {
    const own = place.assets[asset.id]
    return own ? [{ asset, own }] : []
  })
  // What others stand on or in has to be there before them.
  const later = ({ own }: { readonly own: PlacedAsset }): number => (own.on ? 2 : own.in ? 1 : 0)
  const assets: Thing[] = []
  for (const { asset, own } of placed.toSorted((a, b) => later(a) - later(b))) {
    const thing = assetThing(site, asset, own, byId)
    byId.set(asset.id, thing)
    assets.push(thing)
  }
  const order = new Map(site.assets.map(({ id }, index) => [id, index]))
  return [...buildings, ...assets.toSorted((a, b) => (order.get(a.id) ?? 0) - (order.get(b.id) ?? 0))]
}

function buildingThing(id: string, building: PlacedBuilding): Thing {
  const body = bodyOf(building, 'building')
  return thingOf({
    id,
    title: building.title ?? id,
    form: 'building',
    bodies: body ? [body] : [],
    buildings: [],
    bays: 0,
  })
}

function assetThing(site: Site, asset: SiteAsset, own: PlacedAsset, byId: ReadonlyMap<string, Thing>): Thing {
  const { id, title, kind } = asset
  const form = own.form ?? usualForm(asset, own.on !== undefined)
  const family = familyOf(kind)
  const modules = modulesOf(asset)
  const named = (ids: readonly string[]): readonly Body[] => ids.flatMap((name) => byId.get(name)?.bodies ?? [])
  const bodies = own.on ? named(own.on).map(onTop) : own.in ? named(own.in) : rowsOf(asset, own, form)
  return thingOf({
    id,
    title,
    form,
    kind,
    ...(family ? { family } : {}),
    ...(modules ? { modules } : {}),
    bodies,
    buildings: own.in ?? [],
    bays: form === 'chargers' ? (own.bays ?? baysOf(site, asset)) : 0,
  })
}

const onTop = (body: Body): Body => ({ ...body, baseM: body.baseM + body.heightM, heightM: 1 })

/** Its rows, one behind the other along its heading, around where it stands. */
function rowsOf(asset: SiteAsset, own: PlacedAsset, form: PlaceForm): readonly Body[] {
  const heightM = form === 'turbine' ? rotorOf(asset.fields, own.heightM).hubM : own.heightM
  const first = bodyOf({ ...own, ...(heightM === undefined ? {} : { heightM }) }, form)
  if (!first) return []
  if (own.rows === 1) return [first]
  const { rectangle } = first
  const spacingM = own.rowSpacingM ?? rectangle.depthM * 1.6
  return Array.from({ length: own.rows }, (_, row) => {
    const along = (row - (own.rows - 1) / 2) * spacingM
    const at = pointOn(rectangle, 0, along)
    const [east, north] = [at[0] - rectangle.at[0], at[1] - rectangle.at[1]]
    return {
      ...first,
      rectangle: { ...rectangle, at },
      outline: first.outline.map(([e, n]): PlacePoint => [e + east, n + north]),
    }
  })
}

function bodyOf(footprint: PlacedBuilding, form: PlaceForm): Body | undefined {
  const { atM, sizeM, outlineM, headingDeg } = footprint
  const usual = usualSizes[form]
  const heightM = footprint.heightM ?? usual.heightM
  if (outlineM) {
    const outline = againstTheClock(outlineM)
    return { outline, rectangle: boundsOf(outline, headingDeg), baseM: 0, heightM }
  }
  if (!atM) return undefined
  const [widthM, depthM] = sizeM ?? [usual.widthM, usual.depthM]
  const rectangle: Rectangle = { at: atM, widthM, depthM, headingDeg }
  return { outline: outlineOf(rectangle), rectangle, baseM: 0, heightM }
}

/** With the place of its name: over its largest body. */
function thingOf(thing: Omit<Thing, 'anchor'>): Thing {
  const size = ({ rectangle }: Body): number => rectangle.widthM * rectangle.depthM
  const [largest] = thing.bodies.toSorted((a, b) => size(b) - size(a))
  const middle = thing.bodies[Math.floor((thing.bodies.length - 1) / 2)]
  const body = thing.bodies.length > 0 && thing.buildings.length === 0 ? middle : largest
  return {
    ...thing,
    anchor: {
      point: body?.rectangle.at ?? [0, 0],
      heightM: (body?.baseM ?? 0) + (body?.heightM ?? 0),
    },
  }
}

function routesOf(place: PlaceSection, things: readonly Thing[]): readonly Route[] {
  const byId = new Map(things.map((thing) => [thing.id, thing]))
  return place.cables.flatMap(({ from, to, viaM, carrier }): readonly Route[] => {
    const [first, last] = [endOf(from, viaM[0], place, byId), endOf(to, viaM.at(-1), place, byId)]
    const start = first(last(undefined))
    const end = last(start)
    if (!start || !end) return []
    return [{ from, to, carrier, line: [start, ...viaM, end] }]
  })
}

/** Where a cable ends at a thing: at that of its bodies which is nearest to the way. */
function endOf(
  id: string,
  next: PlacePoint | undefined,
  { joints }: PlaceSection,
  byId: ReadonlyMap<string, Thing>,
): (other: PlacePoint | undefined) => PlacePoint | undefined {
  const joint = joints[id]
  if (joint) return () => joint
  const thing = byId.get(id)
  if (!thing || thing.bodies.length === 0) return () => undefined
  return (other) => {
    const towards = next ?? other
    if (!towards) return thing.anchor.point
    const ends = thing.bodies.map((body) => nearestOf(body, towards))
    return ends.reduce((best, point) => (distanceM(point, towards) < distanceM(best, towards) ? point : best))
  }
}

/** Long things are met along their length, others in their middle. */
function nearestOf({ rectangle }: Body, towards: PlacePoint): PlacePoint {
  const { at, widthM, depthM, headingDeg } = rectangle
  if (widthM < depthM * 6) return at
  const far = pointOn({ ...rectangle, at: [0, 0] }, 1, 0)
  const across = (towards[0] - at[0]) * far[0] + (towards[1] - at[1]) * far[1]
  return pointOn({ at, widthM, depthM, headingDeg }, Math.max(-widthM / 2, Math.min(widthM / 2, across)), 0)
}
