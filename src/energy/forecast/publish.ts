import { formatIso, type TimeGrid } from '../../kernel/index.ts'
import type { ForecastMethod, ForecastTarget, Reason } from '../schema/index.ts'
import { tidy } from '../tidy.ts'
import type { History } from './history.ts'
import type { Backtest } from './proof/backtest.ts'
import {
  coverage,
  meanAbsoluteError,
  meanPinball,
  normalisedError,
  type Quantiles,
  rootMeanSquareError,
} from './proof/scores.ts'
import type { Target } from './targets.ts'

/** What a method found out about a target. */
export interface Found {
  readonly method: ForecastMethod
  readonly median: Float64Array
  readonly quantiles?: Quantiles
  readonly backtest?: Backtest
  readonly weights: Readonly<Record<string, number>>
  /** What was learnt from. */
  readonly history?: History
  readonly synthetic: boolean
  readonly reasons: readonly Omit<Reason, 'asset'>[]
}

/** The result as it leaves the engine. */
export function publishTarget(
  { id, title, kind, unit }: Target,
  found: Found,
  { horizon, zone }: { readonly horizon: TimeGrid; readonly zone: string },
): ForecastTarget {
  const { method, median, quantiles, backtest, weights, history, synthetic, reasons } = found
  return {
    id,
    title,
    kind,
    unit,
    method,
    values: outside(median),
    quantiles: quantiles ? quantiles.levels.map((level, j) => ({ level, values: outside(quantiles.values[j]!) })) : [],
    trainedOn: history
      ? {
          from: formatIso(history.grid.startMs, zone),
          to: formatIso(horizon.startMs, zone),
          steps: history.known,
          missing: history.missing,
        }
      : null,
    backtest: backtest ? publishBacktest(backtest, quantiles?.levels ?? []) : null,
    weights: Object.fromEntries(Object.entries(weights).map(([name, weight]) => [name, tidy(weight)])),
    synthetic,
    reasons: reasons.map((reason) => ({ ...reason, asset: id })),
  }
}

function publishBacktest({ origins, scores, naive }: Backtest, levels: readonly number[]) {
  const mae = meanAbsoluteError(scores)
  const naiveMae = meanAbsoluteError(naive)
  const [from] = levels
  const to = levels.at(-1)
  return {
    origins,
    steps: scores.count,
    mae: tidy(mae),
    rmse: tidy(rootMeanSquareError(scores)),
    nmae: orNull(normalisedError(scores)),
    pinball: tidy(meanPinball(scores)),
    coverage:
      from === undefined || to === undefined || from === to ? null : { from, to, found: tidy(coverage(scores)) },
    naiveMae: tidy(naiveMae),
    skill: naiveMae > 0 ? orNull(1 - mae / naiveMae) : null,
  }
}

/** Missing leaves as null. */
const outside = (values: Float64Array): (number | null)[] => Array.from(values, (value) => orNull(value))
const orNull = (value: number): number | null => (Number.isFinite(value) ? tidy(value) : null)
