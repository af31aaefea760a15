import { type AlarmRule, type AlarmsSection, foldLog } from '../../../alarms/index.ts'
import type { Site } from '../../../kernel/index.ts'
import type { AlarmChange, AlarmLog, KeptState, LogEntry } from '../alarm-log.ts'
import { noticesOf } from './notice.ts'
import type { Outbox } from './outbox.ts'

/** Puts what the log of a site has to say to people into the outbox, from where the kept state ends. */
export interface Notifier {
  /** Whether everything of the log up to this entry is in the outbox. */
  isThrough(entry: number): boolean
  stop(): void
}

export interface NotifierParts {
  readonly site: Site
  readonly section: AlarmsSection
  readonly rules: ReadonlyMap<string, AlarmRule>
  readonly log: AlarmLog
  readonly outbox: Pick<Outbox, 'put' | 'turn'>
  readonly kept: KeptState | undefined
  report(error: unknown, message: string): void
}

const pageEntries = 500
const retryMs = 1000

export function startNotifier(parts: NotifierParts): Notifier {
  const { site, log, outbox, kept, report } = parts
  const queue: LogEntry[] = []
  let through = kept?.number ?? 0
  let stopped = false
  let working = false

  /** Entries that the log took in before this began to listen are folded again, from the kept state. */
  const readBefore = async (until: number): Promise<readonly LogEntry[]> => {
    const found: LogEntry[] = []
    let states = new Map(kept?.states.map((state) => [state.alarm, state]))
    for (let after = through; after < until; ) {
      const entries = await log.read({ after, limit: pageEntries })
      for (const { number, content } of entries.filter((entry) => entry.number <= until)) {
        const changes: AlarmChange[] = []
        states = new Map(
          foldLog(content.events, states, (event, before, next) => changes.push({ event, before, after: next })),
        )
        found.push({ site: log.site, number, changes })
      }
      after = entries.at(-1)?.number ?? until
    }
    return found
  }
  const work = async (): Promise<void> => {
    if (working) return
    working = true
    while (queue.length > 0 && !stopped) {
      const entry = queue[0]!
      try {
        for (const notice of entry.changes.flatMap((change) => noticesOf(change, parts))) {
          await outbox.put(notice, entry.number)
        }
        through = Math.max(through, entry.number)
        queue.shift()
      } catch (error) {
        report(error, `notifications of ${site.id} wait for the store`)
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref())
      }
    }
    working = false
    outbox.turn().catch((error: unknown) => report(error, 'notifications were not sent'))
  }
  const leave = log.follow((entry) => {
    queue.push(entry)
    if (begun) void work()
  })
  let begun = false
  const begin = async (): Promise<void> => {
    const until = log.number()
    for (; !stopped; ) {
      try {
        queue.unshift(...(await readBefore(until)))
        break
      } catch (error) {
        report(error, `notifications of ${site.id} wait for the store`)
        await new Promise((resolve) => setTimeout(resolve, retryMs).unref())
      }
    }
    begun = true
    await work()
  }
  void begin()
  return {
    isThrough: (entry) => begun && queue.length === 0 && (through >= entry || entry === 0),
    stop() {
      stopped = true
      leave()
    },
  }
}
