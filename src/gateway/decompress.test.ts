import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { compress } from 'snappyjs'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../kernel/index.ts'
import { type ContentEncoding, decompress } from './decompress.ts'

const packers: readonly (readonly [ContentEncoding, (bytes: Uint8Array) => Uint8Array])[] = [
  ['gzip', gzipSync],
  ['zstd', zstdCompressSync],
  ['snappy', (bytes) => compress(new Uint8Array(bytes))],
]
const limit = 1024 * 1024

describe.each(packers)('a body in %s', (encoding, pack) => {
  const code = (bytes: Uint8Array, maxBytes = limit): string => {
    try {
      decompress(encoding, bytes, maxBytes)
      return 'read'
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      return error.code
    }
  }

  it('is what it was', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 3000 }),
      fc.string({ maxLength: 30 }).map((part) => Buffer.from(part.repeat(500))),
    )
    fc.assert(fc.property(bytes, (body) => Buffer.compare(decompress(encoding, pack(body), limit), body) === 0))
  })

  it('is read up to the limit to the byte, and no further', () => {
    const packed = pack(new Uint8Array(100_000).fill(65))
    expect(code(packed, 100_000)).toBe('read')
    expect(code(packed, 99_999)).toBe('gateway.too-large')
  })

  it('stops a bomb at the limit, without the memory of what it would be', () => {
    const bomb = pack(Buffer.alloc(256 * limit))
    const before = process.memoryUsage().rss
    const began = performance.now()
    expect(code(bomb)).toBe('gateway.too-large')
    expect(performance.now() - began).toBeLessThan(1000)
    expect(process.memoryUsage().rss - before).toBeLessThan(32 * limit)
  })

  it('is refused where it is cut off or changed, by an error of ours', () => {
    const packed = pack(Buffer.from('battery soc=0.5 1783310400000000000\n'.repeat(50)))
    expect(code(packed.subarray(0, packed.length - 5))).toBe('gateway.bad-encoding')
    expect(code(Buffer.from('a b=1'))).toBe('gateway.bad-encoding')
    expect(code(new Uint8Array(0))).toBe('gateway.bad-encoding')
    fc.assert(
      fc.property(fc.nat({ max: packed.length - 1 }), fc.integer({ min: 0, max: 255 }), (at, put) => {
        const changed = Uint8Array.from(packed)
        changed[at] = put
        expect(['read', 'gateway.bad-encoding', 'gateway.too-large']).toContain(code(changed))
      }),
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => void code(bytes)))
  })
})

describe('a snappy block', () => {
  it('is refused by what it claims, before memory is taken', () => {
    const claims4Gb = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f, 0x00)
    expect(() => decompress('snappy', claims4Gb, limit)).toThrow(expect.objectContaining({ code: 'gateway.too-large' }))
    const copiesFromBefore = Uint8Array.of(4, 0x01, 0x05)
    expect(() => decompress('snappy', copiesFromBefore, limit)).toThrow(
      expect.objectContaining({ code: 'gateway.bad-encoding' }),
    )
  })

  // https://github.com/google/snappy/blob/main/format_description.txt, 2.2: "xababab" as a literal and a copy that overlaps itself
  it('repeats by a copy that is longer than its offset', () => {
    const block = Uint8Array.of(7, 2 << 2, ...Buffer.from('xab'), ((4 - 4) << 2) | 1, 2)
    expect(Buffer.from(decompress('snappy', block, limit)).toString()).toBe('xababab')
  })
})
