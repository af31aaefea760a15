import type { Site, SiteAsset } from '../api/types.ts'
import { clockTime } from '../format/times.ts'
import type { LookUp } from '../park/flow.ts'
import { type Bay, outletsOf, vehiclesAt } from './bays.ts'
import type { DrawnPlace, Route, Thing } from './place-types.ts'
import { loadFactorOf, powerOf, type Quantity, quantityOf, type Scale, scaleOf, socOf } from './quantities.ts'
import { routeFlows, supplyOf } from './route-flows.ts'
import { tokenOn } from './scale-tokens.ts'
import type { SceneState } from './scene/scene-state.ts'
import { sunAt } from './sun.ts'

interface MomentAsked {
  readonly site: Site
  readonly place: DrawnPlace
  readonly lookUp: LookUp
  readonly timestampMs: number
  readonly quantity: Quantity
}

/** A place at a moment, with the scale of its colours. */
export interface PlaceMoment {
  readonly state: SceneState
  readonly scale: Scale | undefined
}

const minuteMs = 60_000

/** What a place looks like at a moment. */
export function placeMoment({ site, place, lookUp, timestampMs, quantity }: MomentAsked): PlaceMoment {
  const assets = new Map(site.assets.map((asset) => [asset.id, asset]))
  const placed = place.things.flatMap((thing) => {
    const asset = assets.get(thing.id)
    return asset ? [{ thing, asset }] : []
  })
  const { tints, scale } = tintsOf(placed, lookUp, quantity)
  const flows = routeFlows(
    place.routes,
    supplyOf(site.assets, lookUp),
    (thing) => assets.get(thing)?.kind === 'grid' || thing.startsWith('hub-'),
  )
  const tokens = routeTokens(place)
  const localTime = clockTime(timestampMs, site.zone, 'en')
  return {
    scale,
    state: {
      // A minute of the sun is a quarter of a degree: shadows are not drawn anew for less.
      sun: sunAt(Math.round(timestampMs / minuteMs) * minuteMs, site.location),
      tints,
      flows: flows.map((powerKw, index) => ({ powerKw, token: tokens[index] ?? 'grid' })),
      soc: known(placed, ({ asset }) => socOf(asset, lookUp)),
      lit: litWindows(placed, lookUp),
      bays: baysAt(site, placed, { lookUp, localTime }),
      spin: known(placed, ({ thing, asset }) =>
        thing.form === 'turbine' ? Math.min(1, loadFactorOf(asset, lookUp) ?? 0) : undefined,
      ),
    },
  }
}

interface Placed {
  readonly thing: Thing
  readonly asset: SiteAsset
}

function known(placed: readonly Placed[], read: (one: Placed) => number | undefined): ReadonlyMap<string, number> {
  return new Map(
    placed.flatMap((one): [string, number][] => {
      const value = read(one)
      return value === undefined ? [] : [[one.thing.id, value]]
    }),
  )
}

function tintsOf(placed: readonly Placed[], lookUp: LookUp, quantity: Quantity) {
  if (quantity === 'kind') return { tints: undefined, scale: undefined }
  const values = placed.map(({ thing, asset }) => ({ id: thing.id, value: quantityOf(quantity, asset, lookUp) }))
  const scale = scaleOf(
    quantity,
    values.map(({ value }) => value),
  )
  const tints = new Map(
    values.flatMap(({ id, value }): [string, string][] => (value === undefined ? [] : [[id, tokenOn(scale, value)]])),
  )
  return { tints, scale }
}

/** A flow has the colour of the asset that it comes from or goes to; between joints it has that of the grid. */
export function routeTokens({ routes, things }: Pick<DrawnPlace, 'routes' | 'things'>): readonly string[] {
  const families = new Map(things.map(({ id, family }) => [id, family]))
  const tokenOf = (end: string): string | undefined => {
    const family = families.get(end)
    return family === undefined || family === 'grid' || family === 'network' || family === 'reserve'
      ? undefined
      : family
  }
  return routes.map(({ from, to }: Route) => tokenOf(to) ?? tokenOf(from) ?? 'grid')
}

/** The most that a load asks for, where the site file says it in numbers. */
function mostOf({ fields: { demand } }: SiteAsset): number | undefined {
  if (typeof demand === 'number') return demand
  const numbers = Array.isArray(demand) ? demand.filter((value) => typeof value === 'number') : []
  return numbers.length > 0 ? Math.max(...numbers) : undefined
}

/** Of windows that could be lit. */
const mostLit = 0.85
/** Where nobody knows what a load could be. */
const usuallyLit = 0.5

/** Share of the windows that are lit, of each building: by the power of the load that it is. */
function litWindows(placed: readonly Placed[], lookUp: LookUp): ReadonlyMap<string, number> {
  return new Map(
    placed.flatMap(({ thing, asset }): [string, number][] => {
      if (thing.form !== 'building') return []
      const usedKw = -(powerOf(asset, lookUp) ?? 0)
      const most = mostOf(asset)
      const share = usedKw <= 0 ? 0 : most ? Math.min(1, usedKw / most) * mostLit : usuallyLit
      return [thing.id, ...thing.buildings].map((id) => [id, share])
    }),
  )
}

function baysAt(
  site: Site,
  placed: readonly Placed[],
  { lookUp, localTime }: { readonly lookUp: LookUp; readonly localTime: string },
): ReadonlyMap<string, readonly Bay[]> {
  return new Map(
    placed.flatMap(({ thing, asset }): [string, readonly Bay[]][] =>
      thing.bays === 0
        ? []
        : [[thing.id, vehiclesAt({ bays: thing.bays, asset, outlets: outletsOf(site, asset.id), lookUp, localTime })]],
    ),
  )
}
