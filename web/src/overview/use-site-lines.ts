import { useQueries } from '@tanstack/react-query'
import type { Alarm } from '../alarms/alarm.ts'
import { ApiError, ask } from '../api/client.ts'
import { serverNowMs } from '../api/clock.ts'
import type { Now, PointHistory, PublishedPlan, Site, SiteSummary } from '../api/types.ts'
import { shownRefs } from '../park/moment-values.ts'
import { startOfDayMs } from './day.ts'
import { type SiteLine, siteLineOf } from './site-line.ts'

const rootOf = (id: string): string => `/api/v1/sites/${encodeURIComponent(id)}`
const slowMs = 60_000

/** The faster part is asked for this often; many sites share what one server answers in that time. */
export const freshMs = (sites: number): number => Math.max(5000, sites * 500)

const unlessThere = <T>(asked: Promise<T>, code: string): Promise<T | null> =>
  asked.catch((error: unknown) => {
    if (error instanceof ApiError && error.problem.code === code) return null
    throw error
  })

interface Fast {
  readonly now: Now
  readonly alarms: readonly Alarm[]
  readonly mode: 'plan' | 'fallback' | 'hold' | null
}

const askFast = async (id: string, signal: AbortSignal): Promise<Fast> => {
  const query = new URLSearchParams({ site: id, limit: '1000' })
  const [now, told, commands] = await Promise.all([
    ask<Now>(`${rootOf(id)}/now`, { signal }),
    ask<{ readonly alarms: readonly Alarm[] }>(`/api/v1/alarms?${query}`, { signal }),
    ask<{ readonly mode: Fast['mode']; readonly setpoints: readonly unknown[] }>(`${rootOf(id)}/commands`, { signal }),
  ])
  return { now, alarms: told.alarms, mode: commands.setpoints.length === 0 ? null : commands.mode }
}

const askDay = (site: Site, signal: AbortSignal) => {
  const query = new URLSearchParams({
    site: site.id,
    points: shownRefs(site).join(','),
    bucket: '15m',
    from: String(startOfDayMs(serverNowMs(), site.zone)),
  })
  return ask<{ readonly points: Readonly<Record<string, PointHistory>> }>(`/api/v1/observations?${query}`, {
    signal,
  }).then(({ points }) => points)
}

/** Everything that the overview tells of its sites, kept fresh. */
export function useSiteLines(summaries: readonly SiteSummary[], nowMs: number): readonly SiteLine[] {
  const ids = summaries.map(({ id }) => id)
  const sites = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['site', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => ask<Site>(rootOf(id), { signal }),
      staleTime: 300_000,
    })),
  })
  const fast = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['overview-now', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => askFast(id, signal),
      refetchInterval: freshMs(ids.length),
    })),
  })
  const plans = useQueries({
    queries: ids.map((id) => ({
      queryKey: ['plan', id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        unlessThere(ask<PublishedPlan>(`${rootOf(id)}/plan`, { signal }), 'server.no-plan'),
      refetchInterval: slowMs,
    })),
  })
  const days = useQueries({
    queries: ids.map((id, index) => ({
      queryKey: ['overview-day', id],
      queryFn: ({ signal }: { signal: AbortSignal }) => askDay(sites[index]?.data as Site, signal),
      enabled: sites[index]?.data !== undefined && shownRefs(sites[index]?.data).length > 0,
      refetchInterval: slowMs,
    })),
  })
  return summaries.map((summary, index) =>
    siteLineOf(
      {
        summary,
        site: sites[index]?.data,
        now: fast[index]?.data?.now,
        alarms: fast[index]?.data?.alarms,
        mode: fast[index]?.data?.mode,
        plan: plans[index]?.data,
        history: days[index]?.data,
        failed: fast[index]?.isError === true,
      },
      nowMs,
    ),
  )
}
