import { type AssetKind, inCurrency, type Pack, type PointSpec, type Site } from '../kernel/index.ts'
import { serverErrors } from './errors.ts'

/** A site that this server serves. */
export interface ServedSite {
  readonly site: Site
  /** True: its values come from a simulation, not from meters. */
  readonly simulated: boolean
}

/** One point of a site, `<asset>.<point>`. */
export interface SitePoint extends PointSpec {
  readonly ref: string
}

export interface SiteBook {
  all(): readonly ServedSite[]
  /** @throws `server.unknown-site` */
  get(id: string): ServedSite
  /** Points of one asset. */
  pointsOf(site: Site, assetId: string): readonly SitePoint[]
  /** Every point of the site by `<asset>.<point>`. */
  points(site: Site): ReadonlyMap<string, SitePoint>
}

export function createSiteBook(served: readonly ServedSite[], packs: readonly Pack[]): SiteBook {
  const kinds = new Map<string, AssetKind>(packs.flatMap((pack) => pack.assets).map((kind) => [kind.kind, kind]))
  const byId = new Map(served.map((entry) => [entry.site.id, entry]))
  const pointsOf = (site: Site, assetId: string): readonly SitePoint[] => {
    const asset = site.assets.find(({ id }) => id === assetId)
    const points = asset ? (kinds.get(asset.kind)?.points ?? []) : []
    // `CUR` in a unit stands for the currency of the site.
    return points.map((point) => ({
      ...point,
      ref: `${assetId}.${point.id}`,
      unit: inCurrency(point.unit, site.currency),
    }))
  }
  return {
    all: () => [...byId.values()],
    get(id) {
      const found = byId.get(id)
      if (!found) {
        throw serverErrors.unknownSite({
          detail: 'This server has no site of that id',
          found: id,
          expected: [...byId.keys()].join(', ') || 'no site is served',
        })
      }
      return found
    },
    pointsOf,
    points: (site) => new Map(site.assets.flatMap(({ id }) => pointsOf(site, id)).map((point) => [point.ref, point])),
  }
}
