import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { evenEdges, fillBuckets, type PointBuckets } from './buckets.ts'
import type { CounterRules } from './counter-rise.ts'
import { quartersOf } from './quarters.ts'
import { RowBuilder } from './rows.ts'

const minute = 60_000
const startMs = Date.UTC(2026, 6, 6)

interface Reading {
  readonly timeMs: number
  readonly value: number
}

/** Steps of time in minutes and of energy; a step may be long. */
const steps = fc.array(
  fc.record({
    minutes: fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 1, max: 20 }) }, fc.integer({ min: 20, max: 600 })),
    energyKwh: fc.integer({ min: 0, max: 40 }),
  }),
  { minLength: 2, maxLength: 40 },
)
type Steps = readonly { readonly minutes: number; readonly energyKwh: number }[]

/** A meter that is read after each step. */
function readings(given: Steps, show: (totalKwh: number, at: number) => number): readonly Reading[] {
  let timeMs = startMs
  let totalKwh = 0
  return given.map(({ minutes, energyKwh }, at) => {
    timeMs += minutes * minute
    totalKwh += at === 0 ? 0 : energyKwh
    return { timeMs, value: show(totalKwh, at) }
  })
}
/** What it counted from the first reading to the last. */
const usedKwh = (given: Steps): number => given.slice(1).reduce((sum, { energyKwh }) => sum + energyKwh, 0)

function bucketsOf(given: readonly Reading[], edgesMs: Float64Array, rules: CounterRules): PointBuckets {
  const fill = fillBuckets('kWh', edgesMs, rules)
  for (const { timeMs, value } of given) fill.addValue(timeMs, value, 0)
  return fill.done()
}
const around = (given: readonly Reading[]): Float64Array => Float64Array.of(startMs, given.at(-1)!.timeMs + 1)
const sumOf = (values: Float64Array): number =>
  values.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + value), 0)
const wholeOf = (given: readonly Reading[], rules: CounterRules = {}): number =>
  sumOf(bucketsOf(given, around(given), rules).rise!)

async function byQuarters(given: readonly Reading[], edgesMs: Float64Array, rules: CounterRules) {
  const rows = new RowBuilder()
  for (const { timeMs, value } of given) rows.push(1, timeMs, 1, value, Number.isNaN(value) ? 4 : 0, timeMs)
  const chunks = (async function* () {
    yield rows.rows()
  })()
  const fill = fillBuckets('kWh', edgesMs, rules)
  for (const quarter of await quartersOf(chunks, { rankOf: () => 0 }, () => rules)) fill.addQuarter(quarter)
  return fill.done()
}

/** Any buckets over all readings. */
const cutsOf = (given: readonly Reading[], cuts: readonly number[]): Float64Array => {
  const [fromMs, toMs] = around(given) as unknown as [number, number]
  const inner = cuts.map((cut) => Math.round(fromMs + cut * (toMs - fromMs)))
  return Float64Array.from([...new Set([fromMs, ...inner, toMs])].sort((a, b) => a - b))
}
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 })
const near = (found: number, expected: number): void =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(expected)))

const resets = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 })

/** A meter that is set to zero right after some readings, which it shows by a fall; not after two in a row. */
function withResets(given: Steps, isReset: readonly boolean[]): readonly Reading[] {
  let zeroKwh = -1000
  let before = 0
  const shown = readings(given, (total, at) => {
    if (at > 1 && isReset[at] && !isReset[at - 1] && total - before < before - zeroKwh) zeroKwh = before
    before = total
    return total - zeroKwh
  })
  // One that is soon back above its old value is taken for a meter that dipped: at the next reading, or by quarters
  // at the next but one.
  const isDip = shown.some(({ value }, at) => {
    const former = shown[at - 1]
    return former && value < former.value && shown.slice(at + 1).some((one) => one.value >= former.value)
  })
  fc.pre(!isDip)
  return shown
}

describe('a counter', () => {
  it('rises over any buckets by what it rises over the whole, whatever it does (property)', () => {
    const shown = fc.array(fc.integer({ min: 0, max: 1000 }), { minLength: 40, maxLength: 40 })
    const rules = fc.constantFrom<CounterRules>({}, { rollover: 1000 }, { maxPerHour: 300 })
    fc.assert(
      fc.property(steps, shown, cuts, rules, (given, values, some, how) => {
        const wild = readings(given, (_, at) => values[at]!)
        near(sumOf(bucketsOf(wild, cutsOf(wild, some), how).rise!), wholeOf(wild, how))
      }),
    )
  })

  it('has used what it shows more (property)', () => {
    fc.assert(
      fc.property(steps, (given) => {
        near(wholeOf(readings(given, (total) => 5000 + total)), usedKwh(given))
      }),
    )
  })

  it('loses nothing where it is set to zero at a reading, any number of times (property)', () => {
    fc.assert(
      fc.property(steps, resets, (given, isReset) => {
        near(wholeOf(withResets(given, isReset)), usedKwh(given))
      }),
    )
  })

  it('goes over its top without a jump (property)', () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 100, max: 999 }), (given, from) => {
        near(
          wholeOf(
            readings(given, (total) => (from + total) % 1000),
            { rollover: 1000 },
          ),
          usedKwh(given),
        )
      }),
    )
  })

  it('is not moved by single readings that fall and come back (property)', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.integer({ min: 1, max: 38 }), { maxLength: 10 }), cuts, (given, dips, some) => {
        const clean = readings(given, (total) => 5000 + total)
        const dipped = clean.flatMap((one, at) =>
          dips.includes(at) && at < clean.length - 1 ? [one, { timeMs: one.timeMs + 30_000, value: at }] : [one],
        )
        const edges = cutsOf(clean, some)
        expect(bucketsOf(dipped, edges, {}).rise).toEqual(bucketsOf(clean, edges, {}).rise)
      }),
    )
  })

  it('never counts more in an hour than it can (property)', () => {
    const shown = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 40, maxLength: 40 })
    fc.assert(
      fc.property(steps, shown, cuts, (given, values, some) => {
        const wild = readings(given, (_, at) => values[at]!)
        const { rise, timestampsMs } = bucketsOf(wild, cutsOf(wild, some), { maxPerHour: 60 })
        const ends = [...timestampsMs.slice(1), wild.at(-1)!.timeMs + 1]
        rise!.forEach((value, at) => {
          if (!Number.isNaN(value))
            expect(value).toBeLessThanOrEqual((60.001 * (ends[at]! - timestampsMs[at]!)) / 3_600_000)
        })
      }),
    )
  })

  it('rises by quarters as by single readings, gaps and missing readings among them (property)', async () => {
    const missing = fc.array(fc.boolean(), { minLength: 40, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(steps, missing, fc.constantFrom(1, 4, 96), async (given, isMissing, width) => {
        const clean = readings(given, (total, at) => (isMissing[at] ? Number.NaN : 5000 + total))
        const edges = evenEdges(startMs, clean.at(-1)!.timeMs + 1, width * 900_000)
        const single = bucketsOf(clean, edges, {})
        const kept = await byQuarters(clean, edges, {})
        kept.rise!.forEach((value, at) => {
          if (Number.isNaN(value)) expect(single.rise![at]).toBeNaN()
          else near(value, single.rise![at]!)
        })
        expect(kept.riseQuality).toEqual(single.riseQuality)
        expect(kept.count).toEqual(single.count)
      }),
    )
  })

  it('rises by quarters as by single readings in all, over resets as well (property)', async () => {
    await fc.assert(
      fc.asyncProperty(steps, resets, async (given, isReset) => {
        // A fall that is the very last reading is left to what comes after it.
        const shown = withResets(given, [...isReset.slice(0, given.length - 1), false])
        const edges = evenEdges(startMs, shown.at(-1)!.timeMs + 1, 900_000)
        near(sumOf((await byQuarters(shown, edges, {})).rise!), usedKwh(given))
      }),
    )
  })
})
