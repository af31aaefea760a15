// Modbus: how fast one client reads, beside modbus-serial reading the same registers without making anything of them, and how
// even the beat of 200 devices is at 1 s. The devices are a twin in a process of its own.
import { fork } from 'node:child_process'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import modbusSerial from 'modbus-serial'
import type { FieldGateway, FieldReading } from '../src/gateway/index.ts'
import { type ModbusSettings, modbusProtocol } from '../src/gateway/modbus/index.ts'
import { type Site, seededRandom, systemClock } from '../src/kernel/index.ts'
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
  process.send!(twins.map(({ settings }) => settings.port))
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
    figures.push(...(await beat(twinPorts.slice(1))))
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
