import Fastify from 'fastify'
import { expect, it } from 'vitest'
import { addAdmission } from './admission.ts'
import { sendProblem } from './problem.ts'

/** A server whose `/slow` waits until it is told, and whose `/live` never ends. */
async function open(limits: Partial<Parameters<typeof addAdmission>[2]> = {}) {
  const app = Fastify({ bodyLimit: 1000, forceCloseConnections: true })
  const release = Promise.withResolvers<void>()
  const routes = [
    { method: 'POST', url: '/slow', responses: {} },
    { method: 'GET', url: '/live', responses: { 200: { description: 'stream', mediaType: 'text/event-stream' } } },
  ] as const
  const admission = addAdmission(app, routes, { open: 2, bytes: 1500, streams: 1, ...limits })
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
  const slow = (bytes = 2) =>
    fetch(`${url}/slow`, {
      method: 'POST',
      body: JSON.stringify('x'.repeat(bytes - 2)),
      headers: { 'content-type': 'application/json' },
    })
  return { app, admission, url, slow, release }
}

const until = async (test: () => boolean): Promise<void> => {
  while (!test()) await new Promise((resolve) => setTimeout(resolve, 2))
}

it('refuses more requests than it may hold with 429 and Retry-After, and takes the next when one has ended', async () => {
  const { app, admission, slow, release } = await open()
  const inside = [slow(), slow()]
  await until(() => admission.figures().open === 2)
  const refused = await slow()
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '5'])
  expect(admission.figures()).toMatchObject({ open: 2, refused: { busy: 1, stopping: 0 } })
  release.resolve()
  expect((await Promise.all(inside)).map(({ status }) => status)).toEqual([200, 200])
  expect((await slow()).status).toBe(200)
  expect(admission.figures()).toMatchObject({ open: 0, bytes: 0 })
  await app.close()
})

it('refuses more bytes of bodies than it may hold', async () => {
  const { app, admission, slow, release } = await open({ open: 100 })
  const inside = slow(900)
  await until(() => admission.figures().bytes === 900)
  expect((await slow(900)).status).toBe(429)
  release.resolve()
  expect((await inside).status).toBe(200)
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
