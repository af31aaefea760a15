import { createServer, type Server } from 'node:net'
import { Aedes } from 'aedes'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type Site, seededRandom } from '../../kernel/index.ts'
import { type ForwardLine, openForwardLine } from './open-line.ts'

const site = { id: 'park', source: { file: 'site.yaml' } } as unknown as Site
const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})
const soon = { timeout: 10_000, interval: 20 }

async function listen(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return (server.address() as { port: number }).port
}

/** A broker that lets in who says so, and acknowledges when it is told to. */
async function startBroker({ admits = true, port = 0 } = {}) {
  const held: (() => void)[] = []
  const state = { holds: false }
  const aedes = await Aedes.createBroker({
    authenticate: (_client, _user, _password, done) =>
      done(admits ? null : Object.assign(new Error('no'), { returnCode: 4 as never }), admits),
    authorizePublish: (_client, _packet, done) => {
      if (state.holds) held.push(() => done(null))
      else done(null)
    },
  })
  const server = createServer(aedes.handle)
  const sockets = new Set<{ destroy(): unknown }>()
  server.on('connection', (socket) => sockets.add(socket))
  const used = await listen(server, port)
  const cut = (): void => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
  }
  const stop = async (): Promise<void> => {
    cut()
    await new Promise<void>((resolve) => aedes.close(() => server.close(() => resolve())))
  }
  return { port: used, state, cut, stop }
}

function openLine(port: number): ForwardLine {
  const settings = { url: `mqtt://127.0.0.1:${port}` }
  const random = seededRandom(1)
  const line = openForwardLine({ settings, site, clientId: 'edge', random, report: () => undefined })
  closing.push(() => line.stop())
  return line
}

describe('the line to a centre', () => {
  it('fails what was not acknowledged when it is cut, and comes up again', async () => {
    const broker = await startBroker()
    closing.push(broker.stop)
    const line = openLine(broker.port)
    await line.up()
    await line.publish('{"observations":[]}')
    broker.state.holds = true
    const pending = line.publish('{"observations":[]}')
    pending.catch(() => undefined)
    await vi.waitFor(() => expect(line.inFlight()).toBe(1), soon)
    const settled = line.settled()
    settled.catch(() => undefined)
    broker.cut()
    await expect(pending).rejects.toMatchObject({ code: 'gateway.no-link' })
    await expect(settled).rejects.toMatchObject({ code: 'gateway.no-link' })
    await expect(line.publish('{}')).rejects.toMatchObject({ code: 'gateway.no-link' })
    broker.state.holds = false
    await vi.waitFor(() => expect(line.isUp()).toBe(true), soon)
    await line.publish('{"observations":[]}')
    expect(line.figures()).toMatchObject({ connected: true, connects: 2, failures: 1, messages: 2, bytes: 38 })
  })

  it('tries again where it is refused, and where nobody listens', async () => {
    const strict = await startBroker({ admits: false })
    closing.push(strict.stop)
    const refused = openLine(strict.port)
    const dead = openLine(9)
    await vi.waitFor(() => {
      for (const line of [refused, dead]) expect(line.figures().failures).toBeGreaterThan(1)
    }, soon)
    expect(refused.figures()).toMatchObject({ connected: false, connects: 0 })
    expect(refused.figures().lastProblem).toMatch(/refused|bad user/i)
    expect(dead.figures().lastProblem).toMatch(/ECONNREFUSED/)
  })

  it('stops while it is not answered', async () => {
    const silent = createServer((socket) => socket.resume())
    const port = await listen(silent)
    closing.push(() => new Promise((resolve) => silent.close(resolve)))
    const line = openLine(port)
    const sockets = await new Promise<{ destroy(): unknown }>((resolve) => silent.once('connection', resolve))
    const began = performance.now()
    await line.stop()
    await line.up()
    expect(performance.now() - began).toBeLessThan(5000)
    sockets.destroy()
  })
})
