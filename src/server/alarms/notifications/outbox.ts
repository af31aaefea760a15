import { MangroveError } from '../../../kernel/index.ts'
import type { Records } from '../../../store/index.ts'
import type { SteadyClock } from '../steady-clock.ts'
import type { Notice } from './notice.ts'

/** A notice on its way, as it is kept. */
interface Kept {
  readonly notice: Notice
  readonly state: 'waiting' | 'sent' | 'given-up'
  readonly madeMs: number
  readonly endedMs?: number
  /** Entry of the journal that it comes from. */
  readonly entry: number
}

export interface OutboxFigures {
  readonly waiting: number
  readonly sent: number
  /** Attempts that went wrong. */
  readonly failed: number
  readonly givenUp: number
}

/** Notices that are on the disk before they are sent, and until it is known that they were. */
export interface Outbox {
  /** Reads what an earlier start left. */
  load(): Promise<void>
  /** On the disk when it returns. One that was put before is left as it is. */
  put(notice: Notice, entry: number): Promise<void>
  /** Sends what is due. */
  turn(): Promise<void>
  /** Forgets what ended, where nothing can bring it again: entries up to this one of the site are in a kept state. */
  prune(site: string, entry: number): Promise<void>
  figures(): OutboxFigures
}

export interface OutboxOptions {
  readonly records: Records
  readonly steady: SteadyClock
  /** Settles when somebody else has it. */
  send(notice: Notice): Promise<void>
  report(error: unknown, message: string): void
  readonly giveUpMs?: number
}

const kind = 'alarm-outbox'
const firstRetryMs = 1000
const longestRetryMs = 300_000
/** Sent at once. */
const atOnce = 4
const keepEndedMs = 86_400_000
const pageRecords = 500

interface Waiting {
  readonly key: string
  readonly kept: Kept
  attempts: number
  dueMs: number
  /** Somebody has it, and the store does not know yet. */
  isSent: boolean
}

/**
 * A message is marked as sent after it was. A stop between the two sends it again: with the same id, which receivers can tell by.
 * So none is lost, and none doubled for who looks at the id.
 */
export function createOutbox(options: OutboxOptions): Outbox {
  const { records, steady, send, report, giveUpMs = 86_400_000 } = options
  const waiting = new Map<string, Waiting>()
  const counts = { sent: 0, failed: 0, givenUp: 0 }
  let turning: Promise<void> | undefined
  const wait = (key: string, kept: Kept): void => {
    if (!waiting.has(key)) waiting.set(key, { key, kept, attempts: 0, dueMs: steady.monotonicMs(), isSent: false })
  }
  const end = async ({ key, kept }: Waiting, state: Kept['state']): Promise<void> => {
    await records.put(kind, key, { ...kept, state, endedMs: steady.now() })
    waiting.delete(key)
  }
  const attempt = async (one: Waiting): Promise<void> => {
    const { notice, madeMs } = one.kept
    try {
      if (!one.isSent) await send(notice)
      if (!one.isSent) counts.sent += 1
      one.isSent = true
    } catch (error) {
      counts.failed += 1
      one.attempts += 1
      one.dueMs = steady.monotonicMs() + Math.min(longestRetryMs, firstRetryMs * 2 ** (one.attempts - 1))
      if (steady.now() - madeMs >= giveUpMs) {
        counts.givenUp += 1
        report(error, `a notification of ${notice.site}:${notice.alarm} was given up`)
        await end(one, 'given-up')
        return
      }
      // The first, and then ever more seldom.
      if (Number.isInteger(Math.log2(one.attempts))) {
        report(error, `a notification of ${notice.site}:${notice.alarm} was not sent, attempt ${one.attempts}`)
      }
      return
    }
    one.dueMs = steady.monotonicMs() + firstRetryMs
    await end(one, 'sent')
  }
  return {
    async load() {
      for (let after = ''; ; ) {
        const page = await records.list<Kept>(kind, { after, limit: pageRecords })
        for (const { key, content } of page) if (content.state === 'waiting') wait(key, content)
        after = page.at(-1)?.key ?? after
        if (page.length < pageRecords) return
      }
    },
    async put(notice, entry) {
      const key = `${notice.site}/${notice.id}`
      const kept: Kept = { notice, state: 'waiting', madeMs: steady.now(), entry }
      try {
        await records.put(kind, key, kept, 0)
      } catch (error) {
        if (error instanceof MangroveError && error.code === 'store.conflict') return
        throw error
      }
      wait(key, kept)
    },
    turn() {
      turning ??= (async () => {
        const due = [...waiting.values()].filter(({ dueMs }) => dueMs <= steady.monotonicMs())
        for (let at = 0; at < due.length; at += atOnce) await Promise.all(due.slice(at, at + atOnce).map(attempt))
      })().finally(() => {
        turning = undefined
      })
      return turning
    },
    async prune(site, entry) {
      for (let after = ''; ; ) {
        const page = await records.list<Kept>(kind, { prefix: `${site}/`, after, limit: pageRecords })
        for (const { key, content } of page) {
          const isOver = content.endedMs !== undefined && steady.now() - content.endedMs > keepEndedMs
          if (isOver && content.entry <= entry) await records.remove(kind, key)
        }
        after = page.at(-1)?.key ?? after
        if (page.length < pageRecords) return
      }
    },
    figures: () => ({ waiting: waiting.size, ...counts }),
  }
}
