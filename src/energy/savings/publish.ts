import { formatIso } from '../../kernel/index.ts'
import type { MeterSavings, SavingsInterval } from '../schema/index.ts'
import type { Baseline } from './baseline.ts'
import { type Model, shapes } from './model.ts'
import { countOf, type Observations, type Observed } from './observations.ts'
import { type Period, periodEndMs, periodStartMs } from './period.ts'
import { type Avoided, dateAt } from './reporting.ts'
import { coefficientOf } from './select.ts'
import { meanTemperature } from './temperatures.ts'
import { type Granularity, regressionHalfWidth } from './uncertainty.ts'

/** Nine digits tell all that was computed. */
export const tidy = (value: number): number => (value === 0 ? 0 : Number(value.toPrecision(9)))
export const orNull = (value: number | undefined): number | null =>
  value === undefined || !Number.isFinite(value) ? null : tidy(value)

export const intervalOf = (value: number, halfWidth: number): SavingsInterval => ({
  value: tidy(value),
  halfWidth: tidy(halfWidth),
  low: tidy(value - halfWidth),
  high: tidy(value + halfWidth),
})

export const rateUnitOf = (granularity: Granularity): string => (granularity === 'hourly' ? 'kW' : 'kWh/d')

/** The model as it leaves the engine. */
export function publishModel(baseline: Baseline, granularity: Granularity): MeterSavings['model'] {
  const { model, statistics, observations, outOfSample, guideline } = baseline
  const rateUnit = rateUnitOf(granularity)
  return {
    shape: model.shape,
    grouping: model.grouping,
    equation: equationOf(model, rateUnit),
    rateUnit,
    changePoints: Object.fromEntries(Object.entries(model.changePoints).map(([name, value]) => [name, tidy(value)])),
    intercepts: Array.from(model.fit.intercepts, orNull),
    coefficients: model.terms.map(({ name, unit }, k) => {
      const { value, standardError, t, pValue } = coefficientOf(model, observations, k)
      return {
        name,
        unit: unit === '1' ? rateUnit : `${rateUnit}/${unit.includes('/') ? `(${unit})` : unit}`,
        value: tidy(value),
        standardError: tidy(standardError),
        t: Number.isFinite(t) ? tidy(t) : Math.sign(t) * 1e9,
        pValue: tidy(pValue),
      }
    }),
    statistics: {
      observations: statistics.observations,
      parameters: statistics.parameters,
      mean: tidy(statistics.mean),
      rmse: tidy(statistics.rmse),
      rSquared: tidy(statistics.rSquared),
      adjustedRSquared: tidy(statistics.adjustedRSquared),
      bic: tidy(statistics.bic),
      cvRmse: orNull(statistics.cvRmse),
      bias: orNull(statistics.bias),
      autocorrelation: orNull(statistics.autocorrelation),
      effectiveObservations: tidy(guideline.effectiveObservations),
    },
    outOfSample: outOfSample
      ? { ...outOfSample, cvRmse: tidy(outOfSample.cvRmse), bias: tidy(outOfSample.bias) }
      : null,
  }
}

const short = (value: number): string => String(Number(Math.abs(value).toPrecision(4)))
const signed = (value: number): string => `${value < 0 ? '−' : '+'} ${short(value)}`

/** The model in one line: `E = [412 | 305] + 25.3·(13.4 − T)⁺`, one base for each group. */
function equationOf({ shape, grouping, changePoints, fit, terms }: Model, rateUnit: string): string {
  const bases = Array.from(fit.intercepts, (value) => `${value < 0 ? '−' : ''}${short(value)}`)
  const base =
    grouping === 'hour-of-week' ? 'base of the hour' : bases.length === 1 ? bases[0]! : `[${bases.join(' | ')}]`
  if (shape === 'TOWT') return `E = ${base} + Σ slopes · parts of T, occupied and unoccupied, ${rateUnit}`
  const parts = terms.map(({ name }, k) => {
    const factor = signed(fit.coefficients[k]!)
    if (name === 'temperature') return `${factor}·T`
    if (name === 'heating') return `${factor}·(${changePoints.heatingC!.toFixed(1)} − T)⁺`
    if (name === 'cooling') return `${factor}·(T − ${changePoints.coolingC!.toFixed(1)})⁺`
    return `${factor}·${name}`
  })
  return `E = ${[base, ...parts].join(' ')} ${rateUnit}`
}

export const publishCandidates = (baseline: Baseline): MeterSavings['candidates'] =>
  [...baseline.candidates]
    .sort((a, b) => shapes.indexOf(a.shape) - shapes.indexOf(b.shape))
    .map(({ shape, grouping, model, statistics, refused }) => ({
      shape,
      grouping,
      parameters: model?.parameters ?? null,
      adjustedRSquared: orNull(statistics?.adjustedRSquared),
      bic: orNull(statistics?.bic),
      cvRmse: orNull(statistics?.cvRmse),
      refused: refused ?? null,
    }))

export const publishData = (observed: Observed, period: Period, zone: string): MeterSavings['data']['baseline'] => ({
  from: formatIso(periodStartMs(period), zone),
  to: formatIso(periodEndMs(period), zone),
  observations: countOf(observed.observations),
  expected: observed.expected,
  missingDays: observed.missing,
})

/** Observations of each local month, or of each bill. */
export function publishMonths(
  baseline: Baseline,
  avoided: Avoided,
  period: Period,
  { confidence, lengthsPerDay }: { readonly confidence: number; readonly lengthsPerDay: number },
): MeterSavings['months'] {
  const { observations, adjustedKwh, measuredKwh } = avoided
  const months = new Map<string, number[]>()
  observations.startMs.forEach((ms, i) => {
    const month = dateAt(period, ms).slice(0, 7)
    const members = months.get(month) ?? []
    months.set(month, members)
    members.push(i)
  })
  return [...months].map(([month, members]) => {
    const sumOf = (values: Float64Array): number => members.reduce((sum, i) => sum + values[i]!, 0)
    const worth = new Float64Array(countOf(observations))
    for (const i of members) worth[i] = 1
    const halfWidth = regressionHalfWidth(baseline.model, observations, baseline.regression, confidence, worth)
    return {
      month,
      days: tidy(sumOf(observations.length) / lengthsPerDay),
      adjustedBaselineKwh: tidy(sumOf(adjustedKwh)),
      measuredKwh: tidy(sumOf(measuredKwh)),
      savingsKwh: tidy(sumOf(adjustedKwh) - sumOf(measuredKwh)),
      halfWidthKwh: tidy(halfWidth),
    }
  })
}

/** Measured and modelled energy for charts; hours come as the days that they make up. */
export function publishChart(
  observations: Observations,
  modelKwh: Float64Array,
  period: Period,
): MeterSavings['series']['baseline'] {
  const { startMs, endMs, rate, length, temperatures } = observations
  const celsius = temperatures && meanTemperature(temperatures)
  const parts = new Map<string, number[]>()
  startMs.forEach((ms, i) => {
    const date = dateAt(period, ms)
    const members = parts.get(date) ?? []
    parts.set(date, members)
    members.push(i)
  })
  const rows = [...parts.values()]
  const sums = (values: (i: number) => number): (number | null)[] =>
    rows.map((members) => orNull(members.reduce((sum, i) => sum + values(i), 0)))
  return {
    startMs: rows.map((members) => startMs[members[0]!]!),
    endMs: rows.map((members) => endMs[members.at(-1)!]!),
    measuredKwh: sums((i) => rate[i]! * length[i]!),
    modelKwh: sums((i) => modelKwh[i]!),
    temperatureC: rows.map((members) =>
      celsius ? orNull(members.reduce((sum, i) => sum + celsius[i]!, 0) / members.length) : null,
    ),
  }
}
