import { describe, expect, it } from 'vitest'
import { createIngestGate, type IngestEntry } from './ingest-gate.ts'

const mebibyte = 2 ** 20
const north = ['organisation north', 'device 1']
const south = ['organisation south', 'device 1']

/** Lets bodies in until one is refused. */
function flood(enter: () => IngestEntry, most = 1000): readonly IngestEntry[] {
  const inside: IngestEntry[] = []
  try {
    while (inside.length < most) inside.push(enter())
  } catch {
    // The gate has had enough.
  }
  return inside
}

describe('the ingest gate', () => {
  it('takes the small bodies of one tenant while another floods it with large ones that come at once', () => {
    const gate = createIngestGate(128 * mebibyte)
    const enter = (): IngestEntry => {
      const entry = gate.enter(north, 16 * mebibyte)
      entry.came(16 * mebibyte)
      return entry
    }
    const inside = flood(enter)
    // An eighth of the gate at a time: a quarter for one of a tenant, of which others may want as much.
    expect(inside).toHaveLength(2)
    for (let count = 0; count < 500; count += 1) {
      const entry = gate.enter(south, 40_000)
      entry.complete(40_000)
      if (count % 3 === 0) entry.leave()
      expect(() => enter()).toThrow('Too many observations of this sender')
    }
    expect(gate.figures()).toMatchObject({ holders: 2, maxBytes: 128 * mebibyte })
  })

  it('takes them while another floods it with slow ones, and these take what has come of them and little more', () => {
    const gate = createIngestGate(128 * mebibyte)
    const slow = flood(() => {
      const entry = gate.enter(north, 16 * mebibyte)
      entry.came(1000)
      return entry
    })
    expect(gate.figures().bytes).toBeLessThanOrEqual(33 * mebibyte)
    expect(slow.length).toBeGreaterThan(8)
    const large = gate.enter(south, 16 * mebibyte)
    large.came(16 * mebibyte)
    large.leave()
    for (let count = 0; count < 500; count += 1) gate.enter(south, 30_000).complete(30_000)
    // Another device of the tenant itself has room, too.
    gate.enter(['organisation north', 'device 2'], 40_000).complete(40_000)
    for (const entry of slow) entry.leave()
  })

  it('takes them while another sends with thousands of credentials', () => {
    const gate = createIngestGate(128 * mebibyte)
    let device = 0
    flood(() => gate.enter(['organisation north', `device ${device++}`], 40_000), 10_000)
    expect(gate.figures().bytes).toBeLessThanOrEqual(64 * mebibyte)
    const large = gate.enter(south, 16 * mebibyte)
    large.came(16 * mebibyte)
    large.leave()
    for (let count = 0; count < 200; count += 1) gate.enter(south, 40_000).complete(40_000)
  })

  it('refuses while it comes what grew above the share, and lets the others of the sender through', () => {
    const gate = createIngestGate(16 * mebibyte)
    const inside = [0, 1, 2].map(() => gate.enter(['one'], 4 * mebibyte))
    const grow = (entry: IngestEntry): string => {
      try {
        for (let have = 0; have <= 4 * mebibyte; have += 65_536) entry.came(have)
        return 'through'
      } catch (error) {
        entry.leave()
        return (error as { code: string }).code
      }
    }
    expect(inside.map(grow)).toEqual(['through', 'server.overloaded', 'through'])
    expect(gate.figures()).toMatchObject({ bytes: 8 * mebibyte, refused: 1 })
  })

  it('says what the sender holds, and its share', () => {
    const gate = createIngestGate(1000)
    gate.enter(['one'], 300)
    gate.enter(['two'], 100)
    expect(() => gate.enter(['one'], 200)).toThrow(
      expect.objectContaining({
        code: 'server.overloaded',
        status: 429,
        problems: [
          expect.objectContaining({
            found: 500,
            expected: 'at most 450 bytes of this sender now, this body of 200 among them; all hold 400 of 1000',
          }),
        ],
      }),
    )
  })

  it('takes one body alone that is larger than all of it, and counts what came of one that told no length', () => {
    const gate = createIngestGate(mebibyte)
    const large = gate.enter(['one'], 3 * mebibyte)
    large.came(3 * mebibyte)
    expect(() => gate.enter(['two'], 1)).toThrow()
    large.leave()
    const chunked = gate.enter(['one'], undefined)
    chunked.came(500)
    chunked.complete(500)
    expect(gate.figures().bytes).toBe(500)
    chunked.leave()
    chunked.leave()
    chunked.came(5000)
    expect(gate.figures()).toMatchObject({ bytes: 0, holders: 0 })
  })
})
