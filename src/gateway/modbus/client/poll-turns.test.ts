import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../kernel/index.ts'
import { backOffMs } from '../../link/back-off.ts'
import { type Job, nextJob, placeNext, type Turns } from './poll-turns.ts'

const unitOf = (): Turns => ({ notBeforeMs: 0, servedMs: 0 })
const jobOf = (unit: Turns, periodMs: number, dueMs = 0): Job => ({
  ...{ unit, dueMs, tries: 0, failures: 0, placed: true },
  group: { table: 'holding', address: 0, count: 1, registers: [], scaleFactors: [], periodMs },
})

/** Serves for a time; each turn takes as long as told. Gives the turns of each job. */
function serve(jobs: readonly Job[], forMs: number, turnMs: (job: Job) => number): ReadonlyMap<Job, readonly number[]> {
  const turns = new Map<Job, number[]>(jobs.map((job) => [job, []]))
  for (let nowMs = 0; nowMs < forMs; ) {
    const { job, dueMs } = nextJob(jobs)!
    nowMs = Math.max(nowMs, dueMs)
    if (nowMs >= forMs) break
    job.unit.servedMs = nowMs
    turns.get(job)!.push(nowMs)
    nowMs += turnMs(job)
    placeNext(job, nowMs, 0.5)
  }
  return turns
}

describe('turns on a line', () => {
  it('keep every period while there is time for all', () => {
    const jobs = [1000, 1000, 5000, 60_000].map((periodMs) => jobOf(unitOf(), periodMs))
    const turns = serve(jobs, 600_000, () => 20)
    expect(jobs.map((job) => turns.get(job)!.length)).toEqual([600, 600, 120, 10])
    const late = turns.get(jobs[0]!)!.map((nowMs) => nowMs % 1000)
    expect(Math.max(...late)).toBeLessThanOrEqual(60)
  })

  it('leave no job out for ever when the line is too slow, whatever the periods', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 100, max: 20_000 }), { minLength: 2, maxLength: 30 }),
        fc.integer({ min: 50, max: 500 }),
        (periods, turnMs) => {
          const jobs = periods.map((periodMs) => jobOf(unitOf(), periodMs))
          const turns = serve(jobs, 200_000, () => turnMs)
          for (const job of jobs) {
            const served = turns.get(job)!
            const longest = Math.max(...served.map((nowMs, index) => nowMs - (served[index - 1] ?? 0)))
            // Its period, and one turn of every other.
            expect(longest).toBeLessThanOrEqual(2 * job.group.periodMs + turnMs * (jobs.length + 1))
          }
        },
      ),
    )
  })

  it('are not asked of a unit before its time', () => {
    const [dead, live] = [unitOf(), unitOf()]
    dead.notBeforeMs = 5000
    const jobs = [jobOf(dead, 1000), jobOf(live, 1000, 800)]
    expect(nextJob(jobs)).toMatchObject({ job: jobs[1], dueMs: 800 })
    jobs[1]!.dueMs = 6000
    expect(nextJob(jobs)).toMatchObject({ job: jobs[0], dueMs: 5000 })
    expect(nextJob([])).toBeUndefined()
  })

  it('go to the unit that waited longest among those due together', () => {
    const [early, late] = [unitOf(), unitOf()]
    early.servedMs = 10
    late.servedMs = 20
    expect(nextJob([jobOf(late, 1000), jobOf(early, 1000)])!.job.unit).toBe(early)
  })

  it('find a place of their own in the period after the first one', () => {
    const job = { ...jobOf(unitOf(), 1000), placed: false }
    placeNext(job, 50, 0.25)
    expect(job).toMatchObject({ placed: true, dueMs: 300 })
    placeNext(job, 310, 0.9)
    expect(job.dueMs).toBe(1300)
    // Three beats were missed: they are not made up for.
    placeNext(job, 4400, 0.9)
    expect(job.dueMs).toBe(5300)
  })

  it('wait longer after each failure, up to a bound, and not all equally long', () => {
    const random = seededRandom(1)
    for (let failures = 1; failures < 100; failures += 1) {
      const fullMs = Math.min(60_000, 1000 * 2 ** (failures - 1))
      const waitMs = backOffMs(failures, 1000, 60_000, random)
      expect(waitMs).toBeGreaterThanOrEqual(fullMs / 2)
      expect(waitMs).toBeLessThanOrEqual(fullMs)
    }
    expect(new Set(Array.from({ length: 10 }, () => backOffMs(3, 1000, 60_000, random))).size).toBe(10)
  })
})
