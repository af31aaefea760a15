import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MangroveError } from '../../kernel/index.ts'
import { type Claim, createClaimIndex } from './claim-index.ts'

const hour = 3_600_000
const claim = (from: number, to: number, share = '1', key = 'energy/park/roof'): Claim => ({
  ...{ key, fromMs: from * hour, toMs: to * hour, share },
})

describe('claims', () => {
  it('refuse the second claim on the same megawatt-hour, and name both', () => {
    const index = createClaimIndex()
    index.take([claim(0, 24)], 'GEC-2025-000123')
    expect(() => index.take([claim(23, 25)], 'I-REC-77')).toThrow(
      /energy\/park\/roof is claimed by GEC-2025-000123 \(share 1\) from 1970-01-01T23.*; I-REC-77 cannot claim it too/,
    )
    index.take([claim(24, 25)], 'I-REC-77')
    index.take([claim(0, 24, '1', 'energy/park/wall')], 'I-REC-78')
  })

  it('allow shares up to 1, whatever their spans', () => {
    const index = createClaimIndex()
    index.take([claim(0, 24, '0.6')], 'tenant a')
    index.take([claim(6, 30, '0.4')], 'tenant b')
    expect(() => index.take([claim(12, 13, '0.000000000001')], 'tenant c')).toThrow(
      /tenant a \(share 0.6\), tenant b \(share 0.4\)/,
    )
    expect(() => index.take([claim(2, 3, '0.5')], 'tenant c')).toThrow(/a share of 0.4 at most/)
    index.take([claim(0, 6, '0.4'), claim(24, 30, '0.6')], 'tenant c')
    expect(index.spans('energy/park/roof', 0, 48 * hour)).toHaveLength(3)
  })

  it('take all of an entry or nothing', () => {
    const index = createClaimIndex()
    index.take([claim(10, 11)], 'first')
    expect(() => index.take([claim(0, 5), claim(10, 11)], 'second')).toThrow(/carbon.claimed-twice/)
    expect(() => index.take([claim(0, 5, '0.6'), claim(4, 8, '0.6')], 'third')).toThrow(/carbon.claimed-twice/)
    index.take([claim(0, 5)], 'fourth')
  })

  it('give back what was reversed', () => {
    const index = createClaimIndex()
    index.take([claim(0, 24)], 'first')
    index.release([claim(0, 24)], 'first')
    expect(index.spans('energy/park/roof', 0, 99 * hour)).toEqual([])
    index.take([claim(3, 5)], 'second')
  })

  it.each(['0', '1.1', '-0.1', '0.0000000000001', 'half', '0.0'])('refuse a share of %s', (share) => {
    expect(() => createClaimIndex().take([claim(0, 1, share)], 'x')).toThrow(/carbon.bad-entry/)
  })

  it('refuse a span that is none', () => {
    expect(() => createClaimIndex().take([claim(1, 1)], 'x')).toThrow(/carbon.bad-entry/)
  })

  it('law: as a table of hours would have it', () => {
    const one = fc.record({
      from: fc.integer({ min: 0, max: 11 }),
      length: fc.integer({ min: 1, max: 6 }),
      share: fc.constantFrom('0.25', '0.5', '0.3', '1'),
      back: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(one, { maxLength: 25 }), (steps) => {
        const index = createClaimIndex()
        const hours = new Float64Array(20)
        const taken: { claim: Claim; by: string }[] = []
        steps.forEach(({ from, length, share, back }, step) => {
          if (back && taken.length > 0) {
            const { claim: old, by } = taken.splice(step % taken.length, 1)[0]!
            index.release([old], by)
            for (let h = old.fromMs / hour; h < old.toMs / hour; h += 1) hours[h]! -= Number(old.share)
            return
          }
          const asked = claim(from, from + length, share)
          const fits = hours.slice(from, from + length).every((used) => used + Number(share) <= 1 + 1e-9)
          let done = true
          try {
            index.take([asked], `entry ${step}`)
          } catch (error) {
            if (!(error instanceof MangroveError)) throw error
            done = false
          }
          expect(done).toBe(fits)
          if (!done) return
          taken.push({ claim: asked, by: `entry ${step}` })
          for (let h = from; h < from + length; h += 1) hours[h]! += Number(share)
        })
        for (let h = 0; h < 20; h += 1) {
          const held = index.spans('energy/park/roof', h * hour, (h + 1) * hour).flatMap((span) => span.held)
          expect(held.reduce((sum, { share }) => sum + Number(share), 0)).toBeCloseTo(hours[h]!, 9)
        }
      }),
      { numRuns: 60 },
    )
  })
})
