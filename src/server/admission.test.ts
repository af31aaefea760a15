import { connect } from 'node:net'
import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { type AdmissionLimits, addAdmission } from './admission.ts'
import { sendProblem } from './problem.ts'

/** A server whose `/slow` waits until it is told, and whose `/live` never ends. */
async function open(limits: Partial<AdmissionLimits> = {}) {
  const app = Fastify({ bodyLimit: 1000, forceCloseConnections: true })
  const release = Promise.withResolvers<void>()
  const routes = [
    { method: 'POST', url: '/slow', responses: {} },
    { method: 'GET', url: '/live', responses: { 200: { description: 'stream', mediaType: 'text/event-stream' } } },
  ] as const
  const admission = addAdmission(app, routes, {
    // Each request names its holder.
    holderOf: ({ headers }) => String(headers['x-who'] ?? 'one').split('/'),
    limits: { open: 4, bytes: 3000, streams: 1, ...limits },
  })
  app.setErrorHandler(sendProblem)
  app.post('/slow', async () => {
    await release.promise
    return 'done'
  })
  app.get('/live', (_request, reply) => {
    reply.hijack()
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' })
    reply.raw.write(': here\n\n')
  })
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const slow = (bytes = 2, who = 'one', signal?: AbortSignal) =>
    fetch(`${url}/slow`, {
      method: 'POST',
      body: JSON.stringify('x'.repeat(bytes - 2)),
      headers: { 'content-type': 'application/json', 'x-who': who },
      ...(signal ? { signal } : {}),
    })
  return { app, admission, url, slow, release }
}

const until = async (test: () => boolean): Promise<void> => {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 2))
}

it('refuses more requests than it may hold with 429 and Retry-After, and takes the next when one has ended', async () => {
  const { app, admission, slow, release } = await open({ open: 2 })
  const inside = [slow(2, 'one'), slow(2, 'two')]
  await until(() => admission.figures().open === 2)
  const refused = await slow(2, 'three')
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
  expect(admission.figures()).toMatchObject({ open: 2, refused: { busy: 1, share: 0, stopping: 0 } })
  release.resolve()
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual([200, 200])
  expect((await slow()).status).toBe(200)
  expect(admission.figures()).toMatchObject({ open: 0, holders: 0, bytes: 0 })
  await app.close()
})

it('gives one caller half of its places, and the next one has room', async () => {
  const { app, admission, slow, release } = await open()
  const inside = [slow(), slow()]
  await until(() => admission.figures().open === 2)
  const refused = await slow()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
  expect(await refused.json()).toMatchObject({
    problems: [{ found: 3, expected: 'at most 2 requests of this caller now, of 4 of all' }],
  })
  const other = slow(2, 'two')
  await until(() => admission.figures().open === 3)
  expect(admission.figures()).toMatchObject({ holders: 2, refused: { busy: 0, share: 1, stopping: 0 } })
  release.resolve()
  expect((await Promise.all([...inside, other])).map(({ status }) => status)).toEqual([200, 200, 200])
  await app.close()
})

it('refuses more bytes of bodies than a caller may hold, and takes those of another', async () => {
  const { app, admission, slow, release } = await open({ open: 100 })
  const inside = [slow(900)]
  await until(() => admission.figures().bytes === 900)
  expect((await slow(900)).status).toBe(429)
  inside.push(slow(900, 'two'))
  await until(() => admission.figures().bytes === 1800)
  release.resolve()
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual([200, 200])
  await app.close()
})

it('keeps the place of a request whose client went away until its work is done', async () => {
  const { app, admission, slow, release } = await open()
  const leaving = new AbortController()
  const left = slow(2, 'one', leaving.signal)
  await until(() => admission.figures().holders === 1)
  await new Promise((resolve) => setTimeout(resolve, 20))
  leaving.abort()
  await expect(left).rejects.toThrow()
  await new Promise((resolve) => setTimeout(resolve, 50))
  expect(admission.figures()).toMatchObject({ open: 1, holders: 1 })
  release.resolve()
  await until(() => admission.figures().open === 0)
  expect(admission.figures()).toMatchObject({ holders: 0, bytes: 0 })
  await app.close()
})

it('closes a connection above those that it may hold', async () => {
  const { app, admission, url } = await open({ connections: 2 })
  const sockets = Array.from({ length: 3 }, () => connect(Number(new URL(url).port), '127.0.0.1'))
  for (const socket of sockets) socket.on('error', () => undefined)
  await Promise.race(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))))
  expect(admission.figures()).toMatchObject({ connections: 2, maxConnections: 2, connectionsRefused: 1 })
  for (const socket of sockets) socket.destroy()
  await until(() => admission.figures().connections === 0)
  await app.close()
})

it('counts streams apart, and forgets who left', async () => {
  const { app, admission, url } = await open()
  const leaving = new AbortController()
  const stream = await fetch(`${url}/live`, { signal: leaving.signal })
  expect(admission.figures()).toMatchObject({ open: 0, streams: 1 })
  expect((await fetch(`${url}/live`)).status).toBe(429)
  leaving.abort()
  await stream.text().catch(() => undefined)
  await until(() => admission.figures().streams === 0)
  await app.close()
})

it('takes nothing more while it drains, and tells when what was inside has ended, or how much is left', async () => {
  const { app, admission, slow, release } = await open()
  const inside = slow()
  await until(() => admission.figures().open === 1)
  admission.drain()
  const refused = await slow()
  expect([refused.status, refused.headers.get('retry-after'), refused.headers.get('connection')]).toEqual([
    503,
    '5',
    'close',
  ])
  expect(await admission.idle(20)).toBe(1)
  const idle = admission.idle(10_000)
  release.resolve()
  const answer = await inside
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close'])
  expect(await idle).toBe(0)
  await app.close()
})
