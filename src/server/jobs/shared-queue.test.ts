import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { noNews } from '../../store/index.ts'
import { describeWithServer } from '../../store/postgres/postgres.fixture.ts'
import { ask, newSchema } from '../../store/postgres/test-schema.fixture.ts'
import { createNodeWords } from '../nodes/node-words.ts'
import { newJobId } from './job-id.ts'
import type { JobQueue } from './job-queue.ts'
import { openSharedQueue } from './shared-queue.ts'

async function until(condition: () => boolean): Promise<void> {
  for (const began = performance.now(); !condition(); await sleep(10)) {
    if (performance.now() - began > 10_000) throw new Error('never')
  }
}

await describeWithServer('a queue of jobs that nodes share', ({ url }) => {
  const open: { readonly queue: JobQueue; readonly schema: string }[] = []
  afterEach(async () => {
    const schemas = new Set(open.map(({ schema }) => schema))
    await Promise.all(open.splice(0).map(({ queue }) => queue.close()))
    for (const schema of schemas) await ask(url, `DROP SCHEMA ${schema} CASCADE`)
  })
  const start = async (schema: string, limits = {}): Promise<JobQueue> => {
    const queue = await openSharedQueue({
      ...{ databaseUrl: url, schema, words: createNodeWords(noNews) },
      limits: { running: 2, queued: 50, queuedPerShare: 50, ...limits },
      report: (error) => told.push(error),
    })
    open.push({ queue, schema })
    return queue
  }
  const told: unknown[] = []
  const ids = (count: number): readonly string[] => Array.from({ length: count }, () => newJobId(Date.now()))

  it('hands each job to one of them, once', async () => {
    const schema = newSchema()
    const queues = await Promise.all([start(schema), start(schema), start(schema)])
    const jobs = ids(30)
    const ran: string[] = []
    for (const queue of queues) {
      queue.begin(async (id) => {
        ran.push(id)
        await sleep(5)
        return 'over'
      })
    }
    await Promise.all(jobs.map((id, index) => queues[index % 3]!.offer({ id, share: 'at park' })))
    // One that is there already is not there twice.
    await queues[0].offer({ id: jobs[0]!, share: 'at park' })
    await until(() => ran.length >= 30)
    await sleep(300)
    expect(ran.toSorted()).toEqual(jobs.toSorted())
  })

  it('is bounded for all and for each share, over nodes, and gives back what was taken out', async () => {
    const schema = newSchema()
    const [one, other] = [
      await start(schema, { queued: 5, queuedPerShare: 3 }),
      await start(schema, { queued: 5, queuedPerShare: 3 }),
    ]
    const [a, b, c, d, e, f, g] = ids(7) as [string, string, string, string, string, string, string]
    for (const [id, queue] of [
      [a, one],
      [b, other],
      [c, one],
    ] as const)
      await queue.offer({ id, share: 'at park' })
    const busy = { code: 'server.busy' }
    await expect(other.offer({ id: d, share: 'at park' })).rejects.toMatchObject(busy)
    await one.offer({ id: e, share: 'at port' })
    await one.offer({ id: f, share: 'at port' })
    await expect(other.offer({ id: g, share: 'at quarry' })).rejects.toMatchObject(busy)
    expect(await other.withdraw(a)).toBe(true)
    expect(await one.withdraw(a)).toBe(false)
    await other.offer({ id: g, share: 'at quarry' })
    expect(other.figures()).toMatchObject({ running: 0, refused: 2, maxQueued: 5 })
  })

  it('lets no share keep the others waiting', async () => {
    const queue = await start(newSchema())
    const crowd = ids(10)
    for (const id of crowd) await queue.offer({ id, share: 'at park' })
    const [single] = ids(1) as [string]
    await queue.offer({ id: single, share: 'at port' })
    const order: string[] = []
    queue.begin(async (id) => {
      order.push(id)
      await sleep(50)
      return 'over'
    })
    await until(() => order.length === 11)
    expect(order.indexOf(single)).toBeLessThanOrEqual(2)
  })

  it('hands what is given back to another, and what failed too', async () => {
    const schema = newSchema()
    const [one, other] = [await start(schema), await start(schema)]
    const [id] = ids(1) as [string]
    await one.offer({ id, share: 'at park' })
    const begun = Promise.withResolvers<void>()
    const stop = Promise.withResolvers<void>()
    one.begin(async () => {
      begun.resolve()
      await stop.promise
      return 'again'
    })
    await begun.promise
    const closed = one.close()
    await expect(one.offer({ id, share: 'at park' })).rejects.toMatchObject({ code: 'server.busy' })
    const ran: string[] = []
    other.begin(async (job) => {
      ran.push(job)
      if (ran.length === 1) throw new Error('it broke')
      return 'over'
    })
    await sleep(200)
    expect(ran).toEqual([])
    stop.resolve()
    await closed
    await until(() => ran.length === 2)
    expect(ran).toEqual([id, id])
    expect(told.map(String)).toEqual(['Error: it broke'])
  })
})
