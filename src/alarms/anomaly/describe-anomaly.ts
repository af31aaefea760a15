import { formatIso } from '../../kernel/index.ts'
import type { Anomaly, MeterSeries } from './find-anomalies.ts'

const kindWords: Readonly<Record<Anomaly['kind'], string>> = {
  missing: 'no values',
  stuck: 'the same value all the time',
  'night-load': 'more than usual in the quiet hours',
  step: 'off its profile for hours',
  spike: 'a value far from its profile',
}

const figure = (value: number): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(3))) : 'nothing that is known'

/** What is odd, in words and numbers: when, what was found, what was to be expected and by how many days that is known. */
export function describeAnomaly(anomaly: Anomaly, { grid, zone }: MeterSeries, unit: string): string {
  const at = (index: number): string =>
    formatIso(grid.startMs + index * grid.stepMs, zone)
      .slice(0, 16)
      .replace('T', ' ')
  const { kind, from, to, found, expected, low, high, score, threshold, likeDays } = anomaly
  const when = `${at(from)} to ${at(to).slice(11)}: ${kindWords[kind]}`
  const usual = `${figure(expected)} ${unit} expected from ${likeDays} days like it`
  if (kind === 'missing') return `${when}; ${usual}`
  if (kind === 'stuck') return `${when}, ${figure(found)} ${unit} for ${to - from} steps; ${usual}`
  const side = score > 0 ? 'above' : 'below'
  const far = `${figure(Math.abs(score))} spreads ${side}, where ${figure(threshold)} is the limit`
  return `${when}, ${figure(found)} ${unit} on average; ${usual}, ${figure(low)} to ${figure(high)} ${unit} at most; ${far}`
}
