import type { ObservationBatch, Store } from '../store/index.ts'
import type { LiveHub } from './live-hub.ts'

/** The one way of accepted observations into the house, from whatever protocol they came. */
export interface Arrivals {
  /** On the disk when it settles; then whoever watches is told. @throws what the store throws: nothing is kept */
  keep(batch: ObservationBatch): Promise<void>
  /** Tells every batch after it was stored, in turn with its answer: what takes long is for later. @returns the way to leave */
  follow(listener: (batch: ObservationBatch) => void): () => void
}

export function createArrivals(
  observations: Pick<Store['observations'], 'append'>,
  hub: Pick<LiveHub, 'arrived'>,
): Arrivals {
  const listeners = new Set<(batch: ObservationBatch) => void>([(batch) => hub.arrived(batch)])
  return {
    async keep(batch) {
      if (batch.count === 0) return
      await observations.append(batch)
      for (const listener of listeners) listener(batch)
    },
    follow(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
