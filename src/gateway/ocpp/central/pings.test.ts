import { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { WebSocket } from 'ws'
import { startCentral, until } from '../scenarios/central.fixture.ts'
import { createStation } from '../station/create-station.ts'
import { createPings } from './pings.ts'

afterEach(() => void vi.useRealTimers())

/** A line that says something when it is told to, and answers pings as long as it lives. */
function line(lives: () => boolean) {
  const socket = new EventEmitter() as EventEmitter & { bytesRead: number; pings: number; cut: boolean }
  Object.assign(socket, {
    ...{ bytesRead: 0, pings: 0, cut: false, writable: true, writableLength: 0 },
    write() {
      socket.pings += 1
      if (lives()) socket.bytesRead += 6
    },
    destroy() {
      socket.cut = true
      socket.emit('close')
    },
  })
  return socket
}

it('pings lines that are silent for an interval, each once in it, and cuts off those that do not answer', () => {
  vi.useFakeTimers()
  const pings = createPings(60_000)
  const talks = line(() => true)
  const idle = line(() => true)
  const dead = line(() => false)
  for (const socket of [talks, idle, dead]) pings.watch(socket as unknown as Socket)
  for (let second = 0; second < 300; second += 1) {
    talks.bytesRead += 100
    vi.advanceTimersByTime(1000)
  }
  expect([talks.pings, talks.cut]).toEqual([0, false])
  // One interval pings it, the next one sees its answer.
  expect(idle.pings).toBeGreaterThanOrEqual(2)
  expect(idle.pings).toBeLessThanOrEqual(3)
  expect(idle.cut).toBe(false)
  expect([dead.pings, dead.cut]).toEqual([1, true])
  pings.stop()
  expect(vi.getTimerCount()).toBe(0)
})

it('looks at thousands of lines bit by bit', () => {
  vi.useFakeTimers()
  const pings = createPings(60_000)
  const all = Array.from({ length: 6000 }, () => line(() => true))
  for (const socket of all) pings.watch(socket as unknown as Socket)
  vi.advanceTimersByTime(30_000)
  expect(all.filter((one) => one.pings === 1)).toHaveLength(3000)
  vi.advanceTimersByTime(30_000)
  expect(all.every((one) => one.pings === 1)).toBe(true)
  pings.stop()
})

it('reaches a real station between its messages, and misses one that does not answer', async () => {
  const { system, clock } = await startCentral({ stations: ['CP-1', 'CP-2'], pingIntervalMs: 120 })
  const url = `ws://127.0.0.1:${system.port}`
  const station = createStation({ url, stationId: 'CP-1', version: 'ocpp1.6', clock, sockets: 1 })
  await station.connect()
  const deaf = new WebSocket(`${url}/CP-2`, ['ocpp1.6'], { autoPong: false })
  let heard = 0
  deaf.on('ping', () => {
    heard += 1
  })
  await new Promise((resolve) => deaf.once('open', resolve))
  await until(() => !system.stationFigures('CP-2').connected, 'the deaf one is cut off')
  expect(heard).toBe(1)
  for (let turn = 0; turn < 20; turn += 1) await station.boot()
  expect(system.stationFigures('CP-1').connected).toBe(true)
  await station.disconnect()
})
