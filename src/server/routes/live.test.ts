import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Now } from '../live-hub.ts'
import { noonMs, observed, openTestServer, type TestServer } from '../server.fixture.ts'

let test: TestServer
let url: string
beforeAll(async () => {
  test = await openTestServer()
  await test.store.observations.put([observed(noonMs, 42)])
  url = await test.server.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => test.close())

/** The events of a stream, one after the other; undefined at its end. */
function eventsOf(response: Response): () => Promise<{ event: string; data: Now } | undefined> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return async () => {
    while (!text.includes('\n\n')) {
      const { value, done } = await reader.read()
      if (done) return undefined
      text += value
    }
    const [head = ''] = text.split('\n\n', 1)
    text = text.slice(head.length + 2)
    const [event, data] = head.split('\n')
    return { event: event!.replace('event: ', ''), data: JSON.parse(data!.replace('data: ', '')) }
  }
}

const valueAt = (value: number): Now => ({
  timestampMs: noonMs + value,
  points: { 'pv.powerKw': { value, unit: 'kW', quality: 'estimated', timestampMs: noonMs + value } },
})

it('begins with what is known now, brings what comes, of its own site only, and ends with the server', async () => {
  const response = await fetch(`${url}/api/v1/sites/quarry-microgrid/live`)
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  const next = eventsOf(response)
  const first = await next()
  expect(first?.event).toBe('now')
  expect(first?.data.points['pv.powerKw']).toMatchObject({ value: 42, quality: 'good' })
  test.server.parts.hub.publish('liyang-park', valueAt(1))
  test.server.parts.hub.publish('quarry-microgrid', valueAt(2))
  test.server.parts.hub.publish('quarry-microgrid', valueAt(3))
  expect((await next())?.data).toMatchObject(valueAt(2))
  expect((await next())?.data).toMatchObject(valueAt(3))
  await test.server.close()
  expect(await next()).toBeUndefined()
})

it('sends with changes=1 the whole picture once and then what changed of the points that were asked for', async () => {
  const own = await openTestServer()
  await own.store.observations.put([observed(noonMs, 42)])
  const address = await own.server.app.listen({ host: '127.0.0.1', port: 0 })
  const response = await fetch(`${address}/api/v1/sites/quarry-microgrid/live?changes=1&points=pv.powerKw,battery.soc`)
  const next = eventsOf(response)
  const first = await next()
  expect(first?.event).toBe('now')
  expect(Object.keys(first?.data.points ?? {}).sort()).toEqual(['battery.soc', 'pv.powerKw'])
  const write = (observations: object[]) =>
    own.inject({ method: 'POST', url: '/api/v1/observations?site=quarry-microgrid', payload: { observations } })
  await write([{ point: 'camp.powerKw', timestampMs: noonMs, value: 3 }])
  await write([{ point: 'battery.soc', timestampMs: noonMs, value: 0.5 }])
  expect(await next()).toMatchObject({
    event: 'changes',
    data: { timestampMs: noonMs, points: { 'battery.soc': { value: 0.5, quality: 'good' } } },
  })
  const refused = await own.inject('/api/v1/sites/quarry-microgrid/live?points=pv.colour')
  expect(refused.json().code).toBe('server.unknown-point')
  await own.close()
  expect(await next()).toBeUndefined()
})
