import type { SiteAsset, SiteSummary } from '../api/types.ts'
import { pages } from '../app/pages.ts'
import type { Say } from '../words/words.ts'

/** Where an entry leads, or what it does. */
export type Target =
  | { readonly kind: 'page'; readonly page: string }
  | { readonly kind: 'site'; readonly site: string }
  | { readonly kind: 'asset'; readonly asset: string }
  | { readonly kind: 'point'; readonly ref: string }
  | { readonly kind: 'action'; readonly action: Action }

export type Action =
  | `language ${string}`
  | 'theme light'
  | 'theme dark'
  | 'theme system'
  | 'now'
  | 'wall'
  | 'copy'
  | 'print'
  | 'help'
  | 'signOut'

export const groups = ['page', 'action', 'asset', 'point', 'site'] as const
export type Group = (typeof groups)[number]

/** One thing that the palette finds. */
export interface Entry {
  /** Unique, and the same tomorrow: it is remembered. */
  readonly id: string
  readonly group: Group
  readonly title: string
  /** Said beside the title, and found too. */
  readonly hint: string
  readonly target: Target
}

export interface FoundPoint {
  readonly ref: string
  readonly title: string
  readonly unit: string
}

interface EntriesInput {
  readonly say: Say
  readonly sites: readonly SiteSummary[]
  readonly assets: readonly SiteAsset[]
  readonly points: readonly FoundPoint[]
  readonly languages: readonly { readonly tag: string; readonly name: string }[]
  readonly signedIn: boolean
}

/** Everything that can be gone to or done. */
export function entriesOf({ say, sites, assets, points, languages, signedIn }: EntriesInput): readonly Entry[] {
  const action = (own: Action, title: string, hint = ''): Entry => ({
    id: `action ${own}`,
    group: 'action',
    title,
    hint,
    target: { kind: 'action', action: own },
  })
  return [
    ...pages.map(
      ({ id, verb, key }): Entry => ({
        id: `page ${id}`,
        group: 'page',
        title: say(`page.${id}`),
        hint: `${verb === 'house' ? say('app.more') : say(`verb.${verb}`)} · g ${key}`,
        target: { kind: 'page', page: id },
      }),
    ),
    action('now', say('time.toNow'), 'n'),
    action('copy', say('share.copy')),
    action('print', say('share.print')),
    action('wall', say('wall.start'), 'w'),
    action('help', say('help.open'), '?'),
    ...languages.map(({ tag, name }) => action(`language ${tag}`, name, say('app.language'))),
    ...(['light', 'dark', 'system'] as const).map((theme) =>
      action(`theme ${theme}`, say(`theme.${theme}`), say('app.theme')),
    ),
    ...(signedIn ? [action('signOut', say('palette.signOut'))] : []),
    ...assets.map(
      ({ id, title }): Entry => ({
        id: `asset ${id}`,
        group: 'asset',
        title,
        hint: id,
        target: { kind: 'asset', asset: id },
      }),
    ),
    ...points.map(
      ({ ref, title, unit }): Entry => ({
        id: `point ${ref}`,
        group: 'point',
        title,
        hint: unit === '1' ? ref : `${ref} · ${unit}`,
        target: { kind: 'point', ref },
      }),
    ),
    ...(sites.length > 1 ? sites : []).map(
      ({ id, name }): Entry => ({
        id: `site ${id}`,
        group: 'site',
        title: name,
        hint: id,
        target: { kind: 'site', site: id },
      }),
    ),
  ]
}
