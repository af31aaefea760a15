import { setTimeout as sleep } from 'node:timers/promises'
import type { JobWithMetadata, PgBoss } from 'pg-boss'
import { serverErrors } from '../errors.ts'
import type { NodeWords } from '../nodes/node-words.ts'
import { digestOf } from './job-book.ts'
import type { JobQueue, QueueLimits, Turn } from './job-queue.ts'

export interface SharedQueueOptions {
  readonly databaseUrl: string
  readonly limits: QueueLimits
  readonly words: NodeWords
  report(error: unknown, message: string): void
  /** Schema of pg-boss in the database. */
  readonly schema?: string
}

const queue = 'jobs'
/** A node that has not said for so long that it lives has lost its jobs; pg-boss takes no less. */
const heartbeatS = 10
const touchMs = 2500
/** Asked this often for a job, besides at every word that one has come. */
const pollMs = 1000
const daySeconds = 86_400
/** A turn that failed is handed out again after this long. */
const againMs = 1000

interface TurnHere {
  readonly job: JobWithMetadata<object>
  readonly share: string
  readonly lost: AbortController
  ended: Promise<void>
  touchedMs: number
}

/**
 * A queue that nodes on one database share, by pg-boss in a schema of its own. A row is handed to one node, which says every few
 * seconds that it lives; the jobs of one that does not are handed to another after ten seconds. A node that was only slow learns
 * that its turn is over and ends what it does: the attempt that was handed out last is the one that counts.
 *
 * @throws what the database says when it cannot be reached
 */
export async function openSharedQueue(options: SharedQueueOptions): Promise<JobQueue> {
  const { databaseUrl, limits, words, report, schema = 'mangrove_jobs' } = options
  // Loaded here: a node with a data folder does without.
  const { PgBoss } = await import('pg-boss')
  const boss = new PgBoss({
    ...{ connectionString: databaseUrl, application_name: 'mangrove jobs', schema, max: 3 },
    ...{ schedule: false, superviseIntervalSeconds: 2, monitorIntervalSeconds: 2, maintenanceIntervalSeconds: 300 },
  })
  // pg-boss tells of each failure of its own rounds, which it does again.
  const told = createSeldom((error) => report(error, 'the queue of jobs failed'))
  boss.on('error', told)
  await boss.start()
  await createQueue(boss)
  return handOut(boss, schema, { limits, words, report: told })
}

async function createQueue(boss: PgBoss): Promise<void> {
  await boss.createQueue(queue, {
    heartbeatSeconds: heartbeatS,
    // The limit of time, and how often a job is begun, are those of jobs (create-jobs.ts).
    expireInSeconds: daySeconds,
    retryLimit: 1000,
    deleteAfterSeconds: 60,
  })
}

interface Parts {
  readonly limits: QueueLimits
  readonly words: NodeWords
  report(error: unknown): void
}

function handOut(boss: PgBoss, schema: string, { limits, words, report }: Parts): JobQueue {
  const turns = new Map<string, TurnHere>()
  let perform: ((id: string, lost: AbortSignal) => Promise<Turn>) | undefined
  let timer: NodeJS.Timeout | undefined
  let beat: NodeJS.Timeout | undefined
  let closed = false
  let closing: Promise<void> | undefined
  let pulling: Promise<void> | undefined
  let wanted = false
  let refused = 0
  let queued = 0

  const ask = async (sql: string, values: unknown[]): Promise<readonly Record<string, unknown>[]> =>
    (await boss.getDb().executeSql(sql, values)).rows
  const counted = async (share: string): Promise<{ readonly all: number; readonly own: number }> => {
    const [row] = await ask(
      `SELECT count(*) AS "all", count(*) FILTER (WHERE group_id = $2) AS own
       FROM ${schema}.job WHERE name = $1 AND state < 'active'`,
      [queue, share],
    )
    queued = Number(row?.all)
    return { all: queued, own: Number(row?.own) }
  }
  /** One of a share that has nothing running here, if there is one; else the first. */
  const next = async (): Promise<JobWithMetadata<object> | undefined> => {
    const busy = [...new Set([...turns.values()].map(({ share }) => share))]
    const fair = busy.length > 0 ? { ignoreGroups: busy } : {}
    const [first] = await boss.fetch<object>(queue, { includeMetadata: true, ...fair })
    if (first || busy.length === 0) return first
    return (await boss.fetch<object>(queue, { includeMetadata: true }))[0]
  }
  const pull = async (): Promise<void> => {
    while (wanted && perform && !closed) {
      wanted = false
      while (!closed && turns.size < limits.running) {
        const job = await next()
        if (!job) break
        take(job)
      }
    }
  }
  const wake = (): void => {
    if (!perform || closed) return
    wanted = true
    pulling ??= pull()
      .catch(report)
      .finally(() => {
        pulling = undefined
      })
  }
  const take = (job: JobWithMetadata<object>): void => {
    const before = turns.get(job.id)
    before?.lost.abort()
    const turn: TurnHere = {
      ...{ job, share: job.groupId ?? '', lost: new AbortController(), touchedMs: performance.now() },
      ended: Promise.resolve(),
    }
    turns.set(job.id, turn)
    turn.ended = (async () => {
      // This node was so slow that its own job was handed to it once more.
      await before?.ended
      const how = await perform!(job.id, turn.lost.signal).catch(async (error): Promise<Turn> => {
        // Its record could not be read, as a rule: not at once again.
        report(error)
        await sleep(againMs, undefined, { signal: turn.lost.signal }).catch(() => undefined)
        return 'again'
      })
      await settle(job, turn.lost.signal.aborted ? undefined : how)
    })().finally(() => {
      if (turns.get(job.id) === turn) turns.delete(job.id)
      wake()
    })
  }
  const settle = async ({ id, retryCount }: JobWithMetadata<object>, how: Turn | undefined): Promise<void> => {
    if (how === undefined) return
    const attempt = { id, retryCount }
    // Where this fails, the row is handed out again when it is late, and found done.
    await (how === 'over' ? boss.complete(queue, attempt) : boss.fail(queue, attempt)).catch(report)
    if (how === 'again') words.tell({ kind: 'queue' })
  }
  const touch = async (turn: TurnHere): Promise<void> => {
    const { id, retryCount } = turn.job
    const askedMs = performance.now()
    try {
      const { affected } = (await boss.touch(queue, { id, retryCount })) as { readonly affected?: number }
      if (affected === 0) turn.lost.abort()
      else turn.touchedMs = askedMs
    } catch (error) {
      report(error)
      // Others cannot know that it is still being done.
      if (askedMs - turn.touchedMs > heartbeatS * 1000) turn.lost.abort()
    }
  }
  const stopHearing = words.hear('queue', wake)

  return {
    shared: true,
    async offer({ id, share }) {
      const group = digestOf(share).slice(0, 32)
      const waiting = closed ? { all: 0, own: 0 } : await counted(group)
      const own = waiting.own >= limits.queuedPerShare
      if (closed || own || waiting.all >= limits.queued) {
        refused += 1
        throw serverErrors.busy({
          detail: closed
            ? 'The server is stopping'
            : own
              ? 'Too many jobs of this site are waiting; try again soon'
              : 'The queue of jobs is full; try again soon',
          found: own ? waiting.own : waiting.all,
          expected: `fewer than ${own ? limits.queuedPerShare : limits.queued} waiting`,
        })
      }
      // One that is there already is left as it is.
      await boss.send(queue, {}, { id, group: { id: group } })
      if (turns.size < limits.running) wake()
      else words.tell({ kind: 'queue' })
    },
    async withdraw(id) {
      if (closed) return false
      const gone = await ask(
        `DELETE FROM ${schema}.job WHERE name = $1 AND id = $2 AND state < 'active' RETURNING id`,
        [queue, id],
      )
      return gone.length > 0
    },
    begin(given) {
      perform = given
      timer = setInterval(wake, pollMs)
      beat = setInterval(() => {
        for (const turn of turns.values()) void touch(turn)
      }, touchMs)
      for (const one of [timer, beat]) one.unref()
      wake()
    },
    figures: () => ({ running: turns.size, queued, maxQueued: limits.queued, refused }),
    close() {
      closed = true
      closing ??= (async () => {
        clearInterval(timer)
        stopHearing()
        await pulling
        await Promise.allSettled([...turns.values()].map(({ ended }) => ended))
        clearInterval(beat)
        await boss.stop({ graceful: false, close: true }).catch(report)
      })()
      return closing
    },
  }
}

/** Tells the first of many, and then one a minute. */
function createSeldom(tell: (error: unknown) => void): (error: unknown) => void {
  let toldMs = Number.NEGATIVE_INFINITY
  return (error) => {
    if (performance.now() - toldMs < 60_000) return
    toldMs = performance.now()
    tell(error)
  }
}
