import type { ReadGroup } from '../registers/group-reads.ts'

/** Something that is asked of a unit again and again. */
export interface Job {
  readonly unit: Turns
  readonly group: ReadGroup
  dueMs: number
  /** Tries of this turn that failed. */
  tries: number
  /** Turns that failed one after the other. */
  failures: number
  /** Whether it was read once, after which it finds its place in the period. */
  placed: boolean
}

/** When a unit may be asked. */
export interface Turns {
  notBeforeMs: number
  servedMs: number
}

const dueAt = (job: Job): number => Math.max(job.dueMs, job.unit.notBeforeMs)

/**
 * Whose turn it is: what has been due longest, and of those due together the unit that was served longest ago. So no unit and no
 * period waits for ever when the line is too slow for all.
 */
export function nextJob(jobs: Iterable<Job>): { readonly job: Job; readonly dueMs: number } | undefined {
  let best: Job | undefined
  let bestMs = Number.POSITIVE_INFINITY
  for (const job of jobs) {
    const dueMs = dueAt(job)
    if (dueMs < bestMs || (dueMs === bestMs && best && job.unit.servedMs < best.unit.servedMs)) {
      best = job
      bestMs = dueMs
    }
  }
  return best && { job: best, dueMs: bestMs }
}

/**
 * The next turn after one that ended at `nowMs`: on the beat of the period. Turns that could not be kept are left out, not
 * made up for. The first turn is at once, the second somewhere in the period (`chance` in [0, 1)), so that many devices do not
 * all speak at one moment.
 */
export function placeNext(job: Job, nowMs: number, chance: number): void {
  const { periodMs } = job.group
  if (!job.placed) {
    job.placed = true
    job.dueMs = nowMs + chance * periodMs
    return
  }
  const missed = Math.max(0, Math.floor((nowMs - job.dueMs) / periodMs))
  job.dueMs += (missed + 1) * periodMs
}
