import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFairShare, type FairShare, type Holder } from './fair-share.ts'

/** Takes one after another until nobody may hold more. */
function flood(shares: FairShare, holders: readonly Holder[], piece = 1): void {
  for (let taken = true; taken; ) {
    taken = false
    for (const holder of holders) {
      if (!shares.fits(holder, piece)) continue
      shares.take(holder, piece)
      taken = true
    }
  }
}

describe('a fair share', () => {
  it.each([1, 2, 3, 7])('is 1/(n + 1) of all for each of %d who want more', (count) => {
    const shares = createFairShare(8400)
    const holders = Array.from({ length: count }, (_, k) => [`tenant ${k}`])
    flood(shares, holders)
    for (const holder of holders) {
      expect(Math.abs(shares.held(holder) - 8400 / (count + 1))).toBeLessThanOrEqual(count)
    }
  })

  it('of a tenant does not grow with its credentials, and each of these has room in it', () => {
    const shares = createFairShare(80_000)
    const many = Array.from({ length: 200 }, (_, k) => ['north', `device ${k}`])
    flood(shares, many)
    expect(shares.held(['north'])).toBeLessThanOrEqual(40_000)
    expect(shares.held(['north'])).toBeGreaterThan(39_000)
    expect(shares.fits(['north', 'device 200'], 100)).toBe(true)
    expect(shares.fits(['south', 'device 0'], 40_000)).toBe(true)
  })

  it('is nothing where much is held by others, and what is too large for all is let in where nobody holds anything', () => {
    const shares = createFairShare(100)
    expect(shares.fits(['one'], 1000)).toBe(true)
    shares.take(['one'], 1000)
    expect(shares.fits(['two'], 1)).toBe(false)
    expect(shares.share(['two'])).toBe(0)
    // A larger part in place of a smaller one, of whoever is alone.
    expect(shares.fits(['one'], 2000, 1000)).toBe(true)
    shares.take(['one'], -1000)
    expect(shares.figures()).toEqual({ held: 0, most: 100, holders: 0 })
  })

  it('never gives more than there is, nor room away that others hold, and forgets who holds nothing', () => {
    const holder = fc.constantFrom<Holder>(['a'], ['b', '1'], ['b', '2'], ['b', '3'], ['c', '1'])
    const step = fc.record({ holder, amount: fc.integer({ min: 1, max: 60 }), leaves: fc.boolean() })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const shares = createFairShare(100)
        const inside: { readonly holder: Holder; readonly amount: number }[] = []
        for (const { holder, amount, leaves } of steps) {
          if (leaves) {
            const first = inside.shift()
            if (first) shares.take(first.holder, -first.amount)
            continue
          }
          const { held } = shares.figures()
          const own = shares.held(holder)
          const fits = shares.fits(holder, amount)
          // Whoever holds nothing gets what is left of its circle; all others at most half.
          if (held > 0 && fits) expect(held + amount).toBeLessThanOrEqual(100)
          if (held > own && own > 0 && fits) expect(own + amount).toBeLessThanOrEqual((100 - (held - own)) / 2)
          if (!fits) continue
          shares.take(holder, amount)
          inside.push({ holder, amount })
        }
        expect(shares.figures().held).toBe(inside.reduce((sum, { amount }) => sum + amount, 0))
        expect(shares.figures().holders).toBe(new Set(inside.map(({ holder }) => holder.join())).size)
        for (const { holder, amount } of inside) shares.take(holder, -amount)
        expect(shares.figures()).toEqual({ held: 0, most: 100, holders: 0 })
      }),
    )
  })

  it('leaves room for a small piece of whoever holds nothing, whatever tenants took before', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 30 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), sizes, (tenants, pieces) => {
        const shares = createFairShare(10_000)
        const holders = Array.from({ length: tenants }, (_, k) => [`t${k}`, 'c'])
        // Each begins with something small, as whoever comes first may hold more than half otherwise.
        for (const holder of holders) shares.take(holder, 1)
        for (const piece of pieces) flood(shares, holders, piece)
        expect(shares.fits(['late', 'c'], Math.floor(10_000 / (tenants + 1)) - tenants)).toBe(true)
      }),
    )
  })
})
