import type { SiteAsset } from '../api/types.ts'
import type { LookUp } from '../park/flow.ts'
import { carrierPoint } from '../ui/carriers.ts'
import type { PlaceCarrier, Route } from './place-types.ts'

/** What a thing gives a carrier, kW: negative where it takes; undefined where it is not known. */
export type Supply = (thing: string, carrier: PlaceCarrier) => number | undefined

/** What the assets of a site give at a moment. What has nothing to do with a carrier gives nothing. */
export function supplyOf(assets: readonly SiteAsset[], lookUp: LookUp): Supply {
  const byId = new Map(assets.map((asset) => [asset.id, asset]))
  return (thing, carrier) => {
    const asset = byId.get(thing)
    const point = asset && carrierPoint(asset.kind, carrier)
    if (!asset || !point) return 0
    const powerKw = lookUp(`${asset.id}.${point.point}`)
    if (powerKw === undefined) return point.optional ? 0 : undefined
    return powerKw === 0 ? 0 : powerKw * point.sign
  }
}

/**
 * What flows through each route from its `from` to its `to`, kW. Routes of a carrier are a tree with its root at `isRoot`: through
 * each flows what lies behind it together gives or takes. A route that closes a ring is left out of the tree: nobody knows its share.
 */
export function routeFlows(
  routes: readonly Route[],
  supply: Supply,
  isRoot: (thing: string) => boolean,
): readonly (number | undefined)[] {
  const flows: (number | undefined)[] = routes.map(() => undefined)
  const carriers = new Set(routes.map(({ carrier }) => carrier))
  for (const carrier of carriers) {
    const ends = new Map<string, { readonly index: number; readonly other: string }[]>()
    const join = (one: string, index: number, other: string): void => {
      const known = ends.get(one)
      if (known) known.push({ index, other })
      else ends.set(one, [{ index, other }])
    }
    routes.forEach((route, index) => {
      if (route.carrier !== carrier) return
      join(route.from, index, route.to)
      join(route.to, index, route.from)
    })
    const seen = new Set<string>()
    for (const root of [...ends.keys()].toSorted((a, b) => Number(isRoot(b)) - Number(isRoot(a)))) {
      if (seen.has(root)) continue
      // Nodes in the order they were met, each with the route to it: behind is before in the way back.
      const met: { readonly node: string; readonly by: number; readonly parent: string }[] = []
      const open = [{ node: root, by: -1, parent: '' }]
      seen.add(root)
      while (open.length > 0) {
        const here = open.pop()!
        met.push(here)
        for (const { index, other } of ends.get(here.node) ?? []) {
          if (seen.has(other)) continue
          seen.add(other)
          open.push({ node: other, by: index, parent: here.node })
        }
      }
      const given = new Map(met.map(({ node }) => [node, supply(node, carrier)]))
      for (const { node, by, parent } of met.toReversed()) {
        if (by < 0) continue
        const ownKw = given.get(node)
        const parentKw = given.get(parent)
        given.set(parent, ownKw === undefined || parentKw === undefined ? undefined : parentKw + ownKw)
        // From the node to its parent flows what it gives.
        if (ownKw !== undefined) flows[by] = ownKw === 0 ? 0 : routes[by]!.from === node ? ownKw : -ownKw
      }
    }
  }
  return flows
}
