import { describe, expect, it, vi } from 'vitest'
import { type EvidenceStore, MangroveError } from '../kernel/index.ts'
import type { Records } from '../store/index.ts'
import { memoryRecords } from '../store/memory-records.fixture.ts'
import { type MovableClock, movableClock } from '../store/store.fixture.ts'
import { localPrincipal } from './accounts/principal.ts'
import { type Caller, createCaller } from './caller.ts'
import { createJobs, type JobLimits, type JobsParts } from './jobs/create-jobs.ts'
import type { Job, Jobs, JobTask, JobTools } from './jobs.ts'

/** Evidence of runs whose output is what was put. */
function evidenceOf(outputs: Readonly<Record<string, unknown>>): EvidenceStore {
  return {
    put: async () => undefined,
    record: async (id) =>
      outputs[id] === undefined ? undefined : ({ id, outputSha256: id, inputSha256: id } as never),
    blob: async (sha256) => JSON.stringify(outputs[sha256]),
  }
}

type Work = (tools: JobTools, task: JobTask, clockMs: number) => Promise<unknown>

interface Shop {
  readonly jobs: Jobs
  readonly records: Records
  readonly clock: MovableClock
  /** The next job does this. */
  submit(work: Work, more?: Partial<Parameters<Jobs['submit']>[0]>): Promise<Job>
}

const all: Caller = createCaller({
  principal: localPrincipal,
  from: 'test',
  served: () => [],
  again: async () => undefined,
  about: () => undefined,
})

/** Jobs over records; whatever work is named by the input of its task. */
async function openShop(
  limits: Partial<JobLimits> = {},
  parts: Partial<JobsParts> & { readonly works?: Map<string, Work> } = {},
): Promise<Shop> {
  const clock = movableClock(1_000_000)
  const works = parts.works ?? new Map<string, Work>()
  const records = parts.records ?? memoryRecords(clock).records
  const jobs = createJobs({
    ...{ records, clock, evidence: evidenceOf({}) },
    about: (task) => ({ resumable: task.kind === 'run' && task.engine === 'resumable', long: false }),
    perform: (task, tools, clockMs) => {
      const name = String((task as { readonly input?: unknown }).input)
      const work = works.get(name)
      if (!work) throw new Error(`no work named ${name}`)
      return work(tools, task, clockMs)
    },
    report: () => undefined,
    limits: { running: 1, queued: 2, queuedPerShare: 2, kept: 3, ...limits },
    ...parts,
  })
  await jobs.start()
  let named = 0
  return {
    ...{ jobs, records, clock },
    submit(work, more = {}) {
      named += 1
      const name = `work ${named}`
      works.set(name, work)
      return jobs.submit({ task: { kind: 'run', engine: 'x', input: name }, ...more })
    },
  }
}

/** Work that runs until it is told to end, or cancelled. */
function work() {
  const done = Promise.withResolvers<unknown>()
  const tools = Promise.withResolvers<JobTools>()
  done.promise.catch(() => undefined)
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
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

const codeOf = async (asked: Promise<unknown>): Promise<string | undefined> =>
  asked.then(
    () => undefined,
    (error: unknown) => (error instanceof MangroveError ? error.code : String(error)),
  )

describe('a job', () => {
  it('goes from queued over running to done, with its times and its result', async () => {
    const { jobs, clock, submit } = await openShop()
    const before = work()
    await submit(before.run)
    const task = work()
    const job = await submit(task.run)
    expect(job.view()).toMatchObject({ engine: 'x', state: 'queued', createdMs: 1_000_000, startedMs: null })
    clock.nowMs += 1000
    before.resolve(null)
    await task.tools
    expect(job.view()).toMatchObject({ state: 'running', startedMs: 1_001_000, finishedMs: null, result: null })
    clock.nowMs += 1000
    task.resolve({ answer: 42 })
    expect(await job.finished).toEqual({ answer: 42 })
    await turn()
    expect((await jobs.get(job.id)).view()).toMatchObject({
      state: 'done',
      progress: { fraction: 1, message: 'done' },
      finishedMs: 1_002_000,
      result: { answer: 42 },
      problem: null,
    })
  })

  it('tells progress between 0 and 1, whatever the work says, and who watches it', async () => {
    const { submit } = await openShop()
    const task = work()
    const job = await submit(task.run)
    const watched = vi.fn()
    job.watch(watched)
    const { progress } = await task.tools
    const told = [-1, 0.25, 7, Number.NaN].map((fraction) => {
      progress(fraction, 'at it')
      return job.view().progress.fraction
    })
    expect(told).toEqual([0, 0.25, 1, 1])
    expect(job.view().progress.message).toBe('at it')
    expect(watched.mock.calls.length).toBeGreaterThanOrEqual(4)
    task.resolve(null)
  })

  it('that fails keeps its problem, and whoever waits sees the error', async () => {
    const { jobs, submit } = await openShop()
    const task = work()
    const job = await submit(task.run)
    await task.tools
    task.reject(new Error('inside'))
    await expect(job.finished).rejects.toThrow('inside')
    await turn()
    const kept = (await jobs.get(job.id)).view()
    expect(kept).toMatchObject({ state: 'failed', result: null, problem: { code: 'server.unexpected' } })
    expect(JSON.stringify(kept)).not.toContain('inside')
  })

  it('that takes longer than it may is ended by name', async () => {
    const { jobs, submit } = await openShop({ timeMs: { usual: 30, long: 30 } })
    const job = await submit(work().run)
    await expect(job.finished).rejects.toMatchObject({ code: 'server.out-of-time' })
    expect(job.view()).toMatchObject({ state: 'failed', problem: { status: 504 } })
    await turn()
    expect(jobs.figures()).toMatchObject({ outOfTime: 1, ended: { failed: 1 } })
  })

  it('has the limit of time of its engine', async () => {
    const { submit } = await openShop({ timeMs: { usual: 10_000, long: 10_000, x: 20 } })
    await expect((await submit(work().run)).finished).rejects.toMatchObject({ code: 'server.out-of-time' })
  })
})

describe('cancelling', () => {
  it('ends a queued job before it starts', async () => {
    const { jobs, submit } = await openShop()
    const first = work()
    await submit(first.run)
    let ran = false
    const second = await submit(async () => {
      ran = true
    })
    await second.cancel()
    await expect(second.finished).rejects.toMatchObject({ code: 'server.cancelled' })
    expect(second.view()).toMatchObject({ state: 'cancelled', startedMs: null, finishedMs: 1_000_000 })
    first.resolve(null)
    await turn()
    expect(ran).toBe(false)
    expect(jobs.counts()).toEqual({ running: 0, queued: 0 })
  })

  it('tells a running job by its signal and frees its place when it ends', async () => {
    const { jobs, submit } = await openShop()
    const first = work()
    const job = await submit(first.run)
    const { signal } = await first.tools
    const second = work()
    await submit(second.run)
    await job.cancel()
    expect(signal.aborted).toBe(true)
    await expect(job.finished).rejects.toMatchObject({ code: 'server.cancelled' })
    expect(job.view()).toMatchObject({ state: 'cancelled', problem: { status: 409 } })
    await second.tools
    expect(jobs.counts()).toEqual({ running: 1, queued: 0 })
    second.resolve(null)
  })

  it('wins over a result that comes afterwards', async () => {
    const { submit } = await openShop()
    const release = Promise.withResolvers<string>()
    const job = await submit(() => release.promise)
    await turn()
    await job.cancel()
    release.resolve('too late')
    await expect(job.finished).rejects.toMatchObject({ code: 'server.cancelled' })
    expect(job.view()).toMatchObject({ state: 'cancelled', result: null })
  })

  it('does nothing to a job that is done', async () => {
    const { submit } = await openShop()
    const job = await submit(async () => 1)
    await job.finished
    await job.cancel()
    expect(job.view()).toMatchObject({ state: 'done', result: 1 })
  })
})

describe('the queue', () => {
  it('runs as many at once as it may, in order, and refuses what is too much', async () => {
    const { jobs, submit } = await openShop({ running: 2, queued: 2 })
    const tasks = Array.from({ length: 4 }, work)
    const started: number[] = []
    for (const [index, task] of tasks.entries()) {
      await submit((tools) => {
        started.push(index)
        return task.run(tools)
      })
      await turn()
    }
    expect(started).toEqual([0, 1])
    expect(jobs.counts()).toEqual({ running: 2, queued: 2 })
    expect(await codeOf(submit(async () => 1))).toBe('server.busy')
    tasks[1]!.resolve(null)
    await turn()
    expect(started).toEqual([0, 1, 2])
    expect(await codeOf(submit(async () => 1))).toBeUndefined()
    for (const task of tasks) task.resolve(null)
    await turn()
    expect(started).toEqual([0, 1, 2, 3])
    expect(jobs.figures()).toMatchObject({ refused: 1, maxQueued: 2 })
  })

  it('lets no site fill it for the others, and gives the next turn to who has least', async () => {
    const { submit } = await openShop({ running: 2, queued: 10, queuedPerShare: 2 })
    const at = (site: string) => ({ owner: { site, asked: 'user a' } })
    const order: string[] = []
    const noted = (name: string) => async () => order.push(name)
    const [first, second] = [work(), work()]
    await submit(first.run, at('north'))
    await submit(second.run, at('north'))
    await Promise.all([first.tools, second.tools])
    await submit(noted('north 1'), at('north'))
    await submit(noted('north 2'), at('north'))
    expect(await codeOf(submit(noted('north 3'), at('north')))).toBe('server.busy')
    await submit(noted('south 1'), at('south'))
    second.resolve(null)
    await turn()
    expect(order).toEqual(['south 1', 'north 1', 'north 2'])
    first.resolve(null)
  })

  it('remembers the newest jobs that ended, never forgets one that did not', async () => {
    const { jobs, submit } = await openShop({ running: 2, queued: 200, queuedPerShare: 200, kept: 3 })
    const first = work()
    const running = await submit(first.run)
    await running.keep()
    const finished: Job[] = []
    for (let count = 0; count < 64; count += 1) {
      const job = await submit(async () => count)
      await job.finished
      finished.push(job)
    }
    await vi.waitUntil(async () => (await codeOf(jobs.get(finished[0]!.id))) === 'server.unknown-job')
    expect((await jobs.get(running.id)).view().state).toBe('running')
    const { jobs: listed } = await jobs.list({ caller: all, limit: 100 })
    expect(listed.length).toBeLessThanOrEqual(4)
    first.resolve(null)
  })
})

describe('an idempotency key', () => {
  it('gives the same job however often it is sent, also at once, and also when it has ended', async () => {
    const { jobs } = await openShop({}, { works: new Map([['one', async () => 7]]) })
    const request = { task: { kind: 'run', engine: 'x', input: 'one' }, idempotencyKey: 'k' } as const
    const [a, b] = await Promise.all([jobs.submit(request), jobs.submit(request)])
    expect(b.id).toBe(a.id)
    await a.finished
    await turn()
    const again = await jobs.submit(request)
    expect([again.id, await again.finished]).toEqual([a.id, 7])
    expect(jobs.figures().ended.done).toBe(1)
  })

  it('is refused for another task, and is another owner’s own', async () => {
    const works = new Map([
      ['one', async () => 1],
      ['two', async () => 2],
    ])
    const { jobs } = await openShop({}, { works })
    const task = (input: string) => ({ kind: 'run', engine: 'x', input }) as const
    const first = await jobs.submit({ task: task('one'), idempotencyKey: 'k', owner: { asked: 'user a' } })
    expect(await codeOf(jobs.submit({ task: task('two'), idempotencyKey: 'k', owner: { asked: 'user a' } }))).toBe(
      'server.key-reused',
    )
    const other = await jobs.submit({ task: task('two'), idempotencyKey: 'k', owner: { asked: 'user b' } })
    expect(other.id).not.toBe(first.id)
  })

  it('is free again when its job was refused', async () => {
    const { jobs, submit } = await openShop({ running: 1, queued: 1 }, { works: new Map([['one', async () => 1]]) })
    const first = work()
    await submit(first.run)
    await first.tools
    await submit(async () => 0)
    const request = { task: { kind: 'run', engine: 'x', input: 'one' }, idempotencyKey: 'k' } as const
    expect(await codeOf(jobs.submit(request))).toBe('server.busy')
    first.resolve(null)
    await turn()
    expect(await (await jobs.submit(request)).finished).toBe(1)
  })
})

describe('a list', () => {
  it('tells every job once, newest first, page by page, with a filter', async () => {
    const { jobs, clock, submit } = await openShop({ kept: 100 })
    const ids: string[] = []
    for (let count = 0; count < 7; count += 1) {
      clock.nowMs += 1
      const job = await submit(async () => {
        if (count === 3) throw new Error('three')
        return count
      })
      await job.finished.catch(() => undefined)
      ids.unshift(job.id)
    }
    clock.nowMs += 1
    const last = work()
    ids.unshift((await submit(last.run)).id)
    const seen: string[] = []
    let after: string | undefined
    do {
      const page = await jobs.list({ caller: all, limit: 3, ...(after === undefined ? {} : { after }) })
      seen.push(...page.jobs.map(({ id }) => id))
      after = page.next
    } while (after !== undefined)
    expect(seen).toEqual(ids)
    const failed = await jobs.list({ caller: all, limit: 10, state: 'failed' })
    expect(failed.jobs.map(({ id }) => id)).toEqual([ids[4]])
    expect((await jobs.list({ caller: all, limit: 10, state: 'running' })).jobs.map(({ id }) => id)).toEqual([ids[0]])
    expect((await jobs.list({ caller: all, limit: 10, engine: 'y' })).jobs).toEqual([])
    last.resolve(null)
  })
})

describe('a stop', () => {
  it('interrupts what goes on with the next start, fails by name what cannot, and takes nothing more', async () => {
    const works = new Map<string, Work>()
    const { jobs, records, clock } = await openShop({ running: 2, queued: 5, queuedPerShare: 5 }, { works })
    const [first, second] = [work(), work()]
    works
      .set('a', first.run)
      .set('b', second.run)
      .set('c', async () => 'c')
    const submit = (engine: string, input: string) => jobs.submit({ task: { kind: 'run', engine, input } })
    const ran = [await submit('resumable', 'a'), await submit('x', 'b'), await submit('x', 'c')]
    for (const job of ran) await job.keep()
    await Promise.all([first.tools, second.tools])
    await jobs.close()
    expect(ran.map((job) => job.view().state)).toEqual(['interrupted', 'failed', 'queued'])
    expect(ran[1]!.view().problem?.code).toBe('server.interrupted')
    expect(await codeOf(submit('x', 'c'))).toBe('server.busy')

    clock.nowMs += 5000
    const attempts: number[] = []
    works.set('a', async (_tools, _task, clockMs) => {
      attempts.push(clockMs)
      return 'went on'
    })
    const next = await openShop({}, { works, records })
    const states = async () => Promise.all(ran.map(async ({ id }) => (await next.jobs.get(id)).view()))
    await vi.waitUntil(async () => (await states()).every(({ finishedMs }) => finishedMs !== null))
    expect(await states()).toMatchObject([
      { state: 'done', result: 'went on', attempts: 2 },
      { state: 'failed' },
      { state: 'done', result: 'c', attempts: 1 },
    ])
    // It takes the same moment for now as in its first attempt.
    expect(attempts).toEqual([1_000_000])
    expect(next.jobs.figures().resumed).toBe(1)
  })

  it('lets who waits have its answer until everything is closed', async () => {
    const { jobs, submit } = await openShop({ running: 2 })
    const [waited, left] = [work(), work()]
    const job = await submit(waited.run)
    const other = await submit(left.run)
    await Promise.all([waited.tools, left.tools])
    jobs.drain()
    waited.resolve('in time')
    expect(await job.finished).toBe('in time')
    await jobs.close()
    await expect(other.finished).rejects.toMatchObject({ code: 'server.interrupted' })
  })
})

describe('after a crash', () => {
  /** Records as a process leaves them that is killed while its jobs run. */
  async function crashed(engine: string, attempts: number) {
    const clock = movableClock(1_000_000)
    const { records } = memoryRecords(clock)
    const id = '0000000f-4240-7000-8000-000000000000'
    const { keyOfJob } = await import('./jobs/job-id.ts')
    await records.put('job', keyOfJob(id), {
      ...{ id, engine, state: 'running', owner: { asked: 'local local' }, task: { kind: 'run', engine, input: 'a' } },
      ...{ progress: { fraction: 0.5, message: 'half' }, createdMs: 1, startedMs: 2, finishedMs: null },
      ...{ attempts, evidence: null, problem: null },
    })
    return { records, id }
  }

  it('a job whose engine keeps checkpoints goes on; another fails by name', async () => {
    const works = new Map<string, Work>([['a', async () => 'done after all']])
    const one = await crashed('resumable', 1)
    const shop = await openShop({}, { works, records: one.records })
    await vi.waitUntil(async () => (await shop.jobs.get(one.id)).view().state === 'done')
    const two = await crashed('x', 1)
    const other = await openShop({}, { works, records: two.records })
    expect((await other.jobs.get(two.id)).view()).toMatchObject({
      state: 'failed',
      problem: { code: 'server.interrupted' },
    })
  })

  it('a job that was begun too often is not begun again', async () => {
    const { records, id } = await crashed('resumable', 3)
    const { jobs } = await openShop({}, { works: new Map([['a', async () => 1]]), records })
    expect((await jobs.get(id)).view().state).toBe('failed')
  })
})

describe('a disk that is full', () => {
  it('costs no result: it is remembered here, and kept jobs are refused', async () => {
    const clock = movableClock(1_000_000)
    const { records } = memoryRecords(clock)
    const full: Records = { ...records, put: () => Promise.reject(new Error('full')) }
    const { jobs, submit } = await openShop({}, { records: full })
    const job = await submit(async () => 5)
    expect(await job.finished).toBe(5)
    await turn()
    expect((await jobs.get(job.id)).view()).toMatchObject({ state: 'done', result: 5 })
    await expect((await submit(async () => 6)).keep()).rejects.toThrow('full')
    expect(await codeOf(submit(async () => 6, { idempotencyKey: 'k' }))).toBe('Error: full')
  })
})
