import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { openStore } from '../store/index.ts'
import { type ChildServer, type ChildSettings, startChild } from './child-server.fixture.ts'
import { noonMs } from './server.fixture.ts'

const folders: string[] = []
const children: ChildServer[] = []
afterEach(async () => {
  for (const child of children.splice(0)) {
    child.process.kill('SIGKILL')
    await child.ended
  }
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-stop-'))
  folders.push(folder)
  return folder
}

async function start(settings: ChildSettings): Promise<ChildServer> {
  const child = await startChild(settings)
  children.push(child)
  return child
}

const rowsOfBatch = 100
/** A batch of a second's values of its own. */
const batchBody = (index: number): string => {
  const rows = Array.from({ length: rowsOfBatch }, (_, row) => `${timeOf(index, row)},${index % 500}`)
  return `time,pv.powerKw\n${rows.join('\n')}\n`
}
const timeOf = (index: number, row: number): number => noonMs + (index * rowsOfBatch + row) * 1000

/** Hours of a backtest: long enough to be in the middle of it. */
const longBacktest = {
  ...{ site: 'quarry-microgrid', at: '2026-07-06T00:00', days: 0.5, step: '1h', historyDays: 0 },
  controllers: ['control'],
}
/** On a machine that has other work. */
const patienceMs = 180_000
/** Its JSON, as whoever asks knows it. */
// biome-ignore lint/suspicious/noExplicitAny: what the API answers is checked by its own tests
const jsonOf = async (answer: Promise<Response>): Promise<any> => (await answer).json()
const post = (url: string, input: object, headers: Record<string, string> = {}) =>
  fetch(`${url}/api/v1/engines/energy.backtest`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(input),
  })

it(
  'stops in order under load: what was acknowledged is there, what comes is told so, streams end with a reason',
  async () => {
    const folder = newFolder()
    const child = await start({ folder })
    const acknowledged: number[] = []
    const refused: { readonly status: number; readonly retry: string | null; readonly close: string | null }[] = []
    let next = 0
    let cutOff = 0
    const send = async (): Promise<void> => {
      while (cutOff < 40) {
        const index = next++
        try {
          const answer = await fetch(`${child.url}/api/v1/observations?site=quarry-microgrid`, {
            method: 'POST',
            headers: { 'content-type': 'text/csv' },
            body: batchBody(index),
          })
          await answer.text()
          const { headers, status } = answer
          if (status === 200) acknowledged.push(index)
          else refused.push({ status, retry: headers.get('retry-after'), close: headers.get('connection') })
        } catch {
          cutOff += 1
        }
      }
    }
    const job = await jsonOf(post(child.url, longBacktest))
    const stream = await fetch(`${child.url}/api/v1/jobs/${job.id}/live`)
    const told = stream.text()
    const senders = Array.from({ length: 4 }, send)
    await sleep(1500)
    const beforeMs = performance.now()
    child.process.kill('SIGTERM')
    expect(await child.ended, child.log()).toBe(0)
    const tookMs = performance.now() - beforeMs
    await Promise.all(senders)
    expect(tookMs).toBeLessThan(15_000)
    expect(acknowledged.length).toBeGreaterThan(10)
    for (const one of refused) expect(one).toEqual({ status: 503, retry: '5', close: 'close' })
    expect(await told).toMatch(/event: end\ndata: \{"reason":"(stopping|finished)"\}\n\n$/)

    const store = await openStore(folder)
    const { 'pv.powerKw': found } = await store.observations.range({
      ...{ site: 'quarry-microgrid', points: ['pv.powerKw'], fromMs: noonMs, toMs: timeOf(next, 0) },
    })
    const { content } = (await store.records.list<{ readonly state: string }>('job'))[0]!
    await store.close()
    const there = new Set(found?.timestampsMs)
    const lost = acknowledged.flatMap((index) =>
      Array.from({ length: rowsOfBatch }, (_, row) => timeOf(index, row)).filter((time) => !there.has(time)),
    )
    expect(lost).toEqual([])
    expect(['interrupted', 'done']).toContain(content.state)
  },
  patienceMs,
)

it(
  'ends at once at the second signal',
  async () => {
    const child = await start({ folder: newFolder() })
    // Somebody waits for this, so that the first signal waits too.
    const waiting = post(child.url, { ...longBacktest, days: 5 }, { prefer: 'wait' }).catch(() => undefined)
    await sleep(1000)
    child.process.kill('SIGTERM')
    await sleep(300)
    const beforeMs = performance.now()
    child.process.kill('SIGTERM')
    expect(await child.ended).toBe('SIGTERM')
    expect(performance.now() - beforeMs).toBeLessThan(1000)
    await waiting
  },
  patienceMs,
)

it(
  'goes on with a job after it was killed in the middle of it',
  async () => {
    const folder = newFolder()
    const first = await start({ folder })
    // It runs once and a bit: no longer than it takes to be met in its middle.
    const { id } = await jsonOf(post(first.url, { ...longBacktest, days: 0.25 }))
    const view = (url: string) => jsonOf(fetch(`${url}/api/v1/jobs/${id}`))
    for (;;) {
      const { state, progress } = await view(first.url)
      expect(['queued', 'running'], 'make the backtest longer').toContain(state)
      if (progress.fraction > 0.1) break
      await sleep(20)
    }
    first.process.kill('SIGKILL')
    await first.ended
    const second = await start({ folder })
    let job = await view(second.url)
    while (job.finishedMs === null) {
      await sleep(100)
      job = await view(second.url)
    }
    expect(job, JSON.stringify(job.problem)).toMatchObject({ state: 'done', attempts: 2, problem: null })
    expect(job.result.evidence).toBe(job.evidence)
    const listed = await jsonOf(fetch(`${second.url}/api/v1/jobs?state=done&engine=energy.backtest`))
    expect(listed.jobs.map((one: { readonly id: string }) => one.id)).toEqual([id])
  },
  patienceMs,
)
