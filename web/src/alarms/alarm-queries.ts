import { useQuery } from '@tanstack/react-query'
import { ask, send } from '../api/client.ts'
import { serverNowMs } from '../api/clock.ts'
import type { Alarm, Priority } from './alarm.ts'
import type { JournalLine } from './announcements.ts'

const root = '/api/v1/alarms'

/** A figure of an alarm system beside its target. */
export interface AlarmFigure {
  readonly value: number
  readonly met: boolean
  readonly most: number
  readonly source: string
}

export const figureNames = [
  'averagePerTenMinutes',
  'peakPerTenMinutes',
  'floodShare',
  'standing',
  'stale',
  'chattering',
  'fleeting',
  'topTenShare',
] as const
export type FigureName = (typeof figureNames)[number]

export interface AlarmKpis extends Readonly<Record<FigureName, AlarmFigure>> {
  readonly fromMs: number
  readonly toMs: number
  readonly operators: number
  readonly announcements: number
  readonly byPriority: Readonly<Record<Priority, { readonly count: number; readonly share: number }>>
  readonly top: readonly { readonly alarm: string; readonly count: number }[]
}

export interface JournalPage {
  readonly lines: readonly JournalLine[]
  readonly next?: string
}

/** Every alarm of a site, those that are normal too. */
export const useAllAlarms = (site: string) =>
  useQuery({
    queryKey: ['alarms', site],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ site, state: 'all', limit: '1000' })
      return ask<{ readonly alarms: readonly Alarm[] }>(`${root}?${query}`, { signal }).then(({ alarms }) => alarms)
    },
    staleTime: 300_000,
  })

/** @param number that of the newest entry of the log: another one is another answer */
export const useAlarmKpis = (site: string, spanMs: number, number: number) =>
  useQuery({
    queryKey: ['alarm-kpis', site, spanMs, number],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({ site, from: String(serverNowMs() - spanMs), to: String(serverNowMs()) })
      return ask<AlarmKpis>(`${root}/kpis?${query}`, { signal })
    },
    placeholderData: (before) => before,
    refetchInterval: 60_000,
  })

interface JournalWish {
  /** Of the newest entry of the log. */
  readonly number: number
  readonly alarm?: string | undefined
  readonly limit: number
  /** When lines were written. */
  readonly span?: { readonly fromMs: number; readonly toMs: number }
}

/** The newest lines of the log; of one alarm where it is named, of a span where there is one. */
export const useJournal = (site: string, { number, alarm, limit, span }: JournalWish) =>
  useQuery({
    queryKey: ['alarm-journal', site, alarm, limit, span?.fromMs, span?.toMs, number],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        site,
        limit: String(limit),
        ...(alarm === undefined ? {} : { alarm }),
        ...(span === undefined ? {} : { from: String(span.fromMs), to: String(span.toMs) }),
      })
      return ask<JournalPage>(`${root}/journal?${query}`, { signal })
    },
    placeholderData: (before) => before,
  })

export type AlarmAction = 'acknowledge' | 'reset' | 'shelve' | 'unshelve' | 'out-of-service' | 'in-service'

/** Does something about an alarm. @returns the alarm as it is then */
export const act = (
  id: string,
  action: AlarmAction,
  body: { readonly comment?: string; readonly for?: string } = {},
): Promise<Alarm> => send<Alarm>(`${root}/${encodeURIComponent(id)}/${action}`, body)
