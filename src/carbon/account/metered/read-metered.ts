import {
  type DataPort,
  type DeclaredPoint,
  declaredPoints,
  formatIso,
  MangroveError,
  type Problem,
  parseInstant,
  qualityNames,
  type Site,
  stepStartMs,
} from '../../../kernel/index.ts'
import { carbonErrors } from '../../errors.ts'
import type { Activity } from '../activity-schema.ts'
import type { Period } from '../inventory/period.ts'
import { fillPower } from './fill-power.ts'
import { readCounter } from './read-counter.ts'
import { type PowerSteps, readPower } from './read-power.ts'
import type { MeteredResult, MeteredRow } from './schema.ts'

/** A metered row as an activity, and how its amount came about. */
export interface Metered {
  readonly row: Activity
  readonly result: MeteredResult
}

interface Amount extends Omit<MeteredResult, 'id' | 'meter' | 'from' | 'to' | 'amount' | 'rule' | 'estimatedShare'> {
  readonly measured: number
  /** By the rule; NaN where it cannot tell. */
  readonly estimated: number
}

/** Share of the time that must be known before anything is estimated. */
const leastCoverage = 0.5

/**
 * Reads the amounts of metered rows. What is not known is an error, or estimated by the rule of the row and told.
 *
 * @throws `carbon.meter-gap` with every row whose meter tells too little, `carbon.bad-activity`
 */
export async function readMetered(
  site: Site,
  rows: readonly (MeteredRow & Period)[],
  data: DataPort,
): Promise<readonly Metered[]> {
  const points = new Map(declaredPoints(site).map((point) => [point.ref, point]))
  const problems: Problem[] = []
  const metered: Metered[] = []
  for (const row of rows) {
    try {
      metered.push(await readRow(site, row, points.get(row.meter), data))
    } catch (error) {
      if (!(error instanceof MangroveError)) throw error
      const path = `activities.${row.id}`
      problems.push(...error.problems.map((one) => ({ ...one, detail: `${row.id}: ${one.detail}`, place: { path } })))
    }
  }
  if (problems.length > 0) throw new MangroveError(problems)
  return metered
}

async function readRow(
  site: Site,
  row: MeteredRow & Period,
  point: DeclaredPoint | undefined,
  data: DataPort,
): Promise<Metered> {
  const { meter, side, gaps: rule = 'refuse', leastCoverage: least = leastCoverage, from, to, ...shared } = row
  const fromMs = parseInstant(from, site.zone)
  const toMs = parseInstant(to, site.zone)
  if (!(fromMs < toMs)) {
    throw carbonErrors.badActivity({
      detail: 'It ends before it begins',
      found: `${from} to ${to}`,
      expected: 'first day, and first day after',
    })
  }
  if (to > `${Number(from.slice(0, 4)) + 1}-01-01`) {
    throw carbonErrors.badActivity({
      detail: 'It goes over the end of a year, and factors are by the year',
      found: `${from} to ${to}`,
      expected: 'two rows',
    })
  }
  const asked = { meter, fromMs, toMs, path: `activities.${row.id}.meter` }
  const amount = point?.counter
    ? await counterAmount(data, site, { ...asked, unit: point.unit }, point.counter, rule)
    : await powerAmount(data, site, asked, side ?? 'import', rule)
  const { measured, estimated, ...told } = amount
  if (told.coverage < 1 && (rule === 'refuse' || told.coverage < least || !Number.isFinite(estimated))) {
    const share = `${(100 * told.coverage).toFixed(2)} %`
    const [longest] = told.gaps
    throw carbonErrors.meterGap({
      detail: `${meter} tells ${share} of the time from ${from} to ${to}${longest ? `; the longest gap is from ${longest.from} to ${longest.to}` : ''}`,
      found: told.coverage,
      expected:
        rule === 'refuse'
          ? 'all of it, or a rule for what is missing: gaps: scale, or gaps: like-hours'
          : told.coverage < least
            ? `at least ${100 * least} % for an estimate (leastCoverage)`
            : 'a rule that fits: a counter is scaled, and like-hours needs a known hour of each clock time that is missing',
    })
  }
  const total = measured + (told.coverage < 1 ? estimated : 0)
  if (total < 0) {
    throw carbonErrors.badActivity({
      detail: 'More went out than came in: a row has an amount of zero or more',
      found: total,
      expected: 'side: import or export',
    })
  }
  const accuracy = point?.accuracyClass === undefined ? undefined : point.accuracyClass / 100
  const text = total.toFixed(3)
  return {
    row: {
      ...(accuracy === undefined ? {} : { relative: accuracy }),
      errsWith: meter,
      ...shared,
      ...{ amount: text, unit: told.unit, from, to },
    },
    result: {
      ...{ id: row.id, meter, from, to, amount: text, rule },
      ...told,
      estimatedShare: total === 0 || told.coverage === 1 ? 0 : estimated / total,
      ...(accuracy === undefined ? {} : { accuracy }),
    },
  }
}

interface Asked {
  readonly meter: string
  readonly fromMs: number
  readonly toMs: number
  readonly path: string
}

async function powerAmount(
  data: DataPort,
  site: Site,
  asked: Asked,
  side: NonNullable<MeteredRow['side']>,
  rule: NonNullable<MeteredRow['gaps']>,
): Promise<Amount> {
  const steps = await readPower(data, site, asked)
  const { measuredKwh, estimatedKwh, knownSteps } = fillPower(steps, side, rule, site.zone)
  return {
    ...{ reads: 'power', unit: 'kWh', measured: measuredKwh, estimated: estimatedKwh },
    coverage: knownSteps / steps.grid.count,
    qualityShares: sharesOf(countQualities(steps)),
    gaps: longestGaps(steps, site.zone),
  }
}

async function counterAmount(
  data: DataPort,
  site: Site,
  asked: Asked & { readonly unit: string },
  rules: NonNullable<DeclaredPoint['counter']>,
  rule: NonNullable<MeteredRow['gaps']>,
): Promise<Amount> {
  const { fromMs, toMs } = asked
  const { rise, knownFromMs, knownToMs, resets, refused, byQuality } = await readCounter(data, site, asked, rules)
  if (refused > 0) {
    throw carbonErrors.meterGap({
      detail: `${asked.meter} rose by more than it can (maxPerHour) ${refused} times`,
      found: refused,
      expected: 'readings that the counter can have, or the amount of the row stated',
    })
  }
  const coverage = (knownToMs - knownFromMs) / (toMs - fromMs)
  const gaps = [
    ...(knownFromMs > fromMs ? [[fromMs, coverage === 0 ? toMs : knownFromMs] as const] : []),
    ...(knownToMs < toMs ? [[knownToMs, toMs] as const] : []),
  ]
  return {
    ...{ reads: 'counter', unit: asked.unit, measured: rise, coverage, resets },
    estimated: rule === 'scale' && coverage > 0 ? rise / coverage - rise : Number.NaN,
    qualityShares: sharesOf(byQuality),
    gaps: gaps.map(([a, b]) => ({ from: formatIso(a, site.zone), to: formatIso(b, site.zone) })),
  }
}

function countQualities({ powerKw, quality: marks }: PowerSteps): Uint32Array {
  const counts = new Uint32Array(qualityNames.length)
  powerKw.forEach((value, k) => {
    if (!Number.isNaN(value)) counts[marks[k]!]! += 1
  })
  return counts
}

function sharesOf(counts: Uint32Array): Record<string, number> {
  const known = counts.reduce((sum, count) => sum + count, 0)
  return Object.fromEntries(
    qualityNames.flatMap((name, code) => (counts[code]! > 0 ? [[name, counts[code]! / known] as const] : [])),
  )
}

function longestGaps({ grid, powerKw }: PowerSteps, zone: string): MeteredResult['gaps'] {
  const gaps: { first: number; count: number }[] = []
  powerKw.forEach((value, k) => {
    if (!Number.isNaN(value)) return
    const last = gaps.at(-1)
    if (last && last.first + last.count === k) last.count += 1
    else gaps.push({ first: k, count: 1 })
  })
  return gaps
    .sort((a, b) => b.count - a.count || a.first - b.first)
    .slice(0, 5)
    .map(({ first, count }) => ({
      from: formatIso(stepStartMs(grid, first), zone),
      to: formatIso(stepStartMs(grid, first + count), zone),
    }))
}
