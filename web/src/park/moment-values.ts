import { useMemo } from 'react'
import { useLive } from '../api/live.ts'
import { historyBucketMs, type TimeWindow, useHistory, usePlan } from '../api/queries.ts'
import type { PointHistory, Site } from '../api/types.ts'
import { useMoment, useSiteId } from '../app/moment.ts'
import type { Pedigree } from '../pedigree/pedigree.ts'
import { planStepAt, planValues } from '../plan/steps.ts'
import { carrierPoints } from '../ui/carriers.ts'
import { familyOf } from '../ui/families.ts'
import type { LookUp } from './flow.ts'

type Histories = Readonly<Record<string, PointHistory>>

const shownPoints: ReadonlySet<string> = new Set([
  ...carrierPoints,
  'availableKw',
  'soc',
  'importPrice',
  'exportPrice',
  'carbonIntensity',
])

/** References of the points that the pages of a park draw. */
export const shownRefs = (site: Site | undefined): readonly string[] =>
  (site?.assets ?? [])
    .filter(({ kind }) => familyOf(kind))
    .flatMap(({ points }) => points.filter(({ id }) => shownPoints.has(id)).map(({ ref }) => ref))

/** Starts of the buckets of a history, ms. */
export function bucketStarts(history: Histories): readonly number[] {
  const starts = new Set<number>()
  for (const { timestampsMs } of Object.values(history)) for (const atMs of timestampsMs) starts.add(atMs)
  return [...starts].sort((a, b) => a - b)
}

/** Values of a history by moment; a moment finds the bucket it falls in. */
export function historyValues(history: Histories): (timestampMs: number) => LookUp {
  const tables = new Map(
    Object.entries(history).map(([ref, { timestampsMs, values }]) => [
      ref,
      new Map(timestampsMs.map((atMs, index) => [atMs, values[index] ?? undefined])),
    ]),
  )
  return (timestampMs) => {
    const bucketMs = Math.floor(timestampMs / historyBucketMs) * historyBucketMs
    return (ref) => tables.get(ref)?.get(bucketMs)
  }
}

const halfDayMs = 43_200_000

/**
 * The stretch of history that a moment of the past needs: the day before it, and some of what came after. It is the same for half
 * a day of moments and overlaps with the next, so that time can be played without a gap.
 */
export function windowOf(timestampMs: number): TimeWindow {
  const half = Math.floor(timestampMs / halfDayMs)
  return { fromMs: (half - 2) * halfDayMs, toMs: (half + 1.5) * halfDayMs }
}

const none: readonly string[] = []

/**
 * The history around a moment of the past; for now and for the plan, the last day.
 *
 * @param more points besides those that every page of a park draws; keep it the same while it holds the same
 */
export function useMomentHistory(site: Site, more: readonly string[] = none) {
  const { timestampMs, kind } = useMoment()
  const refs = useMemo(() => [...new Set([...shownRefs(site), ...more])], [site, more])
  return useHistory(site.id, refs, kind === 'history' ? windowOf(timestampMs) : undefined)
}

export interface MomentValues {
  readonly lookUp: LookUp
  /** False where no value at all is known of the moment. */
  readonly known: boolean
  /** True until the values of the moment could be there. */
  readonly waiting: boolean
  /** Where the value of a point at this moment comes from. */
  readonly sourceOf: (ref: string) => Pedigree | undefined
}

/** The values of the moment of the time bar: live, from history, or from the plan. @param more as of {@link useMomentHistory} */
export function useMomentValues(site: Site, more: readonly string[] = none): MomentValues {
  const siteId = useSiteId()
  const { timestampMs, kind } = useMoment()
  const refs = useMemo(() => [...shownRefs(site), ...more], [site, more])
  const live = useLive(siteId)
  const history = useMomentHistory(site, more)
  const plan = usePlan(siteId)
  const fromHistory = useMemo(() => historyValues(history.data ?? {}), [history.data])
  const lookUp: LookUp =
    kind === 'live'
      ? (ref) => live.now?.points[ref]?.value ?? undefined
      : kind === 'history'
        ? fromHistory(timestampMs)
        : plan.data
          ? planValues(plan.data, planStepAt(plan.data, timestampMs))
          : () => undefined
  const sourceOf = (ref: string): Pedigree | undefined => {
    if (kind !== 'plan') return { kind: 'point', site: siteId, ref, ...(kind === 'history' ? { timestampMs } : {}) }
    const step = plan.data ? planStepAt(plan.data, timestampMs) : undefined
    return plan.data && step !== undefined
      ? { kind: 'run', run: plan.data.evidence, title: ref, path: ['series', ref, step] }
      : undefined
  }
  const waiting =
    kind === 'live'
      ? live.now === undefined
      : kind === 'history'
        ? history.isPending || history.isPlaceholderData
        : plan.isPending
  return { lookUp, known: refs.some((ref) => lookUp(ref) !== undefined), waiting, sourceOf }
}
