import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { makeOwnCertificate } from '../../gateway/own-certificate.fixture.ts'
import { systemClock } from '../../kernel/index.ts'
import { packs } from '../../packs.ts'
import { createSolverPool } from '../../solve/index.ts'
import { openStore, type Store } from '../../store/index.ts'
import { temporaryFolder } from '../../store/store.fixture.ts'
import { cheap } from '../accounts/accounts.fixture.ts'
import { createAccounts } from '../accounts/accounts.ts'
import { startChild } from '../child-server.fixture.ts'
import { createServer, type MangroveServer } from '../create-server.ts'
import { quarry } from '../server.fixture.ts'
import { startServer } from '../start-server.ts'

const site = 'quarry-microgrid'
const variable = 'MANGROVE_TEST_CENTRE_PASSWORD'
const points = ['pv.powerKw', 'crusher.powerKw']
const dayMs = 86_400_000
/** Of the week that the two are apart. */
const stepMs = 300_000
const steps = (7 * dayMs) / stepMs
const solver = createSolverPool({ size: 1 })
const edgeFolder = await temporaryFolder()
const centreFolder = await temporaryFolder()
const folder = await temporaryFolder()
const siteFile = join(folder.path, 'site.yaml')
const hasOpenssl = !spawnSync('openssl', ['version']).error
const weekMs = Math.floor(Date.now() / 60_000) * 60_000 - 8 * dayMs

interface Centre {
  readonly store: Store
  readonly server: MangroveServer
  stop(): Promise<void>
}

let port = 0
let secret = ''
let edge: Edge
let centre: Centre
/** When each value came to the centre, by point and event time. */
const came = new Map<string, number>()
let tls: { readonly certificate: string; readonly key: string } | undefined

async function startCentre(): Promise<Centre> {
  const store = await openStore(centreFolder.path)
  const { records, journal } = store
  const accounts = createAccounts({ records, journal, clock: systemClock, passwordCost: cheap })
  if (secret === '') {
    await accounts.organisations.create({ id: 'main', name: 'Main', sites: [site] })
    const made = await accounts.devices.create({ title: 'edge', site, organisation: 'main' })
    secret = made.text
    writeFileSync(siteFile, `${readFileSync(quarry, 'utf8')}\nforward:\n  url: URL\n  user: ${made.device.id}\n`)
  }
  const server = await createServer({
    ...{ packs, store, solver, accounts, clock: systemClock, sites: [{ file: quarry }], log: false },
    mqttBroker: { host: '127.0.0.1', port, topics: ['mangrove/{site}/{asset}/{point}'], ...(tls ? { tls } : {}) },
  })
  server.parts.arrivals.follow(({ count, series, seriesOf, timestampsMs }) => {
    for (let row = 0; row < count; row += 1) {
      const key = `${series[seriesOf[row]!]!.point} ${timestampsMs[row]}`
      if (!came.has(key)) came.set(key, performance.now())
    }
  })
  port = Number(new URL(server.mqttUrl!).port)
  return {
    ...{ store, server },
    async stop() {
      await server.close()
      await store.close()
    },
  }
}

interface Edge {
  readonly url: string
  log(): string
  stop(): Promise<void>
}

/** In a process of its own, which can be killed. */
async function startEdge(): Promise<Edge> {
  const { url, log, process: child, ended } = await startChild({ folder: edgeFolder.path, site: siteFile })
  return {
    ...{ url, log },
    async stop() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** On the folder that the killed one left. */
async function startEdgeAgain(): Promise<Edge> {
  const sites = [{ file: siteFile }]
  const { url, stop } = await startServer({ packs, solver, sites, dataFolder: edgeFolder.path, port: 0, log: false })
  return { url, log: () => '', stop }
}

interface Row {
  readonly point: string
  readonly timestampMs: number
  readonly value: number | null
  readonly source?: string
}

async function post(rows: readonly Row[]): Promise<void> {
  const answer = await fetch(`${edge.url}/api/v1/observations?site=${site}&source=meter`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: rows.map((row) => JSON.stringify(row)).join('\n'),
  })
  expect(answer.status, await answer.text()).toBeLessThan(300)
}

/** Every row of a store as one hash, in order of point, event time and source. */
async function hashOf({ observations }: Store): Promise<{ readonly rows: number; readonly hash: string }> {
  const window = { site, points, fromMs: 0, toMs: Date.now() + 1000, limit: 1e6 }
  const lines: string[] = []
  for (let fromMs = 0; fromMs < window.toMs; ) {
    const { batch, nextMs } = await observations.received({ ...window, fromMs })
    for (let row = 0; row < batch.count; row += 1) {
      const { point, unit } = batch.series[batch.seriesOf[row]!]!
      const source = batch.sources[batch.sourceOf[row]!]
      lines.push([point, batch.timestampsMs[row], source, batch.values[row], batch.quality[row], unit].join(' '))
    }
    fromMs = nextMs
  }
  expect(new Set(lines.map((line) => line.split(' ').slice(0, 3).join(' '))).size).toBe(lines.length)
  return { rows: lines.length, hash: createHash('sha256').update(lines.sort().join('\n')).digest('hex') }
}

async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  lookMs = 100,
  mostMs = 20_000,
): Promise<void> {
  for (const endMs = performance.now() + mostMs; !(await holds()); await sleep(lookMs)) {
    if (performance.now() > endMs) throw new Error(`not within ${mostMs} ms: ${what}\n${edge.log()}`)
  }
}

interface Forwarded {
  readonly connected: boolean
  readonly lagMs: number
  readonly waitingRows: number
  readonly catchUpRows: number
  readonly liveRows: number
}

async function forwarded(): Promise<Forwarded> {
  const answer = await fetch(`${edge.url}/api/v1/sites/${site}/gateways`)
  return ((await answer.json()) as { readonly forward: Forwarded }).forward
}

const week = (from: number, to: number): Row[] =>
  Array.from({ length: to - from }, (_, index) => from + index).flatMap((step) =>
    points.map((point, at) => ({
      ...{ point, timestampMs: weekMs + step * stepMs },
      value: step % 97 === 0 ? null : step + at,
    })),
  )

beforeAll(async () => {
  if (hasOpenssl) {
    tls = makeOwnCertificate(folder.path)
  }
  centre = await startCentre()
  const rest = `  passwordVariable: ${variable}\n  rowsPerSecond: 2000\n${tls ? '  caFile: certificate.pem\n' : ''}`
  writeFileSync(siteFile, readFileSync(siteFile, 'utf8').replace('URL', centre.server.mqttUrl!) + rest)
  process.env[variable] = secret
  edge = await startEdge()
})
afterAll(async () => {
  await edge.stop()
  delete process.env[variable]
  await centre.stop()
  await solver.close()
  for (const one of [edgeFolder, centreFolder, folder]) await one.remove()
})

describe('an edge and its centre', () => {
  it('have what arrives at the one at the other within a second', { retry: 1 }, async () => {
    await until('the line is up', async () => (await forwarded()).connected)
    const timestampMs = Date.now()
    const sentMs = performance.now()
    await post([{ point: points[0]!, timestampMs, value: 5 }])
    await until('it came', () => came.has(`${points[0]} ${timestampMs}`), 5)
    expect(came.get(`${points[0]} ${timestampMs}`)! - sentMs).toBeLessThan(1000)
  })

  it('are equal after a week apart, a killed edge, late values and corrections, while live data goes on', async () => {
    await centre.stop()
    await post(week(0, steps / 2))
    await edge.stop()
    edge = await startEdgeAgain()
    await post(week(steps / 2, steps))
    // Late, from before all of it; corrected; said by another source.
    await post([
      { point: points[0]!, timestampMs: weekMs - 20 * dayMs, value: 1 },
      { point: points[0]!, timestampMs: weekMs + stepMs, value: -1 },
      { point: points[0]!, timestampMs: weekMs + stepMs, value: 7, source: 'second' },
    ])
    const before = await forwarded()
    expect(before).toMatchObject({ connected: false })
    expect(before.waitingRows).toBeGreaterThanOrEqual(2 * steps)

    centre = await startCentre()
    await until('the line is up', async () => (await forwarded()).connected)
    const delays: number[] = []
    let during = 0
    for (let number = 0; number < 2000; number += 1) {
      const timestampMs = Date.now()
      const key = `${points[1]} ${timestampMs}`
      const sentMs = performance.now()
      await post([{ point: points[1]!, timestampMs, value: number }])
      await until('live data came', () => came.has(key), 5)
      delays.push(came.get(key)! - sentMs)
      await sleep(20)
      if (number % 10 > 0) continue
      const { waitingRows } = await forwarded()
      if (waitingRows < 500) break
      during = delays.length
    }
    delays.sort((a, b) => a - b)
    const p99Ms = delays[Math.ceil(delays.length * 0.99) - 1]!
    expect(during).toBeGreaterThan(10)
    expect(p99Ms, 'of live data beside catching up').toBeLessThan(2000)

    const all = { site, points, fromMs: 0, toMs: Number.MAX_SAFE_INTEGER }
    const wanted = 2 * steps + 3 + delays.length
    await until('all of it came', async () => (await centre.store.observations.receivedCount(all)) >= wanted)
    const { liveRows } = await forwarded()
    expect(liveRows).toBe(delays.length)
    await edge.stop()
    const store = await openStore(edgeFolder.path)
    const [there, here] = await Promise.all([hashOf(centre.store), hashOf(store)]).finally(() => store.close())
    expect(there).toEqual(here)
  }, 60_000)
})
