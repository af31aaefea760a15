import type { Client } from 'pg'
import { maxNewsBytes, type News } from '../news.ts'
import type { PostgresDatabase } from './database.ts'

const firstWaitMs = 250
const longestWaitMs = 15_000
/** A connection that broke without a word is found out this often. */
const lookMs = 10_000
/** Words that wait to be told; what comes above is dropped. */
const mostWaiting = 64

/**
 * News by NOTIFY, heard on one connection of its own that is made again when it breaks: with longer and longer waits, and
 * whoever hears is told that words may have been missed.
 */
export function openPostgresNews(url: string, database: PostgresDatabase): News {
  const channel = `${database.schema}_news`
  const listeners = new Set<(word: string | undefined) => void>()
  let client: Client | undefined
  let timer: NodeJS.Timeout | undefined
  let waitMs = firstWaitMs
  let waiting = 0
  let dropped = 0
  let closed = false
  let begun = false

  const call = (word: string | undefined): void => {
    for (const listener of [...listeners]) listener(word)
  }
  const later = (): void => {
    if (closed) return
    clearTimeout(timer)
    timer = setTimeout(() => void connect(), waitMs)
    timer.unref()
    waitMs = Math.min(longestWaitMs, 2 * waitMs)
  }
  const lose = (lost: Client): void => {
    if (client !== lost) return
    client = undefined
    lost.end().catch(() => undefined)
    later()
  }
  const look = (present: Client): void => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      const late = setTimeout(() => lose(present), lookMs)
      late.unref()
      present.query('SELECT 1').then(
        () => {
          clearTimeout(late)
          if (client === present) look(present)
        },
        () => {
          clearTimeout(late)
          lose(present)
        },
      )
    }, lookMs)
    timer.unref()
  }
  const connect = async (): Promise<void> => {
    // Loaded on first use: most commands need no server.
    const { default: pg } = await import('pg')
    if (closed) return
    const made = new pg.Client({
      connectionString: url,
      application_name: 'mangrove news',
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
    })
    client = made
    made.on('error', () => lose(made))
    made.on('end', () => lose(made))
    made.on('notification', ({ payload }) => call(payload ?? ''))
    try {
      await made.connect()
      await made.query(`LISTEN ${channel}`)
      waitMs = firstWaitMs
      look(made)
      call(undefined)
    } catch {
      lose(made)
    }
  }

  return {
    shared: true,
    tell(word) {
      if (closed) return
      if (waiting >= mostWaiting || Buffer.byteLength(word) > maxNewsBytes) {
        dropped += 1
        return
      }
      waiting += 1
      database
        .read('SELECT pg_notify($1, $2)', [channel, word])
        .catch(() => undefined)
        .finally(() => {
          waiting -= 1
        })
    },
    dropped: () => dropped,
    hear(listener) {
      listeners.add(listener)
      if (!begun) {
        begun = true
        void connect()
      }
      return () => void listeners.delete(listener)
    },
    async close() {
      closed = true
      clearTimeout(timer)
      listeners.clear()
      const present = client
      client = undefined
      await present?.end().catch(() => undefined)
    },
  }
}
