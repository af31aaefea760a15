import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { temporaryFolder } from '../../store/store.fixture.ts'
import { type ChildServer, startChild } from '../child-server.fixture.ts'
import { quarry } from '../server.fixture.ts'

const site = 'quarry-microgrid'
const minuteMs = 60_000
const beginMs = Math.floor(Date.now() / minuteMs) * minuteMs - 180 * minuteMs

/** One value a minute that crosses the limit again and again, some of it for too short a time. */
const random = seededRandom(9)
const values = Array.from({ length: 160 }, () => (random.next() < 0.5 ? 0.1 : 0.4))

/** What the rule says of them, worked out by itself: a minute on, five off, limits 0.18 and 0.22. */
function expectedLines(): readonly string[] {
  const lines: string[] = []
  let on = false
  let sinceMs: number | undefined
  for (const [index, value] of values.entries()) {
    const nowMs = index * minuteMs
    const delayMs = on ? 5 * minuteMs : minuteMs
    if (sinceMs !== undefined && sinceMs + delayMs < nowMs) {
      on = !on
      lines.push(`${on ? 'raised' : 'cleared'} ${sinceMs + delayMs}`)
      sinceMs = undefined
    }
    if (value < 0.18 === on) {
      sinceMs = undefined
      continue
    }
    sinceMs ??= nowMs
    if (nowMs - sinceMs < (on ? 5 * minuteMs : minuteMs)) continue
    on = !on
    lines.push(`${on ? 'raised' : 'cleared'} ${nowMs}`)
    sinceMs = undefined
  }
  return lines
}

interface Line {
  readonly kind: string
  readonly eventMs: number
  readonly alarm: string
}

it('no transition, no acknowledgement and no notification is lost when the server is killed at any time, and none is doubled', async () => {
  const folder = await temporaryFolder()
  const keys: string[] = []
  const sink = createServer((request, response) => {
    keys.push(String(request.headers['idempotency-key']))
    request.resume()
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => sink.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(sink.address() as AddressInfo).port}/`
  const file = join(folder.path, 'site.yaml')
  writeFileSync(
    file,
    readFileSync(quarry, 'utf8')
      .replace('alarms:\n', `alarms:\n  recipients:\n    operators: { webhook: "${url}" }\n`)
      .replace('point: battery.soc\n', 'point: battery.soc\n      notify: [operators]\n      notifyWindow: 30m\n'),
  )
  const environment = { MANGROVE_WEBHOOK_SECRET: 'a secret of the test', MANGROVE_LOG_LEVEL: 'error' }
  const start = (): Promise<ChildServer> => startChild({ folder: join(folder.path, 'data'), site: file }, environment)
  const send = (child: ChildServer, from: number, to: number): Promise<Response> =>
    fetch(`${child.url}/api/v1/observations?site=${site}&source=meter`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        observations: values.slice(from, to).map((value, index) => ({
          ...{ point: 'battery.soc', timestampMs: beginMs + (from + index) * minuteMs, value },
        })),
      }),
    })
  const linesOf = async (child: ChildServer): Promise<readonly Line[]> => {
    const answer = await fetch(`${child.url}/api/v1/alarms/journal?site=${site}&alarm=battery-low&limit=1000`)
    return ((await answer.json()) as { lines: Line[] }).lines.toReversed()
  }
  const found = (lines: readonly Line[]): readonly string[] =>
    lines
      .filter(({ kind }) => kind === 'raised' || kind === 'cleared')
      .map(({ kind, eventMs }) => `${kind} ${eventMs - beginMs}`)
  const wanted = expectedLines()
  expect(wanted.length).toBeGreaterThan(4)
  let child = await start()
  try {
    let acknowledged = 0
    for (let from = 0; from < values.length; from += 40) {
      // As soon as it is acknowledged, or a little later: decided or not, in the log or not, sent or not.
      expect((await send(child, from, from + 40)).status).toBe(200)
      await sleep(random.next() * 60)
      if (from === 40) {
        for (let tries = 0; tries < 60 && acknowledged === 0; tries += 1, await sleep(50)) {
          const answer = await fetch(`${child.url}/api/v1/alarms/${site}:battery-low/acknowledge`, {
            ...{ method: 'POST', body: '{"comment":"seen"}', headers: { 'content-type': 'application/json' } },
          })
          if (answer.status === 200) acknowledged += 1
        }
      }
      child.process.kill('SIGKILL')
      await child.ended
      child = await start()
    }
    for (let tries = 0; tries < 200; tries += 1, await sleep(50)) {
      if (new Set(found(await linesOf(child))).size >= wanted.length) break
    }
    const lines = await linesOf(child)
    const distinct = [...new Set(found(lines))]
    expect(distinct).toEqual(wanted)
    expect(lines.filter(({ kind }) => kind === 'acknowledged')).toHaveLength(acknowledged)
    expect(acknowledged).toBe(1)
    // One notification a window of raised alarms, each with a key of its own, whatever was sent again.
    const raised = wanted.filter((line) => line.startsWith('raised')).map((line) => Number(line.split(' ')[1]))
    let lastMs = Number.NEGATIVE_INFINITY
    const notified = raised.filter((ms) => {
      if (ms - lastMs < 30 * minuteMs) return false
      lastMs = ms
      return true
    })
    for (let tries = 0; tries < 100 && new Set(keys).size < notified.length; tries += 1) await sleep(50)
    expect(new Set(keys).size).toBe(notified.length)
  } finally {
    child.process.kill('SIGKILL')
    await child.ended
    await new Promise((resolve) => sink.close(resolve))
    await folder.remove()
  }
}, 120_000)
