/** A picture of a page. */
export interface Shot {
  readonly name: string
  readonly page: string
  readonly theme: 'light' | 'dark'
  readonly size: 'wide' | 'phone'
}

/** Pages that are taken on a phone too. */
const onPhone: ReadonlySet<string> = new Set(['overview', 'park', 'plan', 'alarms', 'carbon'])

/** The pictures that stand in the repository and in docs/shots/README.md; `.gitignore` lets these pass alone. */
export const shownShots: readonly string[] = ['park-light', 'park-dark', 'plan-light', 'park-light-phone']

/** All pictures of pages: in light and dark, some on a phone. */
export const shots = (pages: readonly string[]): readonly Shot[] =>
  pages.flatMap((page) =>
    (['light', 'dark'] as const).flatMap((theme): readonly Shot[] => [
      { name: `${page}-${theme}`, page, theme, size: 'wide' },
      ...(onPhone.has(page) ? [{ name: `${page}-${theme}-phone`, page, theme, size: 'phone' as const }] : []),
    ]),
  )
