import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Job } from './job.ts'

const job = (changes: Partial<Job> = {}): Job => ({
  ...{ id: 'a', engine: 'energy.size', site: 'park', state: 'running', progress: { fraction: 0, message: '' } },
  ...{ createdMs: 0, startedMs: 0, finishedMs: null, evidence: null, problem: null },
  ...changes,
})

/** Streams that the store has opened, by their address; a test speaks through them. */
const streams = new Map<string, FakeStream>()
class FakeStream extends EventTarget {
  static readonly CLOSED = 2
  readyState = 1
  readonly url: string
  constructor(url: string) {
    super()
    this.url = url
    streams.set(url, this)
  }
  close(): void {
    streams.delete(this.url)
  }
  tell(told: Job): void {
    this.dispatchEvent(new MessageEvent('job', { data: JSON.stringify(told) }))
  }
}

/** What the server answers to a question, by its method and path. */
let answers: Record<string, () => unknown>
const asked: string[] = []

async function freshStore() {
  vi.resetModules()
  return (await import('./jobs.ts')).jobs
}

beforeEach(() => {
  answers = { 'GET /api/v1/jobs?limit=20': () => ({ jobs: [] }) }
  streams.clear()
  asked.length = 0
  vi.stubGlobal('EventSource', FakeStream)
  vi.stubGlobal('location', { pathname: '/sites/park/sizing' })
  vi.stubGlobal('fetch', async (path: string, { method = 'GET' }: RequestInit) => {
    asked.push(`${method} ${path}`)
    const answer = answers[`${method} ${path}`]
    return answer ? Response.json(answer()) : Response.json({ detail: 'No such job', status: 404 }, { status: 404 })
  })
})
afterEach(() => vi.unstubAllGlobals())

describe('jobs of the server', () => {
  it('tell the tray of one that a page starts, without asking for it again', async () => {
    const jobs = await freshStore()
    answers['POST /api/v1/engines/energy.size'] = () => job()
    const leave = jobs.subscribe(() => undefined)
    await jobs.start('energy.size', {})
    expect(jobs.shown().jobs?.map(({ id }) => id)).toEqual(['a'])
    expect(asked).not.toContain('GET /api/v1/jobs/a')
    expect([...streams.keys()]).toEqual(['/api/v1/jobs/a/live'])
    leave()
    expect(streams.size).toBe(0)
  })

  it('open one stream a job, however many look at it, and tell its end to whoever waits', async () => {
    const jobs = await freshStore()
    answers['POST /api/v1/engines/energy.size'] = () => job()
    const leave = jobs.subscribe(() => undefined)
    const unwatch = jobs.watch('a')
    await jobs.start('energy.size', {})
    const over = jobs.over('a')
    expect(streams.size).toBe(1)
    streams.get('/api/v1/jobs/a/live')?.tell(job({ progress: { fraction: 0.5, message: 'half' } }))
    expect(jobs.known('a')?.progress.fraction).toBe(0.5)
    streams.get('/api/v1/jobs/a/live')?.tell(job({ state: 'done', evidence: 'run' }))
    expect((await over).evidence).toBe('run')
    expect(jobs.shown().ended.map(({ id }) => id)).toEqual(['a'])
    expect(streams.size).toBe(0)
    unwatch()
    leave()
  })

  it('give the streams there are to the job a page looks at before newer ones', async () => {
    const jobs = await freshStore()
    const leave = jobs.subscribe(() => undefined)
    const unwatch = jobs.watch('old')
    for (const [createdMs, id] of ['old', 'middle', 'new'].entries()) {
      answers[`GET /api/v1/jobs/${id}`] = () => job({ id, createdMs })
    }
    await Promise.all(['old', 'middle', 'new'].map((id) => jobs.read(id)))
    expect(streams.has('/api/v1/jobs/old/live')).toBe(true)
    expect(streams.size).toBe(2)
    unwatch()
    leave()
  })

  it('fail by the server’s own words where a job is not there', async () => {
    const jobs = await freshStore()
    await expect(jobs.read('gone')).rejects.toThrow('No such job')
  })
})
