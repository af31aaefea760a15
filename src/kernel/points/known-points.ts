import type { AssetKind, PointSpec } from '../engine/pack.ts'
import type { Asset } from '../site/model.ts'
import { inCurrency } from '../units/index.ts'

/** The points that the sections of a site can name, as far as they have been read. */
export interface KnownPoints {
  /** Points of the kinds of the assets, by `<asset>.<point>`. */
  readonly specs: ReadonlyMap<string, PointSpec>
  /** Unit of every sound point. */
  readonly units: Map<string, string>
  /** Declared points with a problem of their own. */
  readonly broken: Set<string>
  /** Declared points that went with an asset. */
  readonly gone: Set<string>
  /** Whether a point was of an asset that changes took away, or cannot be computed without one. */
  isGone(ref: string): boolean
  /** Whether a point is there but something is wrong with it, so that no more needs to be said where it is named. */
  isBroken(ref: string): boolean
}

export interface KnownPointsOptions {
  /** Ids of all assets in the file; of those that could not be read, any point may be meant. */
  readonly named: Iterable<string>
  /** Ids of assets that the changes of a what-if take away. */
  readonly removed: ReadonlySet<string>
  /** What `CUR` in a unit stands for. */
  readonly currency: string
}

/** The points of the kinds of the assets, before any is declared. */
export function knownPoints(
  assets: readonly Asset[],
  kinds: ReadonlyMap<string, AssetKind>,
  { named, removed, currency }: KnownPointsOptions,
): KnownPoints {
  const specs = new Map(
    assets.flatMap(({ id, kind }) =>
      (kinds.get(kind)?.points ?? []).map((point) => [`${id}.${point.id}`, point] as const),
    ),
  )
  const read = new Set(assets.map(({ id }) => id))
  const unread = new Set([...named].filter((id) => !read.has(id)))
  const broken = new Set<string>()
  const gone = new Set<string>()
  const ownerOf = (ref: string): string => ref.slice(0, ref.indexOf('.'))
  return {
    specs,
    units: new Map([...specs].map(([ref, { unit }]) => [ref, inCurrency(unit, currency)])),
    broken,
    gone,
    isGone: (ref) => gone.has(ref) || removed.has(ownerOf(ref)),
    isBroken: (ref) => broken.has(ref) || unread.has(ownerOf(ref)),
  }
}
