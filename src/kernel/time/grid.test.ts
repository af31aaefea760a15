import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  endMs,
  finestGrid,
  firstSteps,
  gridOfSegments,
  hoursOfSteps,
  meansOnSteps,
  sameGrid,
  segmentsOf,
  stepAt,
  stepEdgesMs,
  stepStartMs,
  uniformGrids,
} from './grid.ts'

const minute = 60_000
const startMs = Date.UTC(2026, 6, 6, 10, 0)
const growing = gridOfSegments(startMs, [
  { stepMs: minute, count: 15 },
  { stepMs: 5 * minute, count: 9 },
  { stepMs: 60 * minute, count: 2 },
])
const anyGrid = fc
  .array(
    fc.record({ stepMs: fc.constantFrom(1, 5, 15, 60).map((m) => m * minute), count: fc.integer({ min: 1, max: 9 }) }),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((segments) => gridOfSegments(startMs, segments))

describe('steps that grow', () => {
  it('begin where the ones before end', () => {
    expect(growing.count).toBe(26)
    expect(stepStartMs(growing, 15)).toBe(startMs + 15 * minute)
    expect(stepStartMs(growing, 24)).toBe(startMs + 60 * minute)
    expect(endMs(growing)).toBe(startMs + 180 * minute)
    expect(Array.from(hoursOfSteps(growing)).slice(14, 25)).toEqual([1 / 60, ...Array(9).fill(1 / 12), 1])
    expect(uniformGrids(growing).map((grid) => grid.startMs - startMs)).toEqual([0, 15 * minute, 60 * minute])
  })

  it('are uniform where they have one length', () => {
    expect(
      gridOfSegments(startMs, [
        { stepMs: minute, count: 2 },
        { stepMs: minute, count: 3 },
      ]),
    ).toEqual({
      startMs,
      stepMs: minute,
      count: 5,
    })
    expect(firstSteps(growing, 15)).toEqual({ startMs, stepMs: minute, count: 15 })
    expect(firstSteps(growing, 99)).toEqual(growing)
  })

  it('agree on every edge, whichever way it is asked for', () => {
    fc.assert(
      fc.property(anyGrid, fc.nat(), (grid, seed) => {
        const edges = stepEdgesMs(grid)
        const hours = hoursOfSteps(grid)
        for (let k = 0; k < grid.count; k += 1) {
          expect(stepStartMs(grid, k)).toBe(edges[k])
          expect(edges[k + 1]! - edges[k]!).toBeCloseTo(hours[k]! * 3_600_000, 6)
          expect(stepAt(grid, edges[k]!)).toBe(k)
          expect(stepAt(grid, edges[k + 1]! - 1)).toBe(k)
        }
        expect(stepAt(grid, startMs - 1)).toBe(-1)
        expect(stepAt(grid, endMs(grid))).toBe(grid.count)
        const cut = seed % (grid.count + 1)
        expect(endMs(firstSteps(grid, cut))).toBe(edges[cut])
        expect(sameGrid(grid, gridOfSegments(startMs, segmentsOf(grid)))).toBe(true)
      }),
    )
  })

  it('keep the energy of a power that is averaged on them; a missing minute makes its step missing', () => {
    fc.assert(
      fc.property(
        anyGrid,
        fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 40 }),
        (grid, powers) => {
          const fine = finestGrid(grid)
          const values = Float64Array.from({ length: fine.count }, (_, k) => powers[k % powers.length]!)
          const means = meansOnSteps(values, grid)
          const energy = (of: Float64Array, hours: Float64Array): number =>
            of.reduce((sum, value, k) => sum + value * hours[k]!, 0)
          expect(energy(means, hoursOfSteps(grid))).toBeCloseTo(energy(values, hoursOfSteps(fine)), 6)
        },
      ),
    )
    const fine = finestGrid(growing)
    const holed = new Float64Array(fine.count).fill(3)
    holed[70] = Number.NaN
    const means = meansOnSteps(holed, growing)
    expect(means[24]).toBeNaN()
    expect(means[25]).toBe(3)
  })
})
