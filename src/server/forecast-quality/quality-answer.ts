import { type Compared, type LeadQuality, leastPairs } from '../../energy/index.ts'
import type { ForecastQuality } from './forecast-quality.ts'
import { stepMinutes } from './forecast-quality.ts'
import type { ForecastQualityAnswer } from './quality-shapes.ts'
import type { ForeseenQuantity } from './quantities.ts'

export interface QualityAnswerParts {
  readonly site: string
  readonly of: ForecastQualityAnswer['of']
  readonly foreseen: readonly ForeseenQuantity[]
  readonly quality: ForecastQuality
  readonly compared: { readonly ref: string; readonly leadHours: number } | undefined
}

const hourMs = 3_600_000

/** The quality of forecasts as it leaves the server: hours, and null for what is not known. */
export function qualityAnswer({ site, of, foreseen, quality, compared }: QualityAnswerParts): ForecastQualityAnswer {
  const runs = new Set(foreseen.flatMap(({ forecasts }) => forecasts.map(({ run }) => run)))
  return {
    ...{ site, fromMs: quality.fromMs, toMs: quality.toMs, stepMinutes, of, made: runs.size, leastPairs },
    quantities: quality.quantities.map(({ leads, ...quantity }) => ({ ...quantity, leads: leads.map(leadAnswer) })),
    compared: quality.compared && compared ? { ...compared, ...columnsOf(quality.compared) } : null,
  }
}

const leadAnswer = ({ leadMs, meanLeadMs, gaps, skill, hours, worst, ...figures }: LeadQuality) => ({
  leadHours: leadMs / hourMs,
  meanLeadHours: meanLeadMs === null ? null : meanLeadMs / hourMs,
  ...figures,
  gaps: { ...gaps },
  skill: { ...skill },
  hours: [...hours],
  worst: [...worst],
})

const columnsOf = ({ startsMs, foreseen, measured, low, high }: Compared) => ({
  timestampsMs: [...startsMs],
  ...{ foreseen: list(foreseen), measured: list(measured), low: list(low), high: list(high) },
})

const list = (values: Float64Array): (number | null)[] =>
  Array.from(values, (value) => (Number.isFinite(value) ? value : null))
