/** The six verbs of the house; one that answers already has pages. */
export const verbs = [
  { id: 'design', pages: [] },
  { id: 'assess', pages: [] },
  { id: 'finance', pages: [] },
  { id: 'operate', pages: ['park', 'plan', 'alarms', 'field'] },
  { id: 'verify', pages: ['verify', 'carbon', 'claims'] },
  { id: 'share', pages: [] },
] as const

export type Verb = (typeof verbs)[number]['id']
export type Page = (typeof verbs)[number]['pages'][number]

export const isVerb = (text: string): text is Verb => verbs.some(({ id }) => id === text)
