import Type from 'typebox'
import { serverErrors } from '../errors.ts'

/** Query fields of a span of time. */
export const spanQuery = {
  from: Type.Optional(
    Type.String({ description: 'ISO 8601 with offset, or milliseconds since 1970; default: a day before `to`' }),
  ),
  to: Type.Optional(Type.String({ description: 'Exclusive; default: now' })),
}

export interface Span {
  /** Inclusive. */
  readonly fromMs: number
  /** Exclusive. */
  readonly toMs: number
}

const dayMs = 86_400_000

/** @throws `server.bad-input` with the field that cannot be read, or where the span ends before it starts */
export function readSpan({ from, to }: { readonly from?: string; readonly to?: string }, nowMs: number): Span {
  const toMs = to === undefined ? nowMs : readMoment(to, 'query.to')
  const fromMs = from === undefined ? toMs - dayMs : readMoment(from, 'query.from')
  return { fromMs, toMs }
}

const isoWithOffset = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/

/** A moment in UTC milliseconds. @throws `server.bad-input` */
export function readMoment(text: string, path: string): number {
  const timestampMs = /^\d{1,15}$/.test(text) ? Number(text) : isoWithOffset.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(timestampMs)) {
    throw serverErrors.badInput({
      detail: 'The time cannot be read',
      place: { path },
      found: text,
      expected: 'ISO 8601 with offset (2026-07-06T00:00:00Z), or milliseconds since 1970',
    })
  }
  return timestampMs
}
