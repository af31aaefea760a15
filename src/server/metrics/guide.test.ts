import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openTestServer, type TestServer } from '../server.fixture.ts'
import { parseStrictly } from './strict-exposition.fixture.ts'

const guide = readFileSync(new URL('../../../docs/guides/operations.md', import.meta.url), 'utf8')
const queues = guide
  .slice(guide.indexOf('## When there is too much'), guide.indexOf('## Jobs'))
  .split('\n')
  .filter((line) => /^\| (?!queue |-)/.test(line))
  .map((line) => line.split('|').slice(1, -1))

let test: TestServer
let families: ReadonlyMap<string, { readonly samples: readonly { readonly value: number }[] }>
beforeAll(async () => {
  test = await openTestServer()
  families = parseStrictly((await test.inject('/metrics')).body, 'prometheus')
})
afterAll(() => test.close())

const named = (text: string): readonly string[] => [...new Set(text.match(/\bmangrove_[a-z_]+/g))].sort()

it('every figure of a running server stands in the guide, and every one in the guide is told', () => {
  const told = [...families.keys()].sort()
  expect(told.length).toBeGreaterThan(60)
  expect(named(guide)).toEqual(told)
})

it('every queue of the guide has a bound, a policy and a figure', () => {
  expect(queues.length).toBeGreaterThan(15)
  for (const cells of queues) {
    expect(cells).toHaveLength(4)
    for (const cell of cells) expect(cell.trim(), cells.join('|')).not.toBe('')
    expect(named(cells[3] ?? '').length, cells[0]).toBeGreaterThan(0)
  }
})

it('the bounds of the guide are those that are told', () => {
  const value = (name: string): number | undefined => families.get(name)?.samples[0]?.value
  const boundOf = (queue: string): string => queues.find(([name]) => name?.trim() === queue)?.[1]?.trim() ?? ''
  const bytes = (mebibytes: number): number => mebibytes * 2 ** 20
  for (const [queue, figure, bound, limit] of [
    ['connections', 'mangrove_http_connections_limit', '20 000', 20_000],
    ['open requests', 'mangrove_http_open_requests_limit', '1000,', 1000],
    ['JSON bodies', 'mangrove_http_body_limit_bytes', '64 MiB,', bytes(64)],
    ['bodies of observations on their way', 'mangrove_ingest_gate_limit_bytes', '128 MiB,', bytes(128)],
    ['bodies that wait to be read, or are', 'mangrove_parse_waiting_limit_bytes', '128 MiB;', bytes(128)],
    ['observations on their way through the store', 'mangrove_store_open_limit_rows', '2 000 000', 2e6],
    ['observations that wait for the disk (DuckDB)', 'mangrove_commit_waiting_limit_rows', '2 000 000', 2e6],
    ['jobs that wait', 'mangrove_jobs_queued_limit', '64;', 64],
    ['streams, those of jobs among them', 'mangrove_http_open_streams_limit', '12 000', 12_000],
    ['streams of live values', 'mangrove_live_streams_limit', '10 000,', 10_000],
  ] as const) {
    expect(boundOf(queue), queue).toMatch(new RegExp(`^${bound}`))
    expect(value(figure), figure).toBe(limit)
  }
})
