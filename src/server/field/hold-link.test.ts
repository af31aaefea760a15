import { expect, it, vi } from 'vitest'
import { fixedClock, type Site, seededRandom } from '../../kernel/index.ts'
import { memoryRecords } from '../../store/memory-records.fixture.ts'
import { createLease } from '../nodes/lease.ts'
import { createField, type Field } from './create-field.ts'
import { stubProtocol } from './stub-protocol.fixture.ts'

const site = {
  id: 'yard',
  sections: { gateways: [{ id: 'chargers', protocol: 'stub', title: 'Chargers', host: 'a', point: 'p' }] },
} as unknown as Site

/** Two nodes on one database, whose clocks of leases the test moves. */
function twoNodes(oneNode: boolean) {
  const clock = fixedClock(0)
  const { records } = memoryRecords(clock)
  const time = { ms: 0 }
  const open = (node: string): Field => {
    const { protocol } = stubProtocol()
    const field = createField({
      protocols: [{ ...protocol, oneNode }],
      sites: { points: () => new Map() },
      arrivals: { keep: () => Promise.reject(new Error('nothing is said here')) },
      spool: { figures: () => ({}), close: async () => undefined } as never,
      ...{ folder: '/nowhere', clock, random: seededRandom(1), leaseTurnMs: 2 },
      lease: (name) => createLease({ records, name, node, monotonicMs: () => time.ms, lostAfterMs: 10_000 }),
      report: (error) => {
        throw error
      },
    })
    field.open(site)
    return field
  }
  return { time, a: open('a'), b: open('b') }
}

const soon = { timeout: 2000, interval: 5 }

it('stations come to one node of several; the next has them when it stops', async () => {
  const { a, b } = twoNodes(true)
  await vi.waitFor(() => expect(a.links().length + b.links().length).toBe(1), soon)
  const [first, next] = a.links().length === 1 ? [a, b] : [b, a]
  expect(first.links()[0]).toMatchObject({ id: 'chargers', shared: true })
  await first.stop()
  expect(first.links()).toEqual([])
  await vi.waitFor(() => expect(next.links()).toHaveLength(1), soon)
  await next.stop()
})

it('what is asked of devices is asked by every node', async () => {
  const { a, b } = twoNodes(false)
  expect([a.links().length, b.links().length]).toEqual([1, 1])
  expect(a.links()[0]?.shared).toBe(false)
  await Promise.all([a.stop(), b.stop()])
})
