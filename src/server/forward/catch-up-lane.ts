import { setTimeout as sleep } from 'node:timers/promises'
import { createMessageWriter, type ForwardLine, type ForwardMessage, gatewayErrors } from '../../gateway/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { Observations, ReceivedPage } from '../../store/index.ts'
import type { LiveLane } from './live-lane.ts'
import type { SentMemory } from './sent-memory.ts'

/** Reads the store from a position on and sends what the centre has not. */
export interface CatchUpLane {
  /**
   * One page. The position moves after everything before it is acknowledged.
   *
   * @returns the new position, and whether more is there now
   * @throws `gateway.no-link` where the line broke: the position stays
   */
  turn(positionMs: number): Promise<{ readonly positionMs: number; readonly more: boolean }>
  figures(): CatchUpFigures
}

export interface CatchUpFigures {
  /** Acknowledged. */
  readonly rows: number
  /** Read, and known to be there already. */
  readonly knownRows: number
}

export interface CatchUpParts {
  readonly line: ForwardLine
  readonly live: Pick<LiveLane, 'quiet'>
  readonly memory: SentMemory
  readonly observations: Pick<Observations, 'received' | 'receivedUntil'>
  readonly site: string
  points(): readonly string[]
  readonly maxBytes: number
  readonly rowsPerSecond: number
  /** How long rows of other nodes may take to be seen, ms; undefined for a store that only this process writes to. */
  readonly settleMs: number | undefined
  readonly signal: AbortSignal
  readonly clock: Clock
  monotonicMs(): number
}

/** What the live lane needs to send what just arrived, ms: it is only read again where that did not work. */
const trailMs = 5000
/** A clock that was set back is met this much before what it says, ms. */
const backMs = 3_600_000
/** What was sent is remembered a little longer than it has to be, for clocks that differ, ms. */
const keptMs = 10_000
const pageRows = 20_000
const mostInFlight = 2
/** Live data has the line; but catching up ends some day. */
const longestYieldMs = 2000

export function createCatchUpLane(parts: CatchUpParts): CatchUpLane {
  const { line, live, memory, observations, site, points, maxBytes, rowsPerSecond, settleMs, signal } = parts
  const writer = createMessageWriter(maxBytes)
  const counted = { rows: 0, knownRows: 0 }
  let freeAtMs = 0

  const send = async (message: ForwardMessage): Promise<void> => {
    const count = message.timestampsMs.length
    const nowMs = parts.monotonicMs()
    freeAtMs = Math.max(freeAtMs, nowMs) + (count / rowsPerSecond) * 1000
    await live.quiet(longestYieldMs)
    while (line.inFlight() >= mostInFlight) await line.settled()
    const mark = memory.sending(message)
    line.publish(message.payload).then(() => {
      // Where nobody else stores, the position is past it with this page.
      if (settleMs === undefined) mark.settled()
      else mark.acknowledged(parts.clock.now())
      counted.rows += count
    }, mark.lost)
    const waitMs = freeAtMs - parts.monotonicMs()
    if (waitMs > 1) await sleep(waitMs, undefined, { signal })
  }
  const sendPage = async ({ batch }: ReceivedPage, readAt: number): Promise<void> => {
    const { count, series, sources, seriesOf, sourceOf, timestampsMs, values, quality } = batch
    for (let row = 0; row < count; row += 1) {
      const one = series[seriesOf[row]!]!
      const source = sources[sourceOf[row]!]!
      const atMs = timestampsMs[row]!
      const value = values[row]!
      const code = quality[row]!
      // What the live lane sent since is newer than what was read.
      if (memory.has(one, source, atMs, value, code) || memory.sentSince(one, source, atMs, readAt)) {
        counted.knownRows += 1
        continue
      }
      const full = writer.add(one, source, atMs, value, code)
      if (full) await send(full)
    }
    const rest = writer.flush()
    if (rest) await send(rest)
    await line.settled()
  }
  /** @throws `gateway.no-link` where the line is another one now: what was believed to be on its way may be lost */
  const demandLine = (connects: number): void => {
    if (line.isUp() && line.figures().connects === connects) return
    throw gatewayErrors.noLink({ detail: 'The line to the centre broke' })
  }

  return {
    async turn(givenMs) {
      const untilMs = await observations.receivedUntil()
      const fromMs = givenMs > untilMs ? Math.max(0, untilMs - backMs) : givenMs
      const toMs = settleMs === undefined ? untilMs - trailMs : untilMs
      if (fromMs >= toMs) return { positionMs: fromMs, more: false }
      const safeMs = settleMs === undefined ? toMs : untilMs - settleMs
      const { connects } = line.figures()
      let atMs = fromMs
      do {
        const readAt = memory.sequence()
        const page = await observations.received({ site, points: points(), fromMs: atMs, toMs, limit: pageRows })
        writer.flush()
        await sendPage(page, readAt)
        demandLine(connects)
        atMs = page.nextMs
        // What may still come to light before it is read again and again, to its end each time.
      } while (atMs > safeMs && atMs < toMs)
      const positionMs = Math.max(fromMs, Math.min(atMs, safeMs))
      memory.forgetBefore(positionMs - keptMs)
      return { positionMs, more: atMs < toMs }
    },
    figures: () => ({ ...counted }),
  }
}
