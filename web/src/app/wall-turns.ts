import { type Page, pages } from './pages.ts'

const leastMs = 5000
const usualMs = 30_000

/** The pages that take turns on a wall; none: the page that is shown stays. Names that are no page are left out. */
export const wallPages = (wall: string | number | undefined): readonly Page[] =>
  String(wall ?? '')
    .split(',')
    .flatMap((name) => pages.find(({ id }) => id === name.trim())?.id ?? [])

/** How long a page stays, ms: `30s`, `2m`, `1h`; half a minute where it is not said. */
export function everyMs(every: string | undefined): number {
  const [, count, unit] = /^(\d{1,4})(s|m|h)$/.exec(every ?? '') ?? []
  if (count === undefined) return usualMs
  return Math.max(leastMs, Number(count) * { s: 1000, m: 60_000, h: 3_600_000 }[unit as 's' | 'm' | 'h'])
}

/** The page after this one. */
export const nextPage = (turns: readonly Page[], page: string): Page | undefined =>
  turns[(turns.indexOf(page as Page) + 1) % turns.length]
