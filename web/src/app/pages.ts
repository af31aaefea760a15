import type { Bundle } from '../words/bundles.ts'

/**
 * Every page of a site, in the order of its tabs: from this list come tabs, shortcuts, the help and the palette. The route of a
 * page is in `router.tsx`.
 *
 * - `verb`: under which of the six it stands; `house`: in the menu at the right.
 * - `key`: opens it after `g`.
 */
export const pages = [
  { id: 'sizing', verb: 'design', key: 's' },
  { id: 'overview', verb: 'operate', key: 'o' },
  { id: 'park', verb: 'operate', key: 'p' },
  { id: 'place', verb: 'operate', key: 'd' },
  { id: 'plan', verb: 'operate', key: 'l' },
  { id: 'trends', verb: 'operate', key: 't' },
  { id: 'charging', verb: 'operate', key: 'e' },
  { id: 'forecasts', verb: 'operate', key: 'q' },
  { id: 'alarms', verb: 'operate', key: 'a' },
  { id: 'field', verb: 'operate', key: 'f' },
  { id: 'runs', verb: 'verify', key: 'r' },
  { id: 'carbon', verb: 'verify', key: 'c' },
  { id: 'claims', verb: 'verify', key: 'k' },
  { id: 'ledger', verb: 'verify', key: 'm' },
  { id: 'reports', verb: 'verify', key: 'i' },
  { id: 'access', verb: 'house', key: 'u' },
  { id: 'health', verb: 'house', key: 'h' },
  { id: 'gallery', verb: 'house', key: 'y' },
] as const satisfies readonly {
  readonly id: Bundle | 'park' | 'plan' | 'alarms' | 'runs'
  readonly verb: string
  readonly key: string
}[]

export type Page = (typeof pages)[number]['id']

/** The six verbs of the house. */
export const verbs = ['design', 'assess', 'finance', 'operate', 'verify', 'share'] as const
export type Verb = (typeof verbs)[number]

export const isVerb = (text: string): text is Verb => verbs.some((verb) => verb === text)

/** Pages of a verb, or of the menu of the house. */
export const pagesOf = (verb: Verb | 'house'): readonly Page[] =>
  pages.filter((page) => page.verb === verb).map(({ id }) => id)

/** Where an address of the console stands: its page, and the verb of it. An asset stands with the park. */
export function placeOf(path: string): { readonly page: string; readonly verb: Verb | 'house' | undefined } {
  const [, , , segment = 'park'] = path.split('/')
  const page = segment === 'assets' ? 'park' : segment
  return { page, verb: isVerb(page) ? page : pages.find(({ id }) => id === page)?.verb }
}
