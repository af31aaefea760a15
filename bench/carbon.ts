// Exact sums: a million rows of activity times factor as whole numbers with a decimal point, beside decimals and doubles. A
// million rows accounted into an inventory, and the same by other factors.
import {
  type Activity,
  createAccount,
  createExactSum,
  Decimal,
  factorBookWith,
  parseScaled,
  plus,
  publish,
  replan,
  scaledText,
  scaledToDecimal,
  tally,
  times,
  timesScaled,
} from '../src/carbon/index.ts'
import { figure, report } from './report.ts'

const rows = 1_000_000
const texts = Array.from({ length: rows }, (_, k) => (((k * 7919) % 10_000_000) / 1000).toFixed(3))
const factors = ['0.5306', '74.1', '0.07703', '2.0314'].map(parseScaled)

function exact(): string {
  const sum = createExactSum()
  for (let k = 0; k < rows; k += 1) {
    const { digits, decimals } = timesScaled(parseScaled(texts[k]!), factors[k % 4]!)
    sum.add(digits, decimals)
  }
  return scaledText(sum.total())
}
function doubles(): number {
  const values = factors.map((one) => scaledToDecimal(one).toNumber())
  let sum = 0
  for (let k = 0; k < rows; k += 1) sum += Number(texts[k]!) * values[k % 4]!
  return sum
}
function decimals(count: number): Decimal {
  const values = factors.map(scaledToDecimal)
  let sum = new Decimal(0)
  for (let k = 0; k < count; k += 1) sum = plus(sum, times(new Decimal(texts[k]!), values[k % 4]!))
  return sum
}

const timed = <T>(work: () => T): { readonly ms: number; readonly value: T } => {
  const began = performance.now()
  const value = work()
  return { ms: performance.now() - began, value }
}
exact()
const ours = timed(exact)
const double = timed(doubles)
const tenth = timed(() => decimals(rows / 10))
const error = new Decimal(ours.value).minus(double.value).abs()

/** Rows of three hundred meters and tanks over a year, by the day, as a file would have them. */
const day = (k: number): string => new Date(Date.UTC(2023, 0, 1 + k)).toISOString().slice(0, 10)
const days = Array.from({ length: 366 }, (_, k) => day(k))
const row = (k: number): Activity => {
  const at = k % 364
  const place = { from: days[at]!, to: days[at + 1]!, region: k % 2 === 0 ? 'CN-JS' : 'CN-ZJ', amount: texts[k]! }
  if (k % 10 === 0)
    return { ...place, id: `row-${k}`, activity: 'fuel', subject: 'diesel', unit: 't', use: 'road', relative: 0.02 }
  return { ...place, id: `row-${k}`, activity: 'electricity', unit: 'kWh', relative: 0.01, score: 1 + (k % 3) }
}
const period = { from: '2023-01-01', to: '2024-01-01' }
const settings = { book: factorBookWith(), gwpSet: 'AR6', fallback: ['country'], period } as const
const activities = Array.from({ length: rows }, (_, k) => row(k))
const account = timed(() => {
  const made = createAccount(settings)
  for (const one of activities) made.add(one)
  const groups = made.groups()
  return { groups, ...tally(groups) }
})
const published = account.value.tallies.map(publish)
const changed = timed(() => tally(replan(account.value.groups, settings)))
const same = JSON.stringify(changed.value.tallies.map(publish)) === JSON.stringify(published)
const engine = timed(() => JSON.stringify(activities).length)

report('carbon', [
  figure('a million activity rows accounted', {
    value: account.ms / 1000,
    goal: 20,
    unit: 's',
    note: `must 60 s, aim 20 s; ${account.value.groups.length} kinds of rows; their text is ${(engine.value / 1e6).toFixed(0)} MB; ${published.map(({ scope, method, massKgCo2e }) => `scope ${scope} ${method ?? ''} ${massKgCo2e}`).join(', ')}`,
  }),
  figure('every factor found anew for a million dependants', {
    value: same ? changed.ms : Number.NaN,
    goal: 1000,
    note: 'the goal is 100 k dependants of one factor; here all plans are made anew',
  }),
  figure('a million activities times factors, exact', {
    value: ours.ms,
    goal: 2000,
    note: `decimals would take ${Math.round(tenth.ms * 10)} ms; doubles take ${Math.round(double.ms)} ms and are off by ${error.toPrecision(2)} kg of ${Math.round(double.value)}`,
  }),
])
