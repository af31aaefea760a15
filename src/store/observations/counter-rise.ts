/** What is known of a counter, beyond that it counts up. */
export interface CounterRules {
  /** Value at which it begins again from zero: 100000 for a meter of five digits. */
  readonly rollover?: number
  /** What it can rise by in an hour at most; a larger step is no energy but a fault, and counts nothing. */
  readonly maxPerHour?: number
}

/** A stretch of readings in order of time. A single reading has `first` = `last` and no rise. */
export interface CounterStretch {
  readonly firstMs: number
  readonly first: number
  readonly lastMs: number
  readonly last: number
  /** Between first and last, over resets. */
  readonly rise: number
}

/** From one reading to the next. */
export interface CounterStep {
  readonly rise: number
  /** The step was larger than the counter can go; it counts nothing. */
  readonly refused: boolean
}

/**
 * By how much a counter rose from one reading to the next: the difference; after a fall from the upper half below the
 * lower half of a known range, the way over the top; after any other fall, what it counted since it began from zero.
 */
export function counterStep(
  before: number,
  beforeMs: number,
  value: number,
  valueMs: number,
  { rollover, maxPerHour }: CounterRules,
): CounterStep {
  const fell = value < before
  const rolled = fell && rollover !== undefined && before > rollover / 2 && before <= rollover && value < rollover / 2
  const rise = fell ? (rolled ? value + rollover - before : value) : value - before
  const hours = (valueMs - beforeMs) / 3_600_000
  // A reading is rounded: one part in a million is let pass. A register of whole kWh that is read each second steps by what
  // its machine makes in minutes: a single step may be what an hour can count.
  if (rise < 0 || (maxPerHour !== undefined && rise > maxPerHour * Math.max(1, hours) * 1.000001)) {
    return { rise: 0, refused: true }
  }
  return { rise, refused: false }
}

/** Calls `use` for every stretch that counts: what falls and is back at the next is a dip of the meter and left out. */
export function withoutDips(
  stretches: readonly CounterStretch[],
  use: (stretch: CounterStretch, before: CounterStretch | undefined) => void,
): void {
  let before: CounterStretch | undefined
  for (let at = 0; at < stretches.length; at += 1) {
    let stretch = stretches[at]!
    const next = stretches[at + 1]
    if (before && stretch.first < before.last && stretch.last < before.last && next && next.first >= before.last) {
      continue
    }
    if (before && stretch.first < before.last && stretch.last >= before.last && stretch.rise > 0) {
      // It fell at the seam and was back within the stretch.
      const { lastMs, last } = stretch
      stretch = { firstMs: lastMs, first: last, lastMs, last, rise: 0 }
    }
    use(stretch, before)
    before = stretch
  }
}

/** The rise over readings that are added in order of time, with one reading of patience for dips. */
export interface Rise {
  add(reading: CounterStretch): void
  /** The stretch of all readings so far; undefined without any. */
  ends(): CounterStretch | undefined
}

export function createRise(rules: CounterRules): Rise {
  let first: CounterStretch | undefined
  let last: CounterStretch | undefined
  let rise = 0
  /** It fell; the next reading tells whether that was a dip. */
  let low: CounterStretch | undefined
  const go = (reading: CounterStretch): void => {
    if (last) rise += counterStep(last.last, last.lastMs, reading.first, reading.firstMs, rules).rise
    first ??= reading
    last = reading
  }
  return {
    add(reading) {
      if (low) {
        const dip = last && reading.first >= last.last
        if (!dip) go(low)
        low = undefined
      }
      if (last && reading.first < last.last) low = reading
      else go(reading)
    },
    ends() {
      // A fall at the very end is left to what comes after: from the reading before it the step is the same, if it
      // was a reset, and none, if it was a dip.
      if (!first || !last) return undefined
      return { firstMs: first.firstMs, first: first.first, lastMs: last.lastMs, last: last.last, rise }
    },
  }
}

/** Rises of buckets; NaN where no two readings stand about the bucket. */
export interface BucketRises {
  readonly rise: Float64Array
  /** 1 where part of the bucket has no reading around it, or none within it: it was spread evenly over a gap. */
  readonly estimated: Uint8Array
  /** 1 where a step was refused. */
  readonly suspect: Uint8Array
}

/**
 * Shares the rise of a counter out to buckets. Between two readings it is spread evenly over time, so that the sum over
 * buckets is the rise of the whole, whatever the buckets; before the first and after the last reading nothing is known.
 *
 * @param edgesMs one more than there are buckets, ascending; no edge lies within a stretch that has a rise of its own
 */
export function riseOfBuckets(
  stretches: readonly CounterStretch[],
  edgesMs: Float64Array,
  rules: CounterRules,
): BucketRises {
  const count = edgesMs.length - 1
  const rise = new Float64Array(count).fill(Number.NaN)
  const covered = new Float64Array(count)
  const estimated = new Uint8Array(count)
  const suspect = new Uint8Array(count)
  const read = new Uint8Array(count)
  const bucketAt = (timeMs: number, from: number): number => {
    let bucket = from
    while (bucket < count && edgesMs[bucket + 1]! <= timeMs) bucket += 1
    return bucket
  }
  const give = (bucket: number, share: number): void => {
    rise[bucket] = Number.isNaN(rise[bucket]!) ? share : rise[bucket]! + share
  }
  let at = 0
  withoutDips(stretches, (stretch, before) => {
    if (before) {
      const { rise: step, refused } = counterStep(before.last, before.lastMs, stretch.first, stretch.firstMs, rules)
      const gapMs = stretch.firstMs - before.lastMs
      let bucket = bucketAt(before.lastMs, at)
      for (; bucket < count && edgesMs[bucket]! < stretch.firstMs; bucket += 1) {
        const overlapMs = Math.min(stretch.firstMs, edgesMs[bucket + 1]!) - Math.max(before.lastMs, edgesMs[bucket]!)
        if (overlapMs <= 0) continue
        give(bucket, gapMs > 0 ? (step * overlapMs) / gapMs : step)
        covered[bucket]! += overlapMs
        if (refused) suspect[bucket] = 1
        // Shared with other buckets over a longer way than this one is wide: a gap, even where a reading stands at its edge.
        if (gapMs > edgesMs[bucket + 1]! - edgesMs[bucket]!) estimated[bucket] = 1
      }
    }
    at = bucketAt(stretch.firstMs, at)
    if (at < count && stretch.firstMs >= edgesMs[0]!) {
      read[at] = 1
      if (stretch.lastMs > stretch.firstMs) {
        give(at, stretch.rise)
        covered[at]! += stretch.lastMs - stretch.firstMs
      }
    }
  })
  for (let bucket = 0; bucket < count; bucket += 1) {
    const widthMs = edgesMs[bucket + 1]! - edgesMs[bucket]!
    if (!Number.isNaN(rise[bucket]!) && (read[bucket] === 0 || covered[bucket]! < widthMs - 0.5)) estimated[bucket] = 1
  }
  return { rise, estimated, suspect }
}
