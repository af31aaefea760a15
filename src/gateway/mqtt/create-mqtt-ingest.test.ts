import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { ObservationBatch } from '../../store/index.ts'
import { type Broker, startBroker } from './broker.fixture.ts'
import { createMqttIngest, type MqttIngest } from './create-mqtt-ingest.ts'
import type { Taken } from './figures.ts'

const timeMs = Date.UTC(2026, 6, 6)
const open: { stop(): Promise<unknown> }[] = []
afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.stop()
})

async function broker(): Promise<Broker> {
  const started = await startBroker()
  open.push(started)
  return started
}

/** Takes batches as the test says, and remembers what was stored by identity. */
function memory(before: (batch: ObservationBatch) => Promise<void> = async () => undefined) {
  const stored = new Map<string, number>()
  let commits = 0
  return {
    stored,
    commits: () => commits,
    async take(batch: ObservationBatch): Promise<Taken> {
      await before(batch)
      commits += 1
      for (let row = 0; row < batch.count; row += 1) {
        stored.set(`${batch.series[batch.seriesOf[row]!]!.point} ${batch.timestampsMs[row]}`, batch.values[row]!)
      }
      return { stored: batch.count, refused: [], refusedCount: 0 }
    },
  }
}

async function ingest(
  url: string,
  take: (batch: ObservationBatch) => Promise<Taken>,
  more: { readonly inFlight?: number; readonly told?: unknown[] } = {},
): Promise<MqttIngest> {
  const started = await createMqttIngest({
    connection: {
      settings: {
        url,
        version: 4,
        shared: false,
        topics: ['mangrove/{site}/{asset}/{point}'],
        inFlight: more.inFlight ?? 100,
      },
    },
    ...{ clock: { now: () => timeMs }, clientId: 'node-1', take },
    report: (error, message) => more.told?.push([message, (error as { code?: string }).code]),
  })
  open.push(started)
  return started
}

async function until(condition: () => boolean, what: string): Promise<void> {
  for (const began = performance.now(); !condition(); await sleep(10)) {
    if (performance.now() - began > 10_000) throw new Error(`never: ${what}`)
  }
}

const sendTo = (to: Broker, index: number): Promise<void> =>
  to.send('mangrove/park/meter/powerKw', JSON.stringify({ timestampMs: timeMs + index * 1000, value: index }))
const all = (count: number): readonly (readonly [string, number])[] =>
  Array.from({ length: count }, (_, index) => [`meter.powerKw ${timeMs + index * 1000}`, index])

describe('observations from a broker', () => {
  it('that were not acknowledged when a node broke come again: each is there once, none is lost', async () => {
    const to = await broker()
    const broken = Promise.withResolvers<void>()
    // The first node stores half and breaks before it acknowledges; then it is there again.
    const disk = memory()
    const first = await ingest(to.url, async (batch) => {
      const taken = await disk.take(batch)
      await broken.promise
      return taken
    })
    await until(() => first.figures().connected && to.subscriptions() === 1, 'the first node subscribes')
    for (let index = 0; index < 20; index += 1) await sendTo(to, index)
    await until(() => disk.stored.size > 0, 'something is stored')
    const stopped = first.stop()
    to.cut('node-1')
    expect(to.acknowledged('node-1')).toBe(0)
    for (let index = 20; index < 30; index += 1) await sendTo(to, index)
    broken.resolve()
    await stopped
    const second = await ingest(to.url, disk.take)
    await until(() => disk.stored.size === 30 && second.figures().inFlight === 0, 'all are stored')
    await until(() => second.figures().acknowledged === 30, 'all are acknowledged')
    expect([...disk.stored]).toEqual(expect.arrayContaining([...all(30)]))
    expect(second.figures().messages).toBe(30)
    await second.stop()
    // Nothing comes a third time.
    const third = await ingest(to.url, disk.take)
    await until(() => third.figures().connected, 'the third connects')
    await sleep(100)
    expect(third.figures().messages).toBe(0)
  })

  it('are tried again while the store fails, many in one commit, and a bad one holds up none', async () => {
    const to = await broker()
    let failures = 2
    const told: unknown[] = []
    const disk = memory(async () => {
      if (failures-- > 0) throw Object.assign(new Error('the disk is full'))
      await sleep(30)
    })
    const node = await ingest(to.url, disk.take, { told })
    await until(() => to.subscriptions() === 1, 'it subscribes')
    for (let index = 0; index < 200; index += 1) {
      await sendTo(to, index)
      if (index % 10 === 0) await to.send('mangrove/park/meter/powerKw', 'no reading')
    }
    await until(() => node.figures().acknowledged === 220, 'all are acknowledged')
    expect(disk.stored.size).toBe(200)
    expect(disk.commits()).toBeLessThan(100)
    expect(node.figures()).toMatchObject({
      stored: 200,
      badMessages: 20,
      failures: 2,
      refused: { 'gateway.bad-body': 20 },
    })
    // Twenty of a kind are one line.
    expect(told.filter((one) => JSON.stringify(one).includes('refused'))).toHaveLength(1)
  })

  it('are bounded while the store is slow', async () => {
    const to = await broker()
    const gate = Promise.withResolvers<void>()
    const disk = memory(() => gate.promise)
    const node = await ingest(to.url, disk.take, { inFlight: 10 })
    await until(() => to.subscriptions() === 1, 'it subscribes')
    for (let index = 0; index < 100; index += 1) await sendTo(to, index)
    await sleep(200)
    expect(node.figures().inFlight).toBeLessThanOrEqual(11)
    gate.resolve()
    await until(() => node.figures().acknowledged === 100, 'all are acknowledged')
    expect([...disk.stored]).toEqual(all(100))
  })

  it('go on after the connection broke', async () => {
    const to = await broker()
    const disk = memory()
    const node = await ingest(to.url, disk.take)
    await until(() => to.subscriptions() === 1, 'it subscribes')
    to.cut('node-1')
    for (let index = 0; index < 5; index += 1) await sendTo(to, index)
    await until(() => disk.stored.size === 5, 'all are stored')
    expect(node.figures().connects).toBe(2)
  })
})
