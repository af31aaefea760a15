import type { Live } from '../api/live.ts'

/** Questions whose newest answer is kept: by the first word of their key. */
const keptQuestions: ReadonlySet<unknown> = new Set(['sites', 'site', 'plan', 'me', 'history'])

/** Whether the answer to a question is kept for the day without a connection. */
export const isKept = (key: readonly unknown[]): boolean => keptQuestions.has(key[0])

/** Under which name an answer is kept. Of histories only the newest of a site: another choice of points takes its place. */
export const nameOf = (key: readonly unknown[]): string => JSON.stringify(key[0] === 'history' ? [key[0], key[1]] : key)

/** Who the kept values belong to: a server without accounts has one user, who is whoever sits there. */
export const keeperOf = (me: { readonly user: string | null } | null): string => me?.user ?? 'local'

/** From when the values on the page of a site are, where they are not live. */
export const shownSinceMs = ({ now, heardMs }: Pick<Live, 'now' | 'heardMs'>): number | undefined =>
  now && heardMs > 0 ? heardMs : undefined
