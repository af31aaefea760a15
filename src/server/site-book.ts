import {
  type AssetKind,
  type ComputedPoints,
  computedPoints,
  declaredPoints,
  inCurrency,
  type PointDeclaration,
  type PointSpec,
  type Site,
  type Vocabulary,
} from '../kernel/index.ts'
import type { PointRules } from '../store/index.ts'
import { serverErrors } from './errors.ts'
import { withPlausibleRise } from './plausible-rise.ts'

/** A site that this server serves. */
export interface ServedSite {
  /** With the points that were declared at run time among those of its file. */
  readonly site: Site
  /** True: its values come from a simulation, not from meters. */
  readonly simulated: boolean
}

/** Who says what a point is: the kind of its asset, the site file, or a call of the API. */
export type PointOrigin = 'kind' | 'file' | 'api'

/** One point of a site, `<asset>.<point>`. */
export interface SitePoint extends PointSpec {
  readonly ref: string
  /** An asset, or a group that the site file declares. */
  readonly owner: string
  readonly origin: PointOrigin
  /** Of a computed point. */
  readonly expression?: string
  readonly rules: PointRules
  /** Limits of error of the meter, ± percent of the reading. */
  readonly accuracyClass?: number
}

/** Points declared at run time, by reference. */
export type RuntimePoints = ReadonlyMap<string, PointDeclaration>

export interface SiteBook {
  all(): readonly ServedSite[]
  /** @throws `server.unknown-site` */
  get(id: string): ServedSite
  /** Points of one asset. */
  pointsOf(site: Site, owner: string): readonly SitePoint[]
  /** Every point of the site by `<asset>.<point>`. */
  points(site: Site): ReadonlyMap<string, SitePoint>
  /** The computed points of the site, ready to be evaluated. */
  computed(site: Site): ComputedPoints
  /** Puts points that were declared at run time beside those of the site file; one of the same name stays as the file has it. */
  setRuntimePoints(id: string, points: RuntimePoints): void
}

export function createSiteBook(served: readonly ServedSite[], packs: readonly Vocabulary[]): SiteBook {
  const kinds = new Map<string, AssetKind>(packs.flatMap((pack) => pack.assets).map((kind) => [kind.kind, kind]))
  const files = new Map(served.map((entry) => [entry.site.id, entry]))
  const byId = new Map(files)
  const runtime = new WeakMap<Site, RuntimePoints>()
  const points = once((site) => pointsIn(site, kinds, runtime.get(site)))
  const pointsByOwner = once((site) => Map.groupBy(points(site).values(), ({ owner }) => owner))
  const book: SiteBook = {
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
    pointsOf: (site, owner) => pointsByOwner(site).get(owner) ?? [],
    points,
    computed: once(computedPoints),
    setRuntimePoints(id, own) {
      book.get(id)
      const file = files.get(id)!
      const added = new Map([...own].filter(([ref]) => !points(file.site).has(ref)))
      const section = (file.site.sections.points ?? {}) as Readonly<Record<string, PointDeclaration>>
      const site =
        added.size === 0
          ? file.site
          : {
              ...file.site,
              sections: { ...file.site.sections, points: { ...section, ...Object.fromEntries(added) } },
            }
      if (added.size > 0) runtime.set(site, added)
      byId.set(id, { ...file, site })
    },
  }
  return book
}

/** What is made of a site once, for as long as the site is the same. */
function once<T>(make: (site: Site) => T): (site: Site) => T {
  const made = new WeakMap<Site, { readonly value: T }>()
  return (site) => {
    const found = made.get(site) ?? { value: make(site) }
    made.set(site, found)
    return found.value
  }
}

/** Points of the kinds of a site's assets, then those that its file declares; what it says of the former is added. */
function pointsIn(
  site: Site,
  kinds: ReadonlyMap<string, AssetKind>,
  runtime: RuntimePoints | undefined,
): ReadonlyMap<string, SitePoint> {
  const points = new Map<string, SitePoint>()
  for (const { id: owner, kind } of site.assets) {
    for (const point of kinds.get(kind)?.points ?? []) {
      const ref = `${owner}.${point.id}`
      // `CUR` in a unit stands for the currency of the site.
      points.set(ref, { ...point, ref, owner, unit: inCurrency(point.unit, site.currency), origin: 'kind', rules: {} })
    }
  }
  const assets = new Map(site.assets.map((asset) => [asset.id, asset]))
  for (const declared of declaredPoints(site)) {
    const { ref, owner, id, title, unit, role, ofKind, expression, counter, retentionDays, accuracyClass } = declared
    const rules: PointRules = {
      ...(counter === undefined ? {} : { counter: withPlausibleRise(assets.get(owner), { id, unit }, counter) }),
      ...(retentionDays === undefined ? {} : { retentionDays }),
    }
    const known = ofKind ? points.get(ref) : undefined
    points.set(ref, {
      ...(known ?? { id, ref, owner, unit, role, origin: runtime?.has(ref) ? 'api' : 'file' }),
      title,
      rules,
      ...(expression === undefined ? {} : { expression }),
      ...(accuracyClass === undefined ? {} : { accuracyClass }),
    })
  }
  return points
}
