// Modbus: how fast one client reads, beside modbus-serial reading the same registers without making anything of them, and how
// even the beat of 200 devices is at 1 s. The devices are a twin in a process of its own. And how long a change of a register is on its
// way to a console: device, gateway, store, live stream, WebSocket.
import { fork, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import modbusSerial from 'modbus-serial'
import { WebSocket } from 'ws'
import type { FieldGateway, FieldReading } from '../src/gateway/index.ts'
import { type ModbusSettings, modbusProtocol } from '../src/gateway/modbus/index.ts'
import { type Site, seededRandom, systemClock } from '../src/kernel/index.ts'
import { changeAt, changedMs, settingsOf, yardDevices, yardSite, yardValues } from './parts/modbus-yard.ts'
import { type Figure, figure, percentile, report } from './report.ts'

const values = 1000
const deviceCount = 200
const seconds = 15

const site: Site = {
  ...{ id: 'park', name: 'Park', zone: 'UTC', currency: 'EUR', assets: [], sections: {} },
  location: { latitude: 0, longitude: 0, altitudeM: 0 },
  source: { file: 'site.yaml', sha256: '' },
}
const gatewayOf = (settings: ModbusSettings): FieldGateway<ModbusSettings> => ({
  id: 'bus',
  site,
  settings,
  unitOf: () => 'kW',
})

/** A thousand floats of 32 bits that follow each other. */
const wide: ModbusSettings['devices'] = {
  wide: {
    asset: 'wide',
    registers: Array.from({ length: values }, (_, index) => ({
      ...({ point: `p${index}`, table: 'input', address: 2 * index, type: 'f32', unit: 'W' } as const),
    })),
  },
}
/** A meter of twenty values each. */
const meters: readonly ModbusSettings['devices'][] = Array.from({ length: deviceCount }, (_, index) => ({
  meter: {
    ...{ unitId: (index % 247) + 1, asset: `m${index}`, period: '1s' },
    registers: Array.from({ length: 20 }, (__, point) => ({
      ...({ point: `p${point}`, address: 2 * point, type: 'i32', unit: 'W' } as const),
    })),
  },
}))

if (process.argv[2] === 'twin') await playTwins()
else await measure()

async function playTwins(): Promise<void> {
  const ports = {
    clock: systemClock,
    random: seededRandom(1),
    read: () => 12.5,
    write: () => undefined,
    faults: () => [],
  }
  const twins = await Promise.all(
    [wide, ...meters].map((devices) => modbusProtocol.twin!(gatewayOf({ devices }), ports)),
  )
  const changing = await Promise.all(
    Array.from({ length: yardDevices }, (_, device) =>
      modbusProtocol.twin!(gatewayOf(settingsOf(device, 1) as never), {
        ...ports,
        read: (ref) => (ref.endsWith('.p0') ? changeAt(device, Date.now()) : 12),
      }),
    ),
  )
  process.send!([...twins, ...changing].map(({ settings }) => settings.port))
  process.on('disconnect', () => process.exit())
}

async function measure(): Promise<void> {
  const child = fork(import.meta.filename, ['twin'])
  const twinPorts = await new Promise<readonly number[]>((resolve) =>
    child.once('message', (told) => resolve(told as number[])),
  )
  const figures: Figure[] = []
  try {
    const peerMs = await readByPeer(twinPorts[0]!)
    const { ownMs, perSecond } = await readByClient(twinPorts[0]!)
    const note = `${perSecond.toFixed(0)} registers/s as readings in kW; modbus-serial reads them bare in ${peerMs.toFixed(2)} ms`
    figures.push(figure('1,000 registers, read and turned into readings', { value: ownMs, goal: 2 * peerMs, note }))
    figures.push(...(await beat(twinPorts.slice(1, 1 + deviceCount))))
    figures.push(...(await toBrowser(twinPorts.slice(1 + deviceCount))))
  } finally {
    child.disconnect()
  }
  report('modbus', figures)
}

/** Milliseconds for 1,000 registers by modbus-serial, in requests of 125. */
async function readByPeer(port: number): Promise<number> {
  const Master = modbusSerial as unknown as typeof modbusSerial.default
  const master = new Master()
  await master.connectTCP('127.0.0.1', { port })
  master.setID(1)
  const began = performance.now()
  let registers = 0
  while (performance.now() - began < 3000) {
    const from = registers % (2 * values)
    registers += (await master.readInputRegisters(from, Math.min(124, 2 * values - from))).data.length
  }
  const tookMs = performance.now() - began
  await new Promise<void>((resolve) => master.close(() => resolve()))
  return (1000 * tookMs) / registers
}

async function readByClient(port: number): Promise<{ readonly ownMs: number; readonly perSecond: number }> {
  let count = 0
  const client = modbusProtocol.open(gatewayOf({ host: '127.0.0.1', port, period: '0.001s', devices: wide }), {
    ...{ clock: systemClock, random: seededRandom(1), report: () => undefined },
    take: async (readings) => {
      count += readings.length
    },
  })
  await sleep(1000)
  const [began, before] = [performance.now(), count]
  await sleep(3000)
  const perSecond = (2 * (count - before) * 1000) / (performance.now() - began)
  await client.stop()
  return { ownMs: 1_000_000 / perSecond, perSecond }
}

/** How far the times between two readings of a device are from 1 s, and how old a reading is when the house has it. */
async function beat(twinPorts: readonly number[]): Promise<readonly Figure[]> {
  const last = new Map<string, number>()
  const offMs: number[] = []
  const beganMs = performance.now()
  const take = async (readings: readonly FieldReading[]): Promise<void> => {
    const nowMs = performance.now()
    for (const { ref } of readings) {
      if (!ref.endsWith('.p0')) continue
      const before = last.get(ref)
      // The second turn finds its place in the period; from then on it is the beat.
      if (before !== undefined && nowMs - beganMs > 4000) offMs.push(Math.abs(nowMs - before - 1000))
      last.set(ref, nowMs)
    }
  }
  const clients = meters.map((devices, index) =>
    modbusProtocol.open(gatewayOf({ host: '127.0.0.1', port: twinPorts[index]!, devices }), {
      ...{ clock: systemClock, random: seededRandom(index), report: () => undefined, take },
    }),
  )
  const cpu = process.cpuUsage()
  const stalls = monitorEventLoopDelay({ resolution: 1 })
  stalls.enable()
  await sleep(seconds * 1000)
  const used = process.cpuUsage(cpu)
  for (const client of clients) await client.stop()
  const share = (100 * (used.user + used.system)) / (seconds * 1e6)
  const note = `${deviceCount} devices of 20 values each, ${offMs.length} turns, ${share.toFixed(0)} % of a core; longest stall of this process ${(stalls.max / 1e6).toFixed(0)} ms`
  return [
    figure('beat of 1 s, off by, p50', { value: percentile(offMs, 0.5), goal: 10, note }),
    figure('beat of 1 s, off by, p99', { value: percentile(offMs, 0.99), goal: 50, note }),
  ]
}

/** How long a change of a register takes to a WebSocket of a server that reads every device once a second. */
async function toBrowser(twinPorts: readonly number[]): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'modbus-'))
  writeFileSync(join(folder, 'site.yaml'), yardSite(twinPorts))
  const server = spawn(process.execPath, [join(import.meta.dirname, 'parts/store-server.ts'), folder], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const exited = new Promise((resolve) => server.once('exit', resolve))
  try {
    const url = await new Promise<string>((resolve, reject) => {
      server.stdout.once('data', (chunk) => resolve(String(chunk).trim()))
      void exited.then((code) => reject(new Error(`The server ended with ${code}`)))
    })
    const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/live`)
    const seen = new Map<string, number>()
    const sinceChangeMs: number[] = []
    const sinceAnswerMs: number[] = []
    let counts = false
    socket.on('message', (data) => {
      const nowMs = Date.now()
      const { points = {} } = JSON.parse(String(data)) as {
        readonly points?: Readonly<Record<string, { readonly value: number; readonly timestampMs: number }>>
      }
      for (const [ref, { value, timestampMs }] of Object.entries(points)) {
        if (!ref.endsWith('.p0') || seen.get(ref) === value) continue
        // The first value may have changed before anybody looked.
        if (seen.has(ref) && counts) {
          sinceChangeMs.push(nowMs - changedMs(Number(ref.slice(1, -'.p0'.length)), value))
          sinceAnswerMs.push(nowMs - timestampMs)
        }
        seen.set(ref, value)
      }
    })
    await new Promise((resolve) => socket.once('open', resolve))
    socket.send(JSON.stringify({ type: 'subscribe', site: 'yard' }))
    await sleep(8000)
    counts = true
    await sleep(2 * seconds * 1000)
    socket.terminate()
    const of = (times: readonly number[]): string =>
      `p50 ${percentile(times, 0.5).toFixed(0)} ms, most ${Math.max(...times).toFixed(0)} ms`
    const note = `${sinceAnswerMs.length} changes of ${yardDevices} devices with ${yardValues} values each, every value stored; ${of(sinceAnswerMs)}`
    return [
      figure('register to browser, from the answer of the device, p99', {
        value: percentile(sinceAnswerMs, 0.99),
        goal: 1000,
        note,
      }),
      // A poll a second finds a change up to a second late, whoever polls: the goal is that and the way together.
      figure('register to browser, from the change of the register, p99', {
        value: percentile(sinceChangeMs, 0.99),
        goal: 2000,
        note: `${of(sinceChangeMs)}; up to 1000 ms of it the change waits to be asked for`,
      }),
    ]
  } finally {
    server.stdin.end()
    await exited
    rmSync(folder, { recursive: true, force: true })
  }
}
