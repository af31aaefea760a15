import type { TimeGrid } from '../../kernel/index.ts'
import { alarmErrors } from '../errors.ts'
import { type Day, layOutDays } from './like-days.ts'
import { exceededBy } from './robust.ts'
import { leastLikeDays, type ScoredDay, scoreDays, valueAt } from './score-days.ts'
import { maximaOf, type Statistic, statistics, statisticsOf } from './statistics.ts'

export const anomalyKinds = ['missing', 'stuck', 'night-load', 'step', 'spike'] as const
export type AnomalyKind = (typeof anomalyKinds)[number]

/** A time at which a meter was not as on days like it. */
export interface Anomaly {
  readonly kind: AnomalyKind
  /** Inclusive, index into the series. */
  readonly from: number
  /** Exclusive. */
  readonly to: number
  /** Means over the time of what is there; NaN where nothing is known. */
  readonly found: number
  readonly expected: number
  /** What was to be expected on all but so many days a year. */
  readonly low: number
  readonly high: number
  /** In spreads of the profile, the greatest; of `stuck` and `missing` 0. */
  readonly score: number
  readonly threshold: number
  readonly likeDays: number
}

export interface MeterSeries {
  readonly values: Float64Array
  readonly grid: TimeGrid
  readonly zone: string
  /** Local dates. */
  readonly holidays: ReadonlySet<string>
}

export interface AnomalyOptions {
  /** Index from which is judged; what is before teaches. */
  readonly judgeFrom: number
  /** Days a year on which a meter without a fault is called odd. */
  readonly falseAlarmDaysPerYear: number
}

export interface FoundAnomalies {
  readonly anomalies: readonly Anomaly[]
  readonly thresholds: Readonly<Record<Statistic, number>>
  /** Days that taught the thresholds. */
  readonly taughtDays: number
  readonly judgedDays: number
  /** Longest time in which the meter told the same, in steps, while it taught. */
  readonly longestSame: number
}

/** Thresholds need as many days with a profile of their own. */
const leastTaughtDays = 14
/** So many steps in a row without a value are an anomaly. */
const missingSteps = 2
const leastStuckSteps = 4

/**
 * Finds what is odd in the second part of a series by what the first part teaches. A day is judged by a profile of days like it;
 * how far from it is odd is read from the days that taught, so that as many days a year as asked for are called odd without a
 * fault. Each of the three statistics gets a third of these.
 *
 * @throws `alarms.bad-history` where too few days teach
 */
export function findAnomalies(series: MeterSeries, options: AnomalyOptions): FoundAnomalies {
  const { values, grid, zone, holidays } = series
  const days = layOutDays(grid, zone, holidays)
  const scored = scoreDays(values, days).filter(({ likeDays }) => likeDays >= leastLikeDays)
  const firstOf = ({ indexOf }: Day): number => indexOf.find((index) => index >= 0) ?? grid.count
  const judged = scored.filter(({ day }) => day.indexOf.some((index) => index >= options.judgeFrom))
  const taught = scored.filter(({ day }) => !day.indexOf.some((index) => index >= options.judgeFrom))
  if (taught.length < leastTaughtDays) {
    throw alarmErrors.badHistory({
      detail: 'Too few days have days like them before them',
      found: `${taught.length} days`,
      expected: `${leastTaughtDays} days or more, each with ${leastLikeDays} of its type before it: about four weeks and a fortnight`,
    })
  }
  const maxima = taught.map((day) => maximaOf(statisticsOf(day)))
  const share = Math.min(0.5, options.falseAlarmDaysPerYear / 365.25 / statistics.length)
  const thresholds = Object.fromEntries(
    statistics.map((name) => {
      const known = maxima.map((day) => day[name]).filter((value) => !Number.isNaN(value))
      // Within its own spread a value is never odd.
      return [name, known.length === 0 ? Number.POSITIVE_INFINITY : Math.max(1, exceededBy(share, known))]
    }),
  ) as Record<Statistic, number>
  const longestSame = longestRun(values, 0, options.judgeFrom)
  const anomalies = judged.flatMap((day) => oddOf(day, { values, thresholds, judgeFrom: options.judgeFrom }))
  const from = Math.max(options.judgeFrom, judged[0] ? firstOf(judged[0].day) : grid.count)
  const profile = profileOf(judged, grid.count)
  const gaps = missingRuns(values, from).map((run) => describeRun('missing', run, values, profile))
  const stuck = sameRuns(values, from, Math.max(leastStuckSteps, longestSame + 2)).map((run) =>
    describeRun('stuck', run, values, profile),
  )
  return {
    anomalies: joined([...gaps, ...stuck, ...anomalies]),
    thresholds,
    taughtDays: taught.length,
    judgedDays: judged.length,
    longestSame,
  }
}

/** Mean of what is known; NaN where nothing is. */
function mean(numbers: readonly number[]): number {
  const known = numbers.filter((value) => !Number.isNaN(value))
  return known.length === 0 ? Number.NaN : known.reduce((sum, value) => sum + value, 0) / known.length
}

type Run = readonly [from: number, to: number]

interface Judging {
  readonly values: Float64Array
  readonly thresholds: Readonly<Record<Statistic, number>>
  readonly judgeFrom: number
}

/** What is odd on one day by its scores. */
function oddOf(scored: ScoredDay, { values, thresholds, judgeFrom }: Judging): readonly Anomaly[] {
  const { day, score } = scored
  const { spike, shift, night, isNight } = statisticsOf(scored)
  const slots = score.length
  const shiftWidth = shift.findIndex((value) => !Number.isNaN(value)) + 1 || Math.round(slots / 12)
  const odd = new Uint8Array(slots)
  const marks: { readonly kind: AnomalyKind; readonly slots: readonly number[]; readonly threshold: number }[] = []
  const runs = (isOdd: (slot: number) => boolean): readonly (readonly number[])[] => {
    const found: number[][] = []
    for (let slot = 0; slot < slots; slot += 1) {
      if (!isOdd(slot) || day.indexOf[slot]! < judgeFrom) continue
      const last = found.at(-1)
      if (last?.at(-1) === slot - 1) last.push(slot)
      else found.push([slot])
    }
    return found
  }
  // Marked from the end of its window: what led to it belongs to it where it is on the same side.
  for (let slot = 0; slot < slots; slot += 1) {
    if (!(Math.abs(shift[slot]!) > thresholds.shift)) continue
    for (let near = Math.max(0, slot - shiftWidth + 1); near <= slot; near += 1) {
      if (score[near]! * shift[slot]! > 0 && spike[near]! > thresholds.shift / 2) odd[near] = 1
    }
  }
  closeGaps(odd, shiftWidth / 2)
  for (const run of runs((slot) => odd[slot] === 1)) {
    const isNightly = run.every((slot) => isNight[slot] === 1) && run.some((slot) => shift[slot]! > thresholds.shift)
    marks.push({ kind: isNightly ? 'night-load' : 'step', slots: run, threshold: thresholds.shift })
  }
  if (night > thresholds.night && marks.length === 0) {
    const hours = runs((slot) => isNight[slot] === 1 && score[slot]! > 0)
    const longest = hours.toSorted((a, b) => b.length - a.length)[0]
    if (longest) marks.push({ kind: 'night-load', slots: longest, threshold: thresholds.night })
  }
  for (const run of runs((slot) => spike[slot]! > thresholds.spike && odd[slot] === 0)) {
    marks.push({ kind: 'spike', slots: run, threshold: thresholds.spike })
  }
  return marks.map(({ kind, slots: own, threshold }) => {
    const indices = own.map((slot) => day.indexOf[slot]!)
    const expected = mean(own.map((slot) => scored.expected[slot]!))
    const spread = mean(own.map((slot) => scored.spread[slot]!))
    const far = own.reduce((most, slot) => (Math.abs(score[slot]!) > Math.abs(most) ? score[slot]! : most), 0)
    return {
      kind,
      from: indices[0]!,
      to: indices.at(-1)! + 1,
      found: mean(indices.map((index) => valueAt(values, index))),
      expected,
      low: expected - threshold * spread,
      high: expected + threshold * spread,
      score: far,
      threshold,
      likeDays: scored.likeDays,
    }
  })
}

/** A part or two that look usual do not make two of what is one. */
function closeGaps(odd: Uint8Array, most: number): void {
  let last = -1
  for (const [slot, is] of odd.entries()) {
    if (is === 0) continue
    if (last >= 0 && slot - last - 1 <= most) odd.fill(1, last, slot)
    last = slot
  }
}

interface Profile {
  readonly expected: Float64Array
  readonly likeDays: Int32Array
}

/** What was expected of each step of the days that are judged. */
function profileOf(judged: readonly ScoredDay[], count: number): Profile {
  const expected = new Float64Array(count).fill(Number.NaN)
  const likeDays = new Int32Array(count)
  for (const scored of judged) {
    for (const [slot, index] of scored.day.indexOf.entries()) {
      if (index < 0) continue
      expected[index] = scored.expected[slot]!
      likeDays[index] = scored.likeDays
    }
  }
  return { expected, likeDays }
}

function describeRun(kind: 'missing' | 'stuck', [from, to]: Run, values: Float64Array, profile: Profile): Anomaly {
  const expected = mean([...profile.expected.subarray(from, to)])
  const found = kind === 'missing' ? Number.NaN : values[from]!
  return {
    ...{ kind, from, to, found, expected, low: Number.NaN, high: Number.NaN, score: 0, threshold: 0 },
    likeDays: profile.likeDays[from]!,
  }
}

function missingRuns(values: Float64Array, from: number): readonly Run[] {
  return runsOf(from, values.length, (index) => Number.isNaN(values[index])).filter(([a, b]) => b - a >= missingSteps)
}

/** Runs of one and the same value. Zero is left out: a machine that is off is no meter that is stuck. */
function sameRuns(values: Float64Array, from: number, least: number): readonly Run[] {
  const runs: Run[] = []
  let begin = from
  for (let index = from + 1; index <= values.length; index += 1) {
    if (index < values.length && values[index] === values[begin]) continue
    if (index - begin >= least && values[begin] !== 0 && !Number.isNaN(values[begin])) runs.push([begin, index])
    begin = index
  }
  return runs
}

const longestRun = (values: Float64Array, from: number, to: number): number =>
  sameRuns(values.subarray(0, to), from, 1).reduce((longest, [a, b]) => Math.max(longest, b - a), 0)

function runsOf(from: number, to: number, holds: (index: number) => boolean): readonly Run[] {
  const runs: [number, number][] = []
  for (let index = from; index < to; index += 1) {
    if (!holds(index)) continue
    const last = runs.at(-1)
    if (last?.[1] === index) last[1] = index + 1
    else runs.push([index, index + 1])
  }
  return runs
}

/** Of two that overlap the one whose kind comes first in {@link anomalyKinds} stays and spans both. */
function joined(anomalies: readonly Anomaly[]): readonly Anomaly[] {
  const sorted = anomalies.toSorted((a, b) => a.from - b.from || a.to - b.to)
  const kept: Anomaly[] = []
  for (const one of sorted) {
    const last = kept.at(-1)
    if (!last || one.from >= last.to) {
      kept.push(one)
      continue
    }
    const winner = anomalyKinds.indexOf(one.kind) < anomalyKinds.indexOf(last.kind) ? one : last
    kept[kept.length - 1] = { ...winner, from: Math.min(last.from, one.from), to: Math.max(last.to, one.to) }
  }
  return kept
}
