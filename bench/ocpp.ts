// Charging stations at one central system: sockets in one process, and meter values that are checked against their schema and on
// the disk before they are answered. The stations are in a process of their own, on the same cores.
import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCentralSystem } from '../src/gateway/ocpp/central/create-central-system.ts'
import { openFileJournal } from '../src/gateway/ocpp/central/file-journal.ts'
import { TokenRegister } from '../src/gateway/ocpp/central/id-tokens.ts'
import { systemClock } from '../src/kernel/index.ts'
import { figure, report } from './report.ts'

const count = Number(process.env.OCPP_SOCKETS ?? 5000)
const seconds = 8

const folder = mkdtempSync(join(tmpdir(), 'ocpp-'))
const journal = await openFileJournal(join(folder, 'journal.ndjson'))

/** Readings go to a file that is synced, many at a time: what the spool of the server does. */
const file = await open(join(folder, 'readings'), 'a')
let waiting: { text: string; done: () => void }[] = []
let writing = false
async function write(): Promise<void> {
  writing = true
  while (waiting.length > 0) {
    const batch = waiting
    waiting = []
    await file.appendFile(batch.map(({ text }) => text).join(''))
    await file.datasync()
    for (const { done } of batch) done()
  }
  writing = false
}

const emptyMb = process.memoryUsage().rss / 1e6
const system = await createCentralSystem({
  listen: { host: '127.0.0.1', port: 0, security: 0, callTimeoutMs: 30_000, pingIntervalMs: 60_000 },
  stations: Array.from({ length: count }, (_, number) => ({
    id: `CP-${number}`,
    admit: 'accepted',
    evses: [{ id: 1, asset: `charger-${number}` }],
  })),
  passwordFits: () => false,
  tokens: new TokenRegister(),
  journal,
  clock: systemClock,
  heartbeatS: 300,
  take: (readings) =>
    new Promise((done) => {
      waiting.push({ text: `${JSON.stringify(readings)}\n`, done })
      if (!writing) void write()
    }),
  report: (error) => console.error(error),
})

const stations = fork(join(import.meta.dirname, 'parts/ocpp-load.ts'), [String(system.port)])
const told = <T>(): Promise<T> => new Promise((resolve) => stations.once('message', (message) => resolve(message as T)))

/** Stations that talk, whoever else is connected. */
const talkers = Math.min(count, 500)

const connect = async (most: number) => {
  stations.send({ connect: most })
  const { connects, ms } = await told<{ connects: number; ms: number }>()
  if (system.figures().connected !== most) throw new Error(`Only ${system.figures().connected} stations are there`)
  await new Promise((resolve) => setTimeout(resolve, 2000))
  return connects / (ms / 1000)
}
const measure = async (forSeconds: number) => {
  const before = process.cpuUsage()
  stations.send({ talkers, seconds: forSeconds })
  const result = await told<{ answered: number; errors: number; p99: number }>()
  const cpu = process.cpuUsage(before)
  return { ...result, cpuUs: (cpu.user + cpu.system) / result.answered }
}
await told<{ ready: boolean }>()
const connectsPerS = await connect(count)
const rssMb = process.memoryUsage().rss / 1e6
await measure(4)
const { answered, errors, p99, cpuUs } = await measure(seconds)
stations.send({ keep: talkers })
while (system.figures().connected > talkers) await new Promise((resolve) => setTimeout(resolve, 100))
await measure(2)
const few = await measure(seconds)
stations.kill()
await system.close()
await file.close()
rmSync(folder, { recursive: true })
if (errors > 0) throw new Error(`${errors} calls were answered with an error`)
report('ocpp', [
  figure(`${count} stations: memory of the process`, {
    value: rssMb,
    goal: (1100 * count) / 18_000,
    unit: 'MB',
    note: `${emptyMb.toFixed(0)} MB before, ${connectsPerS.toFixed(0)} connects/s`,
  }),
  figure('10,000 meter values of 500 stations, on the disk', {
    value: 1e7 / (answered / seconds),
    goal: 1000,
    note: `${(answered / seconds).toFixed(0)} calls/s; ${cpuUs.toFixed(0)} µs of processor each in this process; load ${loadavg()[0]!.toFixed(1)}`,
  }),
  figure('one of them, p99', { value: p99, goal: 50 }),
  // On a busy machine both are slow, and their ratio says what the others that are connected cost.
  figure(`processor of a call while ${count} are connected, of that while ${talkers} are`, {
    value: (cpuUs / few.cpuUs) * 100,
    goal: 130,
    unit: '%',
    note: `${few.cpuUs.toFixed(0)} µs and ${(few.answered / seconds).toFixed(0)} calls/s while ${talkers} are`,
  }),
])
