import type { Journal, JournalEntry } from '../../store/index.ts'
import type { Principal } from './principal.ts'

/** One line of the audit log: who did what, on what, from where, and how it ended. Never a secret. */
export interface AuditLine {
  readonly who: { readonly kind: Principal['kind'] | 'nobody'; readonly id: string; readonly user?: string }
  /** `operationId` of the request, or a word of accounts such as `sign-in`. */
  readonly what: string
  /** `user park.planner`, `token 3fa…`, `site liyang-park`. */
  readonly on?: string
  readonly site?: string
  /** Whose log it stands in; absent: that of the platform. */
  readonly organisation?: string
  /** Address of the client. */
  readonly from: string
  readonly outcome: 'done' | 'refused' | 'failed'
  /** Code of the problem. */
  readonly why?: string
}

export interface AuditPage {
  readonly entries: readonly JournalEntry<AuditLine>[]
  /** Number to ask for next with `before`; absent at the end. */
  readonly nextBefore?: number
}

export interface Audit {
  note(line: AuditLine): Promise<void>
  /** Newest first. `shows` says which lines the reader may see. */
  page(ask: {
    readonly before?: number
    readonly limit: number
    readonly shows: (line: AuditLine) => boolean
  }): Promise<AuditPage>
}

const stream = 'audit'
/** Lines that one page looks through at most. */
const mostRead = 5000

export const createAudit = (journal: Journal): Audit => ({
  note: async (line) => {
    await journal.append(stream, { ...line, ...(line.on === undefined ? {} : { on: line.on.slice(0, 200) }) })
  },
  async page({ before, limit, shows }) {
    const entries: JournalEntry<AuditLine>[] = []
    let at = before
    for (let read = 0; read < mostRead; ) {
      const found = await journal.read<AuditLine>(stream, {
        newestFirst: true,
        limit: 500,
        ...(at === undefined ? {} : { before: at }),
      })
      for (const entry of found) {
        at = entry.number
        if (!shows(entry.content)) continue
        entries.push(entry)
        if (entries.length === limit) return { entries, ...(at > 1 ? { nextBefore: at } : {}) }
      }
      read += found.length
      if (found.length < 500) return { entries }
    }
    return { entries, ...(at === undefined || at <= 1 ? {} : { nextBefore: at }) }
  },
})

export const whoIs = (principal: Principal | undefined): AuditLine['who'] =>
  principal
    ? {
        kind: principal.kind,
        id: principal.id,
        ...(principal.user === undefined || principal.user === principal.id ? {} : { user: principal.user }),
      }
    : { kind: 'nobody', id: '' }
