import type { FeatureName, Features } from '../features.ts'
import { noPause, type Pause } from '../pause.ts'
import { quantileOf } from '../select.ts'

/** Levels of the load that stand for the target; where one is missing, the best of those present stands in. */
const levelNames = [
  'recent0',
  'week0',
  'week1',
  'recentMean',
  'weekMean',
  'kind0',
  'kindMean3',
  'kindMean8',
  'kindMedian',
  'recentSmooth',
  'weekSmooth',
  'kindSmooth',
  'kindUsual',
  'last',
  'lastHour',
  'last3Hours',
  'last24Hours',
  'last7Days',
] as const satisfies readonly FeatureName[]

const standIns = [
  'kindMedian',
  'kindMean8',
  'kindMean3',
  'weekMean',
  'recentMean',
  'last7Days',
  'last24Hours',
  'last',
] as const

/** Differences and lead: missing counts as none. */
const changeNames = ['last24HoursRise', 'last3HoursRise', 'last7DaysRise', 'lead'] as const

/** Temperatures that bend at the knots. */
const bentNames = [
  'temperature',
  'temperature24Hours',
  'temperatureDayMax',
  'temperatureRecent',
  'temperatureWeek',
  'temperatureKind',
  'temperatureRecentDay',
  'temperatureWeekDay',
] as const satisfies readonly FeatureName[]

const knotLevels = [0.15, 0.5, 0.85] as const
const yearDays = 365.2425

/** The terms of the linear model, made from the features of a row; none is missing. */
export interface LinearTerms {
  readonly count: number
  write(features: Float64Array, offset: number, out: Float64Array, at: number): void
}

/**
 * @param sample features of the rows that will be learnt from; levels and knots are taken from it
 */
export async function createLinearTerms(
  { names }: Features,
  sample: Float64Array,
  pause: Pause = noPause,
): Promise<LinearTerms> {
  const place = new Map(names.map((name, index) => [name, index]))
  const width = names.length
  const at = (name: FeatureName): number => place.get(name)!
  const levels = levelNames.map(at)
  const instead = standIns.map(at)
  const changes = changeNames.map(at)
  const warm = place.has('temperature')
  const bent = warm ? bentNames.map(at) : []
  const column = (index: number): Float64Array =>
    Float64Array.from({ length: sample.length / width }, (_, r) => sample[r * width + index]!)
  const middle = (index: number): number => quantileOf(column(index), 0.5)
  const standIn = instead.find((index) => !Number.isNaN(middle(index)))
  const general = standIn === undefined ? 0 : middle(standIn)
  const knots: (readonly number[])[] = []
  for (const index of bent) {
    await pause()
    const own = column(index)
    knots.push(knotLevels.map((level) => quantileOf(own, level)))
  }
  const [kind, before, after, weekday, dayOfYear] = (
    ['kind', 'kindBefore', 'kindAfter', 'weekday', 'dayOfYear'] as const
  ).map(at) as [number, number, number, number, number]
  const temperature72 = warm ? at('temperature72Hours') : -1

  function usualAt(features: Float64Array, offset: number): number {
    for (const index of instead) {
      const value = features[offset + index]!
      if (!Number.isNaN(value)) return value
    }
    return general
  }
  function write(features: Float64Array, offset: number, out: Float64Array, start: number): void {
    let k = start
    const put = (value: number): void => {
      out[k] = value
      k += 1
    }
    const level = usualAt(features, offset)
    for (const index of levels) {
      const value = features[offset + index]!
      put(Number.isNaN(value) ? level : value)
    }
    for (const index of changes) {
      const value = features[offset + index]!
      put(Number.isNaN(value) ? 0 : value)
    }
    const kindNow = features[offset + kind]!
    put(Number(kindNow === 1))
    put(Number(kindNow === 2))
    put(Number(kindNow === 3))
    put(Number(features[offset + before]! >= 2))
    put(Number(features[offset + before]! === 3))
    put(Number(features[offset + after]! >= 2))
    put(Number(features[offset + weekday]! === 1))
    put(Number(features[offset + weekday]! === 5))
    const turn = (2 * Math.PI * features[offset + dayOfYear]!) / yearDays
    put(Math.sin(turn))
    put(Math.cos(turn))
    put(Math.sin(2 * turn))
    put(Math.cos(2 * turn))
    if (!warm) return
    const now = features[offset + bent[0]!]!
    bent.forEach((index, j) => {
      const own = features[offset + index]!
      const [low, middle, high] = knots[j] as [number, number, number]
      const value = Number.isNaN(own) ? (Number.isNaN(now) ? middle : now) : own
      put(Number.isNaN(value) ? 0 : value)
      put(Math.max(0, low - value) || 0)
      put(Math.max(0, value - middle) || 0)
      put(Math.max(0, value - high) || 0)
    })
    const long = features[offset + temperature72]!
    put(Number.isNaN(long) ? (knots[1]?.[1] ?? 0) || 0 : long)
  }
  const count = levels.length + changes.length + 12 + (warm ? 4 * bent.length + 1 : 0)
  return { count, write }
}
