import { afterAll, beforeAll, expect, it } from 'vitest'
import { noonMs, openTestServer, type TestServer } from '../server.fixture.ts'

const site = 'quarry-microgrid'
let test: TestServer
let url: string
beforeAll(async () => {
  test = await openTestServer()
  await test.server.parts.alarms.start()
  url = await test.server.app.listen({ host: '127.0.0.1', port: 0 })
})
afterAll(() => test.close())

it('tells who watches a site what stands, and what changes', async () => {
  const answer = await fetch(`${url}/api/v1/alarms/live?site=${site}`)
  expect(answer.headers.get('content-type')).toContain('text/event-stream')
  const reader = answer.body!.getReader()
  let text = ''
  const until = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) {
      const { value, done } = await reader.read()
      if (done) throw new Error(`the stream ended: ${text}`)
      text += Buffer.from(value).toString()
    }
  }
  await until('"alarms":[]')
  const observations = [-2, -1].map((minutes) => ({
    ...{ point: 'genset-a.powerKw', timestampMs: noonMs + minutes * 60_000, value: 700 },
  }))
  const address = `/api/v1/observations?site=${site}&source=meter`
  expect((await test.inject({ method: 'POST', url: address, payload: { observations } })).statusCode).toBe(200)
  await until('"state":"unacknowledged"')
  const id = `${site}:genset-a-overloaded`
  await test.inject({ method: 'POST', url: `/api/v1/alarms/${id}/acknowledge`, payload: {} })
  await until('"state":"acknowledged"')
  expect(text).toContain(`"id":"${id}"`)
  await reader.cancel()
})

it('refuses an id that is none and a page that is not there', async () => {
  const odd = await test.inject({ method: 'POST', url: '/api/v1/alarms/odd/acknowledge', payload: {} })
  expect(odd.json()).toMatchObject({ code: 'server.unknown-alarm' })
  expect((await test.inject(`/api/v1/alarms/journal?site=${site}&cursor=x`)).statusCode).toBe(422)
  const backwards = `/api/v1/alarms/kpis?site=${site}&from=2026-07-06T00:00:00Z&to=2026-07-05T00:00:00Z`
  expect((await test.inject(backwards)).statusCode).toBe(422)
})
