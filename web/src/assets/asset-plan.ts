import type { PlanOutput, SiteAsset } from '../api/types.ts'
import type { ChartSpec } from '../charts/spec.ts'
import { planEndMs, planStarts } from '../plan/steps.ts'
import { carrierPoint, levelOf } from '../ui/carriers.ts'
import { families, familyOf } from '../ui/families.ts'

/** What the plan asks of one asset. */
export interface AssetPlan {
  /** Energy it gives the park bus and takes from it over the plan, kWh. */
  readonly givenKwh: number
  readonly takenKwh: number
  /** Share of all that the assets of the plan give, or take, together; undefined where that is nothing. */
  readonly givenShare: number | undefined
  readonly takenShare: number | undefined
  /** Largest power in either direction, kW. */
  readonly peakKw: number
}

interface Sums {
  readonly givenKwh: number
  readonly takenKwh: number
  readonly peakKw: number
}

/** The asset in the plan; undefined where the plan has nothing of it on the park bus. */
export function assetPlan(plan: PlanOutput, assets: readonly SiteAsset[], id: string): AssetPlan | undefined {
  const sums = new Map(
    assets.flatMap((asset) => {
      const own = sumsOf(plan, asset)
      return own ? [[asset.id, own] as const] : []
    }),
  )
  const own = sums.get(id)
  if (!own) return undefined
  const total = (of: (one: Sums) => number): number => [...sums.values()].reduce((sum, one) => sum + of(one), 0)
  const share = (part: number, whole: number): number | undefined => (whole > 0 && part > 0 ? part / whole : undefined)
  return {
    ...own,
    givenShare: share(
      own.givenKwh,
      total((one) => one.givenKwh),
    ),
    takenShare: share(
      own.takenKwh,
      total((one) => one.takenKwh),
    ),
  }
}

function sumsOf(plan: PlanOutput, { id, kind }: SiteAsset): Sums | undefined {
  const point = carrierPoint(kind, 'electricity')
  const series = point && plan.series[`${id}.${point.point}`]
  if (!point || !series) return undefined
  const hours = plan.stepMinutes / 60
  let [givenKwh, takenKwh, peakKw] = [0, 0, 0]
  for (const value of series) {
    const kw = (value ?? 0) * point.sign
    if (kw > 0) givenKwh += kw * hours
    else takenKwh -= kw * hours
    peakKw = Math.max(peakKw, Math.abs(kw))
  }
  return { givenKwh, takenKwh, peakKw }
}

/** The planned power of an asset, and how full it is planned to be where it stores, as a chart. */
export function assetPlanSpec(
  plan: PlanOutput,
  { id, kind }: SiteAsset,
  labels: { readonly power: string; readonly level: string },
): ChartSpec | undefined {
  const point = carrierPoint(kind, 'electricity') ?? carrierPoint(kind, 'heat') ?? carrierPoint(kind, 'hydrogen')
  const power = point && plan.series[`${id}.${point.point}`]
  if (!power) return undefined
  const family = familyOf(kind)
  const token = (families as readonly (string | undefined)[]).includes(family) ? family! : 'ink-soft'
  const soc = plan.series[`${id}.soc`]
  const stored = levelOf(kind)
  const level = stored && plan.series[`${id}.${stored.point}`]
  const held = soc?.map((value) => (value === null ? null : value * 100)) ?? level
  return {
    timestampsMs: [...planStarts(plan), planEndMs(plan)],
    unit: 'kW',
    heightPx: 200,
    planFromMs: plan.startMs,
    ...(held ? { rightUnit: soc ? '%' : stored!.unit } : {}),
    lines: [
      { label: labels.power, token, values: power, shape: 'line' },
      ...(held
        ? [
            {
              label: labels.level,
              token: 'ink-soft',
              values: held,
              shape: 'line' as const,
              axis: 'right' as const,
              dashed: true,
            },
          ]
        : []),
    ],
  }
}
