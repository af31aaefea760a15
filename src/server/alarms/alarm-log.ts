import { type AlarmEvent, type AlarmState, type AlarmStates, foldLog } from '../../alarms/index.ts'
import type { JournalEntry, Store } from '../../store/index.ts'

/** What the log came to when it was kept last, with what the evaluator knew then. */
export interface KeptState<Snapshot = unknown> {
  /** Of the last entry of the journal that is in it. */
  readonly number: number
  readonly states: readonly AlarmState[]
  readonly evaluator: Snapshot | null
}

/** One line that changed something. */
export interface AlarmChange {
  readonly event: AlarmEvent
  readonly before: AlarmState | undefined
  readonly after: AlarmState | undefined
}

/** An entry of the journal as it was taken in. */
export interface LogEntry {
  readonly site: string
  readonly number: number
  readonly changes: readonly AlarmChange[]
}

/** The log of one site and what it has come to; the same at every node. */
export interface AlarmLog {
  readonly site: string
  /** Of the last entry that is in {@link states}. */
  number(): number
  states(): AlarmStates
  /** Takes in what this node or another has written. */
  catchUp(): Promise<void>
  /** On the disk, and taken in, when it returns. */
  append(events: readonly AlarmEvent[]): Promise<void>
  /** Told of each entry in turn. Returns the way to leave. */
  follow(listener: (entry: LogEntry) => void): () => void
  /** Entries after a number, oldest first, or before one, newest first. */
  read(page: {
    readonly after?: number
    readonly before?: number
    readonly limit: number
  }): Promise<readonly JournalEntry<{ readonly events: readonly AlarmEvent[] }>[]>
  kept(): Promise<KeptState | undefined>
  keep(state: KeptState): Promise<void>
}

const stateKind = 'alarm-state'
const streamOf = (site: string): string => `alarms/${site}`
const pageEntries = 500

interface AlarmLogParts {
  readonly store: Pick<Store, 'records' | 'journal'>
  /** Tells other nodes that there is more. */
  tell(): void
}

export function createAlarmLog(site: string, { store, tell }: AlarmLogParts): AlarmLog {
  const { records, journal } = store
  const listeners = new Set<(entry: LogEntry) => void>()
  let loaded = false
  let number = 0
  let states: AlarmStates = new Map()
  let last: Promise<void> = Promise.resolve()

  const take = async (): Promise<void> => {
    if (!loaded) {
      const kept = (await records.get<KeptState>(stateKind, site))?.content
      number = kept?.number ?? 0
      states = new Map(kept?.states.map((state) => [state.alarm, state]))
      loaded = true
    }
    for (;;) {
      const entries = await log.read({ after: number, limit: pageEntries })
      for (const entry of entries) {
        const changes: AlarmChange[] = []
        states = foldLog(entry.content.events, states, (event, before, after) => changes.push({ event, before, after }))
        number = entry.number
        for (const listener of listeners) listener({ site, number, changes })
      }
      if (entries.length < pageEntries) return
    }
  }
  const log: AlarmLog = {
    site,
    number: () => number,
    states: () => states,
    catchUp() {
      const next = last.then(take)
      last = next.catch(() => undefined)
      return next
    },
    async append(events) {
      await journal.append(streamOf(site), { events })
      await log.catchUp()
      tell()
    },
    follow(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    read: ({ after, before, limit }) =>
      journal.read(streamOf(site), {
        limit,
        ...(after === undefined ? {} : { after }),
        ...(before === undefined ? {} : { before }),
        ...(after === undefined ? { newestFirst: true } : {}),
      }),
    kept: async () => (await records.get<KeptState>(stateKind, site))?.content,
    async keep(state) {
      await records.put(stateKind, site, state)
    },
  }
  return log
}
