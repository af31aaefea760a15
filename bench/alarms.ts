// The speed goal of alarm rules: observations held against 10,000 rules of one site. Prints figures.
import { type AlarmRule, createEvaluator, type Rows } from '../src/alarms/index.ts'
import { seededRandom } from '../src/kernel/index.ts'
import { figure, report } from './report.ts'

const points = 2500
const rulesPerPoint = 4
const batchRows = 5000
const batches = 200

const random = seededRandom(20_260_706)
const kinds: readonly AlarmRule['when'][] = [
  { kind: 'high', limit: 95, deadband: 2 },
  { kind: 'low', limit: 5, deadband: 2 },
  { kind: 'rate', limit: 60, withinMs: 60_000, direction: 'either' },
  { kind: 'stale', afterMs: 600_000 },
]
const rules = Array.from({ length: points * rulesPerPoint }, (_, index): AlarmRule => {
  const when = kinds[index % rulesPerPoint]!
  return {
    ...{
      id: `alarm-${index}`,
      title: 'Alarm',
      point: `meter-${Math.floor(index / rulesPerPoint)}.powerKw`,
      unit: 'kW',
    },
    ...{ priority: 'low', when, onDelayMs: 20_000, offDelayMs: 20_000, message: 'm', action: 'a', latching: false },
    ...{ shelveAtMostMs: 1, notify: [], notifyWindowMs: 900_000, escalate: [] },
  }
})
const series = Array.from({ length: points }, (_, index) => ({ site: 'park', point: `meter-${index}.powerKw` }))
// A walk of each meter: some limits are crossed, most are not.
const levels = Float64Array.from(series, () => 20 + 60 * random.next())
const made = Array.from({ length: batches }, (_, batch): Rows => {
  const rows = Array.from({ length: batchRows }, (_, row) => row)
  return {
    count: batchRows,
    series,
    seriesOf: Uint32Array.from(rows, (row) => row % points),
    timestampsMs: Float64Array.from(rows, (row) => (batch * (batchRows / points) + Math.floor(row / points)) * 10_000),
    values: Float64Array.from(rows, (row) => {
      const at = row % points
      levels[at] = Math.min(110, Math.max(-10, levels[at]! + 12 * (random.next() - 0.5)))
      return levels[at]!
    }),
    quality: new Uint8Array(batchRows),
  }
})

const times: number[] = []
let decisions = 0
for (let round = 0; round < 5; round += 1) {
  const evaluator = createEvaluator({ site: 'park', rules, computed: { order: [], byRef: new Map() }, monotonicMs: 0 })
  decisions = 0
  const began = performance.now()
  for (const [index, rows] of made.entries()) {
    decisions += evaluator.take(rows, { monotonicMs: index, latestMs: Number.POSITIVE_INFINITY }).length
  }
  times.push(performance.now() - began)
}
const observations = batches * batchRows
const medianMs = times.toSorted((a, b) => a - b)[2]!
const perS = (ms: number): string => `${Math.round(observations / ms)} k/s`
report('alarms', [
  figure('100,000 observations against 10,000 alarm rules', {
    value: (medianMs / observations) * 100_000,
    goal: 333,
    note: `${perS(medianMs)} (must 100 k/s = 1000 ms, aim 300 k/s = 333 ms); ${rulesPerPoint} rules a point, ${decisions} decisions of ${observations} observations; ${times.map(perS).join(', ')}`,
  }),
])
