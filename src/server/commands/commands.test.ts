import { fork } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LogLine, quarterHourMs, verifyChain } from '../../commands/index.ts'
import { declaredSchemas, misfits, openTestServer, type TestServer } from '../server.fixture.ts'
import {
  createStandIn,
  metered,
  noonMs,
  packs,
  packsModule,
  publishYardPlan,
  type StandIn,
  yard,
  yardFile,
} from './commanded-yard.fixture.ts'
import { type Commands, createCommands } from './create-commands.ts'
import type { CommandsView } from './view.ts'

const site = 'yard'
let test: TestServer
let machine: StandIn
let commands: Commands
let monotonicMs = 0
let file: Awaited<ReturnType<typeof yardFile>>

async function open(text = yard()): Promise<void> {
  file = await yardFile(text)
  machine = createStandIn()
  test = await openTestServer({ packs, packsModule, sites: [{ file: file.file }], protocols: [machine.protocol] })
  const { parts } = test.server
  for (const served of parts.sites.all()) parts.field.open(served.site)
  test.clock.nowMs = noonMs
  await machine.take(metered(noonMs))
  commands = begin('node-1')
  await commands.turn(site)
  await commands.settled(site)
}
/** Commands as another start of the program has them; turns are made by hand. */
function begin(node: string): Commands {
  const { store, sites, field, arrivals, clock, report } = test.server.parts
  const made = createCommands({
    ...{ store, sites, field, arrivals, clock, report, node },
    ...{ monotonicMs: () => monotonicMs, turnMs: 1e6 },
  })
  made.start()
  return made
}
/** A second goes by, the machine tells how it is, and the site has its turn. */
async function seconds(count: number, told: Parameters<typeof metered>[1] = {}): Promise<void> {
  for (let k = 0; k < count; k += 1) {
    test.clock.nowMs += 1000
    monotonicMs += 1000
    const powerKw = machine.written.at(-1)?.value ?? 0
    await machine.take(metered(test.clock.nowMs, { powerKw, ...told }))
    await commands.turn(site)
    const longestMs = machine.silent ? 20 : 10_000
    await Promise.race([commands.settled(site), sleep(longestMs, undefined, { ref: false })])
  }
}
const view = (): Promise<CommandsView> => commands.view(site)
/** Without the first, of the turn in which no plan is published yet. */
const values = (): readonly number[] => machine.written.slice(1).map(({ value }) => value)
const linesOf = async (): Promise<readonly LogLine[]> =>
  (await test.store.journal.read<LogLine>(`commands/${site}`, { limit: 10_000 })).map(({ content }) => content)

beforeEach(() => {
  monotonicMs = 0
})
afterEach(async () => {
  await commands.stop()
  await test.close()
  await file.remove()
})

it('nothing is told of a setpoint before the gateways of the site are open', async () => {
  file = await yardFile(yard())
  machine = createStandIn()
  test = await openTestServer({ packs, packsModule, sites: [{ file: file.file }], protocols: [machine.protocol] })
  const { parts } = test.server
  commands = begin('node-1')
  await commands.turn(site)
  expect(await linesOf()).toEqual([])
  parts.field.open(parts.sites.get(site).site)
  await commands.turn(site)
  expect((await linesOf())[0]).toMatchObject({ body: { kind: 'snapshot' } })
})

describe('a site with a gateway', () => {
  beforeEach(() => open())

  it('is told what the plan asks for, by ramp, and everything stands in the log before it leaves', async () => {
    await publishYardPlan(test.store, 45, noonMs)
    await seconds(8)
    expect(values()).toEqual([10, 20, 30, 40, 45])
    expect(await view()).toMatchObject({
      ...{ running: true, mode: 'plan', causes: [] },
      setpoints: [
        { gateway: 'plc', source: 'plan', value: 45, confirmed: { value: 45 }, failures: 0, mismatch: false },
      ],
    })
    const lines = await linesOf()
    expect(verifyChain(lines)).toMatchObject({ ok: true, raced: 0 })
    const kinds = lines.map(({ body }) => body.kind)
    expect(kinds.slice(0, 3)).toEqual(['snapshot', 'decision', 'acknowledgement'])
    expect(kinds.indexOf('plan')).toBe(kinds.indexOf('forecast') + 1)
    expect(kinds.filter((kind) => kind === 'acknowledgement')).toHaveLength(6)
    expect(commands.figures()).toMatchObject({ sent: 6, done: 6, failed: 0, sites: { plan: 1 } })
  })

  it('tells how it is as points that alarms can name', async () => {
    await publishYardPlan(test.store, 45, noonMs)
    await seconds(8)
    const told = await test.store.observations.latest(site, ['commands.mode', 'battery.targetKwCommanded'])
    expect(told.map(({ point, value, unit, source }) => [point, value, unit, source])).toEqual(
      expect.arrayContaining([
        ['commands.mode', 0, '1', 'commands'],
        ['battery.targetKwCommanded', 45, 'kW', 'commands'],
      ]),
    )
    machine.broken = true
    await publishYardPlan(test.store, -45, noonMs + 1)
    await seconds(5)
    const [unreached] = await test.store.observations.latest(site, ['battery.targetKwUnreached'])
    expect(unreached?.value).toBe(1)
  })

  it('goes on where it was when the cable is plugged in again, and says meanwhile that it cannot', async () => {
    await publishYardPlan(test.store, 100, noonMs)
    await seconds(5)
    machine.broken = true
    await seconds(20)
    const [setpoint] = (await view()).setpoints
    expect(setpoint).toMatchObject({ confirmed: { value: 40 }, mismatch: false })
    expect(setpoint!.failures).toBeGreaterThan(2)
    expect(setpoint!.why.map(({ code }) => code)).toContain('commands.write-failed')
    machine.broken = false
    await seconds(40)
    expect(values().slice(3, 6)).toEqual([40, 50, 60])
    expect(values().at(-1)).toBe(100)
  })

  it('goes on after a stop at once with what was confirmed; a command nobody heard of is told as unknown', async () => {
    await publishYardPlan(test.store, 100, noonMs)
    await seconds(5)
    machine.silent = true
    await seconds(2)
    // As after a kill: nothing is closed, another start reads the log.
    const dead = commands
    commands = begin('node-1')
    machine.silent = false
    await seconds(4)
    expect(values().slice(0, 6)).toEqual([10, 20, 30, 40, 50, 60])
    const unknown = (await linesOf()).filter(
      ({ body }) => body.kind === 'acknowledgement' && body.outcome === 'unknown',
    )
    expect(unknown).toHaveLength(1)
    expect(verifyChain(await linesOf()).ok).toBe(true)
    void dead
  })

  it('is commanded by one node; another takes over when that is silent, and goes on without a jump', async () => {
    await publishYardPlan(test.store, 150, noonMs)
    await seconds(6)
    const first = commands
    const second = begin('node-2')
    await second.turn(site)
    commands = second
    await seconds(8)
    expect(values()).toHaveLength(5)
    await seconds(8)
    expect(values().length).toBeGreaterThan(5)
    expect(values()[5]).toBe(60)
    // The first finds that it is not the one any more, and sends nothing.
    const sent = values().length
    await first.turn(site).catch(() => undefined)
    await first.turn(site).catch(() => undefined)
    expect(values()).toHaveLength(sent)
    await seconds(3)
    expect(verifyChain(await linesOf()).ok).toBe(true)
    await first.stop()
  })

  it('follows no plan without evidence, and falls back when plans stop coming', async () => {
    await publishYardPlan(test.store, 80, noonMs)
    await seconds(10)
    expect(values().at(-1)).toBe(80)
    const published = (await test.store.documents.latest<object>('plan', site))!.content
    await test.store.documents.put('plan', site, { ...published, evidence: 'a'.repeat(64), publishedMs: noonMs + 1e6 })
    test.clock.nowMs = noonMs + 21 * 60_000
    await seconds(12)
    expect(await view()).toMatchObject({ mode: 'fallback', causes: [{ code: 'commands.plan-old' }] })
    expect(values().at(-1)).toBe(0)
    await publishYardPlan(test.store, 80, test.clock.nowMs)
    const before = values().length
    await seconds(12)
    expect(values().slice(before, before + 3)).toEqual([10, 20, 30])
  })

  it('can be replayed by the quarter of an hour from log and evidence alone', async () => {
    await publishYardPlan(test.store, 80, noonMs)
    await seconds(5)
    await seconds(2, { doorOpen: 1 })
    await seconds(10)
    const url = `/api/v1/sites/${site}/commands`
    const replay = await test.inject(`${url}/replay?at=2026-07-06T12:05`)
    expect(replay.statusCode, replay.body).toBe(200)
    expect(replay.json()).toMatchObject({
      fromMs: noonMs,
      toMs: noonMs + quarterHourMs,
      identical: true,
      deviations: [],
    })
    expect(replay.json().decisions.length).toBeGreaterThan(8)
    const schemas = await declaredSchemas(test)
    expect(misfits(schemas.answer('/api/v1/sites/{id}/commands/replay', 'GET', 200), replay.json())).toEqual([])
    const nothing = await test.inject(`${url}/replay?at=2026-07-05T12:05`)
    expect([nothing.statusCode, nothing.json().code]).toEqual([404, 'commands.nothing-logged'])
    const page = (await test.inject(`${url}/log?limit=5`)).json()
    expect(misfits(schemas.answer('/api/v1/sites/{id}/commands/log', 'GET', 200), page)).toEqual([])
    expect(page).toMatchObject({ chain: { ok: true, lines: 5 } })
    const after = (await test.inject(`${url}/log?limit=500&cursor=${page.next}`)).json()
    expect(after.chain).toMatchObject({ ok: true })
    expect(after.lines[0].sequence).toBe(6)
    const { atMs } = after.lines[0].body
    const since = (await test.inject(`${url}/log?limit=500&from=${new Date(atMs).toISOString()}`)).json()
    expect(since.chain).toMatchObject({ ok: true })
    expect(since.lines[0].body.atMs).toBe(atMs)
    expect(since.lines.at(-1)).toEqual(after.lines.at(-1))
    const none = (await test.inject(`${url}/log?from=2030-01-01T00:00:00Z`)).json()
    expect(none).toMatchObject({ lines: [], chain: { ok: true, lines: 0 } })
  })

  it('is set by hand and held, by whoever may, and follows the plan again', async () => {
    const url = `/api/v1/sites/${site}/commands`
    const until = '2026-07-06T12:10'
    const ask = (method: 'POST' | 'DELETE', path: string, payload?: object) =>
      test.inject({ method, url: `${url}/${path}`, ...(payload ? { payload } : {}) })
    await publishYardPlan(test.store, 40, noonMs)
    await seconds(6)
    for (const [payload, status, code] of [
      [{ value: 500, reason: 'test', until }, 422, 'commands.bad-override'],
      [{ value: 5, reason: 'test', until: '2026-07-06T11:00' }, 422, 'commands.bad-override'],
      [{ value: 5, reason: ' ', until }, 422, 'server.bad-input'],
    ] as const) {
      const answer = await ask('POST', 'battery.targetKw/override', payload)
      expect([answer.statusCode, answer.json().code]).toEqual([status, code])
    }
    expect((await ask('POST', 'battery.powerKw/override', { value: 1, reason: 'x', until })).json().code).toBe(
      'commands.unknown-setpoint',
    )
    const set = await ask('POST', 'battery.targetKw/override', { value: -20, reason: 'Capacity test', until })
    expect(set.statusCode, set.body).toBe(200)
    await seconds(10)
    expect(values().at(-1)).toBe(-20)
    expect((await view()).setpoints[0]).toMatchObject({ source: 'override', override: { reason: 'Capacity test' } })
    expect((await ask('POST', 'hold', { reason: 'Work at the switchgear' })).statusCode).toBe(200)
    await seconds(5)
    expect(values().at(-1)).toBe(0)
    expect((await ask('DELETE', 'hold')).statusCode).toBe(204)
    expect((await ask('DELETE', 'hold')).json().code).toBe('commands.no-hold')
    await seconds(5)
    expect(values().at(-1)).toBe(-20)
    expect((await ask('DELETE', 'battery.targetKw/override')).statusCode).toBe(204)
    expect((await ask('DELETE', 'battery.targetKw/override')).json().code).toBe('commands.no-override')
    await seconds(10)
    expect(values().at(-1)).toBe(40)
    const orders = (await linesOf()).filter(({ body }) => body.kind === 'orders')
    expect(orders).toHaveLength(4)
  })
})

describe('a site without a gateway that takes the setpoint', () => {
  it('is commanded nowhere, and says so', async () => {
    await open(yard(undefined, 'battery.other'))
    await publishYardPlan(test.store, 45, noonMs)
    await seconds(8)
    expect(values()).toEqual([])
    const { setpoints } = await view()
    expect(setpoints[0]).toMatchObject({ gateway: null, value: 45, sent: null })
    expect(setpoints[0]!.why.map(({ code }) => code)).toContain('commands.no-gateway')
    expect(commands.figures()).toMatchObject({ sent: 0, unreached: 1 })
  })
})

it('survives kill -9: the setpoint goes on from where it was, the log is whole', { timeout: 120_000 }, async () => {
  await open()
  const folder = await mkdtemp(join(tmpdir(), 'mangrove-killed-'))
  const note = join(folder, 'written.txt')
  const notes = (): readonly (readonly [timeMs: number, powerKw: number])[] =>
    existsSync(note)
      ? readFileSync(note, 'utf8')
          .trim()
          .split('\n')
          .map((line) => line.split(' ').map(Number) as [number, number])
      : []
  const written = (): readonly number[] => notes().map(([, powerKw]) => powerKw)
  const start = () =>
    fork(
      fileURLToPath(new URL('./commanded-yard.fixture.ts', import.meta.url)),
      [JSON.stringify({ folder: join(folder, 'data'), file: file.file, note })],
      { execArgv: [], env: { ...process.env, MANGROVE_LOG_LEVEL: 'error' } },
    )
  const until = async (done: () => boolean): Promise<void> => {
    for (let tries = 0; tries < 1000 && !done(); tries += 1) await new Promise((resolve) => setTimeout(resolve, 50))
    expect(done()).toBe(true)
  }
  let child = start()
  try {
    await until(() => written().length >= 4)
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    const before = notes()
    child = start()
    await until(() => written().length >= before.length + 3)
    child.kill('SIGKILL')
    await new Promise((resolve) => child.once('exit', resolve))
    // 600 kW a minute, up and down, over the time between two commands as decided: a second late at most, to either side.
    for (const [k, [timeMs, powerKw]] of notes().entries()) {
      const [lastMs, lastKw] = notes()[k - 1] ?? [timeMs, powerKw]
      expect(Math.abs(powerKw - lastKw)).toBeLessThanOrEqual(10 * ((timeMs - lastMs) / 1000 + 2) + 1)
    }
    const { openStore } = await import('../../store/index.ts')
    const store = await openStore(join(folder, 'data'))
    const lines = (await store.journal.read<LogLine>('commands/yard', { limit: 10_000 })).map(({ content }) => content)
    await store.close()
    expect(verifyChain(lines)).toMatchObject({ ok: true, raced: 0 })
    expect(lines.filter(({ body }) => body.kind === 'snapshot').length).toBeGreaterThanOrEqual(2)
  } finally {
    child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
})
