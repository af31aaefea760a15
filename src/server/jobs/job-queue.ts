import { serverErrors } from '../errors.ts'

/** A place in the queue. What the job is stands in its record. */
export interface QueuedJob {
  readonly id: string
  /** Who shares the queue with others: turns are taken so that each has as many running as any other. */
  readonly share: string
}

export interface QueueFigures {
  readonly running: number
  readonly queued: number
  readonly maxQueued: number
  readonly refused: number
}

/** How a turn ended: the job is over, or it is to be handed out again, to another node too. */
export type Turn = 'over' | 'again'

/** Who waits for a turn, and who has one. In memory on one node; several nodes need one that they share. */
export interface JobQueue {
  /** True: what was offered is still there after a crash, and another node may be handed it. */
  readonly shared: boolean
  /** @throws `server.busy` when too many wait */
  offer(job: QueuedJob): Promise<void>
  /** Takes a job out. @returns false where its turn has come */
  withdraw(id: string): Promise<boolean>
  /**
   * Begins handing out: a turn ends when its promise settles. One job is handed out once at a time; `lost` aborts where it was
   * handed to another node, which found this one too slow.
   */
  begin(perform: (id: string, lost?: AbortSignal) => Promise<Turn>): void
  figures(): QueueFigures
  /** Hands out nothing more; settles when what has its turn has ended. */
  close(): Promise<void>
}

export interface QueueLimits {
  /** Turns at a time on this node. */
  readonly running: number
  /** Jobs that may wait. */
  readonly queued: number
  /** Jobs of one share that may wait, so that nobody fills the queue for all. */
  readonly queuedPerShare: number
}

export function createMemoryQueue({ running, queued, queuedPerShare }: QueueLimits): JobQueue {
  const waiting: QueuedJob[] = []
  const turns = new Map<string, { readonly share: string; readonly ended: Promise<void> }>()
  let perform: ((id: string) => Promise<Turn>) | undefined
  let closed = false
  let refused = 0

  const turnsOf = (share: string): number => [...turns.values()].filter((turn) => turn.share === share).length
  /** The first of those who have least. */
  const fairest = (): number => {
    let best = -1
    let least = Number.POSITIVE_INFINITY
    const counted = new Map<string, number>()
    for (const [index, { share }] of waiting.entries()) {
      if (counted.has(share)) continue
      const count = turnsOf(share)
      counted.set(share, count)
      if (count < least) [best, least] = [index, count]
    }
    return best
  }
  const next = (): void => {
    while (perform && !closed && waiting.length > 0 && turns.size < running) {
      const [job] = waiting.splice(fairest(), 1)
      const { id, share } = job!
      const ended = Promise.resolve(id)
        .then(perform)
        .then(
          () => undefined,
          () => undefined,
        )
        .finally(() => {
          turns.delete(id)
          next()
        })
      turns.set(id, { share, ended })
    }
  }

  return {
    shared: false,
    async offer(job) {
      const own = waiting.filter(({ share }) => share === job.share).length
      if (closed || waiting.length >= queued || own >= queuedPerShare) {
        refused += 1
        throw serverErrors.busy({
          detail: closed
            ? 'The server is stopping'
            : own >= queuedPerShare
              ? 'Too many jobs of this site are waiting; try again soon'
              : 'The queue of jobs is full; try again soon',
          found: own >= queuedPerShare ? own : waiting.length,
          expected: `fewer than ${own >= queuedPerShare ? queuedPerShare : queued} waiting`,
        })
      }
      waiting.push(job)
      queueMicrotask(next)
    },
    async withdraw(id) {
      const index = waiting.findIndex((job) => job.id === id)
      if (index >= 0) waiting.splice(index, 1)
      return index >= 0
    },
    begin(given) {
      perform = given
      next()
    },
    figures: () => ({ running: turns.size, queued: waiting.length, maxQueued: queued, refused }),
    async close() {
      closed = true
      await Promise.all([...turns.values()].map(({ ended }) => ended))
    },
  }
}
