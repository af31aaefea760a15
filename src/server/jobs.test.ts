import { describe, expect, it } from 'vitest'
import { MangroveError } from '../kernel/index.ts'
import { createJobs, type JobLimits, type JobTools } from './jobs.ts'
import { movableClock } from './server.fixture.ts'

const clock = movableClock(1000)
const jobsOf = (limits: Partial<JobLimits> = {}) => createJobs(clock, { running: 1, queued: 2, kept: 3, ...limits })

/** Work that runs until it is told to end, or cancelled. */
function work() {
  const done = Promise.withResolvers<unknown>()
  const tools = Promise.withResolvers<JobTools>()
  return {
    ...done,
    tools: tools.promise,
    run(given: JobTools): Promise<unknown> {
      tools.resolve(given)
      given.signal.addEventListener('abort', () => done.reject(new Error('aborted')))
      return done.promise
    },
  }
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function codeOf(action: () => unknown): string | undefined {
  try {
    action()
  } catch (error) {
    return error instanceof MangroveError ? error.code : String(error)
  }
  return undefined
}

describe('a job', () => {
  it('goes from queued over running to done, with its times and its result', async () => {
    const jobs = jobsOf()
    const task = work()
    const job = jobs.submit('energy.plan', task.run)
    expect(job.view()).toMatchObject({ engine: 'energy.plan', state: 'queued', createdMs: 1000, startedMs: null })
    clock.nowMs = 2000
    await task.tools
    expect(job.view()).toMatchObject({ state: 'running', startedMs: 2000, finishedMs: null, result: null })
    clock.nowMs = 3000
    task.resolve({ answer: 42 })
    expect(await job.finished).toEqual({ answer: 42 })
    expect(jobs.get(job.id).view()).toMatchObject({
      state: 'done',
      progress: { fraction: 1, message: 'done' },
      finishedMs: 3000,
      result: { answer: 42 },
      problem: null,
    })
    clock.nowMs = 1000
  })

  it('tells progress between 0 and 1, whatever the work says', async () => {
    const task = work()
    const job = jobsOf().submit('x', task.run)
    const { progress } = await task.tools
    const told = [-1, 0.25, 7, Number.NaN].map((fraction) => {
      progress(fraction, 'at it')
      return job.view().progress.fraction
    })
    expect(told).toEqual([0, 0.25, 1, 1])
    expect(job.view().progress.message).toBe('at it')
    task.resolve(null)
  })

  it('that fails keeps its problem, and whoever waits sees the error', async () => {
    const task = work()
    const job = jobsOf().submit('x', task.run)
    task.reject(new Error('inside'))
    await expect(job.finished).rejects.toThrow('inside')
    expect(job.view()).toMatchObject({ state: 'failed', result: null, problem: { code: 'server.unexpected' } })
    expect(JSON.stringify(job.view())).not.toContain('inside')
  })

  it('whose work throws at once fails too', async () => {
    const job = jobsOf().submit('x', () => {
      throw new Error('at once')
    })
    await expect(job.finished).rejects.toThrow('at once')
    expect(job.view().state).toBe('failed')
  })
})

describe('cancelling', () => {
  it('ends a queued job before it starts', async () => {
    const jobs = jobsOf()
    const first = work()
    jobs.submit('x', first.run)
    let ran = false
    const second = jobs.submit('x', async () => {
      ran = true
    })
    second.cancel()
    await expect(second.finished).rejects.toMatchObject({ code: 'server.cancelled' })
    expect(second.view()).toMatchObject({ state: 'cancelled', startedMs: null, finishedMs: 1000 })
    first.resolve(null)
    await turn()
    expect(ran).toBe(false)
    expect(jobs.counts()).toEqual({ running: 0, queued: 0 })
  })

  it('tells a running job by its signal and frees its place when it ends', async () => {
    const jobs = jobsOf()
    const first = work()
    const job = jobs.submit('x', first.run)
    const { signal } = await first.tools
    const second = work()
    jobs.submit('x', second.run)
    job.cancel()
    expect(signal.aborted).toBe(true)
    await expect(job.finished).rejects.toMatchObject({ code: 'server.cancelled' })
    expect(job.view()).toMatchObject({ state: 'cancelled', problem: { status: 409 } })
    await second.tools
    expect(jobs.counts()).toEqual({ running: 1, queued: 0 })
    second.resolve(null)
  })

  it('wins over a result that comes afterwards', async () => {
    const release = Promise.withResolvers<string>()
    const job = jobsOf().submit('deaf', () => release.promise)
    await turn()
    job.cancel()
    release.resolve('too late')
    await expect(job.finished).rejects.toMatchObject({ code: 'server.cancelled' })
    expect(job.view()).toMatchObject({ state: 'cancelled', result: null })
  })

  it('does nothing to a job that is done', async () => {
    const job = jobsOf().submit('x', async () => 1)
    await job.finished
    job.cancel()
    expect(job.view()).toMatchObject({ state: 'done', result: 1 })
  })
})

describe('the queue', () => {
  it('runs as many at once as it may, in order, and refuses what is too much', async () => {
    const jobs = jobsOf({ running: 2, queued: 2 })
    const tasks = Array.from({ length: 4 }, work)
    const started: number[] = []
    tasks.slice(0, 2).forEach((task, index) => {
      jobs.submit('x', (tools) => {
        started.push(index)
        return task.run(tools)
      })
    })
    await turn()
    tasks.slice(2).forEach((task, index) => {
      jobs.submit('x', (tools) => {
        started.push(index + 2)
        return task.run(tools)
      })
    })
    await turn()
    expect(started).toEqual([0, 1])
    expect(jobs.counts()).toEqual({ running: 2, queued: 2 })
    expect(codeOf(() => jobs.submit('x', async () => 1))).toBe('server.busy')
    tasks[1]!.resolve(null)
    await turn()
    expect(started).toEqual([0, 1, 2])
    expect(codeOf(() => jobs.submit('x', async () => 1))).toBeUndefined()
    for (const task of tasks) task.resolve(null)
    await turn()
    expect(started).toEqual([0, 1, 2, 3])
  })

  it('forgets the oldest finished jobs, never one that is not finished', async () => {
    const jobs = jobsOf({ running: 1, queued: 2, kept: 3 })
    const first = work()
    const running = jobs.submit('x', first.run)
    await first.tools
    const finished: string[] = []
    for (let count = 0; count < 12; count += 1) {
      const job = jobs.submit('x', async () => count)
      job.cancel()
      finished.push(job.id)
    }
    await turn()
    expect(jobs.get(running.id).view().state).toBe('running')
    expect(codeOf(() => jobs.get(finished[0]!))).toBe('server.unknown-job')
    expect(codeOf(() => jobs.get(finished.at(-1)!))).toBeUndefined()
    const known = finished.filter((id) => codeOf(() => jobs.get(id)) === undefined)
    expect(known).toHaveLength(3 + 1 + 2 - 1)
    first.resolve(null)
  })

  it('closes by cancelling everything and waiting for it, and takes nothing more', async () => {
    const jobs = jobsOf()
    const task = work()
    const running = jobs.submit('x', task.run)
    const queued = jobs.submit('x', async () => 1)
    await task.tools
    await jobs.close()
    expect([running, queued].map((job) => job.view().state)).toEqual(['cancelled', 'cancelled'])
    expect(codeOf(() => jobs.submit('x', async () => 1))).toBe('server.busy')
  })
})
