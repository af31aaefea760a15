import { describe, expect, it } from 'vitest'
import { failureOf, inOrder, isOver, type Job, jobOf, leftMs, replayedRun, sizingSearch } from './job.ts'

const job = (changes: Partial<Job>): Job => ({
  ...{ id: 'a', engine: 'energy.size', site: 'park', state: 'running', progress: { fraction: 0.25, message: '' } },
  ...{ createdMs: 0, startedMs: 1000, finishedMs: null, evidence: null, problem: null },
  ...changes,
})

describe('a job', () => {
  it('takes as long for the rest as its pace tells', () => {
    expect(leftMs(job({}), 11_000)).toBe(30_000)
  })

  it('says nothing of the rest where nobody can know', () => {
    expect(leftMs(job({ progress: { fraction: 0.001, message: '' } }), 11_000)).toBeUndefined()
    expect(leftMs(job({ state: 'queued', startedMs: null }), 11_000)).toBeUndefined()
    expect(leftMs(job({ state: 'done', progress: { fraction: 1, message: '' } }), 11_000)).toBeUndefined()
  })

  it('stands before those that ended, the newest first', () => {
    const jobs = [
      job({ id: 'old done', state: 'done', createdMs: 1 }),
      job({ id: 'running', createdMs: 2 }),
      job({ id: 'failed', state: 'failed', createdMs: 9 }),
      job({ id: 'waiting', state: 'queued', createdMs: 3 }),
    ]
    expect(inOrder(jobs).map(({ id }) => id)).toEqual(['waiting', 'running', 'failed', 'old done'])
    expect(isOver(job({ state: 'interrupted' }))).toBe(false)
  })

  it('of a replay names the run', () => {
    expect(replayedRun(`replay ${'a'.repeat(64)}`)).toBe('a'.repeat(64))
    expect(replayedRun('energy.size')).toBeUndefined()
  })

  it('is found by engine and site: the one that goes on, and the one that ended last', () => {
    const going = job({ id: 'going' })
    const elsewhere = job({ id: 'elsewhere', site: 'quarry' })
    const ended = [job({ id: 'first', state: 'done' }), job({ id: 'last', state: 'failed' })]
    expect(jobOf({ jobs: [elsewhere, ...ended, going], ended }, 'energy.size', 'park')).toEqual({
      going,
      ended: ended[1],
    })
    expect(jobOf({ jobs: undefined, ended: [] }, 'energy.size', 'park')).toEqual({})
  })

  it('says what went wrong, and nothing of one that was cancelled', () => {
    expect(failureOf(job({ state: 'failed', problem: { detail: 'No price at 04:00' } }))?.message).toBe(
      'No price at 04:00',
    )
    expect(failureOf(job({ state: 'cancelled', problem: { detail: 'Cancelled' } }))).toBeNull()
    expect(failureOf(undefined)).toBeNull()
  })

  it('leads to the sizing page while it goes on and when it is done, and nowhere when it gave nothing', () => {
    expect(sizingSearch(job({ id: 'a' }))).toEqual({ job: 'a' })
    expect(sizingSearch(job({ state: 'done', evidence: 'run' }))).toEqual({ run: 'run' })
    expect(sizingSearch(job({ state: 'cancelled' }))).toBeUndefined()
    expect(sizingSearch(job({ engine: 'energy.plan' }))).toBeUndefined()
  })
})
