import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type GuardedServer, openGuardedServer } from '../guarded.fixture.ts'
import { noonMs } from '../server.fixture.ts'

const mebibyte = 2 ** 20
let test: GuardedServer
let url: string
let north: string
let south: string
beforeAll(async () => {
  test = await openGuardedServer({}, { limits: { ingestBytes: 16 * mebibyte } })
  url = await test.server.app.listen({ port: 0, host: '127.0.0.1' })
  north = await test.tokenOf('north-admin')
  south = await test.tokenOf('south-admin')
})
afterAll(() => test.close())

const send = (token: string, site: string, body: string | Uint8Array<ArrayBuffer>) =>
  fetch(`${url}/api/v1/observations?site=${site}`, {
    method: 'POST',
    headers: { 'content-type': 'text/csv', authorization: `Bearer ${token}` },
    body,
  })

/** A body that says that it is two mebibytes long, and of which a little comes. */
function sendSlowly(token: string): Socket {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.on('error', () => undefined)
  socket.write(
    `POST /api/v1/observations?site=quarry-microgrid HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: text/csv\r\n` +
      `Authorization: Bearer ${token}\r\nContent-Length: ${2 * mebibyte}\r\n\r\ntime,pv.powerKw\n`,
  )
  return socket
}

const figure = async (name: string): Promise<number> => {
  const { body } = await test.as('platform-admin', { url: '/metrics' })
  return Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(body)?.[1])
}

/** Sends small bodies of the other tenant one after another. @returns their statuses */
async function smallBodies(count: number): Promise<readonly number[]> {
  const statuses: number[] = []
  for (let k = 0; k < count; k += 1) {
    const answer = await send(south, 'liyang-park', `time,roof-pv.powerKw\n${noonMs + k * 1000},${k}\n`)
    statuses.push(answer.status)
    await answer.arrayBuffer()
  }
  return statuses
}

it('stores what one tenant sends while another holds all that it may by bodies that do not come', async () => {
  const slow = Array.from({ length: 40 }, () => sendSlowly(north))
  while (!((await figure('mangrove_ingest_gate_refused_total')) > 20)) await sleep(10)
  // A mebibyte each, up to a quarter of the gate with what is to come of the last.
  expect(await figure('mangrove_ingest_gate_bytes')).toBe(3 * mebibyte)
  expect(await figure('mangrove_ingest_gate_holders')).toBe(1)
  const statuses = await smallBodies(30)
  expect(statuses).toEqual(Array(30).fill(200))
  const large = await send(north, 'quarry-microgrid', new Uint8Array(2 * mebibyte))
  expect([large.status, large.headers.get('retry-after')]).toEqual([429, '5'])
  const [problem] = ((await large.json()) as { problems: { found: number; expected: string }[] }).problems
  expect(problem?.found).toBe(5 * mebibyte)
  expect(problem?.expected).toMatch(/^at most \d+ bytes of this sender now/)
  for (const socket of slow) socket.destroy()
  while ((await figure('mangrove_ingest_gate_bytes')) > 0) await sleep(10)
})

it('stores what one tenant sends while another sends large bodies as fast as it can', async () => {
  // Much to send and to read, and little to store.
  const large = `time,pv.powerKw\n${noonMs},1\n`.padEnd(mebibyte, '\n')
  const statuses = new Map<number, number>()
  let going = true
  const flooding = Array.from({ length: 6 }, async () => {
    while (going) {
      const answer = await send(north, 'quarry-microgrid', large)
      await answer.arrayBuffer()
      if (answer.status === 429) await sleep(5)
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
    }
  })
  const small = await smallBodies(15)
  going = false
  await Promise.all(flooding)
  expect(small).toEqual(Array(15).fill(200))
  // Whoever floods is stored and refused in turn, and always answered.
  expect([...statuses.keys()].sort()).toEqual([200, 429])
  expect(await figure('mangrove_ingest_gate_bytes')).toBe(0)
})
