import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PointColumn } from '../expression/index.ts'
import { quality } from '../series/quality.ts'
import { computeBalance } from './compute-balance.ts'
import type { Balance } from './declarations.ts'

const column = (...values: readonly (number | null)[]): PointColumn => ({
  values: Float64Array.from(values, (value) => value ?? Number.NaN),
  quality: Uint8Array.from(values, (value) => (value === null ? quality.missing : quality.good)),
})
const meter = (ref: string, accuracyClass?: number, unit = 'kW') => ({
  ref,
  unit,
  ...(accuracyClass === undefined ? {} : { accuracyClass }),
})
const balance: Balance = {
  id: 'electricity',
  title: 'Electricity',
  unit: 'kW',
  in: [meter('grid.kw', 0.5), meter('pv.mw', 1, 'MW')],
  out: [meter('works.kw', 2)],
}
const plain: Balance = { ...balance, in: balance.in.map(({ ref, unit }) => ({ ref, unit })) }

describe('a balance', () => {
  it('tells in, out, remainder and its share, in one unit', () => {
    const columns = new Map([
      ['grid.kw', column(100, 50)],
      ['pv.mw', column(0.1, 0.05)],
      ['works.kw', column(190, 101)],
    ])
    const result = computeBalance(plain, columns, 2)
    expect([...result.in]).toEqual([200, 100])
    expect([...result.out]).toEqual([190, 101])
    expect([...result.remainder]).toEqual([10, -1])
    expect([...result.remainderShare]).toEqual([0.05, -0.01])
    expect([...result.uncertainty]).toEqual([Number.NaN, Number.NaN])
    expect(result.verdicts).toEqual(['not-judged', 'not-judged'])
    expect(result.total).toMatchObject({ in: 150, out: 145.5, remainder: 4.5, remainderShare: 0.03 })
  })

  it('says which input is missing in which bucket, and takes nothing as zero', () => {
    const columns = new Map([
      ['grid.kw', column(100, null, 100)],
      ['works.kw', column(90, null, 100)],
    ])
    const partly = computeBalance(plain, columns, 3)
    expect(partly.missing).toEqual([['pv.mw'], ['grid.kw', 'pv.mw', 'works.kw'], ['pv.mw']])
    expect(partly.missingBuckets).toEqual({ 'pv.mw': 3, 'grid.kw': 1, 'works.kw': 1 })
    expect(partly.verdicts).toEqual(['unknown', 'unknown', 'unknown'])
    expect([...partly.remainder]).toEqual([Number.NaN, Number.NaN, Number.NaN])
    expect([...partly.quality]).toEqual([quality.missing, quality.missing, quality.missing])
    expect(partly.total.verdict).toBe('unknown')
    const whole = computeBalance(plain, new Map([...columns, ['pv.mw', column(0, 0, 0)]]), 3)
    expect(whole.completeBuckets).toBe(2)
    expect(whole.total.in).toBe(100)
    expect(whole.missing[0]).toEqual([])
  })

  it('counts a flow below zero on the other side', () => {
    const columns = new Map([
      ['grid.kw', column(-30)],
      ['pv.mw', column(0.1)],
      ['works.kw', column(70)],
    ])
    expect(computeBalance(plain, columns, 1)).toMatchObject({
      in: new Float64Array([100]),
      out: new Float64Array([100]),
      remainder: new Float64Array([0]),
    })
  })

  it('holds the remainder against the accuracy of its meters: root of the sum of squares', () => {
    const columns = new Map([
      ['grid.kw', column(100, 100)],
      ['pv.mw', column(0.1, 0.1)],
      ['works.kw', column(197, 190)],
    ])
    const { uncertainty, verdicts, total } = computeBalance(balance, columns, 2)
    // 0.5 % of 100, 1 % of 100, 2 % of 197 and of 190 kW.
    expect(uncertainty[0]).toBeCloseTo(Math.sqrt(0.5 ** 2 + 1 ** 2 + 3.94 ** 2), 12)
    expect(verdicts).toEqual(['explained', 'unexplained'])
    // In the total the amounts of a meter are added before they are squared.
    expect(total.uncertainty).toBeCloseTo(Math.hypot(0.5, 1, 0.02 * 193.5), 12)
    expect(total.verdict).toBe('unexplained')
  })

  it('knows no uncertainty while one meter has no class', () => {
    const columns = new Map([
      ['grid.kw', column(100)],
      ['pv.mw', column(0.1)],
      ['works.kw', column(199)],
    ])
    const { uncertainty, verdicts } = computeBalance({ ...balance, out: [meter('works.kw')] }, columns, 1)
    expect([uncertainty[0], verdicts[0]]).toEqual([Number.NaN, 'not-judged'])
  })

  it('tolerates what the site allows', () => {
    const columns = new Map([
      ['grid.kw', column(100, 100, 0)],
      ['pv.mw', column(0.1, 0.1, 0)],
      ['works.kw', column(190, 189, 0)],
    ])
    const { verdicts, remainderShare } = computeBalance({ ...plain, toleranceShare: 0.05 }, columns, 3)
    expect(verdicts).toEqual(['tolerated', 'unexplained', 'tolerated'])
    expect(remainderShare[2]).toBeNaN()
  })

  it('is a law: in − out = remainder = the signed sum, and turning the sides turns the sign', () => {
    const value = fc.oneof(fc.double({ min: -1e6, max: 1e6, noNaN: true }), fc.constant(null))
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value, value), { maxLength: 8 }), (rows) => {
        const columns = new Map(
          ['grid.kw', 'pv.mw', 'works.kw'].map((ref, k) => [ref, column(...rows.map((row) => row[k]!))]),
        )
        const result = computeBalance(plain, columns, rows.length)
        const turned = computeBalance({ ...plain, in: plain.out, out: plain.in }, columns, rows.length)
        rows.forEach(([grid, pv, works], k) => {
          const complete = grid !== null && pv !== null && works !== null
          expect(result.missing[k]!.length === 0).toBe(complete)
          expect(result.verdicts[k] === 'unknown').toBe(!complete)
          if (!complete) {
            expect(result.remainder[k]).toBeNaN()
            return
          }
          const size = Math.abs(grid) + Math.abs(pv) * 1000 + Math.abs(works)
          expect(Math.abs(result.remainder[k]! - (grid + pv * 1000 - works))).toBeLessThanOrEqual(1e-12 * size)
          expect(result.in[k]! - result.out[k]!).toBe(result.remainder[k])
          expect(Math.min(result.in[k]!, result.out[k]!)).toBeGreaterThanOrEqual(0)
          expect(Math.abs(turned.remainder[k]! + result.remainder[k]!)).toBeLessThanOrEqual(1e-12 * size)
        })
      }),
    )
  })

  it('refuses columns of another length', () => {
    expect(() => computeBalance(plain, new Map([['grid.kw', column(1, 2)]]), 1)).toThrow(RangeError)
  })
})
