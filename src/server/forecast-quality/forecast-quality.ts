import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Compared, createCalendar, judgeLead, type LeadQuality, leastPairs } from '../../energy/index.ts'
import type { ComputedPoints, Site, TimeGrid } from '../../kernel/index.ts'
import type { Store } from '../../store/index.ts'
import { measuredQuantity } from './measured-quantity.ts'
import type { ForeseenQuantity, Quantity } from './quantities.ts'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000
export const stepMinutes = 15
const stepMs = stepMinutes * minuteMs
/** How far ahead forecasts are judged, hours. */
export const leadHours = [1, 3, 6, 12, 18, 24] as const
export type LeadHours = (typeof leadHours)[number]
/** A forecast that is older says nothing any more. */
export const oldestMs = 2 * dayMs
/** What references look back at. */
const historyMs = 35 * dayMs

export interface QualityRequest {
  readonly site: Site
  readonly fromMs: number
  readonly toMs: number
  readonly quantities: readonly ForeseenQuantity[]
  /** What is compared step by step: `<asset>.<point>`; absent: nothing. */
  readonly ref: string | undefined
  readonly lead: LeadHours
}

export interface QuantityQuality extends Quantity {
  readonly leads: readonly LeadQuality[]
}

export interface ForecastQuality {
  readonly fromMs: number
  readonly toMs: number
  readonly leastPairs: number
  readonly quantities: readonly QuantityQuality[]
  readonly compared: Compared | undefined
}

/**
 * How good the forecasts of a span were, on quarter-hours: each step against the newest forecast that was made at least the lead
 * before it. Between two quantities and two leads others have their turn.
 */
export async function forecastQuality(
  parts: { readonly store: Pick<Store, 'observations'>; readonly computed: ComputedPoints },
  { site, fromMs, toMs, quantities, ref, lead }: QualityRequest,
): Promise<ForecastQuality> {
  const startMs = Math.floor(fromMs / stepMs) * stepMs
  // The quarter of an hour that goes on has not been measured yet.
  const endMs = Math.max(startMs, Math.floor(toMs / stepMs) * stepMs)
  const count = (endMs - startMs + historyMs) / stepMs
  const grid: TimeGrid = { startMs: startMs - historyMs, stepMs, count }
  const calendar = createCalendar(grid, site.zone)
  const first = historyMs / stepMs
  let compared: Compared | undefined
  const judged: QuantityQuality[] = []
  for (const { forecasts, ...quantity } of quantities) {
    const measured = await measuredQuantity(parts, { site: site.id, quantity, forecasts, grid, oldestMs })
    const leads: LeadQuality[] = []
    for (const hours of leadHours) {
      await nextTurn()
      const one = judgeLead(
        { task: { calendar, values: measured.values }, first, forecasts, moved: measured.moved },
        { leadMs: hours * hourMs, oldestMs },
      )
      leads.push(one.quality)
      if (quantity.ref === ref && hours === lead) compared = one.compared
    }
    judged.push({ ...quantity, leads })
  }
  return { fromMs: startMs, toMs: endMs, leastPairs, quantities: judged, compared }
}
