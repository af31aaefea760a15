// What the store takes and gives: durable ingest over HTTP and its latency, sealed storage, reads; PostgreSQL alone beside it.
// `BENCH_SECONDS` is how long each load lasts. A server of its own process and its client share this machine's cores.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ObservationBatch, openStore } from '../src/store/index.ts'
import { startEmbeddedServer } from '../src/store/postgres/embedded.fixture.ts'
import { plainPostgres } from './parts/plain-postgres.ts'
import { type Figure, figure, percentile, report } from './report.ts'

const seconds = Number(process.env.BENCH_SECONDS ?? 15)
const pointCount = 10_000
const meterStepMs = 10_000
const dayMs = 86_400_000
const monthMs = Date.UTC(2026, 6, 1)
const pointName = (point: number): string => `meter-${String(point).padStart(5, '0')}`

/** A meter of one decimal that follows the day; one of five counts energy in hundredths. */
function meterValue(point: number, timeMs: number): number {
  const step = (timeMs - monthMs) / meterStepMs
  const ripple = (Math.imul(point * 31 + step, 0x9e3779b1) >>> 8) / 2 ** 24
  if (point % 5 === 1) return Math.round(step * 1.3 + ripple * 10) / 100
  return Math.round(10 * (50 + 40 * Math.sin((timeMs / dayMs) * 2 * Math.PI + point) + ripple * 2)) / 10
}

/** A value that no two steps share and that has all its digits. */
const noiseOf = (point: number, timeMs: number): number => 50 + 40 * Math.sin(timeMs * 1e-4 * (point + 1))

interface Load {
  readonly perSecond: number
  readonly p99: number
  readonly p50: number
}

const agent = new Agent({ keepAlive: true, maxSockets: 16 })

function send(url: string, body: Buffer, type: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const started = performance.now()
    const headers = { 'content-type': type, 'content-length': body.length }
    const call = request(url, { method: 'POST', agent, headers })
    call.on('error', reject)
    call.on('response', (answer) => {
      const chunks: Buffer[] = []
      answer.on('data', (bytes: Buffer) => chunks.push(bytes))
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve(performance.now() - started)
        else reject(new Error(`${answer.statusCode} ${Buffer.concat(chunks).toString().slice(0, 300)}`))
      })
    })
    call.end(body)
  })
}

/** Sends bodies over a few connections for some seconds, at a rate where one is given. */
async function load(
  url: string,
  bodies: readonly Buffer[],
  options: { readonly type: string; readonly rows: number; readonly perSecond?: number },
): Promise<Load> {
  const { type, rows, perSecond = Number.POSITIVE_INFINITY } = options
  const waits: number[] = []
  const startedMs = performance.now()
  let next = 0
  const connection = async (): Promise<void> => {
    while (next < bodies.length && performance.now() - startedMs < seconds * 1000) {
      const index = next++
      const dueMs = startedMs + ((index * rows) / perSecond) * 1000
      const earlyMs = dueMs - performance.now()
      if (earlyMs > 0) await new Promise((resolve) => setTimeout(resolve, earlyMs))
      waits.push(await send(url, bodies[index]!, type))
    }
  }
  await Promise.all(Array.from({ length: 4 }, connection))
  const took = (performance.now() - startedMs) / 1000
  return { perSecond: (waits.length * rows) / took, p99: percentile(waits, 0.99), p50: percentile(waits, 0.5) }
}

async function startServer(folder: string, databaseUrl = '') {
  const script = join(import.meta.dirname, 'parts/store-server.ts')
  const child = spawn(process.execPath, [script, folder], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, MANGROVE_LOG_LEVEL: 'error', DATABASE_URL: databaseUrl },
  })
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  return {
    url: String(line).trim(),
    async stop() {
      child.stdin.end()
      await once(child, 'exit')
    },
  }
}

/** A day of bodies of line protocol: all points at one time, then at the next; `rows` observations a body. */
function lineBodies(rows: number, startMs: number, stepMs = meterStepMs): readonly Buffer[] {
  const count = Math.ceil((seconds * 600_000) / rows)
  const groups = pointCount / rows
  return Array.from({ length: count }, (_, index) => {
    const timeMs = startMs + Math.floor(index / groups) * stepMs
    const from = (index % groups) * rows
    const lines = Array.from({ length: rows }, (__, row) => {
      const point = from + row
      return `${pointName(point)} powerKw=${meterValue(point, timeMs)} ${timeMs}`
    })
    return Buffer.from(lines.join('\n'))
  })
}

/** Gateways that kept a while: a minute of every point in columns of JSON. */
function columnBodies(rows: number, startMs: number): readonly Buffer[] {
  const count = Math.ceil((seconds * 600_000) / rows)
  const each = 6
  const groups = Math.ceil(pointCount / (rows / each))
  return Array.from({ length: count }, (_, index) => {
    const timeMs = startMs + Math.floor(index / groups) * each * meterStepMs
    const from = ((index % groups) * rows) / each
    const points = Object.fromEntries(
      Array.from({ length: rows / each }, (__, row) => {
        const point = (from + row) % pointCount
        const timestampsMs = Array.from({ length: each }, (___, step) => timeMs + step * meterStepMs)
        return [
          `${pointName(point)}.powerKw`,
          { timestampsMs, values: timestampsMs.map((ms) => meterValue(point, ms)) },
        ]
      }),
    )
    return Buffer.from(JSON.stringify({ points }))
  })
}

async function readMs(url: string, times = 20): Promise<number> {
  const waits: number[] = []
  for (let time = 0; time < times; time += 1) {
    const started = performance.now()
    const answer = await fetch(url)
    const text = await answer.text()
    if (!answer.ok) throw new Error(text.slice(0, 300))
    waits.push(performance.now() - started)
  }
  return percentile(waits, 0.5)
}

/** Rows of some points over a span, hour by hour. */
function* hours(points: number, fromMs: number, days: number, value: (point: number, timeMs: number) => number) {
  const series = Array.from({ length: points }, (_, point) => ({
    site: 'bench',
    point: `${pointName(point)}.powerKw`,
    unit: 'kW',
  }))
  const steps = 3_600_000 / meterStepMs
  for (let hour = 0; hour < days * 24; hour += 1) {
    const count = points * steps
    const batch: ObservationBatch = {
      count,
      series,
      sources: ['meter'],
      seriesOf: Uint32Array.from({ length: count }, (_, row) => row % points),
      sourceOf: new Uint16Array(count),
      timestampsMs: Float64Array.from(
        { length: count },
        (_, row) => fromMs + hour * 3_600_000 + Math.floor(row / points) * meterStepMs,
      ),
      values: new Float64Array(count),
      quality: new Uint8Array(count),
    }
    for (let row = 0; row < count; row += 1) batch.values[row] = value(row % points, batch.timestampsMs[row]!)
    yield batch
  }
}

/** Bytes that an observation takes in sealed months, quarters of an hour with it. */
async function sealedBytes(points: number, value: (point: number, timeMs: number) => number): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'mangrove-sealed-'))
  const clock = { nowMs: monthMs, now: () => clock.nowMs }
  const store = await openStore(folder, clock)
  let rows = 0
  for (const batch of hours(points, monthMs, 31, value)) {
    // Received within three seconds of the event, as gateways do.
    clock.nowMs = batch.timestampsMs.at(-1)! + 1000 + (rows % 2000)
    await store.observations.append(batch)
    rows += batch.count
  }
  clock.nowMs += 40 * dayMs
  while ((await store.upkeep.turn()).more);
  await store.upkeep.seal()
  await store.close()
  const sealed = join(folder, 'sealed')
  const bytes = readdirSync(sealed).reduce((sum, name) => sum + statSync(join(sealed, name)).size, 0)
  rmSync(folder, { recursive: true, force: true })
  return bytes / rows
}

const folder = mkdtempSync(join(tmpdir(), 'mangrove-store-'))
writeFileSync(
  join(folder, 'site.yaml'),
  `id: bench
name: Bench
location: { latitude: 31.4, longitude: 119.4, altitudeM: 10 }
zone: Asia/Shanghai
currency: CNY
assets:
  grid: { kind: grid, importLimitKw: 1000, exportLimitKw: 100 }
  load: { kind: load, demand: 100 }
points:
${Array.from({ length: pointCount }, (_, point) => `  ${pointName(point)}.powerKw: { unit: kW }`).join('\n')}
`,
)

const figures: Figure[] = []
const tell = (name: string, value: string): void => {
  process.stdout.write(`${name.padEnd(54)} ${value}\n`)
}
const thousands = (perSecond: number): string => `${(perSecond / 1000).toFixed(0).padStart(7)} k/s`

const today = Math.floor(Date.now() / dayMs) * dayMs
const server = await startServer(folder)
const target = `${server.url}/api/v1/observations?site=bench&precision=ms`
const lines = lineBodies(10_000, today - 2 * dayMs)
await send(target, lines[0]!, 'text/plain')
const full = await load(target, lines, { type: 'text/plain', rows: 10_000 })
tell(
  'line protocol, 10,000 points once a body',
  `${thousands(full.perSecond)}  ack p50 ${full.p50.toFixed(0)} ms, p99 ${full.p99.toFixed(0)} ms`,
)
figures.push(figure('100,000 observations over HTTP, line protocol', { value: 1e8 / full.perSecond, goal: 1000 }))
const columns = await load(target, columnBodies(30_000, today - 3 * dayMs), { type: 'application/json', rows: 30_000 })
tell(
  'JSON columns, a minute of 5,000 points a body',
  `${thousands(columns.perSecond)}  ack p99 ${columns.p99.toFixed(0)} ms`,
)
figures.push(figure('100,000 observations over HTTP, JSON columns', { value: 1e8 / columns.perSecond, goal: 1000 }))
// As meters send it: now, each point as often as comes to that rate.
const small = lineBodies(2000, Date.now(), Math.round((pointCount / (full.perSecond / 2)) * 1000))
const half = await load(target, small, { type: 'text/plain', rows: 2000, perSecond: full.perSecond / 2 })
tell('half of that, 2,000 a body', `${thousands(half.perSecond)}  ack p50 ${half.p50.toFixed(0)} ms`)
figures.push(figure('acknowledgement at half load, p99', { value: half.p99, goal: 100 }))

const reading = `${server.url}/api/v1/observations?site=bench`
figures.push(
  figure('latest of 10,000 points', { value: await readMs(`${server.url}/api/v1/sites/bench/now`), goal: 50 }),
)
await server.stop()

// A year of one point behind the ten thousand.
const store = await openStore(join(folder, 'data'))
for (const batch of hours(1, today - 400 * dayMs, 365, meterValue)) await store.observations.append(batch)
while ((await store.upkeep.turn()).more);
await store.upkeep.seal()
await store.close()
const again = await startServer(folder)
const at = (ms: number): string => new Date(ms).toISOString()
const from = today - 60 * dayMs
const point = `${pointName(0)}.powerKw`
const url = (bucket: string, fromMs: number, toMs: number): string =>
  `${reading.replace(server.url, again.url)}&points=${point}&bucket=${bucket}&from=${at(fromMs)}&to=${at(toMs)}`
figures.push(
  figure('24 h of 10 s in buckets of 5 min, sealed', { value: await readMs(url('5m', from, from + dayMs)), goal: 20 }),
)
const recent = today - 2 * dayMs
figures.push(
  figure('24 h of 10 s in buckets of 5 min, beside 10,000 points', {
    value: await readMs(url('5m', recent, recent + dayMs)),
    goal: 20,
  }),
)
figures.push(
  figure('a year by the hour', { value: await readMs(url('1h', today - 400 * dayMs, today - 35 * dayMs)), goal: 50 }),
)
await again.stop()

const regular = await sealedBytes(20, meterValue)
tell('sealed, meters of one decimal', `${regular.toFixed(2)} bytes an observation (goal 3)`)
const noisy = await sealedBytes(4, noiseOf)
tell('sealed, values with all their digits', `${noisy.toFixed(2)} bytes an observation`)

const postgres = await startEmbeddedServer({ fsync: true }).catch(() => undefined)
if (postgres === undefined) tell('PostgreSQL', 'not on this machine')
else {
  const plain = await plainPostgres(postgres.url, seconds)
  tell('PostgreSQL alone, 10,000 rows an INSERT, upserted', thousands(plain))
  tell('line protocol over HTTP to DuckDB', `×${(full.perSecond / plain).toFixed(1)} of it`)
  const onPostgres = await startServer(folder, postgres.url)
  const there = `${onPostgres.url}/api/v1/observations?site=bench&precision=ms`
  const ours = await load(there, lines, { type: 'text/plain', rows: 10_000 })
  tell(
    'line protocol over HTTP to PostgreSQL',
    `${thousands(ours.perSecond)}  ack p99 ${ours.p99.toFixed(0)} ms, ×${(ours.perSecond / plain).toFixed(1)} of it alone`,
  )
  const latestMs = await readMs(`${onPostgres.url}/api/v1/sites/bench/now`)
  tell('latest of 10,000 points from PostgreSQL', `${latestMs.toFixed(0)} ms`)
  await onPostgres.stop()
  await postgres.end()
}
rmSync(folder, { recursive: true, force: true })
report('store', figures)
