import { createServer } from 'node:net'
import { Aedes } from 'aedes'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { quality, type Site, seededRandom, systemClock } from '../../kernel/index.ts'
import { engines, type TestStore } from '../../store/engines.fixture.ts'
import type { Observation } from '../../store/index.ts'
import { observation } from '../../store/store.fixture.ts'
import { createArrivals } from '../arrivals.ts'
import { createForward, type ForwardParts } from './create-forward.ts'

const engine = engines.find(({ name }) => name === 'PostgreSQL')
const came = new Map<string, number | null>()
const clients = new Set<string>()
let store: TestStore
let url = ''
let end: () => Promise<void>

beforeAll(async () => {
  if (!engine) return
  store = await engine.open()
  store.clock.nowMs = Date.now()
  const aedes = await Aedes.createBroker()
  aedes.on('client', ({ id }) => clients.add(id))
  aedes.on('publish', ({ payload }, client) => {
    if (!client) return
    const { observations } = JSON.parse(payload.toString()) as {
      readonly observations: readonly { readonly timestampMs: number; readonly value: number | null }[]
    }
    for (const { timestampMs, value } of observations) came.set(`${timestampMs}`, value)
  })
  const server = createServer(aedes.handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`
  end = async () => {
    await new Promise<void>((resolve) => aedes.close(() => server.close(() => resolve())))
    await store.end()
  }
})
afterAll(() => end?.())

function startNode(node: string) {
  const site = { id: 'park', sections: { forward: { url } }, source: { file: 'site.yaml' } } as unknown as Site
  const sites = {
    all: () => [{ site, simulated: false }],
    get: () => ({ site, simulated: false }),
    points: () => new Map([['pv.powerKw', { ref: 'pv.powerKw' }]]),
  } as unknown as ForwardParts['sites']
  const news = { shared: true } as ForwardParts['store']['news']
  const arrivals = createArrivals(store.observations, { arrived: () => undefined })
  const forward = createForward({
    ...{ sites, arrivals, node, clock: systemClock, random: seededRandom(1), turnMs: 20, leaseTurnMs: 50 },
    store: { observations: store.observations, records: store.records, news },
    report: () => undefined,
  })
  forward.start()
  const keep = (rows: readonly Observation[]) =>
    arrivals.keep({
      ...{ count: rows.length, series: rows.map(({ site: of, point, unit }) => ({ site: of, point, unit })) },
      ...{ sources: ['meter'], seriesOf: Uint32Array.from(rows.keys()), sourceOf: new Uint16Array(rows.length) },
      timestampsMs: Float64Array.from(rows, ({ timestampMs }) => timestampMs),
      values: Float64Array.from(rows, ({ value }) => value),
      quality: new Uint8Array(rows.length).fill(quality.good),
    })
  return { forward, keep }
}

it.skipIf(!engine)(
  'one of several nodes forwards what all of them store, and the next goes on when it leaves',
  async () => {
    const [one, two] = [startNode('one'), startNode('two')]
    const soon = { timeout: 10_000, interval: 20 }
    const nowMs = store.clock.nowMs
    const rows = Array.from({ length: 4 }, (_, number) =>
      observation({ timestampMs: nowMs - number * 1000, value: number }),
    )
    await vi.waitFor(() => expect(clients.size).toBe(1), soon)
    store.clock.nowMs += 1
    await one.keep(rows.slice(0, 1))
    await two.keep(rows.slice(1, 2))
    store.clock.nowMs += 1
    await vi.waitFor(() => expect(came.size).toBe(2), soon)
    expect(clients.size).toBe(1)

    const [first, second] = clients.has('one-forward-park') ? [one, two] : [two, one]
    await first.forward.stop()
    await first.keep(rows.slice(2, 3))
    await second.keep(rows.slice(3, 4))
    store.clock.nowMs += 1
    await vi.waitFor(() => expect(came.size).toBe(4), soon)
    expect(clients.size).toBe(2)
    expect([...came].sort()).toEqual(rows.map(({ timestampMs, value }) => [`${timestampMs}`, value]).sort())
    await second.forward.stop()
  },
)
