import { createMessageWriter, type ForwardLine, type ForwardMessage } from '../../gateway/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { BatchSeries, ObservationBatch } from '../../store/index.ts'
import type { SentMemory } from './sent-memory.ts'

/** Sends what arrives, as it arrives. What it cannot send at once it lets go: the store has it, and catching up sends it. */
export interface LiveLane {
  arrived(batch: ObservationBatch): void
  /** Settles when nothing waits, or after a while. */
  quiet(mostMs: number): Promise<void>
  /** Lets go of what waits. */
  clear(): void
  figures(): LiveLaneFigures
}

export interface LiveLaneFigures {
  readonly waitingRows: number
  /** Acknowledged. */
  readonly rows: number
  /** Left to catching up. */
  readonly leftRows: number
  /** From arrival here to the acknowledgement of the centre, of 99 in 100 of the newest messages, ms; undefined before the first. */
  readonly delayP99Ms: number | undefined
  /** How long the oldest that waits has waited, ms. */
  readonly waitedMs: number
}

export interface LiveLaneParts {
  readonly line: ForwardLine
  readonly memory: SentMemory
  readonly maxBytes: number
  /** Whether a series is forwarded. */
  takes(series: BatchSeries): boolean
  readonly clock: Clock
  monotonicMs(): number
}

/** About two seconds of a busy site: more would only be late. */
const mostRows = 20_000
const mostInFlight = 8
const keptDelays = 500

interface Arrived {
  readonly batch: ObservationBatch
  readonly rows: readonly number[]
  readonly atMs: number
}

export function createLiveLane({ line, memory, maxBytes, takes, clock, monotonicMs }: LiveLaneParts): LiveLane {
  let waiting: Arrived[] = []
  let waitingRows = 0
  const counted = { rows: 0, leftRows: 0 }
  const delays: number[] = []
  let pumping = false
  const writer = createMessageWriter(maxBytes)
  const listeners = new Set<() => void>()
  const taken = new WeakMap<readonly BatchSeries[], readonly boolean[]>()

  const told = (): void => {
    if (waiting.length > 0) return
    for (const listener of listeners) listener()
    listeners.clear()
  }
  const letGo = (): void => {
    counted.leftRows += waitingRows + writer.rows()
    waiting = []
    waitingRows = 0
    writer.flush()
    told()
  }
  const send = (message: ForwardMessage, sinceMs: number): void => {
    const count = message.timestampsMs.length
    const mark = memory.sending(message)
    line.publish(message.payload).then(
      () => {
        mark.acknowledged(clock.now())
        counted.rows += count
        delays.push(monotonicMs() - sinceMs)
        if (delays.length > keptDelays) delays.shift()
      },
      () => {
        mark.lost()
        counted.leftRows += count
      },
    )
  }
  const pump = async (): Promise<void> => {
    pumping = true
    // What arrives in the same turn goes in one message.
    await Promise.resolve()
    while (waiting.length > 0 && line.isUp()) {
      const [first] = waiting
      const sinceMs = first!.atMs
      const some = waiting
      waiting = []
      waitingRows = 0
      const full: ForwardMessage[] = []
      for (const { batch, rows } of some) {
        for (const row of rows) {
          const message = writer.add(
            batch.series[batch.seriesOf[row]!]!,
            batch.sources[batch.sourceOf[row]!]!,
            batch.timestampsMs[row]!,
            batch.values[row]!,
            batch.quality[row]!,
          )
          if (message) full.push(message)
        }
      }
      const last = writer.flush()
      if (last) full.push(last)
      for (const message of full) send(message, sinceMs)
      // One after another where the line is slow: what arrives meanwhile waits for the next message.
      while (line.inFlight() >= mostInFlight) await line.settled().catch(() => undefined)
    }
    if (!line.isUp()) letGo()
    pumping = false
    told()
  }

  return {
    arrived(batch) {
      if (!line.isUp()) return
      const which = taken.get(batch.series) ?? batch.series.map(takes)
      taken.set(batch.series, which)
      if (!which.includes(true)) return
      const rows: number[] = []
      for (let row = 0; row < batch.count; row += 1) if (which[batch.seriesOf[row]!]) rows.push(row)
      if (rows.length === 0) return
      waiting.push({ batch, rows, atMs: monotonicMs() })
      waitingRows += rows.length
      // The newest are what is looked at; the oldest are in the store.
      while (waitingRows > mostRows && waiting.length > 1) {
        const gone = waiting.shift()!
        waitingRows -= gone.rows.length
        counted.leftRows += gone.rows.length
      }
      if (!pumping) void pump()
    },
    quiet(mostMs) {
      if (waiting.length === 0) return Promise.resolve()
      return new Promise((resolve) => {
        const timer = setTimeout(done, mostMs)
        function done(): void {
          clearTimeout(timer)
          listeners.delete(done)
          resolve()
        }
        listeners.add(done)
      })
    },
    clear: letGo,
    figures: () => ({
      ...{ waitingRows, ...counted },
      delayP99Ms:
        delays.length === 0 ? undefined : delays.toSorted((a, b) => a - b)[Math.ceil(delays.length * 0.99) - 1],
      waitedMs: waiting[0] ? monotonicMs() - waiting[0].atMs : 0,
    }),
  }
}
