import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SharedBroker, startSharedBroker } from '../src/gateway/mqtt/shared-broker.fixture.ts'
import { type EmbeddedServer, startEmbeddedServer } from '../src/store/postgres/embedded.fixture.ts'
import { ask } from '../src/store/postgres/test-schema.fixture.ts'
import { root } from './command.ts'
import { type NodeProcess, startNode } from './node-process.ts'

const site = join(root, 'examples/quarry-microgrid/site.yaml')
const siteId = 'quarry-microgrid'
const hourMs = 3_600_000
/** Hours that ended long ago, so that every quarter of them is made. */
const beginMs = Math.floor(Date.now() / hourMs) * hourMs - 48 * hourMs
const folder = mkdtempSync(join(tmpdir(), 'mangrove-nodes-'))

interface Sent {
  readonly point: string
  readonly timestampMs: number
  readonly value: number
}
const overHttp: readonly (readonly Sent[])[] = Array.from({ length: 30 }, (_, batch) =>
  Array.from({ length: 100 }, (_, row) => {
    const index = batch * 100 + row
    return { point: 'pv.powerKw', timestampMs: beginMs + index * 10_000, value: index % 97 }
  }),
)
const overMqtt: readonly Sent[] = Array.from({ length: 900 }, (_, index) => ({
  ...{ point: 'crusher.powerKw', timestampMs: beginMs + index * 20_000, value: 400 + (index % 41) / 8 },
}))

const postgres = await startEmbeddedServer().catch((error: unknown) => {
  process.stderr.write(`several nodes are not tested: no test server can be started here: ${String(error)}\n`)
  return undefined
})

async function until<T>(
  look: () => Promise<T | undefined | false> | T | undefined | false,
  what: string,
  ms = 30_000,
): Promise<T> {
  for (const began = performance.now(); ; await sleep(50)) {
    const found = await look()
    if (found) return found
    if (performance.now() - began > ms) throw new Error(`never: ${what}`)
  }
}

async function call<T>(node: NodeProcess, path: string, body?: unknown): Promise<{ status: number; body: T }> {
  const response = await fetch(`${node.url}/api/v1/${path}`, {
    ...(body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    signal: AbortSignal.timeout(20_000),
  })
  return { status: response.status, body: (await response.json()) as T }
}

interface Job {
  readonly id: string
  readonly state: string
  readonly attempts: number
  readonly progress: { readonly fraction: number }
  readonly result: { readonly number: number } | null
}

/** Runs of the engine that is counted, as it told them. */
const runsFile = join(folder, 'runs')
writeFileSync(runsFile, '')
const told = () =>
  readFileSync(runsFile, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [what, number, pid, atMs] = line.split(' ')
      return { what, number: Number(number), pid: Number(pid), atMs: Number(atMs) }
    })

describe.skipIf(!postgres)('three nodes on one PostgreSQL and one broker', () => {
  let broker: SharedBroker
  let nodes: NodeProcess[] = []
  /** One on DuckDB, to compare with. */
  let alone: Promise<NodeProcess> | undefined
  const { url: databaseUrl } = (postgres ?? {}) as EmbeddedServer
  const start = (name: string): Promise<NodeProcess> =>
    startNode({ folder: join(folder, name), site, databaseUrl, mqttUrl: broker.url })
  const submit = async (node: NodeProcess, number: number, ms: number): Promise<Job> =>
    (await call<Job>(node, 'engines/test.counted', { number, ms, file: runsFile })).body
  const jobOf = async (node: NodeProcess, id: string): Promise<Job> => (await call<Job>(node, `jobs/${id}`)).body

  beforeAll(async () => {
    broker = await startSharedBroker()
    // All at once on an empty database.
    nodes = await Promise.all(['a', 'b', 'c'].map(start))
    await until(() => broker.members().length === 3, 'all nodes share the messages')
  })
  afterAll(async () => {
    const single = await alone?.catch(() => undefined)
    if (single) nodes.push(single)
    for (const node of nodes) node.process.kill('SIGKILL')
    await Promise.all(nodes.map(({ ended }) => ended))
    await broker?.stop()
    await postgres?.end()
    rmSync(folder, { recursive: true, force: true })
  })

  it('show at one what came in, or was declared, at another', async () => {
    const [one, other] = nodes as [NodeProcess, NodeProcess]
    const stream = await fetch(`${one.url}/api/v1/sites/${siteId}/live?changes=1&points=camp.powerKw`)
    const reader = stream.body!.getReader()
    const heard = (async () => {
      for (let text = ''; ; ) {
        const { value, done } = await reader.read()
        if (done) throw new Error('the stream ended')
        text += Buffer.from(value).toString()
        if (text.includes('"value":61.25')) return text
      }
    })()
    const at = { point: 'camp.powerKw', timestampMs: Date.now(), value: 61.25 }
    expect((await call(other, `observations?site=${siteId}`, { observations: [at] })).status).toBe(200)
    expect(await Promise.race([heard, sleep(5000, 'never heard')])).toContain('event: changes')
    await reader.cancel()

    const declared = { ref: 'meter.energyKwh', unit: 'kWh', counter: {} }
    expect((await call(one, `sites/${siteId}/points`, declared)).status).toBe(201)
    const sent = { observations: [{ point: 'meter.energyKwh', timestampMs: beginMs, value: 5 }] }
    await until(
      async () => (await call(other, `observations?site=${siteId}`, sent)).status === 200,
      'it may be written',
      3000,
    )
  })

  it('tell the progress of a job, and cancel it, from any of them', async () => {
    const [, second, third] = nodes as [NodeProcess, NodeProcess, NodeProcess]
    const { id } = await submit(second, 1000, 20_000)
    for (const node of nodes) {
      await until(async () => {
        const { state, progress } = await jobOf(node, id)
        return state === 'running' && progress.fraction > 0
      }, 'it is seen running')
    }
    for (const node of [second, third]) {
      const response = await fetch(`${node.url}/api/v1/jobs/${id}`, { method: 'DELETE' })
      expect(response.status).toBeLessThan(300)
    }
    for (const node of nodes)
      await until(async () => (await jobOf(node, id)).state === 'cancelled', 'it is seen cancelled')
  })

  it('lose nothing and do nothing twice when one is killed in the middle', async () => {
    const [one, other, killed] = nodes as [NodeProcess, NodeProcess, NodeProcess]
    const dead = killed.process.pid!
    let killedMs = Number.POSITIVE_INFINITY
    /** Half of everything is sent before the node is about to die, and half while it does. */
    const half = Promise.withResolvers<void>()
    const jobs: Job[] = []
    const submitting = (async () => {
      for (let number = 0; number < 30; number += 1) {
        const node = nodes[number % 3]!
        // What was not answered may have been taken: what is sent to another is another job.
        jobs.push(await submit(node, number, 400).catch(() => submit(one, number + 100, 400)))
      }
    })()
    let batches = 0
    const sending = nodes.map(async (node) => {
      for (let index = batches++; index < overHttp.length; index = batches++) {
        if (index >= overHttp.length / 2) await half.promise
        const body = { observations: overHttp[index] }
        const path = `observations?site=${siteId}`
        const answer = await call(node, path, body).catch(() => call(one, path, body))
        expect(answer.status).toBe(200)
        await sleep(20)
      }
    })
    const publishing = (async () => {
      for (const [index, { timestampMs, value }] of overMqtt.entries()) {
        if (index === overMqtt.length / 2) await half.promise
        broker.send(`mangrove/${siteId}/crusher/powerKw`, JSON.stringify({ timestampMs, value }))
        if (index % 10 === 0) await sleep(5)
      }
    })()
    // In the middle: it has jobs in hand, and messages.
    await until(
      () =>
        told().some(({ pid, what, number }) => what === 'begin' && pid === dead && number < 30) &&
        broker.acknowledged(),
      'the node has a job in hand',
    )
    half.resolve()
    await sleep(60)
    const sentBefore = batches
    killed.process.kill('SIGKILL')
    killedMs = Date.now()
    alone = startNode({ folder: join(folder, 'duckdb'), site })
    alone.catch(() => undefined)
    await Promise.all([submitting, publishing, ...sending])
    await until(() => broker.open() === 0, 'every message is acknowledged')

    // There was something left to be sent, to it too.
    expect(sentBefore).toBeLessThan(overHttp.length)
    expect(broker.mostInFlight()).toBeLessThanOrEqual(50)
    expect(Object.keys(broker.acknowledged()).length).toBe(3)
    const range = `observations?site=${siteId}&from=${beginMs}&to=${beginMs + 12 * hourMs}`
    for (const node of [one, other]) {
      const { body } = await call<{ points: Record<string, { timestampsMs: number[]; values: number[] }> }>(
        node,
        `${range}&points=pv.powerKw,crusher.powerKw`,
      )
      for (const [point, sent] of [
        ['pv.powerKw', overHttp.flat()],
        ['crusher.powerKw', overMqtt],
      ] as const) {
        expect(body.points[point]?.timestampsMs).toEqual(sent.map(({ timestampMs }) => timestampMs))
        expect(body.points[point]?.values).toEqual(sent.map(({ value }) => value))
      }
    }

    expect(new Set(jobs.map(({ id }) => id)).size).toBe(30)
    const ended = await Promise.all(
      jobs.map(({ id }) =>
        until(async () => {
          const job = await jobOf(other, id)
          return ['done', 'failed', 'cancelled'].includes(job.state) && job
        }, 'the job ends'),
      ),
    )
    expect(ended.map(({ state }) => state)).toEqual(Array.from({ length: 30 }, () => 'done'))
    const numbers = ended.map(({ result }) => result?.number ?? -1)
    expect(numbers.map((number) => number % 100)).toEqual(Array.from({ length: 30 }, (_, number) => number))
    const lines = told().filter(({ number }) => number < 1000)
    for (const number of numbers) {
      const own = lines.filter((line) => line.number === number)
      const byLiving = own.filter(({ pid }) => pid !== dead)
      const byDead = own.filter(({ pid }) => pid === dead)
      // Of those that live one did it, once, unless the dead one had done it; and none while the dead one did.
      expect(byLiving.filter(({ what }) => what === 'end').length).toBeLessThanOrEqual(1)
      expect(own.some(({ what }) => what === 'end')).toBe(true)
      expect(byLiving.filter(({ what }) => what === 'begin').length).toBeLessThanOrEqual(1)
      if (byDead.length > 0) for (const { atMs } of byLiving) expect(atMs).toBeGreaterThan(killedMs)
    }
    // It did have some in hand, which others did from the beginning.
    const cutOff = lines.filter(({ what, pid }) => what === 'begin' && pid === dead)
    expect(cutOff.length).toBeGreaterThan(0)
    expect(Math.max(...ended.map(({ attempts }) => attempts))).toBe(2)
  })

  it('hand a job back when they stop in order', async () => {
    const { id } = await submit(nodes[0]!, 2000, 2500)
    const pid = await until(() => told().find(({ number }) => number === 2000)?.pid, 'it begins')
    const stopping = nodes.find((node) => node.process.pid === pid)!
    const staying = nodes.find((node) => node.process.pid !== pid && node.process.signalCode === null)!
    stopping.process.kill('SIGTERM')
    expect(await stopping.ended, stopping.log()).toBe(0)
    const job = await until(async () => {
      const seen = await jobOf(staying, id)
      return seen.state === 'done' && seen
    }, 'the other ends it')
    expect(job.attempts).toBe(2)
    nodes = [staying, ...nodes.filter((node) => node !== staying)]
  })

  it('answer as one node on DuckDB does, byte by byte, with the quarters that upkeep made', async () => {
    const [node] = nodes as [NodeProcess]
    const single = await (alone ?? Promise.reject(new Error('no node to compare with')))
    nodes.push(single)
    const send = async (observations: readonly Sent[], source: string): Promise<void> => {
      const { status } = await call(single, `observations?site=${siteId}&source=${source}`, { observations })
      expect(status).toBe(200)
    }
    await send(overHttp.flat(), 'api')
    await send(overMqtt, 'mqtt')
    const stale = async (): Promise<number> =>
      Number((await ask(databaseUrl, 'SELECT count(*) AS count FROM mangrove.stale WHERE start_ms < 1e18'))[0]?.count)
    await until(async () => (await stale()) <= 1, 'upkeep has made the quarters')

    const span = `site=${siteId}&points=pv.powerKw,crusher.powerKw&from=${beginMs}&to=${beginMs + 12 * hourMs}`
    const text = async (from: NodeProcess, path: string, accept: string): Promise<string> => {
      const response = await fetch(`${from.url}/api/v1/${path}`, { headers: { accept } })
      expect(response.status).toBe(200)
      return Buffer.from(await response.arrayBuffer()).toString('base64')
    }
    for (const accept of ['application/json', 'text/csv', 'application/vnd.apache.arrow.stream']) {
      for (const more of ['', '&bucket=15m&aggregates=mean,min,max,count,first,last', '&bucket=1h', '&bucket=1m']) {
        const path = `observations?${span}${more}`
        expect(await text(node, path, accept), `${accept} ${more}`).toBe(await text(single, path, accept))
      }
    }
    const { body } = await call<{ points: Record<string, { values: number[] }> }>(
      node,
      `observations?${span}&bucket=15m`,
    )
    const first = overHttp.flat().filter(({ timestampMs }) => timestampMs < beginMs + hourMs / 4)
    const mean = first.reduce((sum, { value }) => sum + value, 0) / first.length
    expect(body.points['pv.powerKw']?.values[0]).toBeCloseTo(mean, 9)

    const latest = async (from: NodeProcess): Promise<unknown> => {
      const { body: told } = await call<{ points: Record<string, Record<string, unknown>> }>(
        from,
        `observations/latest?site=${siteId}&points=pv.powerKw,crusher.powerKw`,
      )
      return Object.entries(told.points).map(([point, { receivedMs: _, ageMs: __, ...rest }]) => [point, rest])
    }
    expect(await latest(node)).toEqual(await latest(single))
  })
})
