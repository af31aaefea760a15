import { afterEach, describe, expect, it } from 'vitest'
import { noonMs, observed, openTestServer, type TestServer } from '../server.fixture.ts'

const minuteMs = 60_000
const site = 'quarry-microgrid'
const opened: TestServer[] = []
afterEach(async () => {
  for (const test of opened.splice(0)) await test.close()
})

/** A server that evaluates, with a monotonic clock that the test moves. */
async function open() {
  const time = { ms: 0 }
  const test = await openTestServer({ monotonic: () => time.ms })
  opened.push(test)
  const { alarms } = test.server.parts
  alarms.start()
  await alarms.idle()
  const send = async (point: string, rows: readonly (readonly [minutes: number, value: number])[]): Promise<void> => {
    const answer = await test.inject({
      method: 'POST',
      url: `/api/v1/observations?site=${site}&source=meter`,
      payload: {
        observations: rows.map(([minutes, value]) => ({
          point,
          time: new Date(noonMs + minutes * minuteMs).toISOString(),
          value,
        })),
      },
    })
    expect(answer.statusCode, answer.body).toBe(200)
    await alarms.idle()
  }
  const list = async (query = ''): Promise<readonly Record<string, unknown>[]> =>
    (await test.inject(`/api/v1/alarms?site=${site}${query}`)).json().alarms
  const act = (alarm: string, action: string, payload: object = {}) =>
    test.inject({ method: 'POST', url: `/api/v1/alarms/${site}:${alarm}/${action}`, payload })
  return { test, time, alarms, send, list, act }
}

describe('alarms of a server', () => {
  it('are raised by what comes in, acknowledged, and over when the value is back', async () => {
    const { send, list, act } = await open()
    await send('battery.soc', [
      [-10, 0.5],
      [-9, 0.15],
      [-8, 0.15],
      [-7, 0.16],
    ])
    expect(await list()).toMatchObject([
      { id: `${site}:battery-low`, state: 'unacknowledged', priority: 'high', raisedMs: noonMs - 8 * minuteMs },
    ])
    expect((await act('battery-low', 'reset')).statusCode).toBe(409)
    expect((await act('battery-low', 'acknowledge', { comment: 'on it' })).json()).toMatchObject({
      ...{ state: 'acknowledged', user: 'local', comment: 'on it' },
    })
    // A second time nothing needs to be done.
    expect((await act('battery-low', 'acknowledge')).json()).toMatchObject({ state: 'acknowledged', comment: 'on it' })
    await send('battery.soc', [
      [-6, 0.3],
      [0, 0.3],
    ])
    expect(await list()).toEqual([])
    expect(await list('&state=all')).toHaveLength(4)
  })

  it('are hidden while shelved, for a time that ends by the steady clock alone', async () => {
    const { test, time, alarms, send, list, act } = await open()
    await send('genset-a.powerKw', [
      [-2, 700],
      [-1, 700],
    ])
    expect((await act('genset-a-overloaded', 'shelve', { comment: 'test run', for: '9h' })).statusCode).toBe(422)
    expect((await act('genset-a-overloaded', 'shelve', { for: '1h' })).statusCode).toBe(422)
    expect((await act('genset-a-overloaded', 'shelve', { comment: 'test run', for: '1h' })).json().state).toBe(
      'shelved',
    )
    // The machine's clock jumps a day ahead, and a year back.
    test.clock.nowMs += 86_400_000
    await alarms.idle()
    expect(await list()).toMatchObject([{ state: 'shelved' }])
    test.clock.nowMs -= 400 * 86_400_000
    await alarms.idle()
    expect(await list()).toMatchObject([{ state: 'shelved' }])
    time.ms += 3_600_000
    await alarms.idle()
    await alarms.idle()
    expect(await list('&priority=critical')).toMatchObject([{ state: 'unacknowledged', user: null }])
  })

  it('tell a silent meter by the time that passes, not by what the clock says', async () => {
    const { test, time, alarms, send, list } = await open()
    await send('pv.powerKw', [[-1, 100]])
    test.clock.nowMs += 7 * 86_400_000
    await alarms.idle()
    expect(await list()).toEqual([])
    time.ms += 16 * minuteMs
    await alarms.idle()
    await alarms.idle()
    expect(await list()).toMatchObject([{ alarm: 'pv-silent', raisedMs: noonMs + 14 * minuteMs }])
    await send('pv.powerKw', [[15, 100]])
    expect(await list()).toMatchObject([{ alarm: 'pv-silent', state: 'returned-unacknowledged' }])
  })

  it('have a journal with pages, and figures', async () => {
    const { test, send, act } = await open()
    await send('genset-a.powerKw', [
      [-5, 700],
      [-4, 700],
    ])
    await act('genset-a-overloaded', 'acknowledge', { comment: 'shed' })
    await act('pv-silent', 'out-of-service', { comment: 'meter is changed' })
    const first = (await test.inject(`/api/v1/alarms/journal?site=${site}&limit=2`)).json()
    expect(first.lines.map(({ kind }: { kind: string }) => kind)).toEqual(['out-of-service', 'acknowledged'])
    const rest = (await test.inject(`/api/v1/alarms/journal?site=${site}&cursor=${first.next}`)).json()
    expect(rest.lines).toMatchObject([
      { kind: 'raised', alarm: 'genset-a-overloaded', eventMs: noonMs - 5 * minuteMs + 10_000 },
    ])
    const own = (await test.inject(`/api/v1/alarms/journal?site=${site}&alarm=pv-silent`)).json()
    expect(own.lines).toMatchObject([{ kind: 'out-of-service', user: 'local', comment: 'meter is changed' }])
    const linesOf = async (span: string) =>
      (await test.inject(`/api/v1/alarms/journal?site=${site}&${span}`)).json().lines as readonly object[]
    const atMs = Number((first.lines as readonly { atMs: number }[])[0]?.atMs)
    expect(await linesOf(`from=${atMs}&to=${atMs + 1}`)).toEqual(
      first.lines.concat(rest.lines).filter((line: { atMs: number }) => line.atMs === atMs),
    )
    expect(await linesOf(`from=${atMs + 1}`)).toEqual([])
    expect(await linesOf(`to=${new Date(noonMs - 60 * minuteMs).toISOString()}`)).toEqual([])
    expect((await test.inject(`/api/v1/alarms/journal?site=${site}&from=yesterday`)).json()).toMatchObject({
      problems: [{ place: { path: 'query.from' }, found: 'yesterday' }],
    })
    const to = new Date(noonMs + minuteMs).toISOString()
    const kpis = (await test.inject(`/api/v1/alarms/kpis?site=${site}&to=${to}`)).json()
    expect(kpis).toMatchObject({
      announcements: 1,
      standing: { value: 1, met: true },
      byPriority: { critical: { count: 1 } },
    })
  })

  it('are named where they are not there', async () => {
    const { act, test } = await open()
    expect((await act('nothing', 'acknowledge')).json()).toMatchObject({ code: 'server.unknown-alarm', status: 404 })
    const nowhere = { method: 'POST', url: '/api/v1/alarms/nowhere:a/acknowledge', payload: {} } as const
    expect((await test.inject(nowhere)).statusCode).toBe(404)
    expect((await test.inject('/api/v1/alarms?site=nowhere')).statusCode).toBe(404)
    expect((await test.inject('/api/v1/alarms?state=loud')).statusCode).toBe(422)
  })

  it('hear of values that were stored in another way', async () => {
    const { test, alarms, list } = await open()
    const at = (minutes: number, value: number) =>
      observed(noonMs + minutes * minuteMs, value, { point: 'battery.soc', unit: '1' })
    await test.store.observations.put([at(-5, 0.5)])
    alarms.heard(site)
    await alarms.idle()
    // A backlog at once: what was between is not left out.
    await test.store.observations.put([at(-4, 0.1), at(-2, 0.1), at(-1, 0.5)])
    alarms.heard(site)
    await alarms.idle()
    expect(await list()).toMatchObject([{ alarm: 'battery-low', raisedMs: noonMs - 3 * minuteMs }])
  })
})
