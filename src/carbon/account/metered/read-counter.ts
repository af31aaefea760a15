import { type CounterSpec, type DataPort, quality, type Site } from '../../../kernel/index.ts'

const stepMs = 60_000
/** Time read at once: with a reading a second it stays below what one answer of the store carries. */
const chunkMs = 2 * 86_400_000
/** The last reading before a span, and the first after it, may be this far away. */
const reachMs = 2 * 86_400_000

/** How far a counter rose in a span of time. */
export interface CounterRise {
  /** Within the known part, in the unit of the counter. */
  readonly rise: number
  /** First and last moment of the span that readings stand about; equal where there are none. */
  readonly knownFromMs: number
  readonly knownToMs: number
  /** Falls that began anew, from zero or over the top. */
  readonly resets: number
  /** Steps that were larger than the counter can go: nothing is counted. */
  readonly refused: number
  /** Readings by quality code. */
  readonly byQuality: Uint32Array
}

interface Reading {
  readonly timeMs: number
  readonly value: number
}

/**
 * How far a counter rose between two moments: from reading to reading, and between the two that stand about a moment evenly over
 * time. Readings are taken to the minute. A fall that is back at the next reading is a dip of the meter and left out; after any
 * other fall it began anew.
 *
 * @param unit of the counter, as the site declares it
 */
export async function readCounter(
  data: DataPort,
  site: Site,
  asked: {
    readonly meter: string
    readonly unit: string
    readonly fromMs: number
    readonly toMs: number
    readonly path: string
  },
  rules: CounterSpec,
): Promise<CounterRise> {
  const { meter, unit, fromMs, toMs, path } = asked
  const readings: Reading[] = []
  const byQuality = new Uint32Array(5)
  for (let startMs = fromMs - reachMs; startMs < toMs + reachMs; startMs += chunkMs) {
    const count = Math.round((Math.min(startMs + chunkMs, toMs + reachMs) - startMs) / stepMs)
    const grid = { startMs, stepMs, count }
    const series = await data.series(site, { source: { observation: meter }, grid, unit, path })
    series.values.forEach((value, k) => {
      if (Number.isNaN(value)) return
      const timeMs = startMs + k * stepMs
      readings.push({ timeMs, value })
      if (timeMs >= fromMs && timeMs <= toMs) byQuality[series.quality[k] ?? quality.suspect]! += 1
    })
  }
  return { ...riseBetween(withoutDips(readings), fromMs, toMs, rules), byQuality }
}

/** Leaves out what fell and is back at the next reading. */
const withoutDips = (readings: readonly Reading[]): readonly Reading[] =>
  readings.filter(({ value }, k) => {
    const before = readings[k - 1]
    const next = readings[k + 1]
    return !(before && next && value < before.value && next.value >= before.value)
  })

/** The rise within a span; see {@link readCounter}. Readings are in order of time. */
export function riseBetween(
  readings: readonly Reading[],
  fromMs: number,
  toMs: number,
  rules: CounterSpec,
): Omit<CounterRise, 'byQuality'> {
  let [rise, resets, refused] = [0, 0, 0]
  let knownFromMs = toMs
  let knownToMs = fromMs
  for (let k = 1; k < readings.length; k += 1) {
    const before = readings[k - 1]!
    const after = readings[k]!
    const beginMs = Math.max(before.timeMs, fromMs)
    const endMs = Math.min(after.timeMs, toMs)
    if (!(endMs > beginMs)) continue
    knownFromMs = Math.min(knownFromMs, beginMs)
    knownToMs = Math.max(knownToMs, endMs)
    const step = stepOf(before, after, rules)
    if (step === undefined) {
      refused += 1
      continue
    }
    if (after.value < before.value) resets += 1
    rise += (step * (endMs - beginMs)) / (after.timeMs - before.timeMs)
  }
  return knownFromMs < knownToMs
    ? { rise, knownFromMs, knownToMs, resets, refused }
    : { rise: 0, knownFromMs: fromMs, knownToMs: fromMs, resets: 0, refused: 0 }
}

/** From one reading to the next; undefined for more than the counter can count in that time. */
function stepOf(before: Reading, after: Reading, { rollover, maxPerHour }: CounterSpec): number | undefined {
  const fell = after.value < before.value
  // Over the top: from the upper half of the known range into its lower half.
  const rolled = fell && rollover !== undefined && before.value > rollover / 2 && after.value < rollover / 2
  const rise = fell ? (rolled ? after.value + rollover - before.value : after.value) : after.value - before.value
  const hours = (after.timeMs - before.timeMs) / 3_600_000
  return maxPerHour !== undefined && rise > maxPerHour * Math.max(1, hours) * 1.000001 ? undefined : rise
}
