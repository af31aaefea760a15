// MQTT: durable messages of one value with quality of service 1, into the broker inside and from a broker outside, with the
// store on the disk. Publishers are a process of their own. Beside it: what idle connections take.
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync } from 'mqtt'
import { createMqttBroker, createMqttIngest, type Taken } from '../src/gateway/index.ts'
import { systemClock } from '../src/kernel/index.ts'
import { type ObservationBatch, openStore } from '../src/store/index.ts'
import { type Figure, percentile } from './report.ts'

const goalPerSecond = 15_000
const aimPerSecond = 30_000
const connections = 20
/** Messages that a publisher sends before the first is acknowledged. */
const window = 500
const warmMs = 2000
const measuredMs = 10_000
const idleConnections = 5000

/** What publishers tell when they are done. */
interface Told {
  readonly perSecond: number
  readonly acknowledgedMs: readonly number[]
}

const [, , role, url = '', count = '0'] = process.argv
if (role === 'publishers') await publish(url, Number(count))
else if (role === 'idlers') await idle(url, Number(count))
else await measure()

async function publish(to: string, publishers: number): Promise<void> {
  const begin = performance.now() + warmMs
  const end = begin + measuredMs
  const tookMs: number[] = []
  let acknowledged = 0
  const one = async (index: number): Promise<void> => {
    const client = await connectAsync(to, { protocolVersion: 4, clean: true, clientId: `publisher-${index}` })
    const topics = Array.from({ length: 50 }, (_, point) => `mangrove/park/m${index}/p${point}`)
    let sent = 0
    let open = 0
    const stopped = Promise.withResolvers<void>()
    const next = (): void => {
      const sentMs = performance.now()
      if (sentMs >= end) {
        if (open === 0) stopped.resolve()
        return
      }
      const timestampMs = Date.now() - (sent % 1000)
      open += 1
      sent += 1
      client.publish(topics[sent % 50]!, `{"timestampMs":${timestampMs},"value":${sent % 977}}`, { qos: 1 }, () => {
        open -= 1
        const nowMs = performance.now()
        if (sentMs >= begin && nowMs < end) {
          acknowledged += 1
          tookMs.push(nowMs - sentMs)
        }
        next()
      })
    }
    for (let index = 0; index < window; index += 1) next()
    await stopped.promise
    await client.endAsync(true)
  }
  await Promise.all(Array.from({ length: publishers }, (_, index) => one(index)))
  const told: Told = {
    perSecond: (1000 * acknowledged) / measuredMs,
    acknowledgedMs: tookMs.filter((_, at) => at % 20 === 0),
  }
  process.send!(told, () => process.exit())
}

async function idle(to: string, most: number): Promise<void> {
  for (let index = 0; index < most; index += 100) {
    await Promise.all(
      Array.from({ length: 100 }, (_, at) =>
        connectAsync(to, { protocolVersion: 4, clientId: `idle-${index + at}`, keepalive: 600 }),
      ),
    )
  }
  process.send!('connected')
  process.on('disconnect', () => process.exit())
}

function child(...args: readonly string[]): ChildProcess {
  return fork(import.meta.filename, args)
}
function answer<T>(from: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    from.once('message', (told) => resolve(told as T))
    from.once('exit', (code) => reject(new Error(`the publishers ended with ${code}`)))
  })
}

async function measure(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mangrove-mqtt-'))
  const store = await openStore(folder, systemClock)
  await store.ready()
  const take = async (batch: ObservationBatch): Promise<Taken> => {
    await store.observations.append(batch)
    return { stored: batch.count, refused: [], refusedCount: 0 }
  }
  const report = (error: unknown, message: string): void => console.error(message, error)
  const figures: Figure[] = []
  try {
    const broker = await createMqttBroker({
      settings: {
        ...{ host: '127.0.0.1', port: 0, topics: ['mangrove/{site}/{asset}/{point}'] },
        limits: { connectionsEach: idleConnections + connections, strangers: idleConnections },
      },
      ...{ clock: systemClock, report },
      async identify() {
        const caller = {
          ...{ key: 'all', source: 'mqtt', sites: [{ site: 'park', points: '*' as const }], take },
          again: async () => caller,
        }
        return caller
      },
    })
    figures.push(...(await speed('inside', broker.url)))
    const idlers = child('idlers', broker.url, `${idleConnections}`)
    globalThis.gc?.()
    const before = process.memoryUsage().rss
    await answer(idlers)
    await sleep(1000)
    globalThis.gc?.()
    const takenKb = (process.memoryUsage().rss - before) / 1024 / idleConnections
    figures.push({
      ...{ name: 'memory of an idle connection', value: takenKb, goal: 65, unit: 'KB', ratio: takenKb / 65 },
      note: `${broker.figures().connections} connections`,
    })
    idlers.disconnect()
    await broker.stop()
    figures.push(...(await outside(take, report)))
  } finally {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  }
  for (const { name, value, goal, unit, ratio, note } of figures) {
    process.stdout.write(
      `${name.padEnd(44)} ${value.toFixed(1).padStart(9)} ${unit} ×${ratio.toFixed(2)} of ${goal}  ${note}\n`,
    )
  }
  process.stdout.write(`${JSON.stringify({ bench: 'mqtt', figures })}\n`)
  if (figures.some(({ ratio }) => !(ratio <= 1))) process.exitCode = 1
}

/** A rate as the time of a thousand messages, so that less is better here too. */
async function speed(where: string, to: string): Promise<readonly Figure[]> {
  const cpu = process.cpuUsage()
  const { perSecond, acknowledgedMs } = await answer<Told>(child('publishers', to, `${connections}`))
  const { user, system } = process.cpuUsage(cpu)
  const share = (user + system) / 10 / (warmMs + measuredMs)
  const load = loadavg()[0]!.toFixed(1)
  const note = `${perSecond.toFixed(0)}/s (must ${goalPerSecond}, aim ${aimPerSecond}); ${connections} connections, ${window} in flight each; ${share.toFixed(0)} % of a core here, load of the machine ${load}`
  const told = (name: string, value: number, goal: number): Figure => ({
    ...{ name: `${where}: ${name}`, value, goal, unit: 'ms', ratio: value / goal, note },
  })
  return [
    told('1,000 durable messages', 1_000_000 / perSecond, 1_000_000 / goalPerSecond),
    told('acknowledgement, p50', percentile(acknowledgedMs, 0.5), 1000),
    told('acknowledgement, p99', percentile(acknowledgedMs, 0.99), 2000),
  ]
}

/** A broker of another process would take the second core from the publishers: it is in this one, and its work counts. */
async function outside(
  take: (batch: ObservationBatch) => Promise<Taken>,
  report: (error: unknown, message: string) => void,
): Promise<readonly Figure[]> {
  const { Aedes } = await import('aedes')
  const aedes = await Aedes.createBroker()
  const server = createServer(aedes.handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const to = `mqtt://127.0.0.1:${(server.address() as { port: number }).port}`
  const topics = ['mangrove/{site}/{asset}/{point}']
  const ingest = await createMqttIngest({
    connection: { settings: { url: to, version: 4, shared: false, topics, inFlight: 5000 } },
    ...{ clock: systemClock, clientId: 'bench', take, report },
  })
  while (!ingest.figures().connected) await sleep(20)
  const [before, cpu] = [ingest.figures().acknowledged, process.cpuUsage()]
  const publishers = child('publishers', to, '4')
  await sleep(warmMs)
  const [began, from] = [performance.now(), ingest.figures().acknowledged]
  await sleep(measuredMs - 1000)
  const perSecond = (1000 * (ingest.figures().acknowledged - from)) / (performance.now() - began)
  const { user, system } = process.cpuUsage(cpu)
  await answer<Told>(publishers).catch(() => undefined)
  const note = `${perSecond.toFixed(0)}/s stored and acknowledged to a broker in this process; ${((user + system) / 10 / (performance.now() - began + warmMs)).toFixed(0)} % of a core here with it; ${before} before`
  await ingest.stop()
  await new Promise<void>((resolve) => aedes.close(() => server.close(() => resolve())))
  const value = 1_000_000 / perSecond
  // No goal of its own: the broker is not ours.
  return [{ name: 'outside: 1,000 durable messages', value, goal: 1000, unit: 'ms', ratio: value / 1000, note }]
}
