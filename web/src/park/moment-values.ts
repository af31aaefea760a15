import { useMemo } from 'react'
import { useLive } from '../api/live.ts'
import { historyBucketMs, useHistory, usePlan } from '../api/queries.ts'
import type { PointHistory, Site } from '../api/types.ts'
import { useMoment, useSiteId } from '../app/moment.ts'
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

export interface MomentValues {
  readonly lookUp: LookUp
  /** False where no value at all is known of the moment. */
  readonly known: boolean
}

const none: readonly string[] = []

/**
 * The values of the moment of the time bar: live, from history, or from the plan.
 *
 * @param more points besides those that every page of a park draws; keep it the same while it holds the same
 */
export function useMomentValues(site: Site, more: readonly string[] = none): MomentValues {
  const siteId = useSiteId()
  const { timestampMs, kind } = useMoment()
  const refs = useMemo(() => [...shownRefs(site), ...more], [site, more])
  const live = useLive(siteId)
  const history = useHistory(siteId, refs)
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
  return { lookUp, known: refs.some((ref) => lookUp(ref) !== undefined) }
}
