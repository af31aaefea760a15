import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../kernel/index.ts'
import { normalOf } from './made-load.fixture.ts'
import { learnPvCorrection, type PvEvidence } from './pv-correction.ts'

/** Days of 24 hours: the Sun rises at 6 in the east, stands at 60° at noon and sets at 18 in the west. */
function evidenceOf(days: number, ratioAt: (elevationDeg: number, azimuthDeg: number) => number): PvEvidence {
  const count = days * 24
  const hour = Float64Array.from({ length: count }, (_, k) => (k % 24) + 0.5)
  const elevationDeg = hour.map((h) => 60 * Math.sin((Math.PI * (h - 6)) / 12))
  const azimuthDeg = hour.map((h) => 15 * h)
  const modelledKw = elevationDeg.map((elevation) => Math.max(0, 1000 * Math.sin((Math.PI * elevation) / 180)))
  const measuredKw = modelledKw.map((kw, k) => kw * ratioAt(elevationDeg[k]!, azimuthDeg[k]!))
  return { measuredKw, modelledKw, elevationDeg, azimuthDeg, stepHours: 1 }
}

describe('correction of the physical chain', () => {
  it('is 1 without evidence', () => {
    const evidence = evidenceOf(3, () => Number.NaN)
    const { general, days, factor } = learnPvCorrection(evidence, 72)
    expect([general, days, factor(30, 100)]).toEqual([1, 0, 1])
  })

  it('learns a known bias, the closer the more days there are', () => {
    const off = (days: number): number =>
      Math.abs(
        learnPvCorrection(
          evidenceOf(days, () => 0.8),
          days * 24,
        ).general - 0.8,
      )
    // Twelve hours of Sun are 1.2 days of evidence, against five days of belief in the chain: 0.2 · 5 / (5 + 1.2 · days).
    expect(off(10)).toBeCloseTo((0.2 * 5) / 17, 6)
    expect(off(60)).toBeLessThan(0.015)
    expect(off(60)).toBeLessThan(off(10))
  })

  it('learns that the morning is shaded and the afternoon is not', () => {
    const shaded = (elevation: number, azimuth: number): number => (azimuth < 180 && elevation < 20 ? 0.5 : 1)
    const { factor } = learnPvCorrection(evidenceOf(60, shaded), 60 * 24)
    expect(factor(8, 100)).toBeLessThan(0.58)
    expect(factor(8, 260)).toBeCloseTo(1, 1)
    expect(factor(50, 100)).toBeCloseTo(1, 1)
  })

  it('is hardly moved by a tenth of days without any power, as after a blown fuse', () => {
    const random = seededRandom(1)
    const evidence = evidenceOf(60, () => 0.9 + 0.05 * normalOf(random))
    const broken = { ...evidence, measuredKw: evidence.measuredKw.map((kw, k) => (k < 6 * 24 ? 0 : kw)) }
    const [own, other] = [learnPvCorrection(evidence, 1440), learnPvCorrection(broken, 1440)]
    expect(Math.abs(own.general - other.general)).toBeLessThan(0.02)
  })

  it('does not look at or after the step it is told', () => {
    fc.assert(
      fc.property(fc.integer({ min: 24, max: 240 }), fc.double({ min: 0, max: 1e5, noNaN: true }), (before, other) => {
        const evidence = evidenceOf(10, () => 0.7)
        const changed = { ...evidence, measuredKw: evidence.measuredKw.slice().fill(other, before) }
        expect(learnPvCorrection(changed, before).general).toBe(learnPvCorrection(evidence, before).general)
      }),
      { numRuns: 40 },
    )
  })
})
