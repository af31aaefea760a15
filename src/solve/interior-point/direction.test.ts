import { describe, expect, it } from 'vitest'
import { blend, createDirection, type Direction, type Point, stepLengths } from './direction.ts'
import type { ScaledModel } from './scaled-model.ts'

/** One variable between 0 and 10 that stands at 4, with a dual of 2 at its lower bound and of 1 at its upper one. */
const model = { lower: Float64Array.of(0), upper: Float64Array.of(10) } as ScaledModel
const sides = { hasLower: Uint8Array.of(1), hasUpper: Uint8Array.of(1) }
const point: Point = {
  x: Float64Array.of(4),
  zLower: Float64Array.of(2),
  zUpper: Float64Array.of(1),
  y: new Float64Array(0),
}
const towards = (dx: number, dzLower = 0, dzUpper = 0): Direction => {
  const direction = createDirection(1, 0)
  direction.dx[0] = dx
  direction.dzLower[0] = dzLower
  direction.dzUpper[0] = dzUpper
  return direction
}

describe('how far a direction goes', () => {
  it.each([
    ['down to the lower bound', towards(-8), 0.5, undefined],
    ['up to the upper bound', towards(24), 0.25, undefined],
    ['until the dual of the lower bound is nothing', towards(0, -4), undefined, 0.5],
    ['until the dual of the upper bound is nothing', towards(0, 0, -10), undefined, 0.1],
  ])('%s', (_, direction, primal, dual) => {
    const reach = stepLengths(point, direction, model, sides)
    if (primal === undefined) expect(reach.primal).toBeGreaterThan(1)
    else expect(reach.primal).toBeCloseTo(primal, 12)
    if (dual === undefined) expect(reach.dual).toBeGreaterThan(1)
    else expect(reach.dual).toBeCloseTo(dual, 12)
  })
})

describe('adding a corrector', () => {
  it('takes it whole where that lets the direction go farther', () => {
    const direction = towards(-8)
    const reach = blend(point, direction, towards(6), model, sides, { primal: 0.5, dual: 1 })
    expect(direction.dx[0]).toBeCloseTo(-2, 12)
    expect(reach.primal).toBeGreaterThanOrEqual(1)
  })

  it('takes none of it where it would shorten the step, and never tells less than before', () => {
    const direction = towards(-8)
    const reach = blend(point, direction, towards(-8), model, sides, { primal: 0.5, dual: 1 })
    expect(direction.dx[0]).toBe(-8)
    expect(reach).toEqual({ primal: 0.5, dual: expect.any(Number) })
  })

  it('takes a part where all of it overshoots', () => {
    const direction = towards(-8)
    const reach = blend(point, direction, towards(28), model, sides, { primal: 0.5, dual: 1 })
    expect(direction.dx[0]).toBeCloseTo(-8 + 14, 12)
    expect(reach.primal).toBeCloseTo(1, 12)
  })
})
