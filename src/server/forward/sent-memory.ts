import type { ForwardMessage } from '../../gateway/index.ts'
import type { BatchSeries } from '../../store/index.ts'

/** What the centre is known to have of what was received not long ago, so that it is not sent twice. */
export interface SentMemory {
  /** Grows with every message that goes out. */
  sequence(): number
  /** A message goes out now. */
  sending(message: ForwardMessage): SentMark
  /** Whether the centre has exactly this, and nothing else of the same identity is on its way. */
  has(series: BatchSeries, source: string, timestampMs: number, value: number, code: number): boolean
  /** Whether something of this identity went out after a moment of {@link sequence}. */
  sentSince(series: BatchSeries, source: string, timestampMs: number, sequence: number): boolean
  /** Forgets what was acknowledged before a moment. */
  forgetBefore(ms: number): void
  rows(): number
}

/** What becomes of a message. */
export interface SentMark {
  acknowledged(nowMs: number): void
  /** It came, and need not be remembered: it will not be looked for again. */
  settled(): void
  /** Nobody knows whether it came. */
  lost(): void
}

type SentRows = Omit<ForwardMessage, 'payload'>

interface Sent {
  value: number
  quality: number
  /** Of the message that had it last. */
  sequence: number
  /** Messages with it that are not acknowledged. */
  open: number
  /** Unlike values were on their way at once: which one came last is not known. */
  mixed: boolean
}

/** @param mostRows above it the oldest are forgotten, and sent again */
export function createSentMemory(mostRows = 200_000): SentMemory {
  const bySeries = new Map<string, Map<number, Sent>>()
  const old: { readonly message: SentRows; readonly sequence: number; readonly atMs: number }[] = []
  let firstOld = 0
  let sequence = 0
  let rows = 0
  const keyOf = ({ site, point }: BatchSeries, source: string): string => `${site}\n${point}\n${source}`
  const find = (series: BatchSeries, source: string, timestampMs: number): Sent | undefined =>
    bySeries.get(keyOf(series, source))?.get(timestampMs)
  const remove = (series: BatchSeries, source: string, timestampMs: number): void => {
    const key = keyOf(series, source)
    const own = bySeries.get(key)
    if (!own?.delete(timestampMs)) return
    rows -= 1
    if (own.size === 0) bySeries.delete(key)
  }
  const each = (
    { series, sources, timestampsMs }: SentRows,
    work: (series: BatchSeries, source: string, timestampMs: number, row: number) => void,
  ): void => {
    for (let row = 0; row < timestampsMs.length; row += 1) work(series[row]!, sources[row]!, timestampsMs[row]!, row)
  }
  const forgetOldest = (): void => {
    const { message, sequence: number } = old[firstOld]!
    firstOld += 1
    each(message, (series, source, timestampMs) => {
      const sent = find(series, source, timestampMs)
      if (sent?.sequence === number && sent.open === 0) remove(series, source, timestampMs)
    })
    if (firstOld < 1000 || firstOld * 2 < old.length) return
    old.splice(0, firstOld)
    firstOld = 0
  }

  return {
    sequence: () => sequence,
    sending({ payload: _, ...message }) {
      sequence += 1
      const number = sequence
      each(message, (series, source, timestampMs, row) => {
        const value = message.values[row]!
        const quality = message.quality[row]!
        const key = keyOf(series, source)
        const own = bySeries.get(key) ?? new Map<number, Sent>()
        bySeries.set(key, own)
        const sent = own.get(timestampMs)
        if (!sent) {
          rows += 1
          own.set(timestampMs, { value, quality, sequence: number, open: 1, mixed: false })
          return
        }
        const same = Object.is(sent.value, value) && sent.quality === quality
        sent.mixed = sent.open > 0 && (sent.mixed || !same)
        Object.assign(sent, { value, quality, sequence: number, open: sent.open + 1 })
      })
      return {
        acknowledged(nowMs) {
          each(message, (series, source, timestampMs) => {
            const sent = find(series, source, timestampMs)
            if (sent && sent.open > 0) sent.open -= 1
          })
          old.push({ message, sequence: number, atMs: nowMs })
          while (rows > mostRows && firstOld < old.length) forgetOldest()
        },
        settled() {
          each(message, (series, source, timestampMs) => {
            const sent = find(series, source, timestampMs)
            if (!sent) return
            sent.open = Math.max(0, sent.open - 1)
            if (sent.open === 0 && sent.sequence === number) remove(series, source, timestampMs)
          })
        },
        lost: () => each(message, remove),
      }
    },
    has(series, source, timestampMs, value, code) {
      const sent = find(series, source, timestampMs)
      return (
        sent !== undefined && sent.open === 0 && !sent.mixed && Object.is(sent.value, value) && sent.quality === code
      )
    },
    sentSince: (series, source, timestampMs, since) => (find(series, source, timestampMs)?.sequence ?? 0) > since,
    forgetBefore(ms) {
      while (firstOld < old.length && old[firstOld]!.atMs < ms) forgetOldest()
    },
    rows: () => rows,
  }
}
