import { describe, expect, it } from 'vitest'
import { MangroveError, seededRandom } from '../../kernel/index.ts'
import { type Anomaly, describeAnomaly, findAnomalies } from './index.ts'
import { madeMeter, type Planted, plant, slotsOfDay } from './made-meter.fixture.ts'
import { exceededBy } from './robust.ts'

const taught = 91
const judged = 182
const judgeFrom = taught * slotsOfDay
const falseAlarmDaysPerYear = 12

/** Lengths in quarters of an hour, and the hour at which a fault begins. */
const shapes: readonly (readonly [Planted['kind'], number, number])[] = [
  ['missing', 8, 10],
  ['stuck', 10, 9],
  ['night-load', 20, 0],
  ['step', 14, 11],
  ['spike', 1, 15],
]

/** One fault every third day. */
function planted(): readonly Planted[] {
  return Array.from({ length: 60 }, (_, index) => {
    const [kind, length, hour] = shapes[index % shapes.length]!
    const day = taught + 1 + index * 3
    // Steps and what is stuck on workdays: on a Sunday there is nothing to fall from.
    const shifted = kind === 'step' || kind === 'stuck' ? day - (day % 7 >= 5 ? 2 : 0) : day
    const from = shifted * slotsOfDay + hour * 4
    return { kind, from, to: from + length }
  })
}

const overlaps = (
  a: { readonly from: number; readonly to: number },
  b: { readonly from: number; readonly to: number },
): boolean => a.from < b.to && b.from < a.to

describe('planted faults', () => {
  const faults = planted()
  const series = madeMeter(taught + judged, 11)
  for (const fault of faults) plant(series.values, fault)
  const { anomalies } = findAnomalies(series, { judgeFrom, falseAlarmDaysPerYear })

  it('are found, and little else is', () => {
    const found = faults.filter((fault) => anomalies.some((one) => overlaps(one, fault)))
    const right = anomalies.filter((one) => faults.some((fault) => overlaps(one, fault)))
    const recall = found.length / faults.length
    const precision = right.length / anomalies.length
    expect(recall, JSON.stringify(faults.filter((fault) => !found.includes(fault)))).toBeGreaterThanOrEqual(0.95)
    expect(precision).toBeGreaterThanOrEqual(0.9)
  })

  it.each(shapes)('%s is called by its name', (kind) => {
    const own = faults.filter((fault) => fault.kind === kind)
    const named = own.filter((fault) => anomalies.some((one) => one.kind === kind && overlaps(one, fault)))
    expect(named.length / own.length).toBeGreaterThanOrEqual(0.8)
  })

  it('explain themselves in words and numbers', () => {
    const fault = faults.find(({ kind }) => kind === 'step')!
    const step = anomalies.find((one) => one.kind === 'step' && overlaps(one, fault)) as Anomaly
    const words = describeAnomaly(step, series, 'kW')
    expect(words).toMatch(
      /^2026-\d\d-\d\d \d\d:\d\d to \d\d:\d\d: off its profile for hours, \d+ kW on average; \d+ kW expected from (20|8) days like it, \d+ to \d+ kW at most; [\d.]+ spreads below, where [\d.]+ is the limit$/,
    )
    expect(step.found).toBeLessThan(step.low)
  })
})

describe('false alarms', () => {
  it.each([6, 24, 96])('of a meter without a fault are near the %i days a year that were asked for', (asked) => {
    let days = 0
    for (let seed = 1; seed <= 3; seed += 1) {
      const { anomalies } = findAnomalies(madeMeter(taught + 365, seed), { judgeFrom, falseAlarmDaysPerYear: asked })
      days += new Set(anomalies.map(({ from }) => Math.floor(from / slotsOfDay))).size
    }
    const perYear = days / 3
    // Thresholds are read from 77 days: they are uncertain by themselves.
    expect(perYear).toBeGreaterThan(asked / 4)
    expect(perYear).toBeLessThan(asked * 2.5)
  })

  it('become fewer with every step of the setting', () => {
    const counts = [100, 30, 10, 3].map(
      (asked) =>
        findAnomalies(madeMeter(taught + 365, 5), { judgeFrom, falseAlarmDaysPerYear: asked }).anomalies.length,
    )
    expect(counts).toEqual(counts.toSorted((a, b) => b - a))
    expect(counts[0]).toBeGreaterThan(counts[3]!)
  })
})

describe('the level that a share of days exceeds', () => {
  it('is the quantile of what was seen, and goes on as an exponential tail', () => {
    const random = seededRandom(3)
    const maxima = Array.from({ length: 2000 }, () => -Math.log(1 - random.next()))
    // Of an exponential distribution the level is −ln(share).
    for (const share of [0.5, 0.2, 0.05, 0.001]) expect(exceededBy(share, maxima)).toBeCloseTo(-Math.log(share), 0)
    expect(exceededBy(0.5, [1, 2, 3])).toBe(2)
  })
})

it('says what is missing where too few days teach', () => {
  const series = madeMeter(30, 1)
  expect(() => findAnomalies(series, { judgeFrom: 20 * slotsOfDay, falseAlarmDaysPerYear })).toThrow(MangroveError)
})
