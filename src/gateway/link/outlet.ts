import { type Quality, quality } from '../../kernel/index.ts'
import type { FieldPorts, FieldReading } from '../field-protocol.ts'
import type { LinkRecord } from './link-record.ts'
import { createOutbox } from './outbox.ts'

/** A value of a point as it came, in the unit of the point. */
export interface OutletValue {
  readonly ref: string
  readonly unit: string
  readonly timestampMs: number
  /** NaN: a gap, which is told once. */
  readonly value: number
  readonly quality: Quality
}

/** Where a client puts what it read: readings reach the house in their order, and a gap is told once. */
export interface Outlet {
  put(values: readonly OutletValue[]): void
  /** These points have no value from now on. */
  gaps(points: Iterable<{ readonly ref: string; readonly unit: string }>, timestampMs: number): void
  /** Event time of the last reading of a point, gaps among them. */
  lastMs(ref: string): number | undefined
  /** So much waits that nothing more should be read. */
  readonly isFull: boolean
  room(): Promise<void>
  /** Gives what waits a last try. */
  close(): Promise<void>
}

/** @param name of the link, for the log */
export function createOutlet(ports: FieldPorts, record: LinkRecord, name: string): Outlet {
  const taking: FieldPorts = {
    ...ports,
    async take(readings) {
      await ports.take(readings)
      record.took(readings.length)
    },
  }
  const outbox = createOutbox(taking, name)
  const silent = new Set<string>()
  const last = new Map<string, number>()
  const put = (values: readonly OutletValue[]): void => {
    const told: FieldReading[] = []
    for (const one of values) {
      const isGap = !Number.isFinite(one.value)
      if (isGap && silent.has(one.ref)) continue
      if (isGap) silent.add(one.ref)
      else silent.delete(one.ref)
      last.set(one.ref, one.timestampMs)
      told.push(isGap ? { ...one, value: Number.NaN, quality: quality.missing } : one)
    }
    outbox.push(told)
  }
  return {
    put,
    gaps(points, timestampMs) {
      put([...points].map(({ ref, unit }) => ({ ref, unit, timestampMs, value: Number.NaN, quality: quality.missing })))
    },
    lastMs: (ref) => last.get(ref),
    get isFull() {
      return outbox.isFull
    },
    room: () => outbox.room(),
    close: () => outbox.close(),
  }
}
