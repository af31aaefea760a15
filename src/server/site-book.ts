import { type AssetKind, declaredPoints, inCurrency, type Pack, type PointSpec, type Site } from '../kernel/index.ts'
import type { PointRules } from '../store/index.ts'
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
  /** An asset, or a group that the site file declares. */
  readonly owner: string
  /** Of a computed point. */
  readonly expression?: string
  readonly rules: PointRules
}

export interface SiteBook {
  all(): readonly ServedSite[]
  /** @throws `server.unknown-site` */
  get(id: string): ServedSite
  /** Points of one asset. */
  pointsOf(site: Site, owner: string): readonly SitePoint[]
  /** Every point of the site by `<asset>.<point>`. */
  points(site: Site): ReadonlyMap<string, SitePoint>
}

export function createSiteBook(served: readonly ServedSite[], packs: readonly Pack[]): SiteBook {
  const kinds = new Map<string, AssetKind>(packs.flatMap((pack) => pack.assets).map((kind) => [kind.kind, kind]))
  const byId = new Map(served.map((entry) => [entry.site.id, entry]))
  const bySite = new WeakMap<Site, ReadonlyMap<string, SitePoint>>()
  const points = (site: Site): ReadonlyMap<string, SitePoint> => {
    const found = bySite.get(site) ?? pointsIn(site, kinds)
    bySite.set(site, found)
    return found
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
    pointsOf: (site, owner) => [...points(site).values()].filter((point) => point.owner === owner),
    points,
  }
}

/** Points of the kinds of a site's assets, then those that its file declares; what it says of the former is added. */
function pointsIn(site: Site, kinds: ReadonlyMap<string, AssetKind>): ReadonlyMap<string, SitePoint> {
  const points = new Map<string, SitePoint>()
  for (const { id: owner, kind } of site.assets) {
    for (const point of kinds.get(kind)?.points ?? []) {
      const ref = `${owner}.${point.id}`
      // `CUR` in a unit stands for the currency of the site.
      points.set(ref, { ...point, ref, owner, unit: inCurrency(point.unit, site.currency), rules: {} })
    }
  }
  for (const { ref, owner, id, title, unit, role, ofKind, expression, counter, retentionDays } of declaredPoints(
    site,
  )) {
    const rules: PointRules = {
      ...(counter === undefined ? {} : { counter }),
      ...(retentionDays === undefined ? {} : { retentionDays }),
    }
    const known = ofKind ? points.get(ref) : undefined
    points.set(ref, {
      ...(known ?? { id, ref, owner, unit, role }),
      title,
      rules,
      ...(expression === undefined ? {} : { expression }),
    })
  }
  return points
}
