import type { AssetKind } from '../engine/pack.ts'
import type { Asset, Site } from '../site/model.ts'
import type { FieldReader } from '../site/read-fields.ts'
import { knownPoints } from './known-points.ts'
import { readBalances } from './read-balances.ts'
import { readPoints } from './read-points.ts'

/** Sections of a site file that the house itself reads. */
export const houseSections: readonly string[] = ['points', 'balances', 'place']

export interface FileAssets {
  /** The assets that could be read. */
  readonly assets: readonly Asset[]
  readonly kinds: ReadonlyMap<string, AssetKind>
  /** Ids of assets that changes take away: what is said of them goes with them. */
  readonly removed: ReadonlySet<string>
}

/** Ids of the assets that a merge patch on a site file takes away. */
export function removedAssets(changes: unknown): ReadonlySet<string> {
  const assets = (changes as { readonly assets?: unknown } | null | undefined)?.assets
  if (typeof assets !== 'object' || assets === null) return new Set()
  return new Set(Object.entries(assets).flatMap(([id, change]) => (change === null ? [id] : [])))
}

/**
 * Reads the sections `points` and `balances` of a site file, as far as they are there; see {@link declaredPoints} and
 * {@link balancesOf} for what becomes of them.
 *
 * @param fields the whole file
 */
export function readDeclarations(
  fields: Readonly<Record<string, unknown>>,
  { assets, kinds, removed }: FileAssets,
  reader: FieldReader,
): Site['sections'] {
  const given = (name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined)
  const named = given('assets')
  const known = knownPoints(assets, kinds, {
    named: typeof named === 'object' && named !== null ? Object.keys(named) : [],
    removed,
    currency: reader.currency,
  })
  const points = readPoints(given('points'), known, reader)
  const balances = readBalances(given('balances'), known, reader)
  return {
    ...(given('points') === undefined ? {} : { points }),
    ...(given('balances') === undefined ? {} : { balances }),
  }
}
