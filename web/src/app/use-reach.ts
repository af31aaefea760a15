import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { ask } from '../api/client.ts'
import { usePlan } from '../api/queries.ts'
import type { PointHistory, Site } from '../api/types.ts'
import { shownRefs } from '../park/moment-values.ts'
import { planEndMs } from '../plan/steps.ts'
import { quarterHourMs } from './moment.ts'
import type { TimeView } from './time-view.ts'

/** Points that are asked for the first observation of a site: each costs a look into the store. */
const askedPoints = 4
const dayMs = 86_400_000

/** Starts of stored time; undefined where nothing is stored. */
export const earliestOf = (
  points: Readonly<Record<string, Pick<PointHistory, 'timestampsMs'>>>,
): number | undefined => {
  const firsts = Object.values(points).flatMap(({ timestampsMs: [first] }) => (first === undefined ? [] : [first]))
  return firsts.length === 0 ? undefined : Math.min(...firsts)
}

/** From the first observation of a site to the end of its plan. Until they are known: the last day and the next. */
export function useReach(site: Site, nowMs: number): TimeView {
  const refs = useMemo(() => shownRefs(site).slice(0, askedPoints), [site])
  const first = useQuery({
    queryKey: ['first-observation', site.id, refs],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ site: site.id, points: refs.join(','), from: '0', limit: '1' })
      return ask<{ readonly points: Readonly<Record<string, PointHistory>> }>(`/api/v1/observations?${query}`, {
        signal,
      }).then(({ points }) => earliestOf(points) ?? null)
    },
    enabled: refs.length > 0,
    staleTime: 3_600_000,
  }).data
  const plan = usePlan(site.id).data
  const toMs = Math.max(nowMs, plan ? planEndMs(plan) : plan === null ? nowMs : nowMs + dayMs)
  const fromMs = Math.min(first ?? nowMs - dayMs, nowMs)
  return { fromMs: Math.floor(fromMs / quarterHourMs) * quarterHourMs, toMs }
}
