import { type RuleSettings, ruleSetpoints } from '../control/index.ts'
import type { Pause } from '../forecast/pause.ts'
import { runRule, type SpanRun } from './run-span.ts'
import { settleRun } from './settle-run.ts'
import type { Span } from './span.ts'

/** Shares of the span whose price lies below, in pairs of low and high. */
const priceShares = [
  [0, 1],
  [0.1, 0.9],
  [0.2, 0.8],
  [0.3, 0.7],
  [0.4, 0.6],
  [0.3, 0.9],
  [0.1, 0.6],
] as const
/** Of the highest import without storage; the last is no threshold. */
const peakShares = [0.6, 0.7, 0.8, 0.9, 1, Number.POSITIVE_INFINITY] as const

export interface TunedRule {
  readonly settings: RuleSettings
  readonly run: SpanRun
}

/**
 * The best rule of its kind in hindsight: every pair of price thresholds with every peak threshold is run over the span, and
 * the cheapest is taken. It knows prices and peaks that no rule knows before, so it is a hard one to beat.
 */
export async function tuneRule(span: Span, highestImportKw: number, pause: Pause): Promise<TunedRule> {
  const prices = Float64Array.from(span.frame.tariff.importPrice).sort()
  const priceAt = (share: number): number => prices[Math.min(prices.length - 1, Math.floor(share * prices.length))] ?? 0
  let best: (TunedRule & { readonly cost: number }) | undefined
  const islanded = !span.site.assets.some(({ kind }) => kind === 'grid')
  for (const peakShare of islanded ? [1] : peakShares) {
    for (const [low, high] of islanded ? [[0, 1] as const] : priceShares) {
      const settings: RuleSettings = {
        peakKw: Number.isFinite(peakShare) ? peakShare * highestImportKw : peakShare,
        lowPrice: low === 0 ? Number.NEGATIVE_INFINITY : priceAt(low),
        highPrice: high === 1 ? (low === 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY) : priceAt(high),
      }
      const run = await runRule(span, span.site, span.assets, ruleSetpoints(span.site, span.frame, settings), { pause })
      const cost = settleRun(span.frame, run).judged
      if (!best || cost < best.cost) best = { settings, run, cost }
    }
  }
  return best!
}
