import { type Asset, applyMergePatch, type Site } from '../../kernel/index.ts'
import { componentOf } from '../components/index.ts'

/**
 * Changes to a site file, by asset, with which a plan begins where the plant stands.
 *
 * @param states of the components, by asset id; assets without one begin as the site file says
 */
export function resumeChanges(site: Site, states: ReadonlyMap<string, unknown>): Readonly<Record<string, object>> {
  const changes: Record<string, object> = {}
  for (const asset of site.assets) {
    if (!states.has(asset.id)) continue
    const patch = componentOf(asset.kind)?.resume?.(asset, states.get(asset.id))
    if (patch && Object.keys(patch).length > 0) changes[asset.id] = patch
  }
  return changes
}

/** The site as its plant stands. */
export function resumeSite(site: Site, states: ReadonlyMap<string, unknown>): Site {
  const changes = resumeChanges(site, states)
  const assets = site.assets.map((asset) =>
    changes[asset.id] ? (applyMergePatch(asset, changes[asset.id]) as Asset) : asset,
  )
  return { ...site, assets }
}
