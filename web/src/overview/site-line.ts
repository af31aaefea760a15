import { type Alarm, isHidden, isUnacknowledged, type Priority, priorities } from '../alarms/alarm.ts'
import type { Now, PointHistory, PublishedPlan, Site, SiteSummary } from '../api/types.ts'
import { type Rates, ratesOf } from '../park/figures.ts'
import type { LookUp } from '../park/flow.ts'
import { planStepMs, planSteps, planValues } from '../plan/steps.ts'
import type { Tone } from '../ui/tone.tsx'
import { endOfDayMs } from './day.ts'

export const bucketMs = 900_000
/** A site whose newest value is older is stale, ms. */
export const staleMs = 120_000
/** A plan is renewed every quarter of an hour; with grace, ms. */
const oldPlanMs = 20 * 60_000

/** What is known of a site; absent is not known yet, or not known at all. */
export interface KnownOfSite {
  readonly summary: SiteSummary
  readonly site: Site | undefined
  readonly now: Now | undefined
  /** Null: none is published. */
  readonly plan: PublishedPlan | null | undefined
  /** Of the day so far, in quarters of an hour. */
  readonly history: Readonly<Record<string, PointHistory>> | undefined
  readonly alarms: readonly Alarm[] | undefined
  /** What setpoints follow; null where a site commands nothing. */
  readonly mode: 'plan' | 'fallback' | 'hold' | null | undefined
  /** Nothing could be asked. */
  readonly failed: boolean
}

export type SiteWord =
  | 'unknown'
  | 'unreached'
  | 'alarms'
  | 'stale'
  | 'hold'
  | 'fallback'
  | 'noPlan'
  | 'watch'
  | 'plan'
  | 'runs'

export interface DayMoney {
  readonly soFar: number | undefined
  /** What the plan has for the rest of the day. */
  readonly rest: number | undefined
}

/** One site as the overview tells it. */
export interface SiteLine {
  readonly id: string
  readonly name: string
  readonly latitude: number
  readonly longitude: number
  readonly currency: string
  readonly simulated: boolean
  readonly word: SiteWord
  readonly tone: Tone
  readonly useKw: number | undefined
  /** Own production, renewable or not. */
  readonly ownKw: number | undefined
  /** Own renewable energy of this hour, and what it is a share of, kWh. */
  readonly renewableKwh: number | undefined
  readonly sourcesKwh: number | undefined
  /** Alarms that stand, by priority; undefined while they are not known. */
  readonly alarms: Readonly<Record<Priority, number>> | undefined
  readonly cost: DayMoney
  readonly carbonKg: DayMoney
  /** Age of the newest value, ms. */
  readonly ageMs: number | undefined
}

const countStanding = (alarms: readonly Alarm[]): Readonly<Record<Priority, number>> => {
  const counts = { critical: 0, high: 0, medium: 0, low: 0 }
  for (const alarm of alarms) {
    if (!isHidden(alarm) && (alarm.condition || isUnacknowledged(alarm)) && alarm.state !== 'normal')
      counts[alarm.priority] += 1
  }
  return counts
}

/** The gravest priority that stands. */
export const worstOf = (counts: Readonly<Record<Priority, number>> | undefined): Priority | undefined =>
  counts && priorities.find((priority) => counts[priority] > 0)

const toneOfPriority: Readonly<Record<Priority, Tone>> = {
  critical: 'alarm',
  high: 'alarm',
  medium: 'warning',
  low: 'advisory',
}

/** Values of the quarter of an hour that begins at a moment. */
function bucketsOf(history: Readonly<Record<string, PointHistory>>): readonly { startMs: number; lookUp: LookUp }[] {
  const starts = new Map<number, Map<string, number>>()
  for (const [ref, { timestampsMs, values }] of Object.entries(history)) {
    timestampsMs.forEach((startMs, index) => {
      const value = values[index]
      const own = starts.get(startMs) ?? new Map<string, number>()
      if (value !== null && value !== undefined) own.set(ref, value)
      starts.set(startMs, own)
    })
  }
  return [...starts].sort(([a], [b]) => a - b).map(([startMs, own]) => ({ startMs, lookUp: (ref) => own.get(ref) }))
}

/** Rates of a stretch of the day with the hours each counts for. */
interface Piece {
  readonly rates: Rates | undefined
  readonly hours: number
}

/** Sums; undefined as soon as a part of it is not known. */
const total = (pieces: readonly Piece[], pick: (rates: Rates) => number | undefined): number | undefined => {
  let sum = 0
  for (const { rates, hours } of pieces) {
    const value = rates && pick(rates)
    if (value === undefined) return undefined
    sum += value * hours
  }
  return pieces.length === 0 ? undefined : sum
}

function restOfDay(known: KnownOfSite, nowMs: number): readonly Piece[] {
  const { plan, site, summary } = known
  if (!plan || !site) return []
  const endMs = endOfDayMs(nowMs, summary.zone)
  const stepMs = planStepMs(plan)
  return Array.from({ length: planSteps(plan) }, (_, step) => {
    const fromMs = Math.max(nowMs, plan.startMs + step * stepMs)
    const toMs = Math.min(endMs, plan.startMs + (step + 1) * stepMs)
    return { hours: (toMs - fromMs) / 3_600_000, rates: ratesOf(site.assets, planValues(plan, step)) }
  }).filter(({ hours }) => hours > 0)
}

/** How a site is, the worst first: what the map and the table say of it. */
function wordOf(known: KnownOfSite, line: Pick<SiteLine, 'alarms' | 'ageMs'>, nowMs: number): [SiteWord, Tone] {
  const worst = worstOf(line.alarms)
  if (known.failed && !known.now) return ['unreached', 'stale']
  if (worst === 'critical' || worst === 'high') return ['alarms', toneOfPriority[worst]]
  if (known.now === undefined) return ['unknown', 'stale']
  if (line.ageMs === undefined || line.ageMs > staleMs) return ['stale', 'stale']
  if (known.mode === 'hold') return ['hold', 'manual']
  if (known.mode === 'fallback') return ['fallback', 'warning']
  if (worst) return ['watch', toneOfPriority[worst]]
  if (known.plan === undefined) return ['runs', 'good']
  if (known.plan === null || nowMs - known.plan.publishedMs > oldPlanMs) return ['noPlan', 'advisory']
  return ['plan', 'good']
}

/** Puts together what is told of a site. */
export function siteLineOf(known: KnownOfSite, nowMs: number): SiteLine {
  const { summary, site, now, history } = known
  const rates = site && now ? ratesOf(site.assets, (ref) => now.points[ref]?.value ?? undefined) : undefined
  const buckets = (history ? bucketsOf(history) : []).filter(({ startMs }) => startMs < nowMs)
  const pieces = buckets.map(({ startMs, lookUp }) => ({
    startMs,
    rates: site && ratesOf(site.assets, lookUp),
    hours: (Math.min(nowMs, startMs + bucketMs) - startMs) / 3_600_000,
  }))
  const hourMs = Math.floor(nowMs / 3_600_000) * 3_600_000
  // In the first minutes of an hour nothing of it is stored yet: what flows now is the best that is known of it.
  const stored = pieces.filter(({ startMs, rates: own }) => startMs >= hourMs && own)
  const ofHour: readonly Piece[] = stored.length > 0 ? stored : rates ? [{ rates, hours: 1 }] : []
  const rest = restOfDay(known, nowMs)
  const alarms = known.alarms && countStanding(known.alarms)
  const ageMs = now && now.timestampMs > 0 ? Math.max(0, nowMs - now.timestampMs) : undefined
  const [word, tone] = wordOf(known, { alarms, ageMs }, nowMs)
  return {
    ...{ id: summary.id, name: summary.name, currency: summary.currency, simulated: summary.simulated },
    ...{ latitude: summary.location.latitude, longitude: summary.location.longitude },
    ...{ word, tone, alarms, ageMs },
    useKw: rates?.useKw,
    ownKw: rates && rates.sourcesKw - rates.importKw,
    renewableKwh: total(ofHour, ({ renewableKw }) => renewableKw),
    sourcesKwh: total(ofHour, ({ sourcesKw }) => sourcesKw),
    cost: {
      soFar: total(pieces, ({ costPerHour }) => costPerHour),
      rest: total(rest, ({ costPerHour }) => costPerHour),
    },
    carbonKg: {
      soFar: total(pieces, ({ carbonPerHour }) => carbonPerHour),
      rest: total(rest, ({ carbonPerHour }) => carbonPerHour),
    },
  }
}

const toneOrder = ['alarm', 'warning', 'manual', 'stale', 'advisory', 'good'] as const

/** The lower, the sooner a person has to look. */
export const toneRank = (tone: Tone): number => (toneOrder as readonly Tone[]).indexOf(tone)

/** What needs a person on top; among equals as they come. What is not known yet keeps its place, so that nothing jumps. */
export const worstFirst = (lines: readonly SiteLine[]): readonly SiteLine[] =>
  lines.some(({ word }) => word === 'unknown') ? lines : lines.toSorted((a, b) => toneRank(a.tone) - toneRank(b.tone))

/** Renewable share of this hour; undefined where nothing flows or it is not known. */
export const shareOf = ({
  renewableKwh,
  sourcesKwh,
}: Pick<SiteLine, 'renewableKwh' | 'sourcesKwh'>): number | undefined =>
  renewableKwh !== undefined && sourcesKwh !== undefined && sourcesKwh > 0 ? renewableKwh / sourcesKwh : undefined

/** The whole of a day: what was, and what is planned. Undefined unless both are known. */
export const dayOf = ({ soFar, rest }: DayMoney): number | undefined =>
  soFar === undefined || rest === undefined ? undefined : soFar + rest
