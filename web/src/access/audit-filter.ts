import type { AuditLine } from './access-queries.ts'

export interface AuditFilter {
  /** Words that have to stand somewhere in a line, in any order. */
  readonly text: string
  readonly outcome: AuditLine['outcome'] | 'all'
}

export const whoOf = ({ who }: Pick<AuditLine, 'who'>): string => who.user ?? (who.id === '' ? who.kind : who.id)

/** Lines of the audit log that somebody looks for. */
export function filterAudit(lines: readonly AuditLine[], { text, outcome }: AuditFilter): readonly AuditLine[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return lines.filter((line) => {
    if (outcome !== 'all' && line.outcome !== outcome) return false
    const { what, on = '', site = '', organisation = '', from, why = '' } = line
    const all = [whoOf(line), what, on, site, organisation, from, why].join(' ').toLowerCase()
    return words.every((word) => all.includes(word))
  })
}
