import { setTimeout as sleep } from 'node:timers/promises'
import {
  type ForwardLine,
  type ForwardLineFigures,
  type ForwardSettings,
  forwardDefaults,
  namesPoint,
} from '../../gateway/index.ts'
import { type Clock, MangroveError, type Site } from '../../kernel/index.ts'
import type { ObservationBatch, Store } from '../../store/index.ts'
import type { Lease } from '../nodes/lease.ts'
import { type CatchUpFigures, createCatchUpLane } from './catch-up-lane.ts'
import { createLiveLane, type LiveLaneFigures } from './live-lane.ts'
import { createForwardPosition } from './position.ts'
import { createSentMemory } from './sent-memory.ts'

/** How far a centre is behind. */
export interface ForwardFigures {
  readonly site: string
  /** Whether this node forwards it; another does where it does not. */
  readonly holds: boolean
  readonly line: ForwardLineFigures
  readonly live: LiveLaneFigures
  readonly catchUp: CatchUpFigures & {
    /** Receive time up to which the centre has everything; undefined until it was read. */
    readonly positionMs: number | undefined
    /** What was received since, ms. */
    readonly lagMs: number | undefined
  }
}

export interface SiteForward {
  readonly site: string
  arrived(batch: ObservationBatch): void
  /** Rows received after the position, as far as they are not sealed; those that the live lane brought are among them for a moment. */
  waitingRows(): Promise<number>
  figures(): ForwardFigures
  stop(): Promise<void>
}

export interface SiteForwardParts {
  readonly site: Site
  readonly settings: ForwardSettings
  readonly store: Pick<Store, 'observations' | 'records' | 'news'>
  /** Absent: this node is alone. */
  readonly lease?: Lease
  /** Opened when this node begins to forward. */
  open(): ForwardLine
  /** Points of the site that are stored, now. */
  refs(): readonly string[]
  readonly clock: Clock
  monotonicMs(): number
  /** Between two looks into the store, ms. */
  readonly turnMs?: number
  /** Between two looks at the lease, ms. */
  readonly leaseTurnMs?: number
  report(error: unknown, message: string): void
}

const usualLeaseTurnMs = 3000
const writeEveryMs = 1000
const nothing: ForwardLineFigures = {
  ...{ connected: false, connects: 0, failures: 0, messages: 0, bytes: 0, lastProblem: undefined },
}

/** What forwards while this node holds the lease. */
interface Holding {
  readonly line: ForwardLine
  readonly live: ReturnType<typeof createLiveLane>
  readonly catchUp: ReturnType<typeof createCatchUpLane>
  readonly ending: AbortController
}

/** Forwards one site: live data as it arrives, and everything else from the store after a position. */
export function forwardSite(parts: SiteForwardParts): SiteForward {
  const { site, settings, store, lease, clock, monotonicMs, report, turnMs = 1000 } = parts
  const { leaseTurnMs = usualLeaseTurnMs } = parts
  const { points: filters = forwardDefaults.points } = settings
  const { rowsPerSecond = forwardDefaults.rowsPerSecond, messageKb = forwardDefaults.messageKb } = settings
  const { settleSeconds = forwardDefaults.settleSeconds } = settings
  const maxBytes = messageKb * 1024
  const position = createForwardPosition(store.records, site.id, settings)
  const stopping = new AbortController()
  let holding: Holding | undefined
  let positionMs: number | undefined
  let last: Omit<ForwardFigures, 'site' | 'holds' | 'catchUp'> & { readonly catchUp: CatchUpFigures } = {
    line: nothing,
    live: { waitingRows: 0, rows: 0, leftRows: 0, delayP99Ms: undefined, waitedMs: 0 },
    catchUp: { rows: 0, knownRows: 0 },
  }
  const takes = (ref: string): boolean => filters.some((filter) => namesPoint(filter, ref))
  const refs = (): readonly string[] => parts.refs().filter(takes)

  const begin = (): Holding => {
    const ending = new AbortController()
    const line = parts.open()
    const memory = createSentMemory()
    const live = createLiveLane({
      ...{ line, memory, maxBytes, clock, monotonicMs },
      takes: ({ site: of, point }) => of === site.id && takes(point),
    })
    const catchUp = createCatchUpLane({
      ...{ line, live, memory, observations: store.observations, site: site.id, points: refs, maxBytes },
      ...{ rowsPerSecond, clock, monotonicMs, signal: AbortSignal.any([ending.signal, stopping.signal]) },
      settleMs: store.news.shared ? settleSeconds * 1000 : undefined,
    })
    return { line, live, catchUp, ending }
  }
  const end = async ({ line, live, catchUp, ending }: Holding): Promise<void> => {
    ending.abort()
    await line.stop()
    last = { line: { ...line.figures(), connected: false }, live: live.figures(), catchUp: catchUp.figures() }
  }
  const rest = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: stopping.signal, ref: false }).catch(() => undefined)
  const held = (): boolean => !stopping.signal.aborted && (lease?.isHeld() ?? true)

  /** From when the lease is held until it is lost. */
  const work = async (now: Holding): Promise<void> => {
    positionMs = await position.read()
    let writtenMs = positionMs
    let wroteAtMs = monotonicMs()
    const write = async (): Promise<void> => {
      if (positionMs === undefined || positionMs === writtenMs) return
      await position.write(positionMs)
      writtenMs = positionMs
      wroteAtMs = monotonicMs()
    }
    try {
      while (held()) {
        await Promise.race([now.line.up(), rest(leaseTurnMs)])
        if (!held() || !now.line.isUp()) continue
        const turned = await now.catchUp.turn(positionMs)
        positionMs = turned.positionMs
        if (monotonicMs() - wroteAtMs >= writeEveryMs) await write()
        if (!turned.more) await rest(turnMs)
      }
    } finally {
      // What is not written is only sent once more.
      await write().catch(() => undefined)
    }
  }
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        if (lease && !lease.isHeld() && !(await lease.turn())) {
          await rest(leaseTurnMs)
          continue
        }
        holding ??= begin()
        await work(holding)
      } catch (error) {
        if (stopping.signal.aborted) break
        // A line that broke is told by itself.
        if (!(error instanceof MangroveError && error.code === 'gateway.no-link')) {
          report(error, `${site.id} is not forwarded for now`)
        }
        await rest(turnMs)
      }
      if (holding && !held()) {
        const ended = holding
        holding = undefined
        await end(ended)
      }
    }
    if (holding) await end(holding)
    await lease?.release()
  }
  const keepLease = async (): Promise<void> => {
    while (lease && !stopping.signal.aborted) {
      if (lease.isHeld()) await lease.turn().catch((error: unknown) => report(error, `the lease to forward ${site.id}`))
      await rest(leaseTurnMs)
    }
  }
  const running = Promise.all([run(), keepLease()])

  return {
    site: site.id,
    arrived: (batch) => holding?.live.arrived(batch),
    async waitingRows() {
      if (positionMs === undefined) return 0
      const toMs = (await store.observations.receivedUntil()) + 1
      if (toMs <= positionMs) return 0
      return store.observations.receivedCount({ site: site.id, points: refs(), fromMs: positionMs, toMs })
    },
    figures() {
      const now = holding
        ? { line: holding.line.figures(), live: holding.live.figures(), catchUp: holding.catchUp.figures() }
        : last
      const lagMs = positionMs === undefined ? undefined : Math.max(0, clock.now() - positionMs)
      return {
        ...{ site: site.id, holds: holding !== undefined },
        ...{ line: now.line, live: now.live, catchUp: { ...now.catchUp, positionMs, lagMs } },
      }
    },
    async stop() {
      stopping.abort()
      await holding?.line.stop()
      await running
    },
  }
}
