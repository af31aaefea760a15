import { useQuery } from '@tanstack/react-query'
import { ask } from '../api/client.ts'
import type { ForecastQualityAnswer } from '../api/types.ts'

export type Quality = ForecastQualityAnswer
export type Quantity = Quality['quantities'][number]
export type Lead = Quantity['leads'][number]
export type Compared = NonNullable<Quality['compared']>
export type Made = Quality['of']

/** How far ahead forecasts are judged, hours. */
export const leadHours = [1, 3, 6, 12, 18, 24] as const

export interface QualityAsk {
  readonly site: string
  readonly fromMs: number
  readonly toMs: number
  readonly of: Made
  readonly lead: number
  /** What is compared step by step. */
  readonly ref: string | undefined
}

/** How good forecasts were in a span; what was shown stays until the next is there. */
export const useForecastQuality = ({ site, fromMs, toMs, of, lead, ref }: QualityAsk) =>
  useQuery({
    queryKey: ['forecast-quality', site, fromMs, toMs, of, lead, ref],
    queryFn: ({ signal }) => {
      const query = new URLSearchParams({
        ...{ from: String(fromMs), to: String(toMs), of, lead: String(lead) },
        ...(ref === undefined ? {} : { ref }),
      })
      return ask<Quality>(`/api/v1/sites/${encodeURIComponent(site)}/forecast-quality?${query}`, { signal })
    },
    placeholderData: (before) => (before?.of === of ? before : undefined),
    staleTime: 60_000,
  })
