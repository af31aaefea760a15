import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Clock, type Quality, quality } from '../kernel/index.ts'
import type { Observation } from './observations/observation-types.ts'

/** A folder of its own for one test; `remove` when done. */
export async function temporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'mangrove-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

export const dayStartMs = Date.UTC(2026, 6, 6)

/** A clock that stands still until a test moves it. */
export interface MovableClock extends Clock {
  nowMs: number
}
export const movableClock = (nowMs: number = dayStartMs): MovableClock => ({
  nowMs,
  now() {
    return this.nowMs
  },
})

export const observation = (over: Partial<Observation> = {}): Observation => ({
  site: 'park',
  point: 'pv.powerKw',
  unit: 'kW',
  timestampMs: dayStartMs,
  value: 1,
  quality: quality.good as Quality,
  source: 'meter',
  ...over,
})
