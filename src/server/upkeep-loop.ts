import { setTimeout as sleep } from 'node:timers/promises'
import type { Upkeep } from '../store/index.ts'

export interface UpkeepLoopFigures {
  readonly turns: number
  readonly quarters: number
  readonly sealedMonths: number
  readonly failures: number
  /** Failures since the last turn that went well. */
  readonly failuresInARow: number
  /** When the last turn went well; undefined before. */
  readonly lastTurnMs: number | undefined
  /** How long the last turn took. */
  readonly lastTurnTookMs: number
  /** Whether it is meant to run. */
  readonly running: boolean
}

export interface UpkeepLoop {
  start(): void
  figures(): UpkeepLoopFigures
  /** Settles when the turn that is going on has ended. */
  stop(): Promise<void>
}

export interface UpkeepLoopOptions {
  readonly upkeep: Pick<Upkeep, 'turn' | 'seal'>
  report(error: unknown, message: string): void
  now?(): number
  /** Ends early when the signal aborts. */
  wait?(waitMs: number, signal: AbortSignal): Promise<void>
  /** Between two turns. */
  readonly turnMs?: number
  readonly sealMs?: number
  /** After failures in a row the wait doubles, up to this. */
  readonly longestWaitMs?: number
}

/** Keeps no process alive. */
const waitQuietly = (waitMs: number, signal: AbortSignal): Promise<void> =>
  sleep(waitMs, undefined, { signal, ref: false }).catch(() => undefined)

/**
 * Rest between two turns of which the first left more to do, at least; as long as the turn took, where that is more:
 * what else is asked of the store gets half of its time.
 */
const breathMs = 5

/**
 * What a store wants done behind what is asked of it, one thing after another: a turn every second, at once while more is due,
 * and months sealed every hour. Several nodes on one database may each run it: every turn takes what no other has.
 */
export function createUpkeepLoop({
  upkeep,
  report,
  now = Date.now,
  wait = waitQuietly,
  turnMs = 1000,
  sealMs = 3_600_000,
  longestWaitMs = 60_000,
}: UpkeepLoopOptions): UpkeepLoop {
  const stopping = new AbortController()
  const counted = { turns: 0, quarters: 0, sealedMonths: 0, failures: 0, failuresInARow: 0, lastTurnTookMs: 0 }
  let lastTurnMs: number | undefined
  let nextSealMs = 0
  let loop: Promise<void> | undefined

  /** @returns how long to wait for the next */
  const turn = async (): Promise<number> => {
    const beganMs = now()
    try {
      const { quarters, more } = await upkeep.turn()
      counted.turns += 1
      counted.quarters += quarters
      counted.failuresInARow = 0
      lastTurnMs = now()
      counted.lastTurnTookMs = lastTurnMs - beganMs
      if (!more && lastTurnMs >= nextSealMs) await seal()
      return more ? Math.min(turnMs, Math.max(breathMs, counted.lastTurnTookMs)) : turnMs
    } catch (error) {
      return failed(error, 'upkeep of the store failed')
    }
  }
  const seal = async (): Promise<void> => {
    nextSealMs = now() + sealMs
    try {
      counted.sealedMonths += (await upkeep.seal()).length
    } catch (error) {
      // Not at once again: turns go on meanwhile.
      counted.failures += 1
      report(error, 'months were not sealed')
    }
  }
  const failed = (error: unknown, message: string): number => {
    counted.failures += 1
    counted.failuresInARow += 1
    // The first, and then ever more seldom: a full disk does not fill its log too.
    if (Number.isInteger(Math.log2(counted.failuresInARow)))
      report(error, `${message}, ${counted.failuresInARow} in a row`)
    return Math.min(longestWaitMs, turnMs * 2 ** Math.min(20, counted.failuresInARow))
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const waitMs = await turn()
      await wait(waitMs, stopping.signal)
    }
  }

  return {
    start() {
      nextSealMs = now() + Math.min(60_000, sealMs)
      loop ??= run()
    },
    figures: () => ({ ...counted, lastTurnMs, running: loop !== undefined && !stopping.signal.aborted }),
    async stop() {
      stopping.abort()
      await loop
    },
  }
}
