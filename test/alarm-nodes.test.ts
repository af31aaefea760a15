import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import { startEmbeddedServer } from '../src/store/postgres/embedded.fixture.ts'
import { root } from './command.ts'
import { type NodeProcess, startNode } from './node-process.ts'

const siteId = 'quarry-microgrid'
const minuteMs = 60_000
const beginMs = Math.floor(Date.now() / minuteMs) * minuteMs - 120 * minuteMs
const folder = mkdtempSync(join(tmpdir(), 'mangrove-alarm-nodes-'))

const postgres = await startEmbeddedServer().catch((error: unknown) => {
  process.stderr.write(`alarms of several nodes are not tested: no test server can be started here: ${String(error)}\n`)
  return undefined
})

interface Line {
  readonly kind: string
  readonly eventMs: number
}

describe.skipIf(!postgres)('two nodes on one PostgreSQL', () => {
  let nodes: NodeProcess[] = []
  afterAll(async () => {
    for (const node of nodes) node.process.kill('SIGKILL')
    await Promise.all(nodes.map(({ ended }) => ended))
    await postgres?.end()
    rmSync(folder, { recursive: true, force: true })
  })
  const start = (name: string): Promise<NodeProcess> =>
    startNode({
      ...{ folder: join(folder, name), site: join(root, 'examples/quarry-microgrid/site.yaml') },
      databaseUrl: postgres!.url,
    })
  /** Ten minutes with the battery low, then ten with enough in it. */
  const send = async (node: NodeProcess, round: number): Promise<void> => {
    const observations = Array.from({ length: 20 }, (_, minute) => ({
      ...{
        point: 'battery.soc',
        timestampMs: beginMs + (round * 20 + minute) * minuteMs,
        value: minute < 10 ? 0.1 : 0.5,
      },
    }))
    const answer = await fetch(`${node.url}/api/v1/observations?site=${siteId}`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ observations }) },
    })
    expect(answer.status).toBe(200)
  }
  const linesOf = async (node: NodeProcess): Promise<readonly string[]> => {
    const answer = await fetch(`${node.url}/api/v1/alarms/journal?site=${siteId}&alarm=battery-low&limit=1000`)
    const { lines } = (await answer.json()) as { lines: readonly Line[] }
    return lines
      .toReversed()
      .filter(({ kind }) => kind === 'raised' || kind === 'cleared')
      .map(({ kind, eventMs }) => `${kind} ${(eventMs - beginMs) / minuteMs}`)
  }
  /** On after a minute, off after five. */
  const wanted = (rounds: number): readonly string[] =>
    Array.from({ length: rounds }, (_, round) => [`raised ${round * 20 + 1}`, `cleared ${round * 20 + 15}`]).flat()
  const wait = async (node: NodeProcess, rounds: number): Promise<void> => {
    for (let tries = 0; tries < 300 && new Set(await linesOf(node)).size < rounds * 2; tries += 1) await sleep(100)
    expect([...new Set(await linesOf(node))]).toEqual(wanted(rounds))
  }

  it('decide what came in at either, and go on when the one that decides is killed', async () => {
    nodes = [await start('a'), await start('b')]
    const [one, other] = nodes as [NodeProcess, NodeProcess]
    await send(other, 0)
    await wait(one, 1)
    await send(one, 1)
    await wait(other, 2)
    // What an operator says at one is known at the other.
    const acknowledge = { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' }
    const said = await fetch(`${other.url}/api/v1/alarms/${siteId}:battery-low/acknowledge`, acknowledge)
    expect(said.status).toBe(200)
    const listed = await (await fetch(`${one.url}/api/v1/alarms?site=${siteId}`)).json()
    expect((listed as { alarms: unknown[] }).alarms).toEqual([])
    // The first came first to the lease. What is stored while nobody decides is decided afterwards.
    one.process.kill('SIGKILL')
    await one.ended
    await send(other, 2)
    await wait(other, 3)
  }, 120_000)
})
