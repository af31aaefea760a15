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

const stations = fork(join(import.meta.dirname, 'parts/ocpp-load.ts'), [String(system.port), String(count)])
const told = <T>(): Promise<T> => new Promise((resolve) => stations.once('message', (message) => resolve(message as T)))

const { connectedMs } = await told<{ connectedMs: number }>()
if (system.figures().connected !== count) throw new Error(`Only ${system.figures().connected} stations are there`)
await new Promise((resolve) => setTimeout(resolve, 2000))
const rssMb = process.memoryUsage().rss / 1e6

const measure = async (talkers: number, forSeconds: number) => {
  stations.send({ talkers, seconds: forSeconds })
  return told<{ answered: number; errors: number; p99: number }>()
}
await measure(Math.min(count, 500), 2)
const cpuBefore = process.cpuUsage()
const { answered, errors, p99 } = await measure(Math.min(count, 500), seconds)
const cpu = process.cpuUsage(cpuBefore)
const cpuUs = (cpu.user + cpu.system) / answered
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
    note: `${emptyMb.toFixed(0)} MB before, ${(count / (connectedMs / 1000)).toFixed(0)} connects/s`,
  }),
  figure('10,000 meter values of 500 stations, on the disk', {
    value: 1e7 / (answered / seconds),
    goal: 1000,
    note: `${(answered / seconds).toFixed(0)} calls/s; ${cpuUs.toFixed(0)} µs of processor each in this process; load ${loadavg()[0]!.toFixed(1)}`,
  }),
  figure('one of them, p99', { value: p99, goal: 50 }),
])
