import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFeatures, type FeatureName } from './features.ts'
import { madeLoad, originOf } from './made-load.fixture.ts'

const task = madeLoad({ days: 60, temperature: true })
const origin = originOf(task)
const features = createFeatures(task)
const read = (own: typeof features, from: number, target: number): Float64Array => {
  const out = new Float64Array(own.names.length)
  own.fill(from, target, out, 0)
  return out
}
const named = (name: FeatureName, target: number): number =>
  read(features, origin, target)[features.names.indexOf(name)]!

describe('features of a load', () => {
  it('see nothing at or after the origin but calendar and temperature', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 200, max: origin }),
        fc.integer({ min: 0, max: 23 }),
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        (from, lead, other) => {
          const changed = createFeatures({ ...task, values: task.values.slice().fill(other, from) })
          expect(read(changed, from, from + lead)).toEqual(read(features, from, from + lead))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('are what their names say', () => {
    const { values, temperatureC } = task
    const target = origin + 7
    expect(named('lead', target)).toBe(7)
    expect(named('slot', target)).toBe(7)
    expect(named('recent0', target)).toBe(values[target - 24])
    expect(named('week0', target)).toBe(values[target - 168])
    expect(named('last', target)).toBe(values[origin - 1])
    expect(named('last24Hours', target)).toBeCloseTo(values.slice(origin - 24, origin).reduce((a, b) => a + b) / 24, 9)
    expect(named('temperature', target)).toBe(temperatureC![target])
    expect(named('temperatureDayMax', target)).toBe(Math.max(...temperatureC!.slice(origin, origin + 24)))
  })

  it('say that they do not know, rather than a number, where the past is a hole', () => {
    const holed = createFeatures({ ...task, values: task.values.slice().fill(Number.NaN, 0, origin - 2) })
    const row = read(holed, origin, origin + 7)
    for (const name of ['recent0', 'week0', 'kindMedian', 'last7Days'] as const)
      expect(row[holed.names.indexOf(name)]).toBeNaN()
    expect(row[holed.names.indexOf('last')]).toBe(task.values[origin - 1])
  })
})
