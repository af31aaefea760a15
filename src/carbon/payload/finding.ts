import Type, { type Static } from 'typebox'

/** Something in a payload of somebody else that is not as it should be. It is told, and nothing is refused for it. */
export const FindingSchema = Type.Object(
  {
    code: Type.String({ description: 'Stable name of the check' }),
    severity: Type.Enum(['breach', 'doubt', 'note'], {
      description: 'breach: against a rule of the document; doubt: can hardly be meant; note: good to know',
    }),
    path: Type.String({ description: 'Where' }),
    detail: Type.String({ description: 'In words' }),
    found: Type.Optional(Type.String()),
    expected: Type.Optional(Type.String()),
  },
  { additionalProperties: false },
)
export type Finding = Static<typeof FindingSchema>

/** More of one payload are not told one by one: it is of another form altogether. */
const mostFindings = 500

/** Collects findings of one payload. */
export interface Findings {
  readonly list: Finding[]
  add(severity: Finding['severity'], code: string, path: string, detail: string, sides?: Sides): void
}
interface Sides {
  readonly found?: unknown
  readonly expected?: unknown
}

const words = (value: unknown): string => {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'nothing')
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

export function createFindings(): Findings {
  const list: Finding[] = []
  return {
    list,
    add(severity, code, path, detail, { found, expected } = {}) {
      if (list.length >= mostFindings) return
      list.push({
        ...{ code, severity, path, detail },
        ...(found === undefined ? {} : { found: words(found) }),
        ...(expected === undefined ? {} : { expected: words(expected) }),
      })
      if (list.length < mostFindings) return
      list.push({
        code: 'too-many',
        severity: 'breach',
        path: '',
        detail: `There are more than ${mostFindings} findings`,
      })
    },
  }
}
