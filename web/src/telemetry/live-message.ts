import { qualityCode } from './series.ts'

/** A value as `/api/v1/live` tells it. */
export interface ToldValue {
  readonly ref: string
  readonly timestampMs: number
  /** NaN where nothing is known. */
  readonly value: number
  readonly quality: number
}

interface ValuesMessage {
  readonly type: 'snapshot' | 'changes'
  readonly site: string
  readonly points: Readonly<
    Record<string, { readonly value: number | null; readonly quality: string; readonly timestampMs: number }>
  >
}

/** Values of a message, by site; undefined for other messages, and for what is none. */
export function readValues(
  data: unknown,
): { readonly site: string; readonly values: readonly ToldValue[] } | undefined {
  try {
    const message = JSON.parse(String(data)) as Partial<ValuesMessage> | null
    if (message?.type !== 'snapshot' && message?.type !== 'changes') return undefined
    if (typeof message.site !== 'string' || typeof message.points !== 'object') return undefined
    const values = Object.entries(message.points)
      // A point that was never told stands at 0.
      .filter(([, { timestampMs }]) => timestampMs > 0)
      .map(([ref, { value, quality, timestampMs }]) => ({
        ref,
        timestampMs,
        value: value ?? Number.NaN,
        quality: qualityCode(quality),
      }))
    return { site: message.site, values }
  } catch {
    return undefined
  }
}
